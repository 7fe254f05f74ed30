// Unsafe: reads and unpacks the bytes of keys; loads stay inside the key's length.

import EskerFormat

/// Strings as 64-bit keys: up to seven bytes stand in the key itself, longer ones as their number in an index.
///
/// | byte 7 | bytes 0–6 |
/// |---|---|
/// | length, 0–7 | the bytes, then zeros |
/// | 255 | number in the index of longer strings |
enum StringKey {
    private static let longMark: UInt64 = 255 << 56

    @unsafe
    @inline(__always)
    static func key(
        _ offsets: UnsafePointer<Int32>, _ bytes: UnsafePointer<UInt8>, _ row: Int, longer: BytesIndex
    ) -> UInt64 {
        let start = unsafe Int(offsets[row])
        let length = unsafe Int(offsets[row &+ 1]) &- start
        return unsafe key(UnsafeRawBufferPointer(start: bytes + start, count: length), longer: longer)
    }

    @unsafe
    @inline(__always)
    static func key(_ bytes: UnsafeRawBufferPointer, longer: BytesIndex) -> UInt64 {
        let length = bytes.count
        if length > 7 { return unsafe UInt64(longer.assign(bytes)) | longMark }
        var word: UInt64 = 0
        if length >= 4 {
            // Two loads that overlap cover four to seven bytes.
            let head = unsafe UInt64(bytes.loadUnaligned(as: UInt32.self))
            let tail = unsafe UInt64(bytes.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self))
            word = head | tail &<< UInt64(truncatingIfNeeded: (length &- 4) &* 8)
        } else {
            var place = 0
            while place < length {
                word |= unsafe UInt64(bytes[place]) &<< UInt64(truncatingIfNeeded: place &* 8)
                place &+= 1
            }
        }
        return word | UInt64(truncatingIfNeeded: length) &<< 56
    }

    static func append(_ key: UInt64, longer: BytesIndex, to builder: ColumnBuilder) {
        if key & longMark == longMark {
            longer.append(Int(key & ~longMark), to: builder)
        } else {
            unsafe withUnsafeBytes(of: key.littleEndian) { bytes in
                unsafe builder.append(bytes: UnsafeRawBufferPointer(rebasing: bytes[0..<Int(key >> 56)]))
            }
        }
    }
}
