// Unsafe: calls the scan kernel on the window's bytes and reads the positions it wrote, up to the counts it returned.

internal import CEskerKernels
internal import Glibc

/// Finds the fields of rows in the window and lays them out column by column.
@safe
final class CSVScanner {
    /// Which file field goes to which column of the table; all fields of a row, in order.
    private var slots: [Int] = []
    private let options: CSVOptions
    private var ends: UnsafeMutablePointer<UInt32>
    private var endsCapacity: Int
    private let rowEnds: UnsafeMutablePointer<UInt32>
    private let null: [UInt8]

    /// Room for field ends at first; doubled when a row has more fields.
    private static let firstCapacity = 16 * FieldTable.rowCapacity

    init(_ options: CSVOptions) {
        self.options = options
        self.null = Array(options.null.utf8)
        endsCapacity = Self.firstCapacity
        unsafe ends = .allocate(capacity: endsCapacity)
        unsafe ends.initialize(repeating: 0, count: endsCapacity)
        let rowCapacity = FieldTable.rowCapacity + 64
        unsafe rowEnds = .allocate(capacity: rowCapacity)
        unsafe rowEnds.initialize(repeating: 0, count: rowCapacity)
    }

    deinit {
        unsafe ends.deallocate()
        unsafe rowEnds.deallocate()
    }

    /// What a scan found from the start of the window.
    struct Found {
        /// Whole rows before the first that is too long.
        let rows: Int
        /// Whether the text that was scanned ends inside quotes.
        let endsInQuotes: Bool
        fileprivate let holdsNonASCII: Bool
        fileprivate let holdsZero: Bool
    }

    /// Says which columns the fields of a row belong to.
    func setColumns(_ slots: [Int]) { self.slots = slots }

    /// Finds rows, at most `mostRows`, in the window's first `length` bytes.
    func scan(_ window: ByteWindow, length: Int, mostRows: Int) -> Found {
        precondition(length <= window.count)
        let wanted = min(mostRows, FieldTable.rowCapacity)
        while true {
            var scan = esker_csv_scan()
            scan.delimiter = options.delimiter
            scan.quote = options.quote ?? 0
            scan.escape = options.escape ?? scan.quote
            scan.quoting = options.quote == nil ? 0 : 1
            scan.max_rows = UInt32(wanted)
            scan.max_ends = UInt32(endsCapacity)
            unsafe esker_csv_scan(window.bytes, length, &scan, ends, rowEnds)
            if scan.rows == 0 && Int(scan.ends) + 64 > endsCapacity {
                growEnds()
                continue
            }
            var rows = min(Int(scan.rows), wanted)
            if length > options.limits.longestRow { rows = rowsBeforeTooLong(rows, window) }
            return Found(
                rows: rows, endsInQuotes: scan.open_quote != 0,
                holdsNonASCII: scan.non_ascii != 0, holdsZero: scan.zero != 0)
        }
    }

    private func rowsBeforeTooLong(_ rows: Int, _ window: ByteWindow) -> Int {
        var begin = 0
        for row in 0..<rows {
            let end = unsafe Int(ends[Int(rowEnds[row])] & ~FieldTable.coded)
            if end - begin > options.limits.longestRow { return row }
            begin = unsafe Self.begin(after: end, window.bytes)
        }
        return rows
    }

    /// Where the row after a line end begins: behind it, and behind the LF of CR and LF. A byte behind the window is
    /// padding; it is looked at only when no row follows.
    @inline(__always)
    private static func begin(after end: Int, _ text: UnsafePointer<UInt8>) -> Int {
        unsafe text[end] == 0x0D && text[end &+ 1] == 0x0A ? end &+ 2 : end &+ 1
    }

    private func growEnds() {
        let larger = endsCapacity * 2
        unsafe ends.deallocate()
        unsafe ends = .allocate(capacity: larger)
        unsafe ends.initialize(repeating: 0, count: larger)
        endsCapacity = larger
    }

