/// Turns a column into the region that a block stores for it.
///
/// The hot profile copies nothing: the region is the list of the column's own buffers, so that the journal writes what
/// the caller holds. The cold profile looks for constants and repeated strings and ends with a general codec.
struct ColumnEncoder {
    let profile: BlockHeader.Profile
    let codec: Codec

    /// A region: its entry (place and checksum still open) and the buffers to write, each padded to 64 bytes by zeros.
    struct Region {
        var entry: ColumnEntry
        var pieces: [Buffer]
    }

    func encode(_ column: Column, id: UInt32) -> Region {
        let suited = profile == .cold ? DictionaryFinder.reencode(column) : column
        var region = plainRegion(suited, id: id)
        region.entry.statistics = ColumnStatistics.measure(suited, includingVariable: profile == .cold)
        region.entry.plainLength = region.pieces.reduce(0) { $0 + padded($1.byteCount) }
        if profile == .cold, codec != .none, region.entry.plainLength > 0 {
            compress(&region)
        }
        region.entry.storedLength = region.pieces.reduce(0) { $0 + padded($1.byteCount) }
        return region
    }

    private func compress(_ region: inout Region) {
        var joined = GrowableBuffer(capacity: region.entry.plainLength)
        for piece in region.pieces {
            joined.append(piece)
            joined.pad(to: BlockHeader.alignment)
        }
        let plain = joined.finish()
        region.pieces = [plain]
        if let compressed = codec.compress(plain) {
            region.pieces = [compressed]
            region.entry.codec = codec
        }
    }

    private func plainRegion(_ column: Column, id: UInt32) -> Region {
        var entry = ColumnEntry(id: id, type: TypeCode(column.type))
        var pieces: [Buffer] = []
        entry.nullCount = column.nullCount
        if let validity = column.validity {
            entry.hasValidity = true
            pieces.append(validity.buffer.slice(0..<Bitmap.byteCount(column.count)))
        }
        switch column.values {
        case .dictionary(let codes, let width, let dictionary):
            entry.encoding = .dictionary
            entry.codeWidth = width
            entry.dictionaryCount = dictionary.column.count
            pieces.append(codes.slice(0..<(column.count * width)))
            appendPlain(dictionary.column, to: &pieces, &entry)
        case .constant(let dictionary):
            entry.encoding = .constant
            appendPlain(dictionary.column, to: &pieces, &entry)
        default:
            appendPlain(column, to: &pieces, &entry)
        }
        return Region(entry: entry, pieces: pieces)
    }

    private func appendPlain(_ column: Column, to pieces: inout [Buffer], _ entry: inout ColumnEntry) {
        switch column.values {
        case .bits(let bitmap): pieces.append(bitmap.buffer.slice(0..<Bitmap.byteCount(column.count)))
        case .fixed(let buffer):
            guard case .fixed(let width) = column.type.layout else { preconditionFailure() }
            pieces.append(buffer.slice(0..<(column.count * width)))
        case .variable(let offsets, let bytes):
            let starts = offsets.span(as: Int32.self)
            let first = starts[0]
            let range = Int(first)..<Int(starts[column.count])
            entry.variableByteCount = range.count
            pieces.append(first == 0 ? offsets.slice(0..<((column.count + 1) * 4)) : Self.rebase(starts, column.count))
            pieces.append(bytes.slice(range))
        case .dictionary, .constant: preconditionFailure("a dictionary holds plain values")
        }
    }

    /// Offsets of a slice, shifted so that they start at 0.
    private static func rebase(_ offsets: Span<Int32>, _ count: Int) -> Buffer {
        var shifted = GrowableBuffer(capacity: (count + 1) * 4)
        for row in 0...count { shifted.append(offsets[row] &- offsets[0]) }
        return shifted.finish()
    }

    /// A column of ascending or repeating Int64 values as runs: how the cold profile keeps arrival times and such.
    static func encodeRuns(_ values: [Int64], id: UInt32) -> Region {
        var ends = GrowableBuffer()
        var runs = GrowableBuffer()
        var count = 0
        for (row, value) in values.enumerated() where row + 1 == values.count || values[row + 1] != value {
            ends.append(UInt32(row + 1))
            runs.append(value)
            count += 1
        }
        var entry = ColumnEntry(id: id, type: TypeCode(.int8))
        entry.encoding = .runs
        entry.dictionaryCount = count
        let pieces = [ends.finish(), runs.finish()]
        entry.plainLength = pieces.reduce(0) { $0 + padded($1.byteCount) }
        entry.storedLength = entry.plainLength
        return Region(entry: entry, pieces: pieces)
    }
}

/// A length with its padding to the next multiple of 64 bytes.
func padded(_ length: Int) -> Int { (length + BlockHeader.alignment - 1) & ~(BlockHeader.alignment - 1) }
