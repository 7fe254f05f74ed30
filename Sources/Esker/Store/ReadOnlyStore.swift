package import EskerFiles
import EskerFormat
import EskerLog
import EskerQuery

/// A store opened for reading only, also while another process writes it. Safe to use from any task or thread.
///
/// Shows rows that are known to be on disk, as of the last ``refresh()``; sessions and replays refresh by themselves.
/// The writer is never held up.
public final class ReadOnlyStore: Sendable {
    private let reader: StoreReader
    private let engine = QueryEngine()

    private init(_ reader: StoreReader) { self.reader = reader }

    /// Opens the store in a directory for reading. Costs O(unsealed journal).
    ///
    /// - Throws: ``StoreError``: `.notAStore`, `.newerVersion`, `.corrupt`.
    public static func open(at path: String, clock: any StoreClock = SystemClock()) async throws -> ReadOnlyStore {
        try await BlockingWork.run { try open(at: path, files: PosixFileSystem(), clock: clock) }
    }

    /// Opens a store on a file system of the caller's choice: for tests.
    package static func open(at path: String, files: any FileSystem, clock: any StoreClock) throws -> ReadOnlyStore {
        ReadOnlyStore(try StoreReader.open(path, files: files, clock: clock))
    }

    /// Takes in what the writer has committed and sealed since the last look.
    public func refresh() async throws {
        try await BlockingWork.run { [reader] in try reader.refresh() }
    }

    /// All streams, by name.
    public var streams: [StreamRecord] { reader.streams }

    /// A session; statements that would change the store fail with `.readOnly`.
    public func session() -> Session { Session(self, engine: engine) }

    /// Runs one query and gives its rows.
    public func query(_ sql: String) async throws -> ResultRows { try await session().query(sql) }

    /// The rows of a stream between two places, as ``Stream/replay(from:to:following:)`` gives them.
    ///
    /// - Parameter following: go on with rows as the writing process makes them durable: it is looked at every
    ///   `interval`.
    public func replay(
        _ stream: String, from: ReplayPosition = .earliest, to: ReplayPosition? = nil, following: Bool = false,
        interval: Duration = .milliseconds(50)
    ) throws -> AsyncThrowingStream<ReplayedRows, any Error> {
        guard reader.snapshot(named: stream) != nil else {
            throw StoreError(.missing, "there is no stream \(stream)")
        }
        let cursor = FollowingCursor(
            reader: reader, stream: stream, from: from, to: to, following: following, interval: interval)
        return AsyncThrowingStream { try await cursor.next() }
    }
}

extension ReadOnlyStore: StoreAccess {
    func snapshots() throws -> StoreSnapshot {
        try reader.refresh()
        return reader.snapshots()
    }

    func writable() throws -> StoreLog {
        throw StoreError(.readOnly, "the store was opened for reading only", file: reader.layout.directory)
    }
}

/// A replay over a store that another process writes.
private actor FollowingCursor {
    private let reader: StoreReader
    private let stream: String
    private let from: ReplayPosition
    private let to: ReplayPosition?
    private let following: Bool
    private let interval: Duration
    private var replay: ReplayReader?

    init(
        reader: StoreReader, stream: String, from: ReplayPosition, to: ReplayPosition?, following: Bool,
        interval: Duration
    ) {
        self.reader = reader
        self.stream = stream
        self.from = from
        self.to = to
        self.following = following
        self.interval = interval
    }

    func next() async throws -> ReplayedRows? {
        if replay == nil {
            guard let snapshot = reader.snapshot(named: stream) else { return nil }
            replay = try ReplayReader(snapshot, from: from, to: to)
        }
        while true {
            try Task.checkCancellation()
            if let rows = try replay!.read() { return rows }
            guard following else { return nil }
            try await Task.sleep(for: interval)
            try reader.refresh()
            guard let later = reader.snapshot(named: stream) else { return nil }
            try replay!.continueWith(later)
        }
    }
}
