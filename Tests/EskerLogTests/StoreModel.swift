// Unsafe: reads the bytes of a value while its column lives.
import EskerFiles
import EskerFormat
import EskerLog

/// What a store must hold after anything that can happen to it: every append that was sent, in order, and how it was
/// answered.
///
/// Row `n` of append `a` has the id `a × 1000 + n`, so that a row found tells where it came from.
struct StoreModel: Sendable {
    struct Violation: Error, CustomStringConvertible {
        let description: String
        init(_ description: String) { self.description = description }
    }

    struct Part: Sendable, Equatable {
        var stream: String
        var partition: Int
        var ids: [Int64]
    }

    enum Answer: Sendable, Equatable {
        case none
        case acknowledged(Acknowledgement)
        case failed(StoreError)

        var isFailed: Bool { if case .failed = self { true } else { false } }

        static func == (left: Answer, right: Answer) -> Bool {
            switch (left, right) {
            case (.none, .none), (.failed, .failed): true
            case (.acknowledged(let left), .acknowledged(let right)): left == right
            default: false
            }
        }
    }

    struct SentAppend: Sendable {
        var parts: [Part]
        var stamp: ProducerStamp?
        var answer = Answer.none
        /// Answered after everything before it was made durable by a clean close.
        var isClosedOver = false
    }

    /// What is known of a stream's existence.
    enum Existence: Sendable { case coming, there, going, gone }

    var appends: [SentAppend] = []
    var streams: [String: Existence] = [:]

    static let idsPerAppend: Int64 = 1000

    /// A clean close makes everything durable that was answered before.
    mutating func closeEnds() {
        for index in appends.indices where !appends[index].answer.isFailed { appends[index].isClosedOver = true }
    }

    /// Takes what was found after a crash as the new truth: it must stay, and what was lost must not come back.
    func settled(_ isThere: [Bool], _ found: [String: [[Int64]]]) -> StoreModel {
        var model = self
        for index in appends.indices {
            model.appends[index].isClosedOver = isThere[index]
            model.appends[index].answer =
                isThere[index]
                ? .acknowledged(.durable) : .failed(StoreError(.cancelled, "was not there after the crash"))
        }
        for name in streams.keys { model.streams[name] = found[name] == nil ? .gone : .there }
        return model
    }

    // MARK: Checking

    /// How the bytes on the disk came to be what they are.
    enum Loss: Sendable {
        /// The power went: what was only written may be gone.
        case power
        /// The process ended: what was written is there.
        case process
        /// Operations failed on the way: what was only written may be gone, also from the middle.
        case faults
        /// Nothing: all that was answered is there.
        case none
    }

    /// Compares what a store holds with what it may hold; returns the appends that are there.
    @discardableResult
    func check(_ found: [String: [[Int64]]], after loss: Loss) throws -> [Bool] {
        try checkStreams(found)
        var isThere = [Bool](repeating: false, count: appends.count)
        for (name, partitions) in found {
            for (partition, ids) in partitions.enumerated() {
                for append in try parse(ids, name, partition) { isThere[append] = true }
            }
        }
        try checkWhole(isThere, found)
        try checkAnswers(isThere, found, loss)
        return isThere
    }

    private func checkStreams(_ found: [String: [[Int64]]]) throws {
        for (name, existence) in streams {
            if existence == .there, found[name] == nil { throw Violation("stream \(name) is gone") }
            if existence == .gone, found[name] != nil { throw Violation("dropped stream \(name) is back") }
        }
        for name in found.keys where streams[name] == nil { throw Violation("stream \(name) was never made") }
    }

    /// The appends whose rows stand in a partition: each whole, once, in the order of sending.
    private func parse(_ ids: [Int64], _ name: String, _ partition: Int) throws -> [Int] {
        var found: [Int] = []
        var position = 0
        while position < ids.count {
            let number = Int(ids[position] / Self.idsPerAppend)
            guard ids[position] >= 0, number < appends.count,
                let part = appends[number].parts.first(where: { $0.stream == name && $0.partition == partition })
            else { throw Violation("\(name)/\(partition): row \(ids[position]) was never sent there") }
            guard position + part.ids.count <= ids.count,
                Array(ids[position..<position + part.ids.count]) == part.ids
            else { throw Violation("\(name)/\(partition): append \(number) is torn at row \(position) of \(ids)") }
            if let last = found.last, last >= number {
                throw Violation("\(name)/\(partition): append \(number) stands after append \(last)")
            }
            found.append(number)
            position += part.ids.count
        }
        return found
    }

