import Esker
import EskerLog

/// How verbs open stores.
enum StoreOpening {
    /// Opens a store for writing.
    ///
    /// - Parameter mayCreate: make one when there is nothing at the path.
    static func forWriting(_ path: String, mayCreate: Bool) async throws -> Store {
        if !mayCreate { try Failure.requireStore(at: path) }
        return try await Store.open(at: path)
    }

    /// Opens a store for reading.
    static func forReading(_ path: String) async throws -> Store {
        try Failure.requireStore(at: path)
        return try await Store.open(at: path)
    }

    /// The stream of that name.
    static func stream(_ name: String, in store: Store, _ path: String) throws -> Stream {
        if store.streams.contains(where: { $0.name == name }) { return try store.stream(named: name) }
        let known = store.streams.map(\.name)
        let others = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
        throw Failure("esker: there is no stream \"\(name)\" in \(path); \(others)")
    }
}
