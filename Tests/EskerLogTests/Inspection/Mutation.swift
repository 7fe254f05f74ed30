import EskerFiles
import EskerFormat

/// Changes the bytes of a store's file at random, half of the time with the checksums made to match again.
struct Mutation {
    private var generator: SeededGenerator
    /// Whether checksums are made to match: always, never, or half of the time.
    private let isForging: Bool?

    init(seed: UInt64, isForging: Bool? = nil) {
        generator = SeededGenerator(seed: seed)
        self.isForging = isForging
    }

    /// One of several.
    mutating func choose<T>(_ items: [T]) -> T { items.randomElement(using: &generator)! }

    /// The bytes with a few changes.
    mutating func mutate(_ original: [UInt8]) -> [UInt8] {
        var bytes = original
        let structures = Structure.all(in: original)
        for _ in 0..<Int.random(in: 1...3, using: &generator) { change(&bytes, structures) }
        if isForging ?? Bool.random(using: &generator) { for structure in structures { structure.repair(&bytes) } }
        return bytes
    }

    private mutating func change(_ bytes: inout [UInt8], _ structures: [Structure]) {
        guard !bytes.isEmpty else { return }
        var place = Int.random(in: 0..<bytes.count, using: &generator)
        // Most of a file is unused space: aim at what is read.
        if let target = structures.randomElement(using: &generator), Int.random(in: 0..<4, using: &generator) > 0 {
            place = min(bytes.count - 1, target.start + Int.random(in: 0..<target.length, using: &generator))
        }
        switch Int.random(in: 0..<8, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2: for index in place..<min(place + 8, bytes.count) { bytes[index] = 0xFF }
        case 3: for index in place..<min(place + 8, bytes.count) { bytes[index] = index == place + 7 ? 0x7F : 0xFF }
        case 4: for index in place..<min(place + 4, bytes.count) { bytes[index] = 0 }
        case 5: bytes = Array(bytes[..<place])
        case 6: bytes.removeSubrange(place..<min(place + 64, bytes.count))
        default:
            let from = Int.random(in: 0..<bytes.count, using: &generator)
            let count = min(128, bytes.count - from, bytes.count - place)
            bytes.replaceSubrange(place..<place + count, with: Array(bytes[from..<from + count]))
        }
    }
}

/// A part of a file that has a checksum, so that a change can be hidden from it.
private struct Structure {
    let start: Int
    let length: Int
    /// Place of the checksum from ``start``.
    let field: Int

    /// The block headers, file headers and whole manifest of a file.
    static func all(in bytes: [UInt8]) -> [Structure] {
        let magic = text(bytes, 0)
        if magic == "EskerMan" { return [Structure(start: 0, length: bytes.count, field: 12)] }
        var found: [Structure] = []
        if magic == "EskerSeg" { found.append(Structure(start: 0, length: 64, field: 12)) }
        if magic == "EskerJnl" { found.append(Structure(start: 0, length: 72, field: 12)) }
        for start in stride(from: 64, to: bytes.count - 192, by: 64) where text(bytes, start) == "EskerBlk" {
            let length = Int(bytes[start + 12]) | Int(bytes[start + 13]) << 8
            found.append(Structure(start: start, length: length, field: 188))
        }
        if text(bytes, bytes.count - 8) == "EskerEnd" {
            found.append(Structure(start: bytes.count - 32, length: 32, field: 20))
        }
        return found
    }

    private static func text(_ bytes: [UInt8], _ start: Int) -> String {
        guard start >= 0, start + 8 <= bytes.count else { return "" }
        return String(decoding: bytes[start..<start + 8], as: UTF8.self)
    }

    func repair(_ bytes: inout [UInt8]) {
        guard start + length <= bytes.count, length > field + 4 else { return }
        let checksum = BlockHeader.checksum(of: Buffer(copying: Array(bytes[start..<start + length])), excluding: field)
        for index in 0..<4 {
            bytes[start + field + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
        }
    }
}
