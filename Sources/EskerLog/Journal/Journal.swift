// Unsafe: hands the buffers of blocks to one gathered write.
import EskerFiles
import EskerFormat
import Glibc
import Synchronization

/// The store's append file: takes appends from any thread and makes them durable together, one commit after another.
///
/// ```
/// append ─▶ queue ─▶ plan ─▶ write ─▶ sync ─▶ publish ─▶ answer
///            ▲                          │
///            └── the next commit gathers here while this one is synced
/// ```
///
/// Whoever holds the *writing role* runs commits: the journal's own thread, or a blocking caller who finds the role
/// free and so needs no change of threads. Nothing here waits for a fixed time: a commit starts as soon as the role is
/// free and takes all that is queued (adaptive group commit).
///
/// After a failed write or sync the file is *poisoned*: nothing in it after the last durable commit counts any more.
/// The epoch grows, and the next append begins a new file.
///
/// When the journal goes idle or closes, it leaves *proof* that its last commit was durable: a mark behind it, or, where
/// nothing can be written behind it, the header of a new file. Damage of a proven commit is corruption, never a tail.
/// Closing leaves two marks: each is the proof of what stands before it when the other one is damaged.
final class Journal: @unchecked Sendable {
    // Unchecked: `queue`, `queuedLength` and the flags are touched under the monitor; `role` only by its holder.

    /// What the rest of the log does with commits. Called by the holder of the role, one call at a time.
    protocol Delegate: AnyObject, Sendable {
        /// A file was begun; commits go there from now on.
        func begin(_ file: JournalFile)
        /// Blocks were written (and synced, when `isDurable`): show them to readers.
        func publish(_ blocks: [Block], in file: JournalFile, isDurable: Bool)
        /// All commits up to `commit` are durable now.
        func noteDurable(through commit: UInt64)
        /// Commits after `commit` are lost: take their blocks away from readers and return the counters without them.
        func withdraw(after commit: UInt64, nextCommit: UInt64) -> LogPosition
        /// Makes sure that the manifest on disk is the one in memory: before that no append may be answered.
        func settleManifest() throws(StoreError)
        /// Makes a new epoch durable and returns it.
        func beginEpoch() throws(StoreError) -> UInt64
        /// A file was begun: another one may be made ready.
        func wantsSpare(length: Int)
    }

    /// What the holder of the writing role owns.
    private struct Role {
        var position: LogPosition
        var epoch: UInt64
        var file: JournalFile?
        var offset = 0
        var nextFileNumber: UInt64
        var nextFileLength: Int
        var durableThrough: UInt64
        /// The last commit whose durability is written in the journal.
        var provenThrough: UInt64
        /// Marks that stand behind the last commit with rows; a new file's header, whose damage shows, is as good as two.
        var marks = 2
        var unsyncedLength = 0
        var needsEpoch = false
        /// Nothing may be written into `file` any more: the next file may have its name on disk already, and then what
        /// follows in this one counts as withdrawn.
        var needsNewFile = false
        /// Whether a poisoned file may hold commits behind the last durable one.
        var hasWithdrawn = false
    }

    private let monitor = Monitor()
    private var queue: [AppendRequest] = []
    private var queuedLength = 0
    private var isRoleTaken = false
    private var lastCommitRequests = 0
    private var isClosing = false
    private var isIdle = true
    private var appendsSeen: UInt64 = 0
    private var role: Role
    private var thread: WorkerThread?

    private let journalFiles: JournalFiles
    private let store: StoreID
    private let options: LogOptions
    private let clock: any StoreClock
    private weak var delegate: (any Delegate)?

    init(
        position: LogPosition, provenThrough: UInt64, epoch: UInt64, nextFileNumber: UInt64,
        journalFiles: JournalFiles, store: StoreID, options: LogOptions, clock: any StoreClock, delegate: any Delegate
    ) {
        let durable = position.nextCommit - 1
        role = Role(
            position: position, epoch: epoch, nextFileNumber: nextFileNumber,
            nextFileLength: options.firstJournalFileLength, durableThrough: durable, provenThrough: provenThrough)
        self.journalFiles = journalFiles
        self.store = store
        self.options = options
        self.clock = clock
        self.delegate = delegate
        thread = WorkerThread { [self] in run() }
    }

