// Unsafe: whole words of bitmaps are read and written inside lengths that are checked first.

import EskerFormat

/// A boolean column as two bitmaps: where it is true and where it is false. Rows in neither are NULL.
///
/// SQL's AND, OR and NOT become one or two word operations each, and need no case for NULL.
@safe
struct TruthBits {
    var isTrue: [UInt64]
    var isFalse: [UInt64]
    let count: Int

    /// All rows true, or all false.
    init(repeating value: Bool, count: Int) {
        let ones = TruthBits.ones(count)
        let zeros = [UInt64](repeating: 0, count: ones.count)
        self.isTrue = value ? ones : zeros
        self.isFalse = value ? zeros : ones
        self.count = count
    }

    /// Reads a boolean column of any encoding.
    init(_ column: Column) {
        count = column.count
        let plain = column.plain
        guard case .bits(let bitmap) = plain.values else { preconditionFailure("not a boolean column") }
        let bits = TruthBits.words(bitmap, count: count)
        let valid = plain.validity.map { TruthBits.words($0, count: plain.count) } ?? TruthBits.ones(count)
        isTrue = bits
        isFalse = bits
        for index in bits.indices {
            isTrue[index] = bits[index] & valid[index]
            isFalse[index] = ~bits[index] & valid[index]
        }
    }

    mutating func and(_ other: TruthBits) {
        for index in isTrue.indices {
            isTrue[index] &= other.isTrue[index]
            isFalse[index] |= other.isFalse[index]
        }
    }

    mutating func or(_ other: TruthBits) {
        for index in isTrue.indices {
            isTrue[index] |= other.isTrue[index]
            isFalse[index] &= other.isFalse[index]
        }
    }

    mutating func negate() { swap(&isTrue, &isFalse) }

    /// The boolean column again.
    var column: Column {
        var valid = isTrue
        var nulls = count
        for index in valid.indices {
            valid[index] |= isFalse[index]
            nulls -= valid[index].nonzeroBitCount
        }
        let validity = nulls == 0 ? nil : Bitmap(Buffer(copying: valid), count: count)
        return Column(
            type: .bool, count: count, validity: validity, nullCount: nulls,
            values: .bits(Bitmap(Buffer(copying: isTrue), count: count)))
    }

    /// The rows where a bit is set, ascending.
    static func rows(_ words: [UInt64], count: Int) -> [UInt32] {
        var total = 0
        for word in words { total &+= word.nonzeroBitCount }
        return unsafe [UInt32](unsafeUninitializedCapacity: total) { output, written in
            var place = 0
            var index = 0
            while index < words.count {
                var word = words[index]
                let base = UInt32(truncatingIfNeeded: index &<< 6)
                while word != 0 {
                    unsafe output[place] = base &+ UInt32(truncatingIfNeeded: word.trailingZeroBitCount)
                    place &+= 1
                    word &= word &- 1
                }
                index &+= 1
            }
            written = place
        }
    }

    var trueRows: [UInt32] { TruthBits.rows(isTrue, count: count) }

    /// The first `count` bits as words; bits beyond are zero.
    static func words(_ bitmap: Bitmap, count: Int) -> [UInt64] {
        precondition(bitmap.count >= count)
        let bytes = Bitmap.byteCount(count)
        var words = [UInt64](repeating: 0, count: (count + 63) >> 6)
        unsafe words.withUnsafeMutableBytes { target in
            unsafe target.copyMemory(from: UnsafeRawBufferPointer(rebasing: bitmap.buffer.unsafeBytes[0..<bytes]))
        }
        if count & 63 != 0 { words[words.count - 1] &= (1 << UInt64(count & 63)) - 1 }
        return words
    }

    private static func ones(_ count: Int) -> [UInt64] {
        var words = [UInt64](repeating: .max, count: (count + 63) >> 6)
        if count & 63 != 0 { words[words.count - 1] = (1 << UInt64(count & 63)) - 1 }
        return words
    }
}
