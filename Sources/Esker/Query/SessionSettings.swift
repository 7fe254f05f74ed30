import EskerFormat
import EskerQuery

/// The settings of a session: `SET`, `SHOW` and what they change.
struct SessionSettings: Sendable {
    var timeZone = Zone.utc
    var timeoutMilliseconds: Int?

    /// Settings that drivers send and that have one value here.
    private static let fixed = [
        "client_encoding": "UTF8", "datestyle": "ISO, MDY", "intervalstyle": "postgres",
        "standard_conforming_strings": "on", "server_encoding": "UTF8", "extra_float_digits": "1",
        "search_path": "public",
    ]

    mutating func apply(_ change: SettingChange) throws(QueryError) {
        let name = change.name.lowercased()
        switch name {
        case "all":
            self = SessionSettings()
        case "timezone":
            guard let value = change.value else { return timeZone = .utc }
            do { timeZone = try Zone(named: value) } catch {
                throw Self.invalid(change)
            }
        case "statement_timeout":
            guard let value = change.value else { return timeoutMilliseconds = nil }
            guard let milliseconds = Self.milliseconds(value) else { throw Self.invalid(change) }
            timeoutMilliseconds = milliseconds == 0 ? nil : milliseconds
        default:
            guard let known = Self.fixed[name] else { throw Self.unknown(change.name) }
            if let value = change.value, value.lowercased() != known.lowercased(), value.lowercased() != "utf-8" {
                throw QueryError.unsupported("\(change.name) = \(value)", hint: "The value here is \(known).")
            }
        }
    }

    func value(of name: String) throws(QueryError) -> String {
        switch name.lowercased() {
        case "timezone": return timeZone.name
        case "statement_timeout": return timeoutMilliseconds.map { "\($0)ms" } ?? "0"
        case let other:
            guard let known = Self.fixed[other] else { throw Self.unknown(name) }
            return known
        }
    }

    /// `250`, `250ms`, `5s`, `2min`.
    private static func milliseconds(_ text: String) -> Int? {
        let digits = text.prefix { $0.isNumber }
        guard let number = Int(digits), number >= 0, number <= Int(Int32.max) else { return nil }
        switch text.dropFirst(digits.count).trimmingPrefix(" ") {
        case "", "ms": return number
        case "s": return number * 1000
        case "min": return number * 60_000
        default: return nil
        }
    }

    private static func invalid(_ change: SettingChange) -> QueryError {
        QueryError(
            sqlState: .invalidParameterValue,
            message: "invalid value for parameter \"\(change.name)\": \"\(change.value ?? "")\"")
    }

    private static func unknown(_ name: String) -> QueryError {
        QueryError(sqlState: .undefinedObject, message: "unrecognized configuration parameter \"\(name)\"")
    }
}
