// Unsafe: loads eight bytes at once, whatever their alignment; the span still checks that they are there.

/// Eight digits by three multiplications.
///
/// D. Lemire, "Quickly parsing eight digits" (2018).
enum EightDigits {
    /// The number that the eight bytes at `start` spell, or nil if one of them is no digit. The bytes must be there.
    @inline(__always)
    static func value(_ bytes: Span<UInt8>, _ start: Int) -> Int64? {
        let loaded = unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self)
        let chunk = UInt64(littleEndian: loaded)
        let high: UInt64 = 0xF0F0_F0F0_F0F0_F0F0
        guard (chunk & high) | ((chunk &+ 0x0606_0606_0606_0606) & high) >> 4 == 0x3333_3333_3333_3333 else {
            return nil
        }
        let pairs = ((chunk & 0x0F0F_0F0F_0F0F_0F0F) &* 2_561) >> 8
        let fours = ((pairs & 0x00FF_00FF_00FF_00FF) &* 6_553_601) >> 16
        return Int64(bitPattern: ((fours & 0x0000_FFFF_0000_FFFF) &* 42_949_672_960_001) >> 32)
    }
}
