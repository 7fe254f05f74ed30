// Unsafe: bit access through raw bytes whose length was checked when the bitmap was made.

/// One bit a row, least significant bit first, as Arrow lays it out. In a validity bitmap a set bit means "has a value".
@safe
public struct Bitmap: Sendable {
    /// The bits; at least `(count + 7) / 8` bytes.
    public let buffer: Buffer
    /// Number of bits.
    public let count: Int

    /// Wraps the first `count` bits of a buffer. Traps when the buffer is too short.
    public init(_ buffer: Buffer, count: Int) {
        precondition(count >= 0 && buffer.byteCount >= Bitmap.byteCount(count))
        self.buffer = buffer
        self.count = count
    }

    /// Bytes needed for `count` bits.
    @inlinable
    public static func byteCount(_ count: Int) -> Int { (count &+ 7) >> 3 }

    /// Whether bit `index` is set. Traps outside `0..<count`.
    @inlinable
    public subscript(index: Int) -> Bool {
        precondition(index >= 0 && index < count)
        return unsafe (buffer.base.load(fromByteOffset: index >> 3, as: UInt8.self) >> UInt8(index & 7)) & 1 != 0
    }

    /// A bitmap of `count` bits, each as `isSet` says.
    public init(count: Int, _ isSet: (Int) -> Bool) {
        let buffer = unsafe Buffer.make(byteCount: Bitmap.byteCount(count)) { bytes in
            for index in 0..<count where isSet(index) {
                unsafe bytes[index >> 3] |= 1 << UInt8(index & 7)
            }
        }
        self.init(buffer, count: count)
    }

    /// A bitmap with every bit the same.
    public init(repeating value: Bool, count: Int) {
        let buffer = unsafe Buffer.make(byteCount: Bitmap.byteCount(count)) { bytes in
            guard value else { return }
            for index in 0..<(count >> 3) { unsafe bytes[index] = 0xFF }
            if count & 7 != 0 { unsafe bytes[count >> 3] = (1 << UInt8(count & 7)) - 1 }
        }
        self.init(buffer, count: count)
    }

    /// Number of set bits. O(count / 64).
    public var setCount: Int {
        var total = 0
        var index = 0
        let words = count >> 6
        while index < words {
            let word = unsafe buffer.base.loadUnaligned(fromByteOffset: index << 3, as: UInt64.self)
            total &+= word.nonzeroBitCount
            index &+= 1
        }
        for bit in (words << 6)..<count where self[bit] { total &+= 1 }
        return total
    }

    /// The bits of `range`. Shares memory when the range starts at a multiple of 8, else copies.
    public func slice(_ range: Range<Int>) -> Bitmap {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        if range.lowerBound & 7 == 0 {
            let start = range.lowerBound >> 3
            return Bitmap(buffer.slice(start..<(start + Bitmap.byteCount(range.count))), count: range.count)
        }
        return Bitmap(count: range.count) { self[range.lowerBound + $0] }
    }
}