    /// Puts the rows that were found into `table`, but for those with faults, and answers the position after the last.
    ///
    /// - Parameter faults: takes the rows that have too few, too many or too long fields.
    func tabulate(_ found: Found, _ window: ByteWindow, into table: FieldTable, faults: inout [RowFault]) -> Int {
        let text = unsafe window.bytes
        let longestField = options.limits.longestField
        let expected = slots.count
        table.count = 0
        table.holdsNonASCII = found.holdsNonASCII
        table.holdsZero = found.holdsZero
        var begin = 0
        var first = 0
        var position = 0
        for row in 0..<found.rows {
            let last = unsafe Int(rowEnds[row])
            let fields = last &- first &+ 1
            let end = unsafe Int(ends[last] & ~FieldTable.coded)
            position = end &+ 1
            if fields == expected
                && (end &- begin <= longestField || longestFieldLength(first, fields, begin) <= longestField)
                && end > begin
            {
                unsafe place(first, begin, end, table, text)
            } else if end > begin {
                faults.append(RowFault(begin..<end, countFault(fields, expected)))
            }
            first = last &+ 1
            begin = unsafe Self.begin(after: end, text)
        }
        if !null.isEmpty { unsafe markNulls(table, text) }
        return position
    }

    /// Writes the fields of one row.
    @inline(__always)
    private func place(_ first: Int, _ begin: Int, _ end: Int, _ table: FieldTable, _ text: UnsafePointer<UInt8>) {
        let row = table.count
        var start = UInt32(truncatingIfNeeded: begin)
        var field = 0
        while field < slots.count {
            let cell = slots[field] &* FieldTable.rowCapacity &+ row
            let fieldEnd = unsafe ends[first &+ field]
            let isBare = unsafe fieldEnd >= FieldTable.coded && isQuotedWhole(text, start, fieldEnd)
            unsafe table.starts[cell] = isBare ? start &+ 1 : start
            unsafe table.ends[cell] = isBare ? (fieldEnd & ~FieldTable.coded) &- 1 : fieldEnd
            start = (fieldEnd & ~FieldTable.coded) &+ 1
            field &+= 1
        }
        unsafe table.rowStarts[row] = UInt32(truncatingIfNeeded: begin)
        unsafe table.rowEnds[row] = UInt32(truncatingIfNeeded: end)
        table.count = row &+ 1
    }

    /// Whether a field is text between two quotes with nothing in it to decode: then its bytes are its value. Not for
    /// empty text, nor for text as long as the one for "no value", which must stay apart from fields without quotes.
    ///
    /// Makes fully quoted text four times as fast to read.
    private func isQuotedWhole(_ text: UnsafePointer<UInt8>, _ start: UInt32, _ end: UInt32) -> Bool {
        let first = Int(start)
        let inside = Int(end & ~FieldTable.coded) &- first &- 2
        guard inside > 0, inside != null.count, let quote = options.quote else { return false }
        guard unsafe text[first] == quote && text[first &+ 1 &+ inside] == quote else { return false }
        let begin = unsafe text + first + 1
        if unsafe memchr(begin, Int32(quote), inside) != nil { return false }
        guard let escape = options.escape, escape != quote else { return true }
        return unsafe memchr(begin, Int32(escape), inside) == nil
    }

    private func countFault(_ fields: Int, _ expected: Int) -> String {
        if fields != expected {
            return "expected \(expected) \(expected == 1 ? "column" : "columns"), found \(fields)"
        }
        return "a field is longer than \(options.limits.longestField) bytes"
    }

    private func longestFieldLength(_ first: Int, _ fields: Int, _ begin: Int) -> Int {
        var longest = 0
        var start = begin
        for field in 0..<fields {
            let end = unsafe Int(ends[first + field] & ~FieldTable.coded)
            longest = max(longest, end - start)
            start = end + 1
        }
        return longest
    }

    /// The text of fields of the first row found, before decoding.
    func firstRow(_ window: ByteWindow) -> [(text: [UInt8], isCoded: Bool)] {
        var start = 0
        return (0...Int(unsafe rowEnds[0])).map { field in
            let end = unsafe Int(ends[field] & ~FieldTable.coded)
            let isCoded = unsafe ends[field] >= FieldTable.coded
            defer { start = end + 1 }
            return (unsafe Array(UnsafeBufferPointer(start: window.bytes + start, count: end - start)), isCoded)
        }
    }

    /// Replaces the fields that spell "no value" by fields without a value, and empty fields by empty text.
    private func markNulls(_ table: FieldTable, _ text: UnsafePointer<UInt8>) {
        for slot in slots {
            let base = slot * FieldTable.rowCapacity
            for cell in base..<(base + table.count) {
                let start = unsafe table.starts[cell]
                let end = unsafe table.ends[cell]
                if end >= FieldTable.coded { continue }
                if start == end {
                    unsafe table.ends[cell] = end | FieldTable.coded
                } else if Int(end - start) == null.count {
                    let field = unsafe UnsafeBufferPointer(start: text + Int(start), count: null.count)
                    if unsafe field.elementsEqual(null) { unsafe table.ends[cell] = start }
                }
            }
        }
    }
}
