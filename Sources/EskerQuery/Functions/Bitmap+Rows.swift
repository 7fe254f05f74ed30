internal import EskerFormat

// Unsafe: whole words of bitmaps are read and written through pointers inside lengths that Bitmap has checked.

extension Bitmap {
    /// The bits set in all of the bitmaps; nil stands for "all set". O(count / 64 × bitmaps).
    static func intersection(_ bitmaps: [Bitmap?], count: Int) -> Bitmap? {
        var common: Bitmap?
        for case let bitmap? in bitmaps {
            guard let soFar = common else {
                common = bitmap
                continue
            }
            common = soFar.combined(with: bitmap, count: count) { $0 & $1 }
        }
        return common
    }

    /// Combines the first `count` bits of two bitmaps word by word.
    @inline(__always)
    func combined(with other: Bitmap, count: Int, _ combine: (UInt64, UInt64) -> UInt64) -> Bitmap {
        let length = Bitmap.byteCount(count)
        precondition(buffer.byteCount >= length && other.buffer.byteCount >= length)
        let (left, right) = unsafe (buffer.base, other.buffer.base)
        let bits = unsafe Buffer.make(byteCount: length) { output in
            var byte = 0
            while byte &+ 8 <= length {
                let a = unsafe left.loadUnaligned(fromByteOffset: byte, as: UInt64.self)
                let b = unsafe right.loadUnaligned(fromByteOffset: byte, as: UInt64.self)
                unsafe output.storeBytes(of: combine(a, b), toByteOffset: byte, as: UInt64.self)
                byte &+= 8
            }
            while byte < length {
                let a = unsafe UInt64(left.load(fromByteOffset: byte, as: UInt8.self))
                let b = unsafe UInt64(right.load(fromByteOffset: byte, as: UInt8.self))
                unsafe output[byte] = UInt8(truncatingIfNeeded: combine(a, b))
                byte &+= 1
            }
        }
        return Bitmap(bits, count: count)
    }

    /// A bitmap of the low bits of `flag(row)`, called once a row in order; inlined into its caller.
    @inline(__always)
    static func packed(count: Int, _ flag: (Int) -> UInt8) -> Bitmap {
        let length = byteCount(count)
        let bits = unsafe Buffer.make(byteCount: length) { output in
            var row = 0
            var byte = 0
            while row &+ 8 <= count {
                var value = flag(row)
                value |= flag(row &+ 1) &<< 1
                value |= flag(row &+ 2) &<< 2
                value |= flag(row &+ 3) &<< 3
                value |= flag(row &+ 4) &<< 4
                value |= flag(row &+ 5) &<< 5
                value |= flag(row &+ 6) &<< 6
                value |= flag(row &+ 7) &<< 7
                unsafe output[byte] = value
                row &+= 8
                byte &+= 1
            }
            var shift: UInt8 = 0
            while row < count {
                unsafe output[byte] |= flag(row) &<< shift
                row &+= 1
                shift &+= 1
            }
        }
        return Bitmap(bits, count: count)
    }
}
