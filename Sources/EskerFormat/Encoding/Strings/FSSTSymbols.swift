// Unsafe: owns the memory of a C table that is written once and only read afterwards.
import CEskerKernels

/// Up to 255 symbols of one to eight bytes, found in a sample of strings or read from a leaf.
@safe
package final class FSSTSymbols: @unchecked Sendable {
    // Unchecked: the table is filled before the object is handed out.
    let pointer: UnsafeMutablePointer<esker_fsst_symbols>

    /// Bytes looked at when symbols are searched. More finds hardly better ones; twice as much costs twice the time.
    static let sampleByteCount = 32 << 10
    /// Longest run of bytes taken at one place.
    static let pieceByteCount = 512
    /// Most bytes of a table on disk: eight counts, 255 symbols of eight bytes.
    static let maximumTableLength = 8 + 255 * 8

    private init() { unsafe pointer = .allocate(capacity: 1) }

    deinit { unsafe pointer.deallocate() }

    /// The symbols that shorten strings like these the most. About a millisecond.
    package static func train(_ strings: ByteStrings) -> FSSTSymbols {
        let symbols = FSSTSymbols()
        let sample = sample(strings)
        unsafe esker_fsst_train(sample.bytePointer, sample.offsetPointer, sample.count, symbols.pointer)
        return symbols
    }

    /// Pieces from places spread evenly over the bytes.
    private static func sample(_ strings: ByteStrings) -> ByteStrings {
        let total = strings.byteCount
        guard total > sampleByteCount else { return strings }
        let average = max(1, min(pieceByteCount, total / strings.count))
        let places = sampleByteCount / average
        var bytes = GrowableBuffer(capacity: sampleByteCount * 2)
        var ends = GrowableBuffer(capacity: places * 4 + 4)
        ends.append(Int32(0))
        let first = strings.offset(0)
        var row = 0
        for place in 0..<places {
            // A place anywhere in its share, so that no period of the data is met at the same spot always.
            let dice = Int(truncatingIfNeeded: (UInt64(place + 1) &* 0x9E37_79B9_7F4A_7C15) >> 40)
            let position = first + total / places * place + dice % max(1, total / places)
            while row + 1 < strings.count, strings.offset(row + 1) <= position { row += 1 }
            let (start, end) = (strings.offset(row), strings.offset(row + 1))
            let from = end - start <= pieceByteCount ? start : min(position, end - pieceByteCount)
            unsafe bytes.append(bytes: strings.bytes.slice(from..<min(end, from + pieceByteCount)).unsafeBytes)
            ends.append(Int32(bytes.byteCount))
        }
        return ByteStrings(offsets: ends.finish(), bytes: bytes.finish(), count: places)
    }

    /// Reads a table from the start of the bytes; nil when it is none or does not end within them.
    static func read(_ bytes: Buffer) -> (FSSTSymbols, length: Int)? {
        let symbols = FSSTSymbols()
        let table = unsafe bytes.base.assumingMemoryBound(to: UInt8.self)
        let length = unsafe esker_fsst_symbols_read(table, bytes.byteCount, symbols.pointer)
        return length == 0 ? nil : (symbols, length)
    }

    /// Appends the table.
    func write(to output: inout GrowableBuffer) {
        unsafe output.append(upTo: Self.maximumTableLength) { room in
            unsafe esker_fsst_symbols_write(pointer, room.baseAddress!.assumingMemoryBound(to: UInt8.self))
        }
    }

    /// Bytes of the table.
    var tableLength: Int {
        var table = GrowableBuffer(capacity: Self.maximumTableLength)
        write(to: &table)
        return table.byteCount
    }

    /// Appends the codes of all strings. Returns how many bytes each took.
    func encode(_ strings: ByteStrings, into output: inout GrowableBuffer) -> [UInt32] {
        guard let encoder = unsafe esker_fsst_encoder_create(pointer) else {
            fatalError("no memory for an FSST encoder of 160 KiB")
        }
        defer { unsafe esker_fsst_encoder_destroy(encoder) }
        return unsafe [UInt32](unsafeUninitializedCapacity: strings.count) { lengths, count in
            unsafe output.append(upTo: strings.byteCount * 2 + 8) { room in
                unsafe esker_fsst_encode(
                    encoder, strings.bytePointer, strings.offsetPointer, strings.count,
                    room.baseAddress!.assumingMemoryBound(to: UInt8.self), lengths.baseAddress)
            }
            count = strings.count
        }
    }
}
