import EskerFormat
import EskerLog
import Synchronization

/// The buffered, partitioned, acknowledged way in: gathers rows from any number of tasks into batches and keeps
/// several of them on their way at once.
///
/// ```swift
/// let streamer = try trades.streamer(of: Trade.self)
/// let ack = try await streamer.add(trade)          // returns at once, or waits while too much is on its way
/// let position = try await ack.position            // on disk now
/// try await streamer.close()
/// ```
///
/// Every add completes by itself (`autoFlush`). Rows that one task adds one after the other keep their order in each
/// partition. A row that does not fit the stream fails alone: its ack throws ``RowsRejected``. Safe to share.
///
/// For rows that are in columns already, ``Stream/append(_:acknowledgement:producer:)`` needs no streamer.
public final class DataStreamer<Element: Sendable>: Sendable {
    /// Turns gathered rows into a batch and the rows that do not fit.
    typealias Converter = @Sendable ([Element]) -> ConvertedRows

    /// Rows gathered but not sent.
    private struct Gathered {
        var rows: [Element] = []
        var ack = BatchAck()
    }

    /// A batch that was given its turn.
    private struct Departure {
        let ticket: UInt64
        let rows: [Element]
        let ack: BatchAck
    }

    private struct State {
        var gathered = Gathered()
        var generation: UInt64 = 0
        var nextTicket: UInt64 = 0
        var outstanding: Set<UInt64> = []
        var isFlushWanted = false
        var isClosed = false
        var failure: (any Error)?
        var waiters: [UInt64: CheckedContinuation<Bool, Never>] = [:]
        var nextWaiter: UInt64 = 0
    }

    /// Batches that are ready to be submitted, and whose turn it is.
    private struct Turns {
        var next: UInt64 = 0
        var ready: [UInt64: Turn] = [:]
        /// The producer's sequence for the next row.
        var sequence: Int64
    }

    private struct Turn {
        let rows: Int
        let submit: @Sendable (ProducerStamp?) -> Void
    }

    private let stream: Stream
    private let options: StreamerOptions
    private let convert: Converter
    private let capacity: Int
    private let state = Mutex(State())
    private let turns: Mutex<Turns>

    init(_ stream: Stream, options: StreamerOptions, convert: @escaping Converter) throws(StoreError) {
        try options.check()
        self.stream = stream
        self.options = options
        self.convert = convert
        capacity = options.rowsPerPartition * max(1, stream.definition.partitionKey.isEmpty ? 1 : stream.partitionCount)
        turns = Mutex(Turns(sequence: options.producer?.nextSequence ?? 0))
    }

    // MARK: Adding

    /// Adds a row. Waits only while `parallelOperations` batches are on their way and the buffer is full.
    ///
    /// - Returns: the row's ack, to be awaited or dropped.
    /// - Throws: ``StoreError`` `.closed` after `close`, `.timeout` when there was no room in time: the row was not
    ///   taken then.
    @discardableResult
    public func add(_ row: Element) async throws -> Ack {
        while true {
            if let ack = try tryAdd(row) { return ack }
            try await waitForChange()
        }
    }

    /// Adds rows in order. Faster than one by one. Their acks are those of `add`, in the same order.
    @discardableResult
    public func add(contentsOf rows: some Collection<Element> & Sendable) async throws -> [Ack] {
        var acks: [Ack] = []
        acks.reserveCapacity(rows.count)
        var rest = rows[...]
        while !rest.isEmpty {
            let taken = try tryAdd(contentsOf: rest, &acks)
            rest = rest.dropFirst(taken)
            if taken == 0 { try await waitForChange() }
        }
        return acks
    }

    /// Takes the row unless the buffer would become full with nowhere to send it.
    private func tryAdd(_ row: Element) throws(StoreError) -> Ack? {
        let (ack, departure, timed): (Ack?, Departure?, UInt64?) = try state.withLock { (state) throws(StoreError) in
            try checkOpen(state)
            let isLast = state.gathered.rows.count + 1 >= capacity
            if isLast, state.outstanding.count >= options.parallelOperations { return (nil, nil, nil) }
            let ack = Ack(batch: state.gathered.ack, row: state.gathered.rows.count)
            state.gathered.rows.append(row)
            if isLast { return (ack, depart(&state), nil) }
            return (ack, nil, state.gathered.rows.count == 1 ? state.generation : nil)
        }
        if let departure { send(departure) }
        if let timed { flushLater(timed) }
        return ack
    }

    private func tryAdd(contentsOf rows: some Collection<Element>, _ acks: inout [Ack]) throws(StoreError) -> Int {
        var fresh: [Ack] = []
        let (taken, departure, timed): (Int, Departure?, UInt64?) = try state.withLock { (state) throws(StoreError) in
            try checkOpen(state)
            let before = state.gathered.rows.count
            let mayFill = state.outstanding.count < options.parallelOperations
            let taken = min(rows.count, capacity - before - (mayFill ? 0 : 1))
            guard taken > 0 else { return (0, nil, nil) }
            for row in before..<before + taken { fresh.append(Ack(batch: state.gathered.ack, row: row)) }
            state.gathered.rows.append(contentsOf: rows.prefix(taken))
            if state.gathered.rows.count >= capacity { return (taken, depart(&state), nil) }
            return (taken, nil, before == 0 ? state.generation : nil)
        }
        acks += fresh
        if let departure { send(departure) }
        if let timed { flushLater(timed) }
        return taken
    }

    private func checkOpen(_ state: borrowing State) throws(StoreError) {
        if state.isClosed { throw StoreError(.closed, "the streamer has been closed") }
    }

