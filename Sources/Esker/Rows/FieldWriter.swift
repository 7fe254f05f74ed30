// Unsafe: copies the bytes of strings in place.

import EskerFormat

/// Takes the encoded values of one column, with a short way for what is common.
final class FieldWriter {
    let definition: ColumnDefinition
    /// Whether nested values become JSON text.
    let isJSON: Bool
    private let kind: Kind
    private let builder: ColumnBuilder
    private var scratch: [UInt8] = []

    /// Columns with a short way.
    private enum Kind { case bool, int2, int4, int8, float4, float8, text, other }

    init(_ definition: ColumnDefinition) {
        self.definition = definition
        isJSON = definition.type == .json || definition.type == .jsonb
        builder = ColumnBuilder(definition.type)
        kind =
            switch definition.type {
            case .bool: .bool
            case .int2: .int2
            case .int4: .int4
            case .int8: .int8
            case .float4: .float4
            case .float8: .float8
            case .text, .varchar(nil): .text
            default: .other
            }
    }

    var count: Int { builder.count }

    func truncate(to rows: Int) {
        if builder.count > rows { builder.truncate(to: rows) }
    }

    func finish() -> Column { builder.finish() }

    // MARK: Values

    func writeNull() throws {
        guard definition.isNullable else { throw failure(BatchCheck.missingReason(definition.name)) }
        builder.appendNull()
    }

    func write(_ value: Int64) throws {
        switch kind {
        case .int8: builder.append(fixed: value)
        case .int4:
            guard let narrow = Int32(exactly: value) else { return try write(.int8(value)) }
            builder.append(fixed: narrow)
        case .int2:
            guard let narrow = Int16(exactly: value) else { return try write(.int8(value)) }
            builder.append(fixed: narrow)
        default: try write(.int8(value))
        }
    }

    func write(_ value: UInt64) throws {
        if let signed = Int64(exactly: value) { return try write(signed) }
        try write(.numeric(Numeric(coefficient: Int128(value), scale: 0)))
    }

    func write(_ value: Double) throws {
        if kind == .float8 { builder.append(fixed: value) } else { try write(.float8(value)) }
    }

    func write(_ value: Float) throws {
        switch kind {
        case .float4: builder.append(fixed: value)
        case .float8: builder.append(fixed: Double(value))
        default: try write(.float4(value))
        }
    }

    func write(_ value: Bool) throws {
        if kind == .bool { builder.append(bool: value) } else { try write(.bool(value)) }
    }

    /// Text; in json and jsonb columns it is JSON text already.
    func write(_ value: String) throws {
        guard kind == .text else { return try write(.text(value)) }
        let isAppended = unsafe value.utf8.withContiguousStorageIfAvailable { bytes in
            if unsafe TextCheck.hasZero(bytes.span) { return false }
            unsafe builder.append(bytes: UnsafeRawBufferPointer(bytes))
            return true
        }
        if isAppended != true { try write(.text(value)) }
    }

    /// Any value, as ``ValueCoercion`` assigns it.
    func write(_ value: Value) throws {
        if case .null = value { return try writeNull() }
        do throws(ValueError) {
            if isJSON, let tree = JSONTree(scalar: value) { return try write(json: tree) }
            let assigned = try ValueCoercion.assign(value, to: definition.type)
            if let reason = TimeCheck.fault(assigned) { throw ValueError(sqlState: "22008", message: reason) }
            builder.append(assigned, scratch: &scratch)
        } catch {
            throw failure(error.message)
        }
    }

    /// A nested value.
    func write(_ tree: JSONTree) throws {
        let value: Value
        do throws(ValueError) {
            if isJSON { return try write(json: tree) }
            value = try tree.value(for: definition.type)
        } catch {
            throw failure(error.message)
        }
        try write(value)
    }

    private func write(json tree: JSONTree) throws(ValueError) {
        if case .null = tree.content, definition.isNullable { return builder.appendNull() }
        var text: [UInt8] = []
        swap(&text, &scratch)
        defer { swap(&text, &scratch) }
        text.removeAll(keepingCapacity: true)
        try tree.write(to: &text)
        try TextForm.append(text.span, as: definition.type, to: builder)
    }

    private func failure(_ reason: String) -> RowFailure { RowFailure(column: definition.name, reason: reason) }
}

/// Types of Foundation that encode as something else than what they mean; told by name, so that it need not be linked.
enum ForeignType {
    /// Seconds from 1970 to 2001-01-01, from which `Date` counts when it is encoded.
    static let dateReference: Int64 = 978_307_200

    static func isDate(_ type: Any.Type) -> Bool { typeName(type) == "Date" }

    private static func typeName(_ type: Any.Type) -> String { String(describing: type) }
}

/// Encodes one value that is not a plain one into one column. Used again and again.
final class FieldEncoder: Encoder, SingleValueEncodingContainer {
    private var field: FieldWriter?
    private var tree: JSONTree?
    /// The type that was asked last whether it is a `Date`, and the answer.
    private var askedType: ObjectIdentifier?
    private var isDate = false

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func encode<V: Encodable>(_ value: V, to field: FieldWriter) throws {
        self.field = field
        tree = nil
        let rows = field.count
        if askedType != ObjectIdentifier(V.self) {
            askedType = ObjectIdentifier(V.self)
            isDate = ForeignType.isDate(V.self)
        }
        try value.encode(to: self)
        if let tree { return try field.write(tree) }
        if field.count == rows { throw RowFailure(column: field.definition.name, reason: "the value encodes nothing") }
    }

    private func put(_ content: JSONTree.Content, _ write: (FieldWriter) throws -> Void) throws {
        guard let field else { return }
        if field.isJSON { tree = JSONTree(content) } else { try write(field) }
    }

    // MARK: Encoder

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let node = tree ?? JSONTree(.object([]))
        tree = node
        return KeyedEncodingContainer(TreeKeyedContainer<Key>(tree: node, codingPath: []))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        let node = tree ?? JSONTree(.array([]))
        tree = node
        return TreeUnkeyedContainer(tree: node, codingPath: [])
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { self }

    // MARK: A single value

    func encodeNil() throws { try put(.null) { try $0.writeNull() } }
    func encode(_ value: Bool) throws { try put(.bool(value)) { try $0.write(value) } }
    func encode(_ value: String) throws { try put(.string(value)) { try $0.write(value) } }
    func encode(_ value: Double) throws {
        if isDate, let field, field.definition.type == .timestamptz || field.definition.type == .timestamp {
            guard !value.isNaN else { throw RowFailure(column: field.definition.name, reason: "NaN is no moment") }
            let moment = Timestamp(seconds: value, since: ForeignType.dateReference)
            return try field.write(.timestamptz(moment.microseconds))
        }
        try put(.double(value)) { try $0.write(value) }
    }
    func encode(_ value: Float) throws { try put(.float(value)) { try $0.write(value) } }
    func encode(_ value: Int) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: Int8) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: Int16) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: Int32) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: Int64) throws { try put(.integer(value)) { try $0.write(value) } }
    func encode(_ value: UInt) throws { try put(.unsigned(UInt64(value))) { try $0.write(UInt64(value)) } }
    func encode(_ value: UInt8) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: UInt16) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: UInt32) throws { try put(.integer(Int64(value))) { try $0.write(Int64(value)) } }
    func encode(_ value: UInt64) throws { try put(.unsigned(value)) { try $0.write(value) } }
    func encode<V: Encodable>(_ value: V) throws {
        if let field, !field.isJSON, let value = value as? any ColumnValue {
            try field.write(value.columnValue)
        } else {
            try value.encode(to: self)
        }
    }
}