    // MARK: Appending

    /// Puts a request in line; it is answered later.
    func submit(_ request: AppendRequest) {
        monitor.lock()
        guard !isClosing else {
            monitor.unlock()
            return request.completion(.failure(StoreError(.closed, "the store is closed")))
        }
        let isAnsweredEarly = request.acknowledgement == .memory && queuedLength < options.maximumQueuedLength
        if isAnsweredEarly { request.answerEarly() }
        enqueue(request)
        if !isRoleTaken { monitor.signal() }
        monitor.unlock()
        if isAnsweredEarly { request.completion(.success(AppendReceipt(placements: []))) }
    }

    /// Appends on the caller's own thread: as leader when the role is free, else asleep until a leader has done it.
    func appendBlocking(_ make: (@escaping AppendRequest.Completion) -> AppendRequest) throws(StoreError)
        -> AppendReceipt
    {
        let answer = BlockingAnswer()
        let request = make { answer.set($0) }
        monitor.lock()
        guard !isClosing else {
            monitor.unlock()
            throw StoreError(.closed, "the store is closed")
        }
        enqueue(request)
        if isRoleTaken {
            while answer.value == nil, isRoleTaken { monitor.wait() }
        }
        if answer.value == nil {
            isRoleTaken = true
            while answer.value == nil { runOneCommit() }
            isRoleTaken = false
            monitor.broadcast()
        }
        monitor.unlock()
        return try answer.value!.get()
    }

    private func enqueue(_ request: AppendRequest) {
        queue.append(request)
        queuedLength += request.byteCount
        isIdle = false
        appendsSeen &+= 1
    }

    /// Runs `body` with the writing role, between two commits: for changes of streams.
    func exclusively<T>(_ body: (inout LogPosition) throws(StoreError) -> T) throws(StoreError) -> T {
        try holdingRole { () throws(StoreError) in try body(&role.position) }
    }

    /// Makes everything written so far durable.
    func syncNow() throws(StoreError) {
        try holdingRole { () throws(StoreError) in try syncIfNeeded() }
    }

    /// The counters and the highest durable commit, when everything written so far is durable.
    func durableState() throws(StoreError) -> (position: LogPosition, durableThrough: UInt64) {
        try holdingRole { () throws(StoreError) in
            try syncIfNeeded()
            return (role.position, role.durableThrough)
        }
    }

    private func holdingRole<T>(_ body: () throws(StoreError) -> T) throws(StoreError) -> T {
        monitor.lock()
        while isRoleTaken { monitor.wait() }
        isRoleTaken = true
        monitor.unlock()
        defer {
            monitor.locked {
                isRoleTaken = false
                monitor.broadcast()
            }
        }
        return try body()
    }

    /// Ends the journal: what is queued is written and answered, the end is marked as durable, the thread stops.
    func close() {
        monitor.locked {
            isClosing = true
            monitor.broadcast()
        }
        thread?.join()
        thread = nil
        role.file?.file.close()
    }

    // MARK: The journal's thread

    private func run() {
        monitor.lock()
        var seen: UInt64 = 0
        var hasRested = false
        while true {
            if isRoleTaken {
                monitor.wait()
            } else if !queue.isEmpty {
                isRoleTaken = true
                while !queue.isEmpty {
                    letOthersQueue()
                    runOneCommit()
                }
                isRoleTaken = false
                monitor.broadcast()
            } else if isClosing {
                break
            } else if isIdle {
                monitor.wait()
            } else if !hasRested || appendsSeen != seen {
                // A wake-up is no rest: another commit or a change of streams just ended.
                seen = appendsSeen
                hasRested = !monitor.wait(microseconds: options.idleMarkDelay)
            } else {
                isIdle = true
                hasRested = false
                markIdle()
            }
        }
        markIdle(marks: 2)
        monitor.unlock()
    }

    /// Leaves proof that all so far is durable. Called and returns under the monitor.
    private func markIdle(marks: Int = 1) {
        isRoleTaken = true
        monitor.unlock()
        proveEnd(marks: marks)
        monitor.lock()
        isRoleTaken = false
        monitor.broadcast()
    }

