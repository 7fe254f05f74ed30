// Unsafe: hashes the bytes of variable-width values in place.
import EskerFormat

/// Decides the partition of each row: XXH3-64 of the key's canonical form, modulo the number of partitions.
///
/// The canonical form is frozen, so that rows of a key stay together for ever, also when a column is widened:
///
/// | type | bytes that are hashed |
/// |---|---|
/// | bool, int2/4/8, date, time, timestamp(tz) | the value as Int64, little-endian |
/// | float4, float8 | the value as Double; −0 as 0, every NaN as 0x7FF8000000000000 |
/// | numeric | its text without trailing zeros after the point |
/// | char(n) | its UTF-8 bytes without trailing blanks |
/// | text, varchar, bytea, json, jsonb, arrays | the value's bytes |
/// | uuid, timetz, interval | the value's 16 bytes |
///
/// A key of one column hashes these bytes. A key of several hashes, for each, its length as UInt32 and its bytes. A
/// missing value hashes as no bytes with length 0xFFFFFFFF.
struct Partitioner {
    let keys: [Int]
    let partitionCount: Int

    /// - Parameter keys: places of the key's columns in the schema.
    init(keys: [Int], partitionCount: Int) {
        self.keys = keys
        self.partitionCount = partitionCount
    }

    /// The rows of each partition, in order. O(rows).
    func split(_ batch: Batch) -> [[UInt32]] {
        let hashes = self.hashes(batch)
        var rows = [[UInt32]](repeating: [], count: partitionCount)
        for partition in rows.indices { rows[partition].reserveCapacity(batch.count / partitionCount * 5 / 4 + 8) }
        for (row, hash) in hashes.enumerated() {
            rows[Int(hash % UInt64(partitionCount))].append(UInt32(row))
        }
        return rows
    }

    /// The hash of each row's key.
    func hashes(_ batch: Batch) -> [UInt64] {
        if keys.count == 1 { return hashes(batch.columns[keys[0]], count: batch.count) }
        return (0..<batch.count).map { row in
            var bytes: [UInt8] = []
            for key in keys {
                let form = canonicalForm(batch.columns[key], row)
                let length = form.map { UInt32($0.count) } ?? UInt32.max
                for shift in [0, 8, 16, 24] as [UInt32] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
                bytes += form ?? []
            }
            return KeyHash.of(bytes)
        }
    }

    private func hashes(_ column: Column, count: Int) -> [UInt64] {
        let values = column.physical
        var distinct: [UInt64]
        switch values.type {
        case .int8, .timestamp, .timestamptz, .time: distinct = KeyHash.ofIntegers(values.span(as: Int64.self))
        case .text, .varchar, .bytea:
            distinct = (0..<values.count).map { unsafe KeyHash.of(values.bytes(at: $0)) }
        default: distinct = (0..<values.count).map { KeyHash.of(canonicalForm(values, $0) ?? []) }
        }
        if column.nullCount == 0, values.count == count, case .fixed = column.values { return distinct }
        if distinct.isEmpty { distinct = [KeyHash.ofNothing] }
        return (0..<count).map { column.isValid($0) ? distinct[column.physicalRow($0)] : KeyHash.ofNothing }
    }

    private func canonicalForm(_ column: Column, _ row: Int) -> [UInt8]? {
        guard column.isValid(row) else { return nil }
        switch column.type {
        case .bool: return Self.littleEndian(Int64(column.bool(at: row) ? 1 : 0))
        case .int2: return Self.littleEndian(Int64(column.value(at: row, as: Int16.self)))
        case .int4, .date: return Self.littleEndian(Int64(column.value(at: row, as: Int32.self)))
        case .int8, .time, .timestamp, .timestamptz: return Self.littleEndian(column.value(at: row, as: Int64.self))
        case .float4: return Self.littleEndian(Double(column.value(at: row, as: Float.self)))
        case .float8: return Self.littleEndian(column.value(at: row, as: Double.self))
        case .uuid, .timetz, .interval:
            let words = column.value(at: row, as: SIMD2<Int64>.self)
            return Self.littleEndian(words.x) + Self.littleEndian(words.y)
        case .numeric: return Self.numericForm(column, row)
        case .char:
            let text: [UInt8] = unsafe Array(column.bytes(at: row))
            let end = text.lastIndex { $0 != UInt8(ascii: " ") }.map { $0 + 1 } ?? 0
            return Array(text[..<end])
        case .text, .varchar, .bytea, .json, .jsonb, .array: return unsafe [UInt8](column.bytes(at: row))
        }
    }

    private static func littleEndian(_ value: Int64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
    }

    private static func littleEndian(_ value: Double) -> [UInt8] {
        let canonical: UInt64 = value.isNaN ? 0x7FF8_0000_0000_0000 : (value == 0 ? 0 : value.bitPattern)
        return littleEndian(Int64(bitPattern: canonical))
    }

    private static func numericForm(_ column: Column, _ row: Int) -> [UInt8] {
        let binary = unsafe [UInt8](column.bytes(at: row))
        guard let value = try? Value(binary: binary.span, as: column.type) else { return binary }
        var text = value.text()
        if text.contains(".") {
            while text.hasSuffix("0") { text.removeLast() }
            if text.hasSuffix(".") { text.removeLast() }
        }
        return Array(text.utf8)
    }
}
