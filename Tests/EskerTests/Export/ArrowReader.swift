import Esker

/// Reads Arrow IPC streams, as far as exports use them: written from Arrow's format description, without a look at the
/// writer. Fails on everything that the description forbids.
struct ArrowReader {
    struct Field: Equatable {
        var name = ""
        var isNullable = false
        /// As Arrow's own tools write it: `int64`, `decimal(10, 2)`, `list<int32>`, `dictionary<utf8>`.
        var type = ""
        var width = 0
        var dictionary: Int64?
        var children: [Field] = []
        var metadata: [String: String] = [:]
    }

    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var fields: [Field] = []
    /// Rows of each record batch.
    private(set) var batchRows: [Int] = []
    /// The values of each column, as text; nil without one.
    private(set) var columns: [[String?]] = []
    private(set) var dictionaryCount = 0

    private let bytes: [UInt8]
    private var dictionaries: [Int64: [String?]] = [:]
    private var dictionaryFields: [Int64: Field] = [:]

    init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        var place = 0
        while true {
            guard try integer(place, UInt32.self) == 0xFFFF_FFFF else { throw Fault(description: "no marker") }
            let length = Int(try integer(place + 4, Int32.self))
            if length == 0 { break }
            guard (place + 8 + length) % 64 == 0 else { throw Fault(description: "a body at \(place + 8 + length)") }
            let body = place + 8 + length
            place = body + (try read(messageAt: place + 8, body: body))
        }
        guard place + 8 == bytes.count else { throw Fault(description: "bytes behind the end") }
    }

    // MARK: Messages

    private mutating func read(messageAt start: Int, body: Int) throws -> Int {
        let message = try FlatTableReader(bytes, root: start)
        guard try message.integer(0, Int16.self) == 4 else { throw Fault(description: "not version V5") }
        let length = Int(try message.integer(3, Int64.self))
        guard length % 64 == 0, body + length <= bytes.count else { throw Fault(description: "body of \(length)") }
        guard let header = try message.table(2) else { throw Fault(description: "no header") }
        switch try message.integer(1, UInt8.self) {
        case 1:
            for table in try header.tables(1) { fields.append(try field(table)) }
            columns = fields.map { _ in [] }
        case 2:
            let number = try header.integer(0, Int64.self)
            guard var field = dictionaryFields[number], let batch = try header.table(1) else {
                throw Fault(description: "dictionary \(number)")
            }
            field.dictionary = nil
            var cursor = try BatchCursor(batch, body: body, length: length)
            dictionaries[number] = try column(field, &cursor)
            dictionaryCount += 1
        case 3:
            var cursor = try BatchCursor(header, body: body, length: length)
            let rows = Int(try header.integer(0, Int64.self))
            for (index, field) in fields.enumerated() {
                let values = try column(field, &cursor)
                guard values.count == rows else { throw Fault(description: "\(values.count) of \(rows) rows") }
                columns[index] += values
            }
            guard cursor.isAtEnd else { throw Fault(description: "buffers left over") }
            batchRows.append(rows)
        case let kind: throw Fault(description: "message of kind \(kind)")
        }
        return length
    }

    private mutating func field(_ table: FlatTableReader) throws -> Field {
        var field = Field()
        field.name = try table.string(0) ?? ""
        field.isNullable = try table.integer(1, UInt8.self) == 1
        for child in try table.tables(5) { field.children.append(try self.field(child)) }
        for pair in try table.tables(6) { field.metadata[try pair.string(0) ?? ""] = try pair.string(1) ?? "" }
        guard let type = try table.table(3) else { throw Fault(description: "a field without a type") }
        (field.type, field.width) = try Self.type(try table.integer(2, UInt8.self), type, field.children)
        if let encoding = try table.table(4) {
            let number = try encoding.integer(0, Int64.self)
            guard let index = try encoding.table(1), try index.integer(0, Int32.self) == 32,
                try index.integer(1, UInt8.self) == 1
            else { throw Fault(description: "codes that are not int32") }
            dictionaryFields[number] = field
            field.dictionary = number
        }
        return field
    }

    private static func type(_ number: UInt8, _ table: FlatTableReader, _ children: [Field]) throws -> (String, Int) {
        switch number {
        case 2:
            guard try table.integer(1, UInt8.self) == 1 else { throw Fault(description: "unsigned numbers") }
            let bits = Int(try table.integer(0, Int32.self))
            return ("int\(bits)", bits / 8)
        case 3: return try table.integer(0, Int16.self) == 1 ? ("float", 4) : ("double", 8)
        case 4: return ("binary", -1)
        case 5: return ("utf8", -1)
        case 6: return ("bool", 0)
        case 7:
            guard try table.integer(2, Int32.self) == 128 else { throw Fault(description: "decimal of other width") }
            return ("decimal(\(try table.integer(0, Int32.self)), \(try table.integer(1, Int32.self)))", 16)
        case 8: return ("date[\(try table.integer(0, Int16.self, default: 1) == 0 ? "day" : "ms")]", 4)
        case 9:
            guard try table.integer(0, Int16.self, default: 1) == 2, try table.integer(1, Int32.self, default: 32) == 64
            else { throw Fault(description: "time that is not µs") }
            return ("time[us]", 8)
        case 10:
            guard try table.integer(0, Int16.self) == 2 else { throw Fault(description: "timestamp that is not µs") }
            return ("timestamp[us\(try table.string(1).map { ", \($0)" } ?? "")]", 8)
        case 12: return ("list<\(children[0].type)>", -2)
        case 15:
            let width = Int(try table.integer(0, Int32.self))
            return ("fixed[\(width)]", width)
        default: throw Fault(description: "type \(number)")
        }
    }

    // MARK: Columns

    private func column(_ field: Field, _ cursor: inout BatchCursor) throws -> [String?] {
        let (count, nulls) = try cursor.nextNode()
        let validity = try cursor.nextBuffer()
        guard nulls == 0 || validity.count >= (count + 7) / 8 else { throw Fault(description: "no bitmap") }
        func bit(_ index: Int, _ start: Int) -> Bool { bytes[start + index / 8] >> UInt8(index % 8) & 1 == 1 }
        let isValid = (0..<count).map { validity.isEmpty || bit($0, validity.lowerBound) }
        guard isValid.filter({ !$0 }).count == nulls else {
            throw Fault(description: "not \(nulls) rows without value")
        }
        var values: [String?] = []
        if let number = field.dictionary {
            let codes = try cursor.nextBuffer(atLeast: count * 4)
            for row in 0..<count {
                let code = Int(try integer(codes.lowerBound + row * 4, Int32.self))
                guard let words = dictionaries[number], code < words.count || !isValid[row] else {
                    throw Fault(description: "code \(code)")
                }
                values.append(isValid[row] ? words[code] : nil)
            }
            return values
        }
        switch field.width {
        case 0:
            let bits = try cursor.nextBuffer(atLeast: (count + 7) / 8)
            return (0..<count).map { isValid[$0] ? String(bit($0, bits.lowerBound)) : nil }
        case -1, -2:
            let offsets = try cursor.nextBuffer(atLeast: count == 0 ? 0 : (count + 1) * 4)
            let places =
                try count == 0 ? [0] : (0...count).map { Int(try integer(offsets.lowerBound + $0 * 4, Int32.self)) }
            guard places[0] == 0, zip(places, places.dropFirst()).allSatisfy({ $0 <= $1 }) else {
                throw Fault(description: "offsets do not ascend from 0")
            }
            if field.width == -2 {
                let elements = try column(field.children[0], &cursor)
                guard elements.count == places[count] else { throw Fault(description: "\(elements.count) elements") }
                return (0..<count).map { row in
                    guard isValid[row] else { return nil }
                    return "[" + elements[places[row]..<places[row + 1]].map { $0 ?? "null" }.joined(separator: ", ")
                        + "]"
                }
            }
            let data = try cursor.nextBuffer(atLeast: places[count])
            for row in 0..<count {
                let text = bytes[(data.lowerBound + places[row])..<(data.lowerBound + places[row + 1])]
                let isText = field.type == "utf8"
                guard !isText || String(validating: text, as: UTF8.self) != nil else {
                    throw Fault(description: "no UTF-8")
                }
                let shown = isText ? String(decoding: text, as: UTF8.self) : Self.hex(text)
                values.append(isValid[row] ? shown : nil)
            }
            return values
        default:
            let data = try cursor.nextBuffer(atLeast: count * field.width)
            return try (0..<count).map { isValid[$0] ? try value(field, at: data.lowerBound + $0 * field.width) : nil }
        }
    }

    private func value(_ field: Field, at place: Int) throws -> String {
        switch field.type {
        case "int16": return String(try integer(place, Int16.self))
        case "int32", "date[day]": return String(try integer(place, Int32.self))
        case "float": return String(Float(bitPattern: try integer(place, UInt32.self)))
        case "double": return String(Double(bitPattern: try integer(place, UInt64.self)))
        case "fixed[16]": return Self.hex(bytes[place..<(place + 16)])
        case let type where type.hasPrefix("decimal"):
            return String(Int128(try integer(place + 8, Int64.self)) << 64 | Int128(try integer(place, UInt64.self)))
        default: return String(try integer(place, Int64.self))
        }
    }

    private static func hex(_ bytes: ArraySlice<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func integer<T: FixedWidthInteger>(_ place: Int, _ type: T.Type) throws -> T {
        try FlatTableReader.integer(bytes, place, type)
    }
}

