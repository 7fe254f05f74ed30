import EskerFiles
import EskerFormat
import EskerLog
import Synchronization

/// A random run of everything that a store can be asked to do, from one seed, with a model that knows what must be
/// there at every moment.
final class StoreWorkload {
    static let directory = "/store"

    /// What was sent and answered so far. Answers come from any thread.
    let model = SharedModel()
    let options: LogOptions
    let clock = ManualClock()
    /// The error of the last failed step that was not an append, for runs with faults.
    private(set) var failures: [StoreError] = []

    private let files: any FileSystem
    private let isFaulty: Bool
    private var log: StoreLog?
    private var generator: SeededGenerator
    private var temporaryCount = 0
    private var producerSequences = [Int64](repeating: 0, count: 3)
    private var views: Set<String> = []

    /// - Parameter isFaulty: operations may fail, so that closing proves nothing and the caller opens again.
    init(seed: UInt64, files: any FileSystem, isFaulty: Bool = false) {
        self.isFaulty = isFaulty
        generator = SeededGenerator(seed: seed)
        self.files = files
        options = Self.options(&generator)
    }

    /// Small files and limits, so that a few dozen steps meet every change of file, segment and block.
    private static func options(_ generator: inout SeededGenerator) -> LogOptions {
        var options = LogHarness.smallOptions
        options.firstJournalFileLength = 16 << 10
        options.maximumJournalFileLength = 32 << 10
        options.maximumUnsyncedLength = 12 << 10
        options.joinedAppendRows = 8
        options.rowsPerBlock = 16
        options.idleMarkDelay = Int.random(in: 0..<4, using: &generator) == 0 ? 1 : 3_600_000_000
        options.sealsInBackground = Int.random(in: 0..<4, using: &generator) == 0
        options.sealLength = 16 << 10
        options.compactsInBackground = Int.random(in: 0..<3, using: &generator) == 0
        options.compactAge = Bool.random(using: &generator) ? 0 : 3_600_000_000
        options.compactionBytesPerSecond = 0
        options.compactedLength = [4 << 10, 32 << 10, 1 << 20].randomElement(using: &generator)!
        options.maximumSegmentLength = [2 << 10, 1 << 20].randomElement(using: &generator)!
        return options
    }

    /// Options for openings that only look: nothing happens by itself.
    static var quietOptions: LogOptions {
        var options = LogHarness.smallOptions
        options.firstJournalFileLength = 16 << 10
        options.idleMarkDelay = 3_600_000_000
        return options
    }

    // MARK: Running

    /// Opens the store and makes its streams; steps that fail are told and repeated by the next call.
    func open() throws(StoreError) {
        if log == nil {
            log = try StoreLog.open(Self.directory, files: files, options: options, clock: clock)
        }
        for (name, partitions) in [("a", 2), ("b", 1)] where model.existence(name) != .there {
            if log!.snapshot(named: name) != nil {
                model.change { $0.streams[name] = .there }
                continue
            }
            try make(name, partitions)
        }
    }

    /// Ends the store, as a program that goes on to its end.
    func close() {
        log?.close()
        log = nil
    }

    /// What the open store shows.
    func contents() throws -> [String: [[Int64]]] {
        guard let log else { return [:] }
        return try StoreContents.ids(log)
    }

    var isOpen: Bool { log != nil }

    /// One random step. Errors of appends stand in the model, those of other steps are thrown.
    func step() throws(StoreError) {
        clock.advance(by: Int64.random(in: -500...1000, using: &generator))
        switch Int.random(in: 0..<100, using: &generator) {
        case 0..<50: append()
        case 50..<62: burst()
        case 62..<72: try log!.sealAll()
        case 72..<78:
            let record = log!.streams.randomElement(using: &generator)
            guard let record else { return }
            let partition = Int.random(in: 0..<record.partitionCount, using: &generator)
            try log!.seal(stream: record.id, partition: partition)
        case 78..<83: try log!.compactAll()
        case 83..<86: try makeTemporary()
        case 86..<88: try dropTemporary()
        case 88..<92: try changeView()
        default:
            close()
            if isFaulty { return }
            model.change { $0.closeEnds() }
            try open()
        }
    }

    // MARK: Appends

    /// One append on this thread.
    func append() {
        let (number, sent) = makeAppend()
        run(number, sent, Self.level(&generator))
        if case .failed = model.answer(number), sent.stamp != nil, Bool.random(using: &generator) {
            run(number, sent, .durable)
        }
    }

    /// Several appends at once, so that they share commits and blocks; waits for all of them.
    private func burst() {
        for _ in 0..<Int.random(in: 2...8, using: &generator) {
            let (number, sent) = makeAppend()
            let level = Self.level(&generator)
            submit(number, sent, level)
        }
        append()
    }

    private static func level(_ generator: inout SeededGenerator) -> Acknowledgement {
        switch Int.random(in: 0..<10, using: &generator) {
        case 0..<6: .durable
        case 6..<8: .written
        default: .memory
        }
    }

