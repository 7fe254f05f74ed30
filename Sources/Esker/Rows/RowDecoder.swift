import EskerFormat

/// The decoder of whole rows: finds the column of every key. Used again for every row of a batch.
final class RowDecoder: Decoder, ReadableFields {
    let readers: [FieldReader]
    private var row = 0
    /// For each key in the order of decoding the column it came from in the last row.
    private var order: [Int]
    /// Keys of this row so far.
    private var position = 0
    private var lastColumn = -1

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ batch: Batch) {
        readers = zip(batch.columns, batch.schema.columns).map { column, definition in
            FieldReader(definition.name, column.type == definition.type ? column : column.retyped(definition.type))
        }
        order = Array(batch.columns.indices)
    }

    func begin(_ row: Int) {
        self.row = row
        position = 0
        lastColumn = -1
    }

    // MARK: Fields

    var names: [String] { readers.map(\.name) }

    /// O(1) when keys come in the order of the last row, else O(columns).
    func cell(_ key: some CodingKey) -> FieldCell? {
        let name = key.stringValue
        // An optional property asks three times for its column: whether it is there, whether it is NULL, the value.
        if lastColumn >= 0, readers[lastColumn].name == name { return FieldCell(readers[lastColumn], row) }
        let place = position
        position += 1
        if place < order.count, readers[order[place]].name == name { return take(order[place]) }
        for step in 0..<readers.count {
            let column = (lastColumn + 1 + step) % readers.count
            if readers[column].name == name {
                if place < order.count { order[place] = column }
                return take(column)
            }
        }
        return nil
    }

    private func take(_ column: Int) -> FieldCell {
        lastColumn = column
        return FieldCell(readers[column], row)
    }

    func requiredCell(_ key: some CodingKey) throws -> FieldCell {
        if let cell = cell(key) { return cell }
        throw RowFailure(
            column: key.stringValue, reason: "there is no such column among \(names.joined(separator: ", "))")
    }

    func decoder(_ cell: FieldCell) -> any Decoder { FieldDecoder(cell: cell) }

    /// The fields of a superclass are columns like those of its subclass.
    func superDecoder() -> any Decoder { self }

    // MARK: Decoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(FieldsContainer<RowDecoder, Key>(fields: self, codingPath: []))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try FieldDecoder(cell: onlyCell()).unkeyedContainer()
    }

    /// The one field of a row of one column, or the row for a type that stands for another.
    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        if readers.count == 1 { return CellContainer(cell: try onlyCell()) }
        return RowValueDecodingContainer(decoder: self)
    }

    private func onlyCell() throws -> FieldCell {
        guard readers.count == 1 else { throw Self.notSingle(readers.count) }
        return FieldCell(readers[0], row)
    }

    static func notSingle(_ columns: Int) -> RowFailure {
        RowFailure(column: "", reason: "a single value cannot be read from rows of \(columns) columns")
    }
}

/// A row of several columns, asked for as one value: only a type that reads names can be in it.
struct RowValueDecodingContainer: SingleValueDecodingContainer {
    let decoder: RowDecoder

    var codingPath: [any CodingKey] { [] }
    private var failure: RowFailure { RowDecoder.notSingle(decoder.readers.count) }

    func decodeNil() -> Bool { false }
    func decode(_ type: Bool.Type) throws -> Bool { throw failure }
    func decode(_ type: String.Type) throws -> String { throw failure }
    func decode(_ type: Double.Type) throws -> Double { throw failure }
    func decode(_ type: Float.Type) throws -> Float { throw failure }
    func decode(_ type: Int.Type) throws -> Int { throw failure }
    func decode(_ type: Int8.Type) throws -> Int8 { throw failure }
    func decode(_ type: Int16.Type) throws -> Int16 { throw failure }
    func decode(_ type: Int32.Type) throws -> Int32 { throw failure }
    func decode(_ type: Int64.Type) throws -> Int64 { throw failure }
    func decode(_ type: UInt.Type) throws -> UInt { throw failure }
    func decode(_ type: UInt8.Type) throws -> UInt8 { throw failure }
    func decode(_ type: UInt16.Type) throws -> UInt16 { throw failure }
    func decode(_ type: UInt32.Type) throws -> UInt32 { throw failure }
    func decode(_ type: UInt64.Type) throws -> UInt64 { throw failure }
    func decode<V: Decodable>(_ type: V.Type) throws -> V { try V(from: decoder) }
}
