// Unsafe: writes the places of values into the field table, in rows and columns that the table has.

internal import EskerFormat

/// Finds the values of one line, a JSON object, and writes their places into a row of a ``FieldTable``.
@safe
final class JSONLineScanner {
    private let keys: JSONKeys
    private let names: [String]
    /// Columns that take values as they are written, with quotes, braces and all.
    private let takesJSON: [Bool]
    private let options: NDJSONOptions
    /// Keys that named no column, so far.
    private(set) var ignoredKeys = 0

    init(_ schema: Schema, _ options: NDJSONOptions) {
        keys = JSONKeys(schema)
        names = schema.columns.map(\.name)
        takesJSON = schema.columns.map { $0.type == .json || $0.type == .jsonb }
        self.options = options
    }

    /// Reads the line at `range`, whose end is an LF, into the next row of `table`.
    ///
    /// - Returns: what is wrong with the line; the row is then not added.
    func scan(_ range: Range<Int>, _ window: ByteWindow, into table: FieldTable) -> RowFault? {
        clear(table)
        var cursor = unsafe JSONCursor(window.bytes, at: range.lowerBound)
        var column = -1
        if object(&cursor, window, range, table, &column) {
            unsafe table.rowStarts[table.count] = UInt32(truncatingIfNeeded: range.lowerBound)
            unsafe table.rowEnds[table.count] = UInt32(truncatingIfNeeded: range.upperBound)
            table.count += 1
            return nil
        }
        let place = cursor.position - range.lowerBound + 1
        let name = column >= 0 ? names[column] : nil
        return RowFault(range, column: name, "\(cursor.fault ?? "not an object") at byte \(place)")
    }

    private func clear(_ table: FieldTable) {
        precondition(table.count < FieldTable.rowCapacity && table.columnCount == names.count)
        var cell = table.count
        for _ in 0..<table.columnCount {
            unsafe table.starts[cell] = 0
            unsafe table.ends[cell] = 0
            cell &+= FieldTable.rowCapacity
        }
    }

    /// - Parameter column: the column whose value is being read, for the message; −1 for none.
    private func object(
        _ cursor: inout JSONCursor, _ window: ByteWindow, _ range: Range<Int>, _ table: FieldTable, _ column: inout Int
    ) -> Bool {
        cursor.passBlanks()
        guard cursor.byte == 0x7B else { return cursor.fail("expected an object") }
        cursor.step()
        cursor.passBlanks()
        var number = 0
        if cursor.byte == 0x7D {
            cursor.step()
        } else {
            while true {
                guard cursor.byte == 0x22 else { return cursor.fail("expected a key in quotes") }
                cursor.step()
                guard let found = keys.column(&cursor, number: number, in: window, before: range.upperBound) else {
                    return false
                }
                column = found
                if found < 0 && !unknownKey(&cursor) { return false }
                cursor.passBlanks()
                guard cursor.byte == 0x3A else { return cursor.fail("expected \":\" after a key") }
                cursor.step()
                cursor.passBlanks()
                guard value(&cursor, found, table) else { return false }
                column = -1
                number &+= 1
                cursor.passBlanks()
                if cursor.byte == 0x2C {
                    cursor.step()
                    cursor.passBlanks()
                    continue
                }
                guard cursor.byte == 0x7D else { return cursor.fail("expected \",\" or \"}\"") }
                cursor.step()
                break
            }
        }
        cursor.passBlanks()
        return cursor.byte == 0x0A || cursor.fail("text after the object")
    }

    @inline(never)
    private func unknownKey(_ cursor: inout JSONCursor) -> Bool {
        if options.unknownKeys == .reject { return cursor.fail("a key that names no column") }
        ignoredKeys += 1
        return true
    }

    /// Passes over a value and writes its place into the column's cell.
    @inline(__always)
    private func value(_ cursor: inout JSONCursor, _ column: Int, _ table: FieldTable) -> Bool {
        var start = cursor.position
        var coded = false
        var end: Int
        let wantsJSON = column >= 0 && takesJSON[column]
        switch cursor.byte {
        case 0x22:
            cursor.step()
            guard let hasEscapes = cursor.string() else { return false }
            end = cursor.position
            if !wantsJSON {
                start &+= 1
                end &-= 1
                coded = hasEscapes || start == end
            }
        case 0x2D, 0x30...0x39:
            guard cursor.number() else { return false }
            end = cursor.position
        case 0x7B, 0x5B:
            let isObject = cursor.byte == 0x7B
            if column >= 0 && !wantsJSON {
                return cursor.fail("an \(isObject ? "object" : "array") where the column takes a single value")
            }
            guard cursor.nested() else { return false }
            end = cursor.position
        default:
            let isNull = cursor.byte == 0x6E
            guard cursor.word() else { return false }
            end = isNull ? start : cursor.position
        }
        if column < 0 { return true }
        if end &- start > options.limits.longestField {
            return cursor.fail("a value longer than \(options.limits.longestField) bytes")
        }
        let cell = column &* FieldTable.rowCapacity &+ table.count
        unsafe table.starts[cell] = UInt32(truncatingIfNeeded: start)
        unsafe table.ends[cell] = UInt32(truncatingIfNeeded: end) | (coded ? FieldTable.coded : 0)
        return true
    }
}
