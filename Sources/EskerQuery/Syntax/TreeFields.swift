extension TreeReader {
    /// One object of the parse tree. Ask for every field it may have, then call ``finish(_:)``, which refuses the rest.
    struct Fields {
        let reader: TreeReader
        private let object: Int
        /// One bit a field that was asked for, in the order of the text.
        private var taken: UInt64 = 0

        init(_ reader: TreeReader, _ object: Int) {
            self.reader = reader
            self.object = object
        }

        /// The index of a field's value; nil when it is absent.
        mutating func take(_ key: StaticString) -> Int? {
            let tape = reader.tape
            let end = Int(tape.nodes[object].end)
            var at = object + 1
            var bit: UInt64 = 1
            while at < end {
                if tape.matches(key, at: at) {
                    taken |= bit
                    return at + 1
                }
                at = Int(tape.nodes[at + 1].end)
                bit <<= 1
            }
            return nil
        }

        /// Takes fields that say nothing a statement's text can say.
        mutating func ignore(_ keys: StaticString...) {
            for key in keys { _ = take(key) }
        }

        /// Throws 0A000 for the first field that nobody took.
        func finish(_ construct: String) throws(QueryError) {
            let tape = reader.tape
            var at = object + 1
            var bit: UInt64 = 1
            while at < Int(tape.nodes[object].end) {
                if taken & bit == 0 {
                    throw .unsupported("\(construct) with \"\(tape.string(at: at))\"", at: peekLocation())
                }
                at = Int(tape.nodes[at + 1].end)
                bit <<= 1
            }
        }

        /// Refuses a field that can be written but is not modelled.
        mutating func refuse(_ key: StaticString, _ construct: String) throws(QueryError) {
            guard let value = take(key) else { return }
            let location = reader.leftmostLocation(of: value)
            throw .unsupported(construct, at: location < 0 ? peekLocation() : location)
        }

        // MARK: Scalars

        mutating func string(_ key: StaticString) -> String? {
            take(key).map { reader.tape.string(at: $0) }
        }

        mutating func bool(_ key: StaticString) -> Bool {
            take(key).map { reader.tape.nodes[$0].kind == .true } ?? false
        }

        mutating func integer(_ key: StaticString) -> Int? {
            take(key).flatMap { reader.tape.integer(at: $0) }
        }

        /// Byte offset in the user's text, or -1. Absent means 0.
        mutating func location() -> Int {
            reader.userLocation(rawLocation())
        }

        /// Byte offset in the parsed text, or -1.
        mutating func rawLocation() -> Int {
            integer("location") ?? 0
        }

        /// The place for an error message, without taking the field: the object's own, or the leftmost within it;
        /// -1 when there is none.
        func peekLocation() -> Int {
            var copy = self
            let own = copy.take("location").flatMap { reader.tape.integer(at: $0) }.map { reader.userLocation($0) }
            return own ?? reader.leftmostLocation(of: object)
        }

        // MARK: Nodes

        mutating func elements(_ key: StaticString) throws(QueryError) -> [Int] {
            guard let array = take(key) else { return [] }
            return try reader.elements(array)
        }

        mutating func expression(_ key: StaticString) throws(QueryError) -> Expression? {
            guard let node = take(key) else { return nil }
            return try reader.expression(node)
        }

        /// An expression the grammar never leaves out.
        mutating func requiredExpression(_ key: StaticString) throws(QueryError) -> Expression {
            guard let node = take(key) else { throw reader.malformed("\"\(key)\" is missing", object) }
            return try reader.expression(node)
        }

        mutating func expressions(_ key: StaticString) throws(QueryError) -> [Expression] {
            let reader = reader
            return try map(key) { (node) throws(QueryError) in try reader.expression(node) }
        }

        /// A list of `String` nodes.
        mutating func names(_ key: StaticString) throws(QueryError) -> [String] {
            let reader = reader
            return try map(key) { (node) throws(QueryError) in try reader.string(node) }
        }

        mutating func map<Element>(
            _ key: StaticString, _ transform: (Int) throws(QueryError) -> Element
        ) throws(QueryError) -> [Element] {
            guard let array = take(key) else { return [] }
            let nodes = try reader.elements(array)
            var elements: [Element] = []
            elements.reserveCapacity(nodes.count)
            for node in nodes { elements.append(try transform(node)) }
            return elements
        }

        /// The value of an enumeration field; `fallback` when it is absent.
        mutating func choice<Value>(
            _ key: StaticString, _ fallback: Value, _ choices: [(name: StaticString, value: Value)], _ construct: String
        ) throws(QueryError) -> Value {
            guard let node = take(key) else { return fallback }
            for choice in choices where reader.tape.matches(choice.name, at: node) { return choice.value }
            throw .unsupported("\(construct) \(reader.tape.string(at: node))", at: peekLocation())
        }
    }
}
