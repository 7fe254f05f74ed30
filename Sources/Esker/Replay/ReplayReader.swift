import EskerFormat
import EskerLog

/// Walks through a stream from one place to another: each partition in offset order, partitions merged by sequence,
/// a block at a time. Blocking; see ``Stream/replay(from:to:following:)`` for tasks.
struct ReplayReader {
    private let from: ReplayPosition
    private let to: ReplayPosition?
    /// The next offset to hand out, and the one to stop before, of each partition.
    private var next: [Int64]
    private var end: [Int64]
    private var queues: [ArraySlice<StreamSnapshot.BlockHandle>] = []
    private var snapshot: StreamSnapshot

    /// Prepares a walk over what the snapshot holds.
    init(_ snapshot: StreamSnapshot, from: ReplayPosition, to: ReplayPosition?) throws(StoreError) {
        self.snapshot = snapshot
        self.from = from
        self.to = to
        let count = snapshot.partitions.count
        next = [Int64](repeating: 0, count: count)
        end = [Int64](repeating: Int64.max, count: count)
        switch from {
        case .earliest, .time: break
        case .latest: next = snapshot.endOffsets
        case .offsets(let offsets):
            try Self.check(offsets, snapshot)
            next = offsets
        }
        if case .offsets(let offsets) = to {
            try Self.check(offsets, snapshot)
            end = offsets
        }
        try fill()
    }

    private static func check(_ offsets: [Int64], _ snapshot: StreamSnapshot) throws(StoreError) {
        guard offsets.count == snapshot.partitions.count, offsets.allSatisfy({ $0 >= 0 }) else {
            throw StoreError(
                .rejected,
                "\(snapshot.record.name) has \(snapshot.partitions.count) partitions; give one offset for each")
        }
    }

    /// Goes on with what was appended since.
    mutating func continueWith(_ snapshot: StreamSnapshot) throws(StoreError) {
        self.snapshot = snapshot
        try fill()
    }

    private mutating func fill() throws(StoreError) {
        queues = []
        for partition in snapshot.partitions.indices {
            let limit = max(next[partition], min(end[partition], snapshot.partitions[partition].endOffset))
            let blocks = try snapshot.blocks(ofPartition: partition, offsets: next[partition]..<limit)
            queues.append(blocks.filter(mayMatch)[...])
        }
    }

    /// Whether a block can hold rows within the time bounds.
    private func mayMatch(_ block: StreamSnapshot.BlockHandle) -> Bool {
        if case .time(let time, let kind) = from {
            if (kind == .event ? block.maximumEventTime : block.maximumArrival) < time { return false }
        }
        if case .time(let time, let kind) = to {
            if (kind == .event ? block.minimumEventTime : block.minimumArrival) > time { return false }
        }
        return true
    }

    /// The next rows; `nil` when the snapshot has no more.
    mutating func read() throws(StoreError) -> ReplayedRows? {
        while let partition = oldest() {
            let handle = queues[partition].removeFirst()
            let block = try BlockColumns(handle, snapshot.record.schema)
            let offsets = try block.offsets()
            let arrivals = try block.arrivals()
            let selected = try selection(block, partition, offsets, arrivals)
            next[partition] = handle.baseOffset + handle.offsetSpan
            guard !selected.isEmpty else { continue }
            let batch = try block.batch()
            if selected.count == batch.count {
                return ReplayedRows(partition: partition, offsets: offsets, arrivals: arrivals, batch: batch)
            }
            let isRun = Int(selected[selected.count - 1] - selected[0]) == selected.count - 1
            return ReplayedRows(
                partition: partition,
                offsets: isRun
                    ? .dense(first: offsets[Int(selected[0])]) : .listed(selected.map { offsets[Int($0)] }),
                arrivals: pick(arrivals, selected), batch: batch.gather(selected.span))
        }
        return nil
    }

    private func pick(_ arrivals: ReplayedRows.ArrivalRun, _ rows: [UInt32]) -> ReplayedRows.ArrivalRun {
        guard case .listed(let times) = arrivals else { return arrivals }
        return .listed(rows.map { times[Int($0)] })
    }

    /// The partition whose next block began first.
    private func oldest() -> Int? {
        queues.indices.filter { !queues[$0].isEmpty }.min {
            queues[$0].first!.firstSequence < queues[$1].first!.firstSequence
        }
    }

    /// The rows of a block within the bounds.
    private func selection(
        _ block: BlockColumns, _ partition: Int, _ offsets: ReplayedRows.OffsetRun,
        _ arrivals: ReplayedRows.ArrivalRun
    ) throws(StoreError) -> [UInt32] {
        let events = try eventTimes(block, arrivals)
        var rows: [UInt32] = []
        rows.reserveCapacity(block.rowCount)
        for row in 0..<block.rowCount {
            let offset = offsets[row]
            guard offset >= next[partition], offset < end[partition] else { continue }
            if case .time(let time, let kind) = from {
                guard let value = kind == .event ? events?[row] : arrivals[row], value >= time else { continue }
            }
            if case .time(let time, let kind) = to {
                guard let value = kind == .event ? events?[row] : arrivals[row], value <= time else { continue }
            }
            rows.append(UInt32(row))
        }
        return rows
    }

    /// The event time of each row, µs; `nil` elements for rows without one, `nil` when nobody asked.
    private func eventTimes(_ block: BlockColumns, _ arrivals: ReplayedRows.ArrivalRun) throws(StoreError) -> [Int64?]?
    {
        let isAsked = [from, to].contains { if case .time(_, .event) = $0 { true } else { false } }
        guard isAsked else { return nil }
        guard let id = snapshot.record.eventTimeColumn,
            let index = snapshot.record.schema.columns.firstIndex(where: { $0.id == id })
        else { return (0..<block.rowCount).map { arrivals[$0] } }
        let column = try block.column(index)
        return (0..<column.count).map { row in
            guard column.isValid(row) else { return nil }
            if column.type == .date { return Int64(column.value(at: row, as: Int32.self)) * 86_400_000_000 }
            return column.value(at: row, as: Int64.self)
        }
    }
}
