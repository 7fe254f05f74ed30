import EskerFormat

/// A second reader of packed words, written from the layout's words alone: bit by bit, slow and plain.
struct LeafWords {
    let bytes: [UInt8]

    func number(at offset: Int, width: Int) -> UInt64 {
        (0..<width).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    /// The number of `row` in a packed vector of `width` bits.
    func packed(at offset: Int, row: Int, width: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        let word = [8, 16, 32, 64].first { $0 >= width }!
        let lanes = 1024 / word
        var number: UInt64 = 0
        for bit in 0..<width {
            let inLane = row / lanes * width + bit
            let index = inLane / word * lanes + row % lanes
            let inVector = index * word + inLane % word
            let isSet = bytes[offset + inVector / 8] >> UInt8(inVector % 8) & 1
            number |= UInt64(isSet) << UInt64(bit)
        }
        return number
    }

    /// Positions and bits of patches.
    func patches(at offset: Int, count: Int, valueWidth: Int) -> [Int: UInt64] {
        let values = offset + (count * 2 + 7) / 8 * 8
        var found: [Int: UInt64] = [:]
        for index in 0..<count {
            found[Int(number(at: offset + 2 * index, width: 2))] = number(
                at: values + valueWidth * index, width: valueWidth)
        }
        return found
    }

    /// All values of a leaf of packed integers, as the bits of their width.
    func packedIntegers(count: Int, valueWidth: Int) -> [UInt64] {
        let vectors = (count + 1023) / 1024
        let part = (valueWidth * vectors + 7) / 8 * 8
        let mask = UInt64.max >> UInt64(64 - 8 * valueWidth)
        var values: [UInt64] = []
        for vector in 0..<vectors {
            let entry = 3 * part + 8 * vector
            let start = Int(number(at: entry, width: 4))
            let width = Int(bytes[entry + 6])
            let base = number(at: valueWidth * vector, width: valueWidth)
            let isDelta = bytes[entry + 7] == 1
            let end = start + 128 * width
            let step = isDelta ? number(at: end, width: valueWidth) : base
            let patches = patches(
                at: end + (isDelta ? 8 : 0), count: Int(number(at: entry + 4, width: 2)), valueWidth: valueWidth)
            var sum: UInt64 = 0
            for row in 0..<min(1024, count - 1024 * vector) {
                let number = patches[row] ?? (packed(at: start, row: row, width: width) &+ step)
                sum = row == 0 ? base : sum &+ number
                values.append((isDelta ? sum : number) & mask)
            }
        }
        return values
    }
}
