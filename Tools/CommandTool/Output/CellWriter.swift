// Unsafe: reads the bytes of variable-width values in place, while their column lives.

import EskerFormat

/// Writes values of one type in one style.
struct CellWriter {
    let type: DataType
    let style: CellStyle
    let settings: TextSettings

    /// Writes the values of a plain column, and tells after each where its text ends. A missing value takes no text.
    func write(_ column: Column, to out: inout [UInt8], ends: (Int) -> Void) {
        switch type {
        case .int2: each(column, Int16.self, &out, ends) { ValueWriter.integer(Int64($0), to: &$1) }
        case .int4: each(column, Int32.self, &out, ends) { ValueWriter.integer(Int64($0), to: &$1) }
        case .int8: each(column, Int64.self, &out, ends) { ValueWriter.integer($0, to: &$1) }
        case .float8:
            each(column, Double.self, &out, ends) { value, out in
                bare(value.isFinite, to: &out) { ValueWriter.float8(value, to: &$0) }
            }
        case .timestamp, .timestamptz:
            each(column, Int64.self, &out, ends) { writeTimestamp($0, to: &$1) }
        default:
            // A row without a value takes no text; what its bytes hold is unspecified.
            for row in 0..<column.count {
                if column.isValid(row) { write(column, row, to: &out) }
                ends(out.count)
            }
        }
    }

    /// The loop of a fixed-width type, without a look at the column's kind for each value.
    @inline(__always)
    private func each<T: BitwiseCopyable>(
        _ column: Column, _ type: T.Type, _ out: inout [UInt8], _ ends: (Int) -> Void,
        _ body: (T, inout [UInt8]) -> Void
    ) {
        let values = column.span(as: T.self)
        let validity = column.validity
        for row in 0..<values.count {
            if validity == nil || validity![row] { body(values[row], &out) }
            ends(out.count)
        }
    }

    private func write(_ column: Column, _ row: Int, to out: inout [UInt8]) {
        switch type {
        case .bool:
            if style == .json {
                out.append(contentsOf: column.bool(at: row) ? "true".utf8 : "false".utf8)
            } else {
                ValueWriter.bool(column.bool(at: row), to: &out)
            }
        case .float4:
            let value = column.value(at: row, as: Float.self)
            bare(value.isFinite, to: &out) { ValueWriter.float4(value, to: &$0) }
        case .date: bare(false, to: &out) { ValueWriter.date(column.value(at: row, as: Int32.self), to: &$0) }
        case .time: bare(false, to: &out) { ValueWriter.time(column.value(at: row, as: Int64.self), to: &$0) }
        case .timetz, .interval, .uuid: writeWide(column, row, to: &out)
        case .text, .varchar, .char: unsafe writeText(column.bytes(at: row), to: &out)
        case .json, .jsonb: unsafe writeJSON(column.bytes(at: row), to: &out)
        case .bytea:
            let value = unsafe [UInt8](column.bytes(at: row))
            var text: [UInt8] = []
            ValueWriter.bytea(value.span, to: &text)
            unsafe text.withUnsafeBytes { unsafe writeText($0, to: &out) }
        case .numeric, .array: writeValue(column, row, to: &out)
        case .int2, .int4, .int8, .float8, .timestamp, .timestamptz:
            preconditionFailure("\(type.name) is written in a loop of its own")
        }
    }

    /// A value that JSON takes as it is when `isBare`, and in quotes otherwise.
    @inline(__always)
    private func bare(_ isBare: Bool, to out: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        let isQuoted = style == .json && !isBare
        if isQuoted { out.append(UInt8(ascii: "\"")) }
        body(&out)
        if isQuoted { out.append(UInt8(ascii: "\"")) }
    }

    @inline(__always)
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
