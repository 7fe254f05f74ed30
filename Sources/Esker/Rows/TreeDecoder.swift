import EskerFormat

/// The decoder of nested values: reads a ``JSONTree``.
struct TreeDecoder: Decoder, ReadableCell {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        guard case .object(let pairs) = tree.content else { throw mismatch("an object") }
        let fields = TreeFields(pairs: pairs, codingPath: codingPath)
        return KeyedDecodingContainer(FieldsContainer<TreeFields, Key>(fields: fields, codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard case .array(let elements) = tree.content else { throw mismatch("a list") }
        return TreeElements(elements: elements, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { CellContainer(cell: self) }

    // MARK: Scalars

    var isNull: Bool { if case .null = tree.content { true } else { false } }

    func bool() throws -> Bool {
        guard case .bool(let value) = tree.content else { throw mismatch("a boolean") }
        return value
    }

    func string() throws -> String {
        guard case .string(let value) = tree.content else { throw mismatch("a string") }
        return value
    }

    func double() throws -> Double {
        switch tree.content {
        case .integer(let value): return Double(value)
        case .unsigned(let value): return Double(value)
        case .float(let value): return Double(value)
        case .double(let value): return value
        case .number(let value): return value.nearestDouble
        default: throw mismatch("a number")
        }
    }

    func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I {
        let exact: I? =
            switch tree.content {
            case .integer(let value): I(exactly: value)
            case .unsigned(let value): I(exactly: value)
            case .float(let value): I(exactly: value)
            case .double(let value): I(exactly: value)
            case .number(let value): value.exactly(type)
            default: throw mismatch("a number")
            }
        guard let exact else { throw failure("a number in JSON is no \(type)") }
        return exact
    }

    func decode<V: Decodable>(_ type: V.Type) throws -> V { try V(from: self) }

    // MARK: Errors

    private func mismatch(_ wanted: String) -> RowFailure { failure("\(tree.kindName) where \(wanted) is needed") }

    private func failure(_ reason: String) -> RowFailure {
        let path = codingPath.dropFirst().map(\.stringValue).joined(separator: ".")
        return RowFailure(
            column: codingPath.first?.stringValue ?? "", reason: path.isEmpty ? reason : "\(reason) at \(path)")
    }
}

/// The members of an object.
struct TreeFields: ReadableFields {
    let pairs: [(key: String, value: JSONTree)]
    let codingPath: [any CodingKey]

    var names: [String] { pairs.map(\.key) }

    /// O(members). Of members of one name the last counts, as in jsonb.
    func cell(_ key: some CodingKey) -> TreeDecoder? {
        let name = key.stringValue
        return pairs.last { $0.key == name }.map { TreeDecoder(tree: $0.value, codingPath: codingPath + [key]) }
    }

    func requiredCell(_ key: some CodingKey) throws -> TreeDecoder {
        if let cell = cell(key) { return cell }
        let path = (codingPath.dropFirst().map(\.stringValue) + [key.stringValue]).joined(separator: ".")
        throw RowFailure(column: codingPath.first?.stringValue ?? "", reason: "the JSON has no \(path)")
    }

    func decoder(_ cell: TreeDecoder) -> any Decoder { cell }

    func superDecoder() throws -> any Decoder { try requiredCell(ColumnKey(stringValue: "super")) }
}

/// The elements of a list, one after the other.
struct TreeElements: UnkeyedDecodingContainer {
    let elements: [JSONTree]
    let codingPath: [any CodingKey]
    private(set) var currentIndex = 0

    init(elements: [JSONTree], codingPath: [any CodingKey]) {
        self.elements = elements
        self.codingPath = codingPath
    }

    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex >= elements.count }

    /// The next element, which becomes the past one when `read` succeeds.
    private mutating func next<T>(_ read: (TreeDecoder) throws -> T) throws -> T {
        guard !isAtEnd else {
            throw RowFailure(
                column: codingPath.first?.stringValue ?? "", reason: "the list ends after \(elements.count) elements")
        }
        let value = try read(TreeDecoder(tree: elements[currentIndex], codingPath: codingPath))
        currentIndex += 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, case .null = elements[currentIndex].content else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try next { try $0.bool() } }
    mutating func decode(_ type: String.Type) throws -> String { try next { try $0.string() } }
    mutating func decode(_ type: Double.Type) throws -> Double { try next { try $0.double() } }
    mutating func decode(_ type: Float.Type) throws -> Float { try next { Float(try $0.double()) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try next { try $0.integer(type) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try next { try $0.integer(type) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try next { try $0.integer(type) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try next { try $0.integer(type) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try next { try $0.integer(type) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try next { try $0.integer(type) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try next { try $0.integer(type) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try next { try $0.integer(type) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try next { try $0.integer(type) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try next { try $0.integer(type) } }
    mutating func decode<V: Decodable>(_ type: V.Type) throws -> V { try next { try $0.decode(type) } }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        try next { try $0.container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try next { try $0.unkeyedContainer() }
    }

    mutating func superDecoder() throws -> any Decoder { try next { $0 } }
}
