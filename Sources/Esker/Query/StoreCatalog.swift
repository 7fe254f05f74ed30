import EskerFormat
import EskerLog
import EskerQuery

/// The streams and views of a store at one cut: what names in a statement mean.
struct StoreCatalog: Catalog {
    let snapshot: StoreSnapshot

    /// The one schema that streams and views live in.
    static let schema = "public"

    var searchPath: [String] { [Self.schema] }

    func relation(schema: String?, name: String) throws -> CatalogRelation? {
        guard schema == nil || schema == Self.schema else { return nil }
        if let stream = snapshot.streams.first(where: { $0.record.name == name }) {
            return .table(StreamTable(snapshot: stream))
        }
        return try snapshot.views.first { $0.name == name }.map { .view(try StoredView.definition($0)) }
    }
}

/// How a view's columns and window are kept among the options of its record.
///
/// | option | content |
/// |---|---|
/// | `esker.columns` | names of the result columns, each as its length in bytes, a colon and the name |
/// | `esker.window` | `event:` or `arrival:` and the length in µs; absent without a window |
enum StoredView {
    static func record(_ request: CreateViewRequest) -> ViewRecord {
        var options: [String: String] = [:]
        for option in request.options { options[option.name] = option.value ?? "true" }
        options["esker.columns"] = request.view.columns.map { "\($0.utf8.count):\($0)" }.joined()
        if let window = request.view.window {
            options["esker.window"] = "\(window.time == .event ? "event" : "arrival"):\(window.length)"
        }
        return ViewRecord(name: request.view.name, query: request.view.query, options: options)
    }

    static func definition(_ record: ViewRecord) throws -> ViewDefinition {
        guard let columns = columns(record.options["esker.columns"] ?? "") else {
            throw StoreError(.corrupt, "the columns of view \(record.name) cannot be read")
        }
        var window: TimeWindow?
        if let text = record.options["esker.window"] {
            let parts = text.split(separator: ":")
            guard parts.count == 2, let length = Int64(parts[1]) else {
                throw StoreError(.corrupt, "the window of view \(record.name) cannot be read")
            }
            window = TimeWindow(time: parts[0] == "event" ? .event : .arrival, length: length)
        }
        return ViewDefinition(name: record.name, query: record.query, columns: columns, window: window)
    }

    private static func columns(_ text: String) -> [String]? {
        var names: [String] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            guard let colon = rest.firstIndex(of: UInt8(ascii: ":")),
                let length = Int(String(decoding: rest[rest.startIndex..<colon], as: UTF8.self)),
                length >= 0, rest.endIndex - colon - 1 >= length
            else { return nil }
            names.append(String(decoding: rest[(colon + 1)..<(colon + 1 + length)], as: UTF8.self))
            rest = rest[(colon + 1 + length)...]
        }
        return names
    }
}
