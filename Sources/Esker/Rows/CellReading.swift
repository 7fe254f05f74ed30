/// One value that `Decodable` types read: a field of a row, or a node of JSON.
protocol ReadableCell {
    /// The keys from the row to here.
    var codingPath: [any CodingKey] { get }
    var isNull: Bool { get }
    func bool() throws -> Bool
    func string() throws -> String
    func double() throws -> Double
    func integer<I: FixedWidthInteger>(_ type: I.Type) throws -> I
    /// A value of any other type.
    func decode<V: Decodable>(_ type: V.Type) throws -> V
}

/// Values with names: the fields of a row or of an object.
protocol ReadableFields {
    associatedtype Cell: ReadableCell
    var names: [String] { get }
    /// The value of that name, or nil when there is none.
    func cell(_ key: some CodingKey) -> Cell?
    /// The value of that name.
    func requiredCell(_ key: some CodingKey) throws -> Cell
    func decoder(_ cell: Cell) -> any Decoder
    func superDecoder() throws -> any Decoder
}

/// One cell as a container.
struct CellContainer<Cell: ReadableCell>: SingleValueDecodingContainer {
    let cell: Cell

    var codingPath: [any CodingKey] { cell.codingPath }

    func decodeNil() -> Bool { cell.isNull }
    func decode(_ type: Bool.Type) throws -> Bool { try cell.bool() }
    func decode(_ type: String.Type) throws -> String { try cell.string() }
    func decode(_ type: Double.Type) throws -> Double { try cell.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try cell.double()) }
    func decode(_ type: Int.Type) throws -> Int { try cell.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try cell.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try cell.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try cell.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try cell.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try cell.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try cell.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try cell.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try cell.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try cell.integer(type) }
    func decode<V: Decodable>(_ type: V.Type) throws -> V { try cell.decode(type) }
}

/// Named cells as a container.
struct FieldsContainer<Fields: ReadableFields, Key: CodingKey>: KeyedDecodingContainerProtocol {
    let fields: Fields
    let codingPath: [any CodingKey]

    var allKeys: [Key] { fields.names.compactMap { Key(stringValue: $0) } }

    func contains(_ key: Key) -> Bool { fields.cell(key) != nil }
    func decodeNil(forKey key: Key) throws -> Bool { try fields.requiredCell(key).isNull }
    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try fields.requiredCell(key).bool() }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try fields.requiredCell(key).string() }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try fields.requiredCell(key).double() }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { Float(try fields.requiredCell(key).double()) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(key) }
    func decode<V: Decodable>(_ type: V.Type, forKey key: Key) throws -> V {
        try fields.requiredCell(key).decode(type)
    }

    private func integer<I: FixedWidthInteger>(_ key: Key) throws -> I { try fields.requiredCell(key).integer(I.self) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        try superDecoder(forKey: key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try superDecoder(forKey: key).unkeyedContainer()
    }

    func superDecoder() throws -> any Decoder { try fields.superDecoder() }

    func superDecoder(forKey key: Key) throws -> any Decoder { fields.decoder(try fields.requiredCell(key)) }
}
