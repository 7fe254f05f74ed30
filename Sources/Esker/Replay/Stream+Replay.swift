import EskerFormat
import EskerLog

extension Stream {
    /// The rows between two places, in order: each partition by offset, partitions merged as their blocks arrived.
    ///
    /// - Parameters:
    ///   - from: where to begin.
    ///   - to: where to end, exclusive for offsets, inclusive for times; `nil`: at the newest row, or never when
    ///     following.
    ///   - following: go on with rows as they are appended, until the store is closed or the task cancelled.
    /// - Throws: ``StoreError`` from the sequence: `.rejected` for offsets that do not fit, `.corrupt`.
    public func replay(from: ReplayPosition = .earliest, to: ReplayPosition? = nil, following: Bool = false)
        -> AsyncThrowingStream<ReplayedRows, any Error>
    {
        let log = log
        let id = definition.id
        let cursor = ReplayCursor(log: log, stream: id, name: name, from: from, to: to, following: following)
        return AsyncThrowingStream { try await cursor.next() }
    }

    /// Calls `body` with the rows between two places on the caller's own thread: for threads that may sleep.
    public func replayBlocking(
        from: ReplayPosition = .earliest, to: ReplayPosition? = nil, _ body: (ReplayedRows) throws -> Void
    ) throws {
        guard let snapshot = log.snapshot(of: definition.id, durableOnly: true) else {
            throw StoreError(.missing, "the stream \(name) was dropped")
        }
        var reader = try ReplayReader(snapshot, from: from, to: to)
        while let rows = try reader.read() { try body(rows) }
    }
}

/// A replay that several `next` calls go on with, one after another.
private actor ReplayCursor {
    private let log: StoreLog
    private let stream: UInt32
    private let name: String
    private let from: ReplayPosition
    private let to: ReplayPosition?
    private let following: Bool
    private var reader: ReplayReader?
    private var seen: UInt64 = 0

    init(
        log: StoreLog, stream: UInt32, name: String, from: ReplayPosition, to: ReplayPosition?, following: Bool
    ) {
        self.log = log
        self.stream = stream
        self.name = name
        self.from = from
        self.to = to
        self.following = following
    }

    func next() async throws -> ReplayedRows? {
        while true {
            try Task.checkCancellation()
            if reader == nil { try start() }
            if let rows = try reader!.read() { return rows }
            guard following, let version = await log.appended.wait(after: seen) else { return nil }
            seen = version
            guard let snapshot = log.snapshot(of: stream, durableOnly: true) else { return nil }
            try reader!.continueWith(snapshot)
        }
    }

    private func start() throws {
        seen = log.appended.version
        guard let snapshot = log.snapshot(of: stream, durableOnly: true) else {
            throw StoreError(.missing, "the stream \(name) was dropped")
        }
        reader = try ReplayReader(snapshot, from: from, to: to)
    }
}
