// Unsafe: copies finished bytes into the column's buffers, in the room that was asked for.

internal import EskerFormat

// Types of variable width whose bytes in a column are not those of the text, or that have a rule of their own.
extension ColumnSink {
    /// Bytes that one table of rows may add to one column: what can be written without a thought for the 2 GiB of
    /// offsets. Only texts that grow a thousandfold when they are read come near.
    private static let mostBytes = 1 << 30

    /// Adds what `parse` appends for every field.
    func appendBytes(
        _ fields: FieldColumn, _ code: FieldCode, _ parse: (Span<UInt8>, inout [UInt8]) throws(ValueError) -> Void
    ) {
        var collected: [UInt8] = []
        var ends: [Int32] = []
        ends.reserveCapacity(fields.count)
        for row in 0..<fields.count {
            let before = collected.count
            if let reason = append(fields, row, code, to: &collected, parse) {
                collected.removeSubrange(before...)
                recordFailure(row, reason)
            } else if collected.count > Self.mostBytes {
                collected.removeSubrange(before...)
                recordFailure(row, "the values of one column in \(FieldTable.rowCapacity) rows exceed 1 GiB")
            }
            ends.append(Int32(collected.count))
        }
        unsafe appendVariable(count: fields.count, limit: collected.count) { bytes, offsets in
            unsafe bytes.update(from: collected, count: collected.count)
            unsafe offsets.update(from: ends, count: ends.count)
            return collected.count
        }
    }

    /// - Returns: what is wrong, or nil.
    private func append(
        _ fields: FieldColumn, _ row: Int, _ code: FieldCode, to out: inout [UInt8],
        _ parse: (Span<UInt8>, inout [UInt8]) throws(ValueError) -> Void
    ) -> String? {
        if fields.isNull(row) {
            recordNull(row)
            return nil
        }
        do throws(ValueError) {
            if fields.isCoded(row) {
                var decoded: [UInt8] = []
                if let reason = code.decode(fields.raw(row), into: &decoded) { return reason }
                if fields.mustCheckText, let reason = TextCheck.fault(decoded.span) { return reason }
                try parse(decoded.span, &out)
            } else {
                let text = fields.raw(row)
                if fields.mustCheckText, let reason = TextCheck.fault(text) { return reason }
                try parse(text, &out)
            }
            return nil
        } catch {
            return error.message
        }
    }
}

extension [UInt8] {
    /// Appends the first `count` bytes of a span.
    mutating func append(_ bytes: Span<UInt8>, count: Int) {
        reserveCapacity(self.count + count)
        for index in 0..<count { append(bytes[index]) }
    }
}