/// Nodes and buffers of a record batch, one after the other.
private struct BatchCursor {
    private var nodes: ArraySlice<(Int64, Int64)>
    private var buffers: ArraySlice<(Int64, Int64)>
    private let body: Int
    private let length: Int

    init(_ table: FlatTableReader, body: Int, length: Int) throws {
        nodes = try table.pairs(1)[...]
        buffers = try table.pairs(2)[...]
        self.body = body
        self.length = length
    }

    var isAtEnd: Bool { nodes.isEmpty && buffers.isEmpty }

    mutating func nextNode() throws -> (Int, Int) {
        guard let node = nodes.popFirst() else { throw ArrowReader.Fault(description: "a column without node") }
        return (Int(node.0), Int(node.1))
    }

    mutating func nextBuffer(atLeast least: Int = 0) throws -> Range<Int> {
        guard let (place, count) = buffers.popFirst() else { throw ArrowReader.Fault(description: "no buffer") }
        guard place % 64 == 0, place + count <= length, count >= least else {
            throw ArrowReader.Fault(description: "buffer of \(count) at \(place), needs \(least) within \(length)")
        }
        return (body + Int(place))..<(body + Int(place + count))
    }
}

/// A table of a FlatBuffer.
struct FlatTableReader {
    private let bytes: [UInt8]
    private let start: Int
    private let base: Int

