import EskerFormat
import EskerQuery

/// The options of `CREATE TABLE … WITH (…)`: known names with sensible values, or an error that says which.
struct TableOptions {
    var partitions = 1
    var eventTime: String?
    /// What is kept with the stream.
    var stored: [String: String] = [:]

    init(_ definition: TableDefinition) throws(QueryError) {
        guard definition.primaryKey.isEmpty else {
            throw QueryError.unsupported(
                "PRIMARY KEY", hint: "Streams are append-only here; leave the key out and keep the newest row by query."
            )
        }
        for option in definition.options { try apply(option) }
        if partitions > 1, definition.partitionKey.isEmpty { stored["placement"] = "round robin" }
    }

    private mutating func apply(_ option: BoundOption) throws(QueryError) {
        let value = option.value ?? "true"
        switch option.name {
        case "partitions":
            guard let count = Int(value), (1...4096).contains(count) else {
                throw Self.invalid(option, "a whole number from 1 to 4096")
            }
            partitions = count
        case "event_time": eventTime = value
        case "retain_time":
            guard let length = try? Value.parse(value, as: .interval, TextSettings()), case .interval = length else {
                throw Self.invalid(option, "an interval such as '7 days'")
            }
            stored[option.name] = value
        case "retain_bytes":
            guard Self.byteCount(value) != nil else { throw Self.invalid(option, "a size such as '10GB'") }
            stored[option.name] = value
        case "compression":
            guard ["lz4", "zstd", "none"].contains(value) else { throw Self.invalid(option, "lz4, zstd or none") }
            stored[option.name] = value
        default:
            throw QueryError(
                sqlState: .invalidParameterValue, message: "unrecognized parameter \"\(option.name)\"",
                hint: "Known are partitions, event_time, retain_time, retain_bytes and compression.")
        }
    }

    /// Bytes of a size in PostgreSQL's units: `B`, `kB`, `MB`, `GB`, `TB`, powers of 1024.
    static func byteCount(_ text: String) -> Int64? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int64(digits), number > 0 else { return nil }
        let shifts = ["": 0, "b": 0, "kb": 10, "mb": 20, "gb": 30, "tb": 40]
        let unit = text.dropFirst(digits.count).trimmingPrefix(" ").lowercased()
        guard let shift = shifts[unit], number <= Int64.max >> Int64(shift) else { return nil }
        return number << Int64(shift)
    }

    private static func invalid(_ option: BoundOption, _ wanted: String) -> QueryError {
        QueryError(
            sqlState: .invalidParameterValue,
            message: "invalid value for parameter \"\(option.name)\": \"\(option.value ?? "")\"",
            hint: "It takes \(wanted).")
    }
}
