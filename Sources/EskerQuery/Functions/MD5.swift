internal import EskerFormat

/// MD5 (RFC 1321), for the function of that name; not for security.
struct MD5 {
    private var state: (UInt32, UInt32, UInt32, UInt32) = (0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476)

    /// The digest's 16 bytes.
    static func digest(_ message: Span<UInt8>) -> [UInt8] {
        var hash = MD5()
        var block = [UInt8](repeating: 0, count: 64)
        var index = 0
        while index + 64 <= message.count {
            hash.add(message.extracting(index..<(index + 64)))
            index += 64
        }
        let rest = message.count - index
        for offset in 0..<rest { block[offset] = message[index + offset] }
        block[rest] = 0x80
        if rest >= 56 {
            hash.add(block.span)
            block = [UInt8](repeating: 0, count: 64)
        }
        let bits = UInt64(message.count) &* 8
        for offset in 0..<8 { block[56 + offset] = UInt8(truncatingIfNeeded: bits >> UInt64(8 * offset)) }
        hash.add(block.span)
        var digest: [UInt8] = []
        for word in [hash.state.0, hash.state.1, hash.state.2, hash.state.3] {
            for shift in [0, 8, 16, 24] as [UInt32] { digest.append(UInt8(truncatingIfNeeded: word >> shift)) }
        }
        return digest
    }

    private mutating func add(_ block: Span<UInt8>) {
        var words = InlineArray<16, UInt32>(repeating: 0)
        for index in 0..<16 {
            let at = index * 4
            words[index] =
                UInt32(block[at]) | UInt32(block[at + 1]) << 8 | UInt32(block[at + 2]) << 16
                | UInt32(block[at + 3]) << 24
        }
        var (a, b, c, d) = state
        var step = 0
        while step < 64 {
            let mix: UInt32
            let word: Int
            switch step >> 4 {
            case 0: (mix, word) = ((b & c) | (~b & d), step)
            case 1: (mix, word) = ((d & b) | (~d & c), (5 &* step &+ 1) & 15)
            case 2: (mix, word) = (b ^ c ^ d, (3 &* step &+ 5) & 15)
            default: (mix, word) = (c ^ (b | ~d), (7 &* step) & 15)
            }
            let sum = a &+ mix &+ Self.sines[step] &+ words[word]
            let shift = Self.shifts[(step >> 4) << 2 | step & 3]
            (a, d, c, b) = (d, c, b, b &+ (sum &<< shift | sum &>> (32 &- shift)))
            step &+= 1
        }
        state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }

    private static let shifts: [UInt32] = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]

    /// 2^32 · |sin(i + 1)|, rounded down.
    private static let sines: [UInt32] = [
        0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501,
        0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE, 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821,
        0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8,
        0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED, 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A,
        0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70,
        0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665,
        0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1,
        0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391,
    ]

    /// `md5(text)`: 32 hexadecimal digits.
    static let kernel: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.count * 32) { row, out in
            for byte in digest(texts[row]) {
                for digit in [byte >> 4, byte & 15] { out.add(digit < 10 ? 0x30 + digit : 0x57 + digit) }
            }
        }
    }
}
