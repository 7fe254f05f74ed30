import EskerFormat

/// The encoder of nested values: builds a ``JSONTree``.
struct TreeEncoder: Encoder {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    var userInfo: [CodingUserInfoKey: Any] { [:] }

    init(_ tree: JSONTree, codingPath: [any CodingKey]) {
        self.tree = tree
        self.codingPath = codingPath
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        if case .object = tree.content {} else { tree.content = .object([]) }
        return KeyedEncodingContainer(TreeKeyedContainer<Key>(tree: tree, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        if case .array = tree.content {} else { tree.content = .array([]) }
        return TreeUnkeyedContainer(tree: tree, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        TreeValueContainer(tree: tree, codingPath: codingPath)
    }

    /// The tree of any value.
    static func tree(of value: some Encodable, codingPath: [any CodingKey]) throws -> JSONTree {
        let tree = JSONTree(.null)
        try value.encode(to: TreeEncoder(tree, codingPath: codingPath))
        return tree
    }
}

/// The fields of an object.
struct TreeKeyedContainer<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    private func put(_ content: JSONTree.Content, _ key: some CodingKey) -> JSONTree {
        put(JSONTree(content), key.stringValue)
    }

    private func put(_ value: JSONTree, _ key: String) -> JSONTree {
        guard case .object(var pairs) = tree.content else { return value }
        tree.content = .null  // gives up the other reference, so that the append does not copy
        pairs.append((key, value))
        tree.content = .object(pairs)
        return value
    }

    func encodeNil(forKey key: Key) { _ = put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { _ = put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { _ = put(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { _ = put(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) { _ = put(.float(value), key) }
    func encode(_ value: Int, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: Int8, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: Int16, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: Int32, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: Int64, forKey key: Key) { _ = put(.integer(value), key) }
    func encode(_ value: UInt, forKey key: Key) { _ = put(.unsigned(UInt64(value)), key) }
    func encode(_ value: UInt8, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: UInt16, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: UInt32, forKey key: Key) { _ = put(.integer(Int64(value)), key) }
    func encode(_ value: UInt64, forKey key: Key) { _ = put(.unsigned(value), key) }
    func encode<V: Encodable>(_ value: V, forKey key: Key) throws {
        _ = put(try TreeEncoder.tree(of: value, codingPath: codingPath + [key]), key.stringValue)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        let nested = put(.object([]), key)
        return KeyedEncodingContainer(TreeKeyedContainer<Nested>(tree: nested, codingPath: codingPath + [key]))
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        TreeUnkeyedContainer(tree: put(.array([]), key), codingPath: codingPath + [key])
    }

    func superEncoder() -> any Encoder { TreeEncoder(put(JSONTree(.null), "super"), codingPath: codingPath) }

    func superEncoder(forKey key: Key) -> any Encoder { TreeEncoder(put(.null, key), codingPath: codingPath + [key]) }
}

/// The elements of a list.
struct TreeUnkeyedContainer: UnkeyedEncodingContainer {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    var count: Int { if case .array(let elements) = tree.content { elements.count } else { 0 } }

    private func put(_ content: JSONTree.Content) { put(JSONTree(content)) }

    private func put(_ value: JSONTree) {
        guard case .array(var elements) = tree.content else { return }
        tree.content = .null  // gives up the other reference, so that the append does not copy
        elements.append(value)
        tree.content = .array(elements)
    }

    func encodeNil() { put(.null) }
    func encode(_ value: Bool) { put(.bool(value)) }
    func encode(_ value: String) { put(.string(value)) }
    func encode(_ value: Double) { put(.double(value)) }
    func encode(_ value: Float) { put(.float(value)) }
    func encode(_ value: Int) { put(.integer(Int64(value))) }
    func encode(_ value: Int8) { put(.integer(Int64(value))) }
    func encode(_ value: Int16) { put(.integer(Int64(value))) }
    func encode(_ value: Int32) { put(.integer(Int64(value))) }
    func encode(_ value: Int64) { put(.integer(value)) }
    func encode(_ value: UInt) { put(.unsigned(UInt64(value))) }
    func encode(_ value: UInt8) { put(.integer(Int64(value))) }
    func encode(_ value: UInt16) { put(.integer(Int64(value))) }
    func encode(_ value: UInt32) { put(.integer(Int64(value))) }
    func encode(_ value: UInt64) { put(.unsigned(value)) }
    func encode<V: Encodable>(_ value: V) throws { put(try TreeEncoder.tree(of: value, codingPath: codingPath)) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        let nested = JSONTree(.object([]))
        put(nested)
        return KeyedEncodingContainer(TreeKeyedContainer<Nested>(tree: nested, codingPath: codingPath))
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
        let nested = JSONTree(.array([]))
        put(nested)
        return TreeUnkeyedContainer(tree: nested, codingPath: codingPath)
    }

    func superEncoder() -> any Encoder {
        let nested = JSONTree(.null)
        put(nested)
        return TreeEncoder(nested, codingPath: codingPath)
    }
}

/// One value of its own.
struct TreeValueContainer: SingleValueEncodingContainer {
    let tree: JSONTree
    let codingPath: [any CodingKey]

    func encodeNil() { tree.content = .null }
    func encode(_ value: Bool) { tree.content = .bool(value) }
    func encode(_ value: String) { tree.content = .string(value) }
    func encode(_ value: Double) { tree.content = .double(value) }
    func encode(_ value: Float) { tree.content = .float(value) }
    func encode(_ value: Int) { tree.content = .integer(Int64(value)) }
    func encode(_ value: Int8) { tree.content = .integer(Int64(value)) }
    func encode(_ value: Int16) { tree.content = .integer(Int64(value)) }
    func encode(_ value: Int32) { tree.content = .integer(Int64(value)) }
    func encode(_ value: Int64) { tree.content = .integer(value) }
    func encode(_ value: UInt) { tree.content = .unsigned(UInt64(value)) }
    func encode(_ value: UInt8) { tree.content = .integer(Int64(value)) }
    func encode(_ value: UInt16) { tree.content = .integer(Int64(value)) }
    func encode(_ value: UInt32) { tree.content = .integer(Int64(value)) }
    func encode(_ value: UInt64) { tree.content = .unsigned(value) }
    func encode<V: Encodable>(_ value: V) throws {
        try value.encode(to: TreeEncoder(tree, codingPath: codingPath))
    }
}
