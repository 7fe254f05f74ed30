// Unsafe: reads the bytes of variable-width values in place, while their column lives.

import EskerFormat

/// A column of a result as text, ready to be put into rows.
///
/// A column is rendered whole, in one loop for its type; each distinct value of a dictionary is rendered and quoted
/// once. Putting rows together is then only copying.
struct CellColumn {
    /// The text of every value, one behind the other.
    private var bytes: [UInt8] = []
    /// Where each value's text ends.
    private var ends: [Int] = []
    /// The value of each row; nil when row and value are the same number.
    private let places: [UInt32]?
    private let validity: Bitmap?

    /// Renders all rows of a column. O(rows + bytes of text).
    init(_ column: Column, style: CellStyle, settings: TextSettings) {
        validity = column.validity
        let values: Column
        switch column.values {
        case .bits, .fixed, .variable:
            values = column
            places = nil
        case .dictionary, .constant:
            let rows = (0..<column.count).map { UInt32(column.isValid($0) ? column.physicalRow($0) : 0) }
            if column.physical.count <= column.count {
                values = column.physical
                places = rows
            } else {
                // A few rows of a large dictionary: only their values.
                values = column.physical.gather(rows.span)
                places = nil
            }
        }
        ends.reserveCapacity(values.count)
        var writer = CellWriter(type: column.type, style: style, settings: settings)
        // A row without a value takes no text; what its bytes hold is unspecified.
        let gaps = places == nil && validity != nil
        for row in 0..<values.count {
            if !gaps || column.isValid(row) { writer.write(values, row, to: &bytes) }
            ends.append(bytes.count)
        }
    }

    /// Whether the row has a value.
    func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }

    /// The text of a row; empty without a value.
    func text(_ row: Int) -> ArraySlice<UInt8> {
        let place = places.map { Int($0[row]) } ?? row
        return bytes[(place == 0 ? 0 : ends[place - 1])..<ends[place]]
    }

    /// Appends the text of a row, or `null` when it has no value.
    func append(_ row: Int, null: StaticString, to out: inout [UInt8]) {
        if isValid(row) {
            out.append(contentsOf: text(row))
        } else {
            unsafe out.append(contentsOf: UnsafeBufferPointer(start: null.utf8Start, count: null.utf8CodeUnitCount))
        }
    }
}

/// How the text of a value is dressed.
enum CellStyle: Sendable {
    /// PostgreSQL's text form as it is.
    case plain
    /// In quotes where comma-separated text needs them.
    case csv
    /// As a JSON value, the way PostgreSQL's `row_to_json` writes it.
    case json
}

/// Writes single values of one type in one style.
private struct CellWriter {
    let type: DataType
    let style: CellStyle
    let settings: TextSettings

    mutating func write(_ column: Column, _ row: Int, to out: inout [UInt8]) {
        switch type {
        case .bool:
            if style == .json {
                out.append(contentsOf: column.bool(at: row) ? "true".utf8 : "false".utf8)
            } else {
                ValueWriter.bool(column.bool(at: row), to: &out)
            }
        case .int2: ValueWriter.integer(Int64(column.value(at: row, as: Int16.self)), to: &out)
        case .int4: ValueWriter.integer(Int64(column.value(at: row, as: Int32.self)), to: &out)
        case .int8: ValueWriter.integer(column.value(at: row, as: Int64.self), to: &out)
        case .float4:
            let value = column.value(at: row, as: Float.self)
            bare(value.isFinite, to: &out) { ValueWriter.float4(value, to: &$0) }
        case .float8:
            let value = column.value(at: row, as: Double.self)
            bare(value.isFinite, to: &out) { ValueWriter.float8(value, to: &$0) }
        case .date: bare(false, to: &out) { ValueWriter.date(column.value(at: row, as: Int32.self), to: &$0) }
        case .time: bare(false, to: &out) { ValueWriter.time(column.value(at: row, as: Int64.self), to: &$0) }
        case .timestamp, .timestamptz: writeTimestamp(column.value(at: row, as: Int64.self), to: &out)
        case .timetz, .interval, .uuid: writeWide(column, row, to: &out)
        case .text, .varchar, .char: unsafe writeText(column.bytes(at: row), to: &out)
        case .json, .jsonb: unsafe writeJSON(column.bytes(at: row), to: &out)
        case .bytea:
            let value = unsafe [UInt8](column.bytes(at: row))
            var text: [UInt8] = []
            ValueWriter.bytea(value.span, to: &text)
            unsafe text.withUnsafeBytes { unsafe writeText($0, to: &out) }
        case .numeric, .array: writeValue(column, row, to: &out)
        }
    }

    /// A value that JSON takes as it is when `isBare`, and in quotes otherwise.
    private func bare(_ isBare: Bool, to out: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        let isQuoted = style == .json && !isBare
        if isQuoted { out.append(UInt8(ascii: "\"")) }
        body(&out)
        if isQuoted { out.append(UInt8(ascii: "\"")) }
    }

    private func writeTimestamp(_ value: Int64, to out: inout [UInt8]) {
        bare(false, to: &out) { out in
            let start = out.count
            if type == .timestamp {
                ValueWriter.timestamp(value, to: &out)
            } else {
                ValueWriter.timestamptz(value, settings.zone, to: &out)
            }
            if style == .json { JSONText.makeISO(&out, from: start, hasZone: type == .timestamptz) }
        }
    }

    private func writeWide(_ column: Column, _ row: Int, to out: inout [UInt8]) {
        let words = column.value(at: row, as: SIMD2<UInt64>.self)
        bare(false, to: &out) { out in
            switch type {
            case .timetz: ValueWriter.timetz(TimeWithZone(words: (words.x, words.y)), to: &out)
            case .interval: ValueWriter.interval(Interval(words: (words.x, words.y)), to: &out)
            default: ValueWriter.uuid(UUIDBytes(words: (words.x, words.y)), to: &out)
            }
        }
    }

    @unsafe
    private func writeText(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        switch style {
        case .plain: unsafe out.append(contentsOf: text)
        case .csv: unsafe CSVText.append(text, to: &out)
        case .json: unsafe JSONText.appendString(text, to: &out)
        }
    }

    @unsafe
    private func writeJSON(_ text: UnsafeRawBufferPointer, to out: inout [UInt8]) {
        if style != .json { return unsafe writeText(text, to: &out) }
        // Outside of strings, where JSON allows none, line ends are blanks: a row stays on its line.
        for index in text.indices {
            let byte = unsafe text[index]
            out.append(byte == 0x0A || byte == 0x0D ? 0x20 : byte)
        }
    }

    /// Numbers of any length and arrays, which are decoded first.
    private func writeValue(_ column: Column, _ row: Int, to out: inout [UInt8]) {
        let bytes = unsafe [UInt8](column.bytes(at: row))
        guard let value = try? Value(binary: bytes.span, as: type) else {
            return bare(false, to: &out) { $0.append(contentsOf: "malformed \(type.name)".utf8) }
        }
        if style == .json { return JSONText.append(value, settings, to: &out) }
        var text: [UInt8] = []
        value.write(settings, to: &text)
        unsafe text.withUnsafeBytes { unsafe writeText($0, to: &out) }
    }
}