    private func makeAppend() -> (Int, StoreModel.SentAppend) {
        let live = model.liveStreams()
        var parts: [StoreModel.Part] = []
        let number = model.nextNumber
        var id = Int64(number) * StoreModel.idsPerAppend
        for (name, partitions) in live.shuffled(using: &generator) {
            for partition in 0..<partitions where parts.isEmpty || Int.random(in: 0..<4, using: &generator) == 0 {
                let first = Int.random(in: 0..<partitions, using: &generator)
                let rows = Int.random(in: 0..<8, using: &generator) == 0 ? 40 : Int.random(in: 1...6, using: &generator)
                let ids = Array(id..<id + Int64(rows))
                let chosen = parts.contains { $0.stream == name } ? partition : first
                guard !parts.contains(where: { $0.stream == name && $0.partition == chosen }) else { continue }
                parts.append(StoreModel.Part(stream: name, partition: chosen, ids: ids))
                id += Int64(rows)
            }
        }
        var stamp: ProducerStamp?
        if Int.random(in: 0..<3, using: &generator) == 0 {
            let producer = Int.random(in: 0..<producerSequences.count, using: &generator)
            let rows = parts.filter { $0.stream == parts[0].stream }.reduce(0) { $0 + $1.ids.count }
            stamp = ProducerStamp(
                producer: ProducerID(high: 7, low: UInt64(producer)), epoch: 1,
                firstSequence: producerSequences[producer])
            producerSequences[producer] += Int64(rows)
        }
        let sent = StoreModel.SentAppend(parts: parts, stamp: stamp)
        model.change { $0.appends.append(sent) }
        return (number, sent)
    }

    private func run(_ number: Int, _ sent: StoreModel.SentAppend, _ level: Acknowledgement) {
        do throws(StoreError) {
            let receipt = try log!.appendBlocking(parts(sent), producer: sent.stamp, acknowledgement: level)
            model.answered(number, .acknowledged(level))
            // A repeat, at once or much later, is told and not stored. Only what was durable survives a failed sync that
            // the journal may have met in between: then the repeat is all there is of the others.
            if sent.stamp != nil, receipt.duplicates == 0, Int.random(in: 0..<2, using: &generator) == 0 {
                let repeated = try log!.appendBlocking(parts(sent), producer: sent.stamp, acknowledgement: .written)
                if repeated.duplicates == 0, level == .durable || !isFaulty {
                    model.note("a repeat of append \(number) (\(level)) was stored again")
                }
            }
        } catch {
            if model.answer(number) == .none { model.answered(number, .failed(error)) } else { failures.append(error) }
        }
    }

    private func submit(_ number: Int, _ sent: StoreModel.SentAppend, _ level: Acknowledgement) {
        let request = AppendRequest(parts: parts(sent), producer: sent.stamp, acknowledgement: level) {
            [model] result in
            switch result {
            case .success: model.answered(number, .acknowledged(level))
            case .failure(let error): model.answered(number, .failed(error))
            }
        }
        log!.submit(request)
    }

    private func parts(_ sent: StoreModel.SentAppend) -> [AppendPart] {
        sent.parts.compactMap { part in
            guard let record = log!.snapshot(named: part.stream)?.record else { return nil }
            let builder = BatchBuilder(record.schema)
            for id in part.ids {
                builder.columns[0].append(fixed: id)
                // Long texts take several pages, so that a commit can be torn inside a block.
                let filling = String(repeating: "x", count: part.ids.count > 20 ? 300 : 0)
                builder.columns[1].append("name \(id % 10)" + filling)
            }
            return AppendPart(stream: record.id, partition: part.partition, batch: builder.finish())
        }
    }

    // MARK: Definitions

    private func make(_ name: String, _ partitions: Int) throws(StoreError) {
        model.change { $0.streams[name] = .coming }
        _ = try log!.createStream(named: name, columns: LogHarness.columns, partitionCount: partitions)
        model.change { $0.streams[name] = .there }
    }

    private func makeTemporary() throws(StoreError) {
        temporaryCount += 1
        try make("temporary \(temporaryCount)", 1)
    }

    private func dropTemporary() throws(StoreError) {
        let names = model.liveStreams().map(\.name).filter { $0.hasPrefix("temporary") }
        guard let name = names.first else { return }
        model.change { $0.streams[name] = .going }
        try log!.dropStream(named: name)
        model.change { $0.streams[name] = .gone }
    }

    private func changeView() throws(StoreError) {
        try log!.createView(ViewRecord(name: "view", query: "SELECT 1", options: [:]), replacing: true)
    }
}

/// The model, shared with the threads that answer appends and the hook that looks at every moment.
final class SharedModel: Sendable {
    private struct Content {
        var model = StoreModel()
        var errors: [StoreError] = []
        var complaints: [String] = []
    }

    private let content = Mutex(Content())

    func change(_ body: (inout StoreModel) -> Void) { content.withLock { body(&$0.model) } }
    var current: StoreModel { content.withLock { $0.model } }
    var nextNumber: Int { content.withLock { $0.model.appends.count } }
    /// Reasons of failed appends so far.
    var errors: [StoreError] { content.withLock { $0.errors } }
    /// What went wrong without an error.
    var complaints: [String] { content.withLock { $0.complaints } }
    func note(_ complaint: String) { content.withLock { $0.complaints.append(complaint) } }

    func existence(_ name: String) -> StoreModel.Existence? { content.withLock { $0.model.streams[name] } }

    func answer(_ number: Int) -> StoreModel.Answer { content.withLock { $0.model.appends[number].answer } }

    func answered(_ number: Int, _ answer: StoreModel.Answer) {
        content.withLock {
            $0.model.appends[number].answer = answer
            if case .failed(let error) = answer { $0.errors.append(error) }
        }
    }

    /// Streams that take rows now, with their partition counts.
    func liveStreams() -> [(name: String, partitions: Int)] {
        content.withLock { content in
            content.model.streams.filter { $0.value == .there }.keys.sorted().map { ($0, $0 == "a" ? 2 : 1) }
        }
    }
}