    private func proveEnd(marks: Int) {
        do {
            try syncIfNeeded()
            if role.needsEpoch { try renewEpoch() }
            let page = JournalFileHeader.pageLength
            let isOpen = role.hasWithdrawn || role.position.nextCommit > role.provenThrough + 1
            if isOpen, role.file == nil || role.needsNewFile { try beginFile(commitLength: page) }
            while role.marks < marks, let file = role.file, !role.needsNewFile, role.offset + page <= file.length {
                try writeMark(into: file)
            }
        } catch {
            // Proof is an aid to recovery; the failure itself was dealt with where it happened.
        }
    }

    private func writeMark(into file: JournalFile) throws(StoreError) {
        var header = BlockHeader()
        header.isCommitMark = true
        let empty = Batch(schema: Schema(columns: []), columns: [], count: 0)
        try write([BlockEncoder(profile: .hot, eventTimeColumn: nil).encode(empty, header)], into: file)
        role.position.nextCommit += 1
        try syncIfNeeded()
        role.provenThrough = role.durableThrough
        role.marks += 1
    }

    // MARK: Commits

    /// Gives those who were just answered a chance to be in this commit, too: they are about to append again, and a
    /// commit of a few of them would make the rest wait for the next sync. Called and returns under the monitor.
    private func letOthersQueue() {
        guard lastCommitRequests >= 8, queue.count < lastCommitRequests / 2 else { return }
        monitor.unlock()
        sched_yield()
        monitor.lock()
    }

    /// Takes what is queued and commits it. Called and returns under the monitor, with the role taken.
    private func runOneCommit() {
        var length = 0
        var count = 0
        while count < queue.count, count == 0 || length + queue[count].byteCount <= options.maximumCommitLength {
            length += queue[count].byteCount
            count += 1
        }
        lastCommitRequests = count
        let taken = Array(queue[..<count])
        queue.removeFirst(count)
        queuedLength -= length
        monitor.unlock()
        commit(taken)
        monitor.lock()
        monitor.broadcast()
    }

    private func commit(_ requests: [AppendRequest]) {
        let now = max(clock.now(), role.position.lastArrival)
        let plan = CommitPlan(requests, position: role.position, arrival: now, joinedRows: options.joinedAppendRows)
        do {
            try delegate?.settleManifest()
            if role.needsEpoch { try renewEpoch() }
            let needsSync = plan.answers.contains { $0.request.acknowledgement == .durable }
            if !plan.blocks.isEmpty { try writeAndPublish(plan.blocks, syncs: needsSync) }
            if needsSync || role.unsyncedLength >= options.maximumUnsyncedLength { try syncIfNeeded() }
            answer(plan.answers)
        } catch {
            answer(plan.answers.map { ($0.request, Self.isFailure($0.result) ? $0.result : .failure(error)) })
        }
    }

    private static func isFailure(_ result: Result<AppendReceipt, StoreError>) -> Bool {
        if case .failure = result { true } else { false }
    }

    private func answer(_ answers: [(request: AppendRequest, result: Result<AppendReceipt, StoreError>)]) {
        for (request, result) in answers where !request.isAnsweredEarly { request.completion(result) }
    }

    private func writeAndPublish(_ encoded: [EncodedBlock], syncs: Bool) throws(StoreError) {
        let file = try makeRoom(for: encoded.reduce(0) { $0 + $1.totalLength })
        var offset = role.offset
        let headers = try write(encoded, into: file)
        if syncs { try syncOrPoison(through: role.position.nextCommit) }
        var blocks: [Block] = []
        for header in headers {
            let bytes = file.bytes(offset..<(offset + header.totalLength))
            blocks.append(Block(header: header, bytes: bytes, isVerified: true))
            offset += header.totalLength
        }
        role.marks = 0
        for header in headers { role.position.advance(past: header) }
        role.position.trimProducers(to: options.maximumProducers)
        role.position.nextCommit += 1
        delegate?.publish(blocks, in: file, isDurable: syncs)
    }

