// Unsafe: one call of memchr over the bytes of a span.

import EskerFormat
import Glibc

// A column is checked as a whole first: only when the whole fails are its values looked at one by one.
extension TextCheck {
    /// What a zero byte in text is refused with.
    static let zeroByte = ValueError(sqlState: "22021", message: "invalid byte sequence for encoding \"UTF8\": 0x00")

    static func hasZero(_ bytes: Span<UInt8>) -> Bool {
        unsafe bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return false }
            return unsafe memchr(start, 0, bytes.count) != nil
        }
    }

    /// Values with a zero byte, in a plain column of valid UTF-8.
    static func zeros(_ column: Column) -> [ColumnFault] {
        guard hasZero(VariableValues(column).allBytes()) else { return [] }
        return valueFaults(column) { (bytes) throws(ValueError) in if hasZero(bytes) { throw zeroByte } }
    }

    /// Values of a plain text or JSON column that are not text of its type.
    static func faults(_ column: Column) -> [ColumnFault] {
        var found = encodingFaults(column)
        let bad = Set(found.map(\.row))
        switch column.type {
        case .varchar(let limit?):
            guard VariableValues(column).hasLonger(than: limit) else { break }
            found += valueFaults(column, except: bad) { (bytes) throws(ValueError) in
                // Blanks beyond the length are cut off when a value is assigned; a stored value has none.
                if ValueParser.characters(bytes) > limit {
                    throw ValueError(sqlState: "22001", message: "value too long for type \(column.type.name)")
                }
            }
        case .char(let length):
            found += valueFaults(column, except: bad) { (bytes) throws(ValueError) in
                let count = ValueParser.characters(bytes)
                if count != length {
                    let reason =
                        count > length ? "value too long for type" : "value is not padded to the length of type"
                    throw ValueError(sqlState: "22001", message: "\(reason) \(column.type.name)")
                }
            }
        case .json:
            found += valueFaults(column, except: bad) { (bytes) throws(ValueError) in
                try ValueParser.checkJSON(bytes)
            }
        case .jsonb:
            found += valueFaults(column, except: bad) { (bytes) throws(ValueError) in
                let canonical = try ValueParser.jsonb(bytes)
                guard canonical.count == bytes.count, bytes.indices.allSatisfy({ bytes[$0] == canonical[$0] }) else {
                    throw ValueError(sqlState: "22P02", message: "jsonb is not in its canonical form")
                }
            }
        default: break
        }
        return found
    }

    /// Values that are not UTF-8 without zero bytes.
    private static func encodingFaults(_ column: Column) -> [ColumnFault] {
        let values = VariableValues(column)
        if fault(values.allBytes()) == nil && values.startsAreBoundaries() { return [] }
        return valueFaults(column) { (bytes) throws(ValueError) in
            if let reason = fault(bytes) { throw ValueError(sqlState: "22021", message: reason) }
        }
    }

    /// The values of a plain column that `check` refuses; rows without a value are passed over.
    static func valueFaults(
        _ column: Column, except known: Set<Int> = [], _ check: (Span<UInt8>) throws(ValueError) -> Void
    ) -> [ColumnFault] {
        var found: [ColumnFault] = []
        let values = VariableValues(column)
        for row in 0..<column.count where column.isValid(row) && !known.contains(row) {
            do throws(ValueError) {
                try check(values.bytes(row))
            } catch {
                found.append(ColumnFault(row: row, reason: error.message))
            }
        }
        return found
    }
}
