// Unsafe: reads offsets and bytes through raw pointers whose bounds were checked when the strings were made.

/// Byte strings one after another, Arrow's variable layout: what every string encoding takes and gives.
///
/// The offsets are `count + 1` ascending Int32 (the first may be more than 0) that lie within the bytes. Nothing is said
/// about the bytes: they may be no UTF-8, or zeros.
@safe
package struct ByteStrings: Sendable {
    /// `count + 1` Int32.
    package let offsets: Buffer
    package let bytes: Buffer
    package let count: Int

    /// Trusts that the offsets are as they should be: for buffers that this process has made.
    package init(offsets: Buffer, bytes: Buffer, count: Int) {
        precondition(count >= 0 && offsets.byteCount >= (count + 1) * 4)
        self.offsets = offsets
        self.bytes = bytes
        self.count = count
    }

    /// Checks the offsets, in O(count). Throws ``FormatError`` when they are missing, descend or leave the bytes.
    package init(checking offsets: Buffer, bytes: Buffer, count: Int) throws(FormatError) {
        guard count >= 0, count < Int(Int32.max), offsets.byteCount >= (count + 1) * 4 else {
            throw FormatError(.truncated, "\(offsets.byteCount) bytes of offsets for \(count) strings")
        }
        guard unsafe UInt(bitPattern: offsets.base) % 4 == 0 else {
            throw FormatError(.malformed, "string offsets are not aligned to 4 bytes")
        }
        let span = offsets.span(as: Int32.self)
        var descents = 0
        var index = 0
        while index < count {
            descents &+= span[index + 1] < span[index] ? 1 : 0
            index &+= 1
        }
        guard descents == 0, span[0] >= 0, Int(span[count]) <= bytes.byteCount else {
            throw FormatError(.malformed, "string offsets descend or leave their \(bytes.byteCount) bytes")
        }
        self.init(offsets: offsets, bytes: bytes, count: count)
    }

    /// Copies strings.
    package init(_ strings: [[UInt8]]) {
        var ends: [Int32] = [0]
        var all: [UInt8] = []
        for string in strings {
            all += string
            ends.append(Int32(all.count))
        }
        self.init(offsets: Buffer(copying: ends), bytes: Buffer(copying: all), count: strings.count)
    }

    /// Where a string starts; `count` is allowed and gives the end of the last. Traps outside.
    package func offset(_ index: Int) -> Int {
        precondition(index >= 0 && index <= count)
        return unsafe Int(offsets.base.load(fromByteOffset: index &* 4, as: Int32.self))
    }

    /// Length of one string. Traps outside.
    package func length(_ index: Int) -> Int { offset(index + 1) - offset(index) }

    /// The sum of all lengths.
    package var byteCount: Int { offset(count) - offset(0) }

    /// One string, as bytes that live as long as the buffers. Traps outside.
    @unsafe
    package func raw(_ index: Int) -> UnsafeRawBufferPointer {
        let start = offset(index)
        return unsafe UnsafeRawBufferPointer(start: bytes.base + start, count: offset(index + 1) - start)
    }

    /// One string, copied. Traps outside.
    package func array(_ index: Int) -> [UInt8] { unsafe Array(raw(index)) }

    /// Some of the strings, sharing memory.
    package func slice(_ range: Range<Int>) -> ByteStrings {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        let part = offsets.slice((range.lowerBound * 4)..<(range.upperBound * 4 + 4))
        return ByteStrings(offsets: part, bytes: bytes, count: range.count)
    }

    /// The strings of some rows, copied in that order. Traps outside.
    package func gather(_ rows: Span<UInt32>) -> ByteStrings {
        var ends = GrowableBuffer(capacity: (rows.count + 1) * 4)
        var copies = GrowableBuffer()
        ends.append(Int32(0))
        var index = 0
        while index < rows.count {
            unsafe copies.append(bytes: raw(Int(rows[index])))
            ends.append(Int32(copies.byteCount))
            index += 1
        }
        return ByteStrings(offsets: ends.finish(), bytes: copies.finish(), count: rows.count)
    }

    /// The offsets as C kernels take them.
    var offsetPointer: UnsafePointer<Int32> {
        @unsafe get { unsafe offsets.base.assumingMemoryBound(to: Int32.self) }
    }

    /// The bytes as C kernels take them; offsets count from here.
    var bytePointer: UnsafePointer<UInt8> {
        @unsafe get { unsafe bytes.base.assumingMemoryBound(to: UInt8.self) }
    }
}

/// Makes ``ByteStrings`` of a known number by a kernel that writes string ends and bytes.
enum ByteStringsWriter {
    /// Bytes that kernels may write after the last one that counts.
    static let slack = 128

    /// Gives `body` room for `count` ends and for `limit` bytes and the slack; it returns the bytes it wrote, or nil when
    /// it failed.
    static func make(
        count: Int, limit: Int,
        _ body: (_ ends: UnsafeMutablePointer<Int32>, _ bytes: UnsafeMutablePointer<UInt8>) -> Int?
    ) -> ByteStrings? {
        var offsets = GrowableBuffer(capacity: (count + 1) * 4)
        var bytes = GrowableBuffer(capacity: limit + slack)
        var failed = false
        offsets.append(Int32(0))
        unsafe offsets.append(upTo: count * 4) { ends in
            unsafe bytes.append(upTo: limit + slack) { room in
                let written = unsafe body(
                    ends.baseAddress!.assumingMemoryBound(to: Int32.self),
                    room.baseAddress!.assumingMemoryBound(to: UInt8.self))
                failed = written == nil
                return written ?? 0
            }
            return count * 4
        }
        guard !failed else { return nil }
        return ByteStrings(offsets: offsets.finish(), bytes: bytes.finish(), count: count)
    }
}