    /// Writes blocks as the next commit and returns their final headers.
    @discardableResult
    private func write(_ encoded: [EncodedBlock], into file: JournalFile) throws(StoreError) -> [BlockHeader] {
        let length = encoded.reduce(0) { $0 + $1.totalLength }
        var headers: [BlockHeader] = []
        var buffers: [Buffer] = []
        for (place, block) in encoded.enumerated() {
            var header = block.header
            header.store = store
            header.epoch = role.epoch
            header.commit = role.position.nextCommit
            header.blocksInCommit = UInt32(encoded.count)
            header.placeInCommit = UInt32(place)
            header.isLastOfCommit = place == encoded.count - 1
            header.durableThrough = role.durableThrough
            headers.append(header)
            buffers.append(header.encode())
            for piece in block.pieces {
                buffers.append(piece)
                let rest = piece.byteCount % BlockHeader.alignment
                if rest != 0 { buffers.append(BlockEncoder.zeros.slice(0..<(BlockHeader.alignment - rest))) }
            }
        }
        do {
            try file.file.write(buffers, at: Int64(role.offset))
        } catch {
            poison()
            throw StoreError(error)
        }
        role.offset = Self.nextPage(role.offset + length)
        role.unsyncedLength += length
        return headers
    }

    private static func nextPage(_ offset: Int) -> Int {
        let page = JournalFileHeader.pageLength
        return (offset + page - 1) / page * page
    }

    /// The file for a commit of that length: this one when it has room for the commit and two marks behind it, else
    /// the next.
    private func makeRoom(for length: Int) throws(StoreError) -> JournalFile {
        let end = Self.nextPage(role.offset + length) + 2 * JournalFileHeader.pageLength
        if let file = role.file, !role.needsNewFile, end <= file.length { return file }
        try syncIfNeeded()
        return try beginFile(commitLength: length)
    }

    /// Begins the next file: proof that all commits so far are durable, which the caller has seen to.
    @discardableResult
    private func beginFile(commitLength: Int) throws(StoreError) -> JournalFile {
        let prepared = try journalFiles.prepare(
            number: role.nextFileNumber, epoch: role.epoch, firstCommit: role.position.nextCommit,
            commitLength: commitLength, wanted: role.nextFileLength, now: clock.now())
        role.needsNewFile = true
        let file = try journalFiles.begin(prepared)
        role.needsNewFile = false
        role.hasWithdrawn = false
        role.provenThrough = role.position.nextCommit - 1
        role.marks = 2
        role.nextFileNumber += 1
        role.nextFileLength = min(options.maximumJournalFileLength, role.nextFileLength * 2)
        role.file = file
        role.offset = JournalFileHeader.pageLength
        delegate?.begin(file)
        delegate?.wantsSpare(length: role.nextFileLength)
        return file
    }

    // MARK: Durability

    private func syncIfNeeded() throws(StoreError) {
        guard role.unsyncedLength > 0, role.file != nil else { return }
        try syncOrPoison(through: role.position.nextCommit - 1)
        delegate?.noteDurable(through: role.durableThrough)
    }

    private func syncOrPoison(through commit: UInt64) throws(StoreError) {
        do {
            try role.file!.file.sync()
            role.unsyncedLength = 0
            role.durableThrough = commit
        } catch {
            poison()
            throw StoreError(error)
        }
    }

    /// Gives the file up: what was not durable in it is lost, whatever a later look at the disk shows.
    private func poison() {
        let next = role.durableThrough + 1
        let lastArrival = role.position.lastArrival
        if let delegate { role.position = delegate.withdraw(after: role.durableThrough, nextCommit: next) }
        role.position.lastArrival = max(role.position.lastArrival, lastArrival)
        role.file?.poison()
        role.file = nil
        role.unsyncedLength = 0
        role.needsEpoch = true
        role.hasWithdrawn = true
    }

    private func renewEpoch() throws(StoreError) {
        guard let delegate else { throw StoreError(.closed, "the store is closed") }
        role.epoch = try delegate.beginEpoch()
        role.needsEpoch = false
    }
}

/// Carries the answer of a blocking append to the thread that waits under the journal's monitor.
private final class BlockingAnswer: Sendable {
    private let result = Mutex<Result<AppendReceipt, StoreError>?>(nil)

    var value: Result<AppendReceipt, StoreError>? { result.withLock { $0 } }
    func set(_ answer: Result<AppendReceipt, StoreError>) { result.withLock { $0 = answer } }
}