    /// An append over several partitions is there in all of them or in none.
    private func checkWhole(_ isThere: [Bool], _ found: [String: [[Int64]]]) throws {
        for (number, append) in appends.enumerated() where isThere[number] {
            for part in append.parts {
                guard let partitions = found[part.stream] else { continue }
                guard partitions[part.partition].contains(part.ids[0]) else {
                    throw Violation("append \(number) is not there in \(part.stream)/\(part.partition)")
                }
            }
        }
    }

    private func checkAnswers(_ isThere: [Bool], _ found: [String: [[Int64]]], _ loss: Loss) throws {
        var isMissingBefore: Int?
        for (number, append) in appends.enumerated() {
            // Appends to streams that may be dropped tell nothing.
            guard append.parts.allSatisfy({ found[$0.stream] != nil && streams[$0.stream] == .there }) else { continue }
            if isThere[number] {
                if append.answer.isFailed, appends[number...].contains(where: \.isDurable) {
                    throw Violation("append \(number) failed, yet it is there after later ones were durable")
                }
                if let before = isMissingBefore, loss != .faults {
                    throw Violation("append \(number) is there and the earlier append \(before) is not")
                }
            } else {
                if append.mustBeThere(after: loss) {
                    throw Violation("append \(number) was answered \(append.answer) and is not there")
                }
                if !append.answer.isFailed { isMissingBefore = isMissingBefore ?? number }
            }
        }
    }
}

extension StoreModel.SentAppend {
    var isDurable: Bool { answer == .acknowledged(.durable) || isClosedOver }

    func mustBeThere(after loss: StoreModel.Loss) -> Bool {
        switch loss {
        case .power, .faults: isDurable
        case .process: isDurable || answer == .acknowledged(.written)
        case .none: !answer.isFailed
        }
    }
}

/// Reads all rows of a store, checking what holds for any store: dense offsets, right texts, sequences that ascend in a
/// partition and are unique in the stream.
enum StoreContents {
    static func ids(_ log: StoreLog) throws -> [String: [[Int64]]] {
        var contents: [String: [[Int64]]] = [:]
        for record in log.streams {
            guard let snapshot = log.snapshot(named: record.name) else { continue }
            contents[record.name] = try ids(snapshot)
        }
        return contents
    }

    static func ids(_ snapshot: StreamSnapshot) throws -> [[Int64]] {
        var sequences: [Int64] = []
        let partitions = try (0..<snapshot.record.partitionCount).map { partition in
            try ids(snapshot, partition, &sequences)
        }
        guard Set(sequences).count == sequences.count else {
            throw StoreModel.Violation("\(snapshot.record.name): a sequence was given twice")
        }
        return partitions
    }

    private static func ids(_ snapshot: StreamSnapshot, _ partition: Int, _ sequences: inout [Int64]) throws
        -> [Int64]
    {
        let place = "\(snapshot.record.name)/\(partition)"
        var ids: [Int64] = []
        var last: Int64 = -1
        for handle in try snapshot.blocks(ofPartition: partition) {
            guard handle.baseOffset == Int64(ids.count) else {
                throw StoreModel.Violation("\(place): offset \(handle.baseOffset) after \(ids.count) rows")
            }
            let block = try handle.load()
            do {
                let column = try block.column(1)!.plain
                let names = try block.column(2)!
                let blockSequences = try block.sequences()
                _ = try block.arrivals()
                guard try block.offsets() == nil else { throw StoreModel.Violation("\(place): offsets have gaps") }
                for row in 0..<column.count {
                    let id = column.value(at: row, as: Int64.self)
                    let name = unsafe String(decoding: names.bytes(at: row), as: UTF8.self)
                    guard name.hasPrefix("name \(id % 10)") else {
                        throw StoreModel.Violation("\(place): row \(id) has the text \(name)")
                    }
                    guard blockSequences[row] > last else {
                        throw StoreModel.Violation("\(place): sequence \(blockSequences[row]) after \(last)")
                    }
                    last = blockSequences[row]
                    ids.append(id)
                }
                sequences += blockSequences
            } catch let error as FormatError {
                throw handle.error(error)
            }
        }
        guard snapshot.partitions[partition].endOffset == Int64(ids.count) else {
            let end = snapshot.partitions[partition].endOffset
            throw StoreModel.Violation("\(place): ends at \(end), not \(ids.count)")
        }
        return ids
    }
}
