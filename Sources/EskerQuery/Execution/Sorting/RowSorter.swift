import EskerFormat

/// Sorts the rows of a chunk by several keys; equal rows keep their order.
struct RowSorter {
    private let columns: [SortColumn]

    /// - Parameter keys: one computed column a key.
    init(_ keys: [Column], _ definitions: [SortKey]) throws {
        columns = try zip(keys, definitions).map { try SortColumn($0, $1) }
    }

    private struct Entry {
        var word: UInt64
        var row: UInt32
    }

    /// Row numbers in order; only the first `limit` when given.
    func order(count: Int, limit: Int? = nil) -> [UInt32] {
        guard let first = columns.first else { return Array(0..<UInt32(min(count, limit ?? count))) }
        var entries = [Entry](repeating: Entry(word: 0, row: 0), count: count)
        for row in 0..<count { entries[row] = Entry(word: first.words[row], row: UInt32(row)) }
        if let limit, limit < count {
            if limit == 0 { return [] }
            entries = smallest(limit, of: entries)
        }
        entries.sort { isBefore($0, $1) }
        return entries.map(\.row)
    }

    @inline(__always)
    private func isBefore(_ left: Entry, _ right: Entry) -> Bool {
        if left.word != right.word { return left.word < right.word }
        return resolve(left.row, right.row)
    }

    private func resolve(_ left: UInt32, _ right: UInt32) -> Bool {
        let (first, second) = (Int(left), Int(right))
        if let decided = columns[0].resolveTie(first, second) { return decided }
        for column in columns.dropFirst() {
            if column.words[first] != column.words[second] { return column.words[first] < column.words[second] }
            if let decided = column.resolveTie(first, second) { return decided }
        }
        return left < right
    }

    /// The first `limit` entries of the order, unordered: a heap whose top is the last of them. O(n log limit), and
    /// one comparison for most rows.
    private func smallest(_ limit: Int, of entries: [Entry]) -> [Entry] {
        var heap = Array(entries[0..<limit])
        for parent in (0..<(limit / 2)).reversed() { siftDown(&heap, from: parent) }
        for entry in entries[limit...] where isBefore(entry, heap[0]) {
            heap[0] = entry
            siftDown(&heap, from: 0)
        }
        return heap
    }

    private func siftDown(_ heap: inout [Entry], from start: Int) {
        var parent = start
        while true {
            var child = 2 * parent + 1
            if child >= heap.count { return }
            if child + 1 < heap.count && isBefore(heap[child], heap[child + 1]) { child += 1 }
            if !isBefore(heap[parent], heap[child]) { return }
            heap.swapAt(parent, child)
            parent = child
        }
    }
}