    /// Gives what is gathered its turn. Under the lock.
    private func depart(_ state: inout State) -> Departure? {
        guard !state.gathered.rows.isEmpty else { return nil }
        let departure = Departure(ticket: state.nextTicket, rows: state.gathered.rows, ack: state.gathered.ack)
        state.nextTicket += 1
        state.outstanding.insert(departure.ticket)
        state.gathered = Gathered()
        state.generation += 1
        state.isFlushWanted = false
        return departure
    }

    // MARK: Sending

    /// Converts and encodes on the caller's task, then submits in the order of tickets.
    private func send(_ departure: Departure) {
        let converted = convert(departure.rows)
        let rejects = converted.rejects
        let parts = stream.parts(converted.batch)
        let places = parts.map(\.places)
        let finish: @Sendable (Result<AppendReceipt, any Error>) -> Void = { [self] result in
            departure.ack.resolve(BatchAck.Outcome(result: result, rejects: rejects, places: places))
            arrive(departure.ticket, result)
        }
        guard !parts.isEmpty else {
            takeTurn(departure.ticket, rows: 0) { _ in finish(.success(AppendReceipt(placements: []))) }
            return
        }
        takeTurn(departure.ticket, rows: converted.batch.count) { [stream, options] stamp in
            stream.log.submit(
                AppendRequest(parts: parts, producer: stamp, acknowledgement: options.acknowledgement) { result in
                    finish(result.mapError { $0 })
                })
        }
    }

    /// Runs `submit` when every earlier ticket was submitted; gives it the stamp that its rows follow from.
    private func takeTurn(_ ticket: UInt64, rows: Int, _ submit: @escaping @Sendable (ProducerStamp?) -> Void) {
        turns.withLock { turns in
            turns.ready[ticket] = Turn(rows: rows, submit: submit)
            while let turn = turns.ready.removeValue(forKey: turns.next) {
                turns.next += 1
                let stamp = options.producer.map {
                    ProducerStamp(producer: $0.id, epoch: $0.epoch, firstSequence: turns.sequence)
                }
                turns.sequence += Int64(turn.rows)
                turn.submit(stamp)
            }
        }
    }

    /// A batch has been answered.
    private func arrive(_ ticket: UInt64, _ result: Result<AppendReceipt, any Error>) {
        let (woken, departure) = state.withLock { state in
            state.outstanding.remove(ticket)
            if case .failure(let error) = result, state.failure == nil { state.failure = error }
            let departure = state.isFlushWanted ? depart(&state) : nil
            defer { state.waiters = [:] }
            return (state.waiters, departure)
        }
        for waiter in woken.values { waiter.resume(returning: true) }
        if let departure { Task { self.send(departure) } }
    }

    // MARK: Flushing

    /// Sends what is gathered without waiting. Does nothing when as many batches as may be are on their way: they are
    /// followed by what is gathered as soon as one arrives.
    public func tryFlush() {
        let departure = state.withLock { state -> Departure? in
            if state.outstanding.count >= options.parallelOperations {
                state.isFlushWanted = !state.gathered.rows.isEmpty
                return nil
            }
            return depart(&state)
        }
        if let departure { send(departure) }
    }

    /// Sends what is gathered and waits until everything added before is acknowledged.
    ///
    /// - Throws: the first error of a batch since the last flush; `.timeout` when it takes longer than `timeout`.
    public func flush() async throws {
        tryFlush()
        let limit = state.withLock { $0.nextTicket + ($0.gathered.rows.isEmpty ? 0 : 1) }
        while true {
            let isDone = state.withLock { state in
                state.nextTicket >= limit && !state.outstanding.contains { $0 < limit }
            }
            if isDone { break }
            try await waitForChange()
            tryFlush()
        }
        let failure = state.withLock { state in
            defer { state.failure = nil }
            return state.failure
        }
        if let failure { throw failure }
    }

    private func flushLater(_ generation: UInt64) {
        guard let interval = options.autoFlush else { return }
        Task { [self] in
            try? await Task.sleep(for: interval)
            if state.withLock({ $0.generation == generation }) { tryFlush() }
        }
    }

    // MARK: Closing

    /// Ends the streamer: sends what is gathered and waits for all acknowledgements. Closing twice is fine.
    ///
    /// - Parameter cancel: drop what is gathered instead; its acks fail with `.cancelled`. What is on its way arrives.
    /// - Throws: as ``flush()``.
    public func close(cancel: Bool = false) async throws {
        let dropped = state.withLock { state -> Gathered? in
            state.isClosed = true
            guard cancel else { return nil }
            defer { state.gathered = Gathered() }
            return state.gathered
        }
        if let dropped, !dropped.rows.isEmpty {
            let error = StoreError(.cancelled, "the streamer was closed before the row was sent")
            dropped.ack.resolve(BatchAck.Outcome(result: .failure(error), rejects: [], places: []))
        }
        try await flush()
    }

    // MARK: Waiting

    /// Waits until a batch arrives, at most as long as `timeout`.
    private func waitForChange() async throws {
        let timeout = options.timeout
        let isWoken = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let id: UInt64? = state.withLock { state in
                guard !state.outstanding.isEmpty else { return nil }
                state.nextWaiter += 1
                state.waiters[state.nextWaiter] = continuation
                return state.nextWaiter
            }
            guard let id else { return continuation.resume(returning: true) }
            guard let timeout else { return }
            Task { [self] in
                try? await Task.sleep(for: timeout)
                state.withLock { $0.waiters.removeValue(forKey: id) }?.resume(returning: false)
            }
        }
        guard isWoken else {
            throw StoreError(.timeout, "no batch was acknowledged within \(timeout!); the disk may be slow or stuck")
        }
    }
}