    /// The root table of the buffer that begins at `base`.
    init(_ bytes: [UInt8], root base: Int) throws {
        let place = Int(try Self.integer(bytes, base, UInt32.self))
        try self.init(bytes, base + place, base: base)
    }

    private init(_ bytes: [UInt8], _ start: Int, base: Int) throws {
        self.bytes = bytes
        self.start = start
        self.base = base
        guard (start - base) % 4 == 0 else { throw ArrowReader.Fault(description: "a table at \(start - base)") }
    }

    /// The place of a field; nil when it is absent.
    private func place(_ slot: Int, size: Int) throws -> Int? {
        let vtable = start - Int(try Self.integer(bytes, start, Int32.self))
        let length = Int(try Self.integer(bytes, vtable, UInt16.self))
        let tableLength = Int(try Self.integer(bytes, vtable + 2, UInt16.self))
        guard length >= 4, length % 2 == 0, (vtable - base) % 2 == 0 else {
            throw ArrowReader.Fault(description: "a vtable of \(length)")
        }
        guard 4 + slot * 2 + 2 <= length else { return nil }
        let offset = Int(try Self.integer(bytes, vtable + 4 + slot * 2, UInt16.self))
        guard offset != 0 else { return nil }
        guard (start + offset - base) % size == 0, offset >= 4, offset + size <= tableLength else {
            throw ArrowReader.Fault(description: "field \(slot) at \(offset)")
        }
        return start + offset
    }

    func integer<T: FixedWidthInteger>(_ slot: Int, _ type: T.Type, default value: T = 0) throws -> T {
        guard let place = try place(slot, size: T.bitWidth / 8) else { return value }
        return try Self.integer(bytes, place, type)
    }

    private func target(_ slot: Int) throws -> Int? {
        guard let place = try place(slot, size: 4) else { return nil }
        return place + Int(try Self.integer(bytes, place, UInt32.self))
    }

    func table(_ slot: Int) throws -> FlatTableReader? {
        try target(slot).map { try FlatTableReader(bytes, $0, base: base) }
    }

    func string(_ slot: Int) throws -> String? {
        guard let place = try target(slot) else { return nil }
        let count = Int(try Self.integer(bytes, place, UInt32.self))
        guard try Self.integer(bytes, place + 4 + count, UInt8.self) == 0 else {
            throw ArrowReader.Fault(description: "a string without zero")
        }
        return String(decoding: bytes[(place + 4)..<(place + 4 + count)], as: UTF8.self)
    }

    func tables(_ slot: Int) throws -> [FlatTableReader] {
        guard let place = try target(slot) else { return [] }
        return try (0..<Int(try Self.integer(bytes, place, UInt32.self))).map { index in
            let at = place + 4 + index * 4
            return try FlatTableReader(bytes, at + Int(try Self.integer(bytes, at, UInt32.self)), base: base)
        }
    }

    func pairs(_ slot: Int) throws -> [(Int64, Int64)] {
        guard let place = try target(slot) else { return [] }
        guard (place + 4 - base) % 8 == 0 else { throw ArrowReader.Fault(description: "structs at \(place - base)") }
        return try (0..<Int(try Self.integer(bytes, place, UInt32.self))).map { index in
            let at = place + 4 + index * 16
            return (try Self.integer(bytes, at, Int64.self), try Self.integer(bytes, at + 8, Int64.self))
        }
    }

    static func integer<T: FixedWidthInteger>(_ bytes: [UInt8], _ place: Int, _ type: T.Type) throws -> T {
        guard place >= 0, place + T.bitWidth / 8 <= bytes.count else {
            throw ArrowReader.Fault(description: "nothing at \(place)")
        }
        return (0..<(T.bitWidth / 8)).reduce(0) { $0 | T(truncatingIfNeeded: bytes[place + $1]) << T($1 * 8) }
    }
}
