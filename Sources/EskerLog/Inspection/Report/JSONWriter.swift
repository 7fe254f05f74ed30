/// Writes JSON text, indented by two blanks a level. Keys come in the order they are written.
struct JSONWriter {
    private(set) var text = ""
    private var depth = 0
    private var isFirst = true

    /// An object; `body` writes its members.
    mutating func object(_ body: (inout JSONWriter) -> Void) { nest("{", "}", body) }

    /// A member of an object whose value `body` writes.
    mutating func member(_ key: String, _ body: (inout JSONWriter) -> Void) {
        separate()
        text += Self.quoted(key) + ": "
        body(&self)
    }

    /// A member with an object as its value.
    mutating func object(_ key: String, _ body: (inout JSONWriter) -> Void) {
        member(key) { $0.object(body) }
    }

    /// A member with an array as its value, an element an item.
    mutating func array<T>(_ key: String, _ items: [T], _ body: (inout JSONWriter, T) -> Void) {
        member(key) { $0.array(items, body) }
    }

    /// An array, an element an item.
    mutating func array<T>(_ items: [T], _ body: (inout JSONWriter, T) -> Void) {
        nest("[", "]") { writer in
            for item in items {
                writer.separate()
                body(&writer, item)
            }
        }
    }

    /// An array on one line: for values without members.
    mutating func line<T>(_ items: [T], _ body: (inout JSONWriter, T) -> Void) {
        text += "["
        for (index, item) in items.enumerated() {
            if index > 0 { text += ", " }
            body(&self, item)
        }
        text += "]"
    }

    mutating func member(_ key: String, _ value: String?) { member(key) { $0.write(value) } }
    mutating func member(_ key: String, _ value: some BinaryInteger) { member(key) { $0.raw(String(value)) } }
    mutating func member(_ key: String, _ value: Bool) { member(key) { $0.raw(value ? "true" : "false") } }
    /// A number; null when it is none.
    mutating func member(_ key: String, _ value: Double?) { member(key) { $0.write(value) } }
    mutating func member(_ key: String, _ value: Int64?) { member(key) { $0.raw(value.map(String.init) ?? "null") } }

    /// A string, or null.
    mutating func write(_ value: String?) { text += value.map(Self.quoted) ?? "null" }
    mutating func write(_ value: Double?) { text += value.map { $0.isFinite ? "\($0)" : "null" } ?? "null" }
    /// Text that is JSON already.
    mutating func raw(_ json: String) { text += json }

    private mutating func nest(_ open: String, _ close: String, _ body: (inout JSONWriter) -> Void) {
        text += open
        depth += 1
        isFirst = true
        body(&self)
        depth -= 1
        if !isFirst { newLine() }
        isFirst = false
        text += close
    }

    private mutating func separate() {
        if !isFirst { text += "," }
        isFirst = false
        newLine()
    }

    private mutating func newLine() {
        text += "\n" + String(repeating: "  ", count: depth)
    }

    /// A string in quotes, with what JSON forbids escaped.
    static func quoted(_ string: String) -> String {
        var result = "\""
        for scalar in string.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
