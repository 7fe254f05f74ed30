/// Reads PostgreSQL's parse tree (JSON on a ``JSONTape``) into the types of this folder.
///
/// Every field of every object is asked for by name, and an object with a field nobody asked for is an error: what this
/// reader does not know is refused with 0A000, never dropped. Fields at their default value are absent in the tree.
final class TreeReader {
    let tape: JSONTape
    /// The text that was parsed; only read to repair integers (``integer(_:at:)``).
    let text: [UInt8]
    /// Bytes put before the user's text; locations are counted from after them.
    let shift: Int

    init(tape: JSONTape, text: [UInt8], shift: Int) {
        self.tape = tape
        self.text = text
        self.shift = shift
    }

    /// The fields of an object.
    func fields(_ node: Int) throws(QueryError) -> Fields {
        guard tape.nodes[node].kind == .object else { throw malformed("an object is expected", node) }
        return Fields(self, node)
    }

    /// A node of the tree is an object with one field, named after the node's type. nil for `{}`, the absent node.
    func node(_ node: Int) throws(QueryError) -> (type: String, fields: Fields)? {
        guard tape.nodes[node].kind == .object else { throw malformed("a node is expected", node) }
        guard Int(tape.nodes[node].end) > node + 1 else { return nil }
        let value = node + 2
        guard tape.nodes[value].kind == .object, tape.nodes[value].end == tape.nodes[node].end else {
            throw malformed("a node with one type is expected", node)
        }
        return (tape.string(at: node + 1), Fields(self, value))
    }

    /// The fields of a node that can only be of one type.
    func fields(_ index: Int, of type: StaticString) throws(QueryError) -> Fields {
        guard let found = try node(index) else { throw malformed("\(type) is expected", index) }
        guard tape.matches(type, at: index + 1) else {
            throw .unsupported("\(found.type) in place of \(type)", at: found.fields.peekLocation())
        }
        return found.fields
    }

    func elements(_ array: Int) throws(QueryError) -> [Int] {
        guard tape.nodes[array].kind == .array else { throw malformed("an array is expected", array) }
        var elements: [Int] = []
        var at = array + 1
        while at < Int(tape.nodes[array].end) {
            elements.append(at)
            at = Int(tape.nodes[at].end)
        }
        return elements
    }

    /// The elements of a `List` node.
    func list(_ index: Int) throws(QueryError) -> [Int] {
        var fields = try fields(index, of: "List")
        let items = try fields.elements("items")
        try fields.finish("List")
        return items
    }

    /// The text of a `String` node.
    func string(_ index: Int) throws(QueryError) -> String {
        var fields = try fields(index, of: "String")
        let string = fields.string("sval") ?? ""
        try fields.finish("String")
        return string
    }

    /// From a place in the parsed text to a place in the user's text.
    func userLocation(_ location: Int) -> Int {
        location < shift ? -1 : location - shift
    }

    /// The least location named anywhere in a subtree; -1 when none is.
    func leftmostLocation(of node: Int) -> Int {
        var least: Int?
        for index in node..<Int(tape.nodes[node].end) where tape.matches("location", at: index) {
            guard let raw = tape.integer(at: index + 1) else { continue }
            let location = userLocation(raw)
            if location >= 0 { least = min(least ?? location, location) }
        }
        return least ?? -1
    }

    /// A tree the library should never give: our reading of it is wrong.
    func malformed(_ what: String, _ node: Int) -> QueryError {
        QueryError(.internalError, "unexpected parse tree: \(what) at node \(node)")
    }

    // MARK: Integers

    /// The value of an integer node. libpg_query 15-4.0.0 prints every negative integer as absent, like 0, so the sign and
    /// digits are read from the text again: they stand at `location`, after any number of signs and parentheses.
    func integer(_ printed: Int?, at location: Int) -> Int32 {
        if let printed, printed != 0 { return Int32(truncatingIfNeeded: printed) }
        return negativeInteger(at: location)
    }

    /// 0 when there is no minus sign and number at `location`.
    private func negativeInteger(at location: Int) -> Int32 {
        let bytes = text
        let text = bytes.span
        guard location >= 0, SQLLexer.peek(text, location) == UInt8(ascii: "-") else { return 0 }
        var at = location
        while let byte = SQLLexer.peek(text, at), byte == UInt8(ascii: "-") || byte == UInt8(ascii: "(") {
            at = SQLLexer.endOfSpace(text, at + 1)
        }
        var value: Int32 = 0
        while let byte = SQLLexer.peek(text, at), SQLLexer.isDigit(byte) {
            let shifted = value.multipliedReportingOverflow(by: 10)
            let sum = shifted.partialValue.subtractingReportingOverflow(Int32(byte - UInt8(ascii: "0")))
            guard !shifted.overflow, !sum.overflow else { return 0 }
            value = sum.partialValue
            at += 1
        }
        return value
    }

    /// Where the value of an option `[namespace.]name [=] value` begins, given where the option does.
    func valueLocation(ofOptionAt location: Int) -> Int {
        let bytes = text
        let text = bytes.span
        var at = location
        while let byte = SQLLexer.peek(text, at) {
            switch byte {
            case UInt8(ascii: "\""): at = SQLLexer.endOfQuoted(text, at)
            case UInt8(ascii: "."), UInt8(ascii: "="), UInt8(ascii: "&"): at += 1
            case _ where SQLLexer.startsWord(byte): at = SQLLexer.endOfWord(text, at)
            default: return at
            }
            at = SQLLexer.endOfSpace(text, at)
        }
        return -1
    }
}
