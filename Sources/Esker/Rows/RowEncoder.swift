import EskerFormat

/// The encoder of whole rows: hands every field to the writer of its column. Used again for every row of a batch.
final class RowEncoder: Encoder {
    let schema: Schema
    let fields: [FieldWriter]
    /// Rows that are complete.
    private var rows = 0
    /// For each field in the order of encoding the column it went to in the last row.
    private var order: [Int]
    /// Fields of this row so far.
    private var position = 0
    private var lastColumn = -1
    /// Nested values whose containers are still being filled.
    private var open: [(column: Int, node: JSONTree)] = []
    /// What a call that cannot throw found wrong; thrown at the end of the row.
    private var deferred: RowFailure?
    private let fieldEncoder = FieldEncoder()

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ schema: Schema) {
        self.schema = schema
        fields = schema.columns.map { FieldWriter($0) }
        order = Array(schema.columns.indices)
    }

    // MARK: Rows

    func beginRow() {
        position = 0
        lastColumn = -1
    }

    /// Completes the row: columns that had no field are NULL.
    func endRow() throws {
        if let failure = deferred { throw failure }
        if !open.isEmpty {
            let nested = open
            open.removeAll()
            for (column, node) in nested { try fields[column].write(node) }
        }
        for field in fields where field.count == rows { try field.writeNull() }
        rows += 1
    }

    func takeBackRow() {
        deferred = nil
        open.removeAll()
        for field in fields { field.truncate(to: rows) }
    }

    func finish() -> Batch {
        let count = rows
        rows = 0
        return Batch(schema: schema, columns: fields.map { $0.finish() }, count: count)
    }

    /// What to tell of an error that ended a row.
    func failure(_ error: any Error) -> RowFailure {
        if let failure = error as? RowFailure { return failure }
        let column = lastColumn >= 0 ? schema.columns[lastColumn].name : ""
        if case EncodingError.invalidValue(_, let context)? = error as? EncodingError {
            return RowFailure(column: context.codingPath.first?.stringValue ?? column, reason: context.debugDescription)
        }
        return RowFailure(column: column, reason: String(describing: error))
    }

    // MARK: Fields

    /// The writer of a key's column. O(1) when fields come in the order of the last row, else O(columns).
    func field(_ key: some CodingKey) throws -> FieldWriter {
        let name = key.stringValue
        let place = position
        position += 1
        if place < order.count {
            let guess = order[place]
            let field = fields[guess]
            if field.definition.name == name { return try take(field, guess) }
        }
        for step in 0..<fields.count {
            let column = (lastColumn + 1 + step) % fields.count
            if fields[column].definition.name == name {
                if place < order.count { order[place] = column }
                return try take(fields[column], column)
            }
        }
        throw RowFailure(column: name, reason: "the stream has no such column")
    }

    private func take(_ field: FieldWriter, _ column: Int) throws -> FieldWriter {
        lastColumn = column
        guard field.count == rows else {
            throw RowFailure(column: field.definition.name, reason: "a row encodes the column twice")
        }
        return field
    }

    /// A value that is not a plain one of the standard library.
    func encode<V: Encodable>(_ value: V, to field: FieldWriter) throws {
        if !field.isJSON, let value = value as? any ColumnValue {
            try field.write(value.columnValue)
        } else {
            try fieldEncoder.encode(value, to: field)
        }
    }

    /// The tree of a container that is filled after this call returns; it is written at the end of the row.
    func nested(_ key: some CodingKey, _ content: JSONTree.Content) -> JSONTree {
        let tree = JSONTree(content)
        do {
            _ = try field(key)
            if open.contains(where: { $0.column == lastColumn }) {
                throw RowFailure(column: key.stringValue, reason: "a row encodes the column twice")
            }
            open.append((lastColumn, tree))
        } catch {
            fail(failure(error))
        }
        return tree
    }

    /// Lets the row fail at its end.
    func fail(_ failure: RowFailure) {
        if deferred == nil { deferred = failure }
    }

    // MARK: Encoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        KeyedEncodingContainer(RowContainer<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        fail(RowFailure(column: "", reason: "a row is a keyed value, not a list"))
        return TreeUnkeyedContainer(tree: JSONTree(.array([])), codingPath: [])
    }

    /// A value of its own is the row of a stream of one column, or stands for another that is the row.
    func singleValueContainer() -> any SingleValueEncodingContainer { RowValueContainer(encoder: self) }
}

/// The fields of a row, by coding key.
struct RowContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: RowEncoder

    var codingPath: [any CodingKey] { [] }

    func encodeNil(forKey key: Key) throws { try encoder.field(key).writeNull() }
    func encode(_ value: Bool, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode(_ value: String, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode(_ value: Double, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode(_ value: Float, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode(_ value: Int, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: Int8, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: Int16, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: Int32, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: Int64, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode(_ value: UInt, forKey key: Key) throws { try encoder.field(key).write(UInt64(value)) }
    func encode(_ value: UInt8, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: UInt16, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: UInt32, forKey key: Key) throws { try encoder.field(key).write(Int64(value)) }
    func encode(_ value: UInt64, forKey key: Key) throws { try encoder.field(key).write(value) }
    func encode<V: Encodable>(_ value: V, forKey key: Key) throws {
        try encoder.encode(value, to: encoder.field(key))
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        let tree = encoder.nested(key, .object([]))
        return KeyedEncodingContainer(TreeKeyedContainer<Nested>(tree: tree, codingPath: [key]))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        TreeUnkeyedContainer(tree: encoder.nested(key, .array([])), codingPath: [key])
    }

    /// The fields of a superclass are columns like those of its subclass.
    func superEncoder() -> any Encoder { encoder }

    func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(encoder.nested(key, .null), codingPath: [key]) }
}

/// A row that encodes itself as one value.
struct RowValueContainer: SingleValueEncodingContainer {
    let encoder: RowEncoder

    var codingPath: [any CodingKey] { [] }

    private func field() throws -> FieldWriter {
        guard encoder.fields.count == 1 else {
            throw RowFailure(
                column: "", reason: "a single value for the \(encoder.fields.count) columns of the stream")
        }
        return encoder.fields[0]
    }

    func encodeNil() throws { try field().writeNull() }
    func encode(_ value: Bool) throws { try field().write(value) }
    func encode(_ value: String) throws { try field().write(value) }
    func encode(_ value: Double) throws { try field().write(value) }
    func encode(_ value: Float) throws { try field().write(value) }
    func encode(_ value: Int) throws { try field().write(Int64(value)) }
    func encode(_ value: Int8) throws { try field().write(Int64(value)) }
    func encode(_ value: Int16) throws { try field().write(Int64(value)) }
    func encode(_ value: Int32) throws { try field().write(Int64(value)) }
    func encode(_ value: Int64) throws { try field().write(value) }
    func encode(_ value: UInt) throws { try field().write(UInt64(value)) }
    func encode(_ value: UInt8) throws { try field().write(Int64(value)) }
    func encode(_ value: UInt16) throws { try field().write(Int64(value)) }
    func encode(_ value: UInt32) throws { try field().write(Int64(value)) }
    func encode(_ value: UInt64) throws { try field().write(value) }
    func encode<V: Encodable>(_ value: V) throws {
        if value is any ColumnValue || ForeignType.isDate(V.self) {
            try encoder.encode(value, to: field())
        } else {
            try value.encode(to: encoder)
        }
    }
}
