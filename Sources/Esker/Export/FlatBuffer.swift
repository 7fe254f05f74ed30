/// A table of a FlatBuffer as a tree of values, before it is bytes: one value a slot, in the order of the schema's
/// fields; a field that is nil is left out, so that readers take its default.
struct FlatTable {
    var slots: [FlatValue?]

    init(_ slots: [FlatValue?]) { self.slots = slots }
}

/// What a field of a FlatBuffer table can hold, as far as Arrow's messages need it.
indirect enum FlatValue {
    /// bool, ubyte, and the type field of a union.
    case byte(UInt8)
    case short(Int16)
    case int(Int32)
    case long(Int64)
    case string(String)
    case table(FlatTable)
    case tables([FlatTable])
    /// A vector of structs of two longs.
    case pairs([(Int64, Int64)])

    /// Bytes that the field takes inside its table; strings, tables and vectors stand outside, behind an offset.
    fileprivate var inlineSize: Int {
        switch self {
        case .byte: 1
        case .short: 2
        case .int, .string, .table, .tables, .pairs: 4
        case .long: 8
        }
    }
}

/// Writes FlatBuffers (google/flatbuffers, "FlatBuffer Internals"): of that format, what Arrow's four kinds of message
/// take. A library for it would bring a compiler for schemas and its generated code for a dozen small tables.
///
/// | part | bytes, little-endian |
/// |---|---|
/// | buffer | UInt32: place of the root table |
/// | vtable | UInt16 its length, UInt16 the table's length, then a UInt16 a slot: place of the field in the table, 0 absent |
/// | table | Int32: distance back to its vtable; then the fields, each aligned to its size |
/// | offset | UInt32: distance from its own place forward to a string, table or vector |
/// | string | UInt32 length, UTF-8, a zero byte |
/// | vector | UInt32 count, then offsets or structs |
///
/// A table stands before what it refers to, and its offsets are filled in when that is written. (The usual writers begin
/// at the end instead, which saves them the filling in; readers see no difference.)
struct FlatBuffer {
    private(set) var bytes: [UInt8] = [0, 0, 0, 0]

    /// The bytes of a buffer with this root. Their start must be kept at a multiple of 8.
    static func encode(_ root: FlatTable) -> [UInt8] {
        var buffer = FlatBuffer()
        let place = buffer.append(root)
        buffer.fill(offsetAt: 0, to: place)
        return buffer.bytes
    }

    /// - Returns: the table's place.
    private mutating func append(_ table: FlatTable) -> Int {
        // Greatest fields first, behind the four bytes that lead to the vtable: none needs padding then, if only the
        // table begins four bytes before a multiple of 8.
        let present = table.slots.indices.filter { table.slots[$0] != nil }
        let order = [8, 4, 2, 1].flatMap { size in present.filter { table.slots[$0]!.inlineSize == size } }
        var places = [UInt16](repeating: 0, count: table.slots.count)
        var length = 4
        for slot in order {
            places[slot] = UInt16(length)
            length += table.slots[slot]!.inlineSize
        }
        let vtableLength = 4 + 2 * table.slots.count
        while (bytes.count + vtableLength) % 8 != 4 { bytes.append(0) }
        append(UInt16(vtableLength))
        append(UInt16(length))
        for place in places { append(place) }
        let start = bytes.count
        append(Int32(vtableLength))
        var offsets: [(place: Int, value: FlatValue)] = []
        for slot in order {
            switch table.slots[slot]! {
            case .byte(let value): append(value)
            case .short(let value): append(value)
            case .int(let value): append(value)
            case .long(let value): append(value)
            case let value:
                offsets.append((bytes.count, value))
                append(UInt32(0))
            }
        }
        for (place, value) in offsets { fill(offsetAt: place, to: append(referred: value)) }
        return start
    }

    /// Writes what an offset leads to.
    private mutating func append(referred value: FlatValue) -> Int {
        switch value {
        case .byte, .short, .int, .long: preconditionFailure("a scalar stands in its table")
        case .table(let table): return append(table)
        case .string(let text):
            let start = startVector(of: text.utf8.count, elementAlignment: 1)
            bytes.append(contentsOf: text.utf8)
            bytes.append(0)
            return start
        case .tables(let tables):
            let start = startVector(of: tables.count, elementAlignment: 4)
            for _ in tables { append(UInt32(0)) }
            for (index, table) in tables.enumerated() { fill(offsetAt: start + 4 + 4 * index, to: append(table)) }
            return start
        case .pairs(let pairs):
            let start = startVector(of: pairs.count, elementAlignment: 8)
            for (first, second) in pairs {
                append(first)
                append(second)
            }
            return start
        }
    }

    /// Writes a vector's count so that the first element behind it is aligned.
    private mutating func startVector(of count: Int, elementAlignment: Int) -> Int {
        while (bytes.count + 4) % max(elementAlignment, 4) != 0 { bytes.append(0) }
        let start = bytes.count
        append(UInt32(count))
        return start
    }

    private mutating func append<T: FixedWidthInteger>(_ value: T) {
        for byte in 0..<(T.bitWidth / 8) { bytes.append(UInt8(truncatingIfNeeded: value >> T(byte * 8))) }
    }

    private mutating func fill(offsetAt place: Int, to target: Int) {
        for byte in 0..<4 { bytes[place + byte] = UInt8(truncatingIfNeeded: (target - place) >> (byte * 8)) }
    }
}
