import Esker
import EskerLog

/// How verbs open stores.
enum StoreOpening {
    /// How long a verb that must write waits for another that is about to end.
    static let patience = Duration.seconds(2)

    /// Opens a store for writing.
    ///
    /// - Parameter mayCreate: make one when there is nothing at the path.
    static func forWriting(_ path: String, mayCreate: Bool, options: LogOptions = LogOptions()) async throws -> Store {
        if !mayCreate { try Failure.requireStore(at: path) }
        let start = ContinuousClock.now
        while true {
            do {
                return try await Store.open(at: path, options: options)
            } catch let error as StoreError where error.code == .locked {
                if ContinuousClock.now - start > patience { throw error }
                try await Task.sleep(for: .milliseconds(50))
            }
        }
    }

    /// Opens a store for reading, also while another process writes it.
    ///
    /// When nobody writes it, it is first recovered as a writer does it: a reader alone shows what is known to be on
    /// disk, and after a crash that may lack the last commit.
    static func forReading(_ path: String) async throws -> ReadOnlyStore {
        try Failure.requireStore(at: path)
        if let store = try? await Store.open(at: path) { await store.close() }
        return try await ReadOnlyStore.open(at: path)
    }

    /// A conversation in SQL, and what ends it.
    struct Conversation {
        let session: Session
        let close: () async -> Void
    }

    /// Opens a store for SQL: for writing, or for reading while another process writes it.
    ///
    /// - Parameter readOnly: touch nothing, also when nobody writes it.
    static func forSQL(_ path: String, readOnly: Bool) async throws -> Conversation {
        if !readOnly {
            do {
                let store = try await Store.open(at: path)
                return Conversation(session: store.session(), close: store.close)
            } catch let error as StoreError where error.code == .locked {}
        }
        try Failure.requireStore(at: path)
        let store = try await ReadOnlyStore.open(at: path)
        return Conversation(session: store.session()) {}
    }

    /// The definition of a stream.
    static func stream(_ name: String, in streams: [StreamRecord], _ path: String) throws -> StreamRecord {
        if let stream = streams.first(where: { $0.name == name }) { return stream }
        let known = streams.map(\.name)
        let others = known.isEmpty ? "it has none" : "it has \(known.joined(separator: ", "))"
        throw Failure("esker: there is no stream \"\(name)\" in \(path); \(others)")
    }
}
