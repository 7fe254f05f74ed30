import EskerFormat
import EskerQuery

/// One line of a golden file: an expression of literals and one function, operator or cast, and what PostgreSQL made
/// of it.
///
/// Forms: `name(a, b)`, `extract(a FROM b)`, `a + b`, `- a`, `CAST(a AS type)`; an argument is `'text'`, `'text'::type`, `NULL` or
/// `NULL::type`.
struct GoldenExpression: CustomStringConvertible {
    enum Form {
        case function(String)
        case binary(String)
        case prefix(String)
        case cast(DataType)
    }

    struct Argument {
        /// Nil for `NULL`.
        var text: String?
        /// Nil for an unknown literal.
        var type: DataType?
    }

    var line: String
    var form: Form
    var arguments: [Argument]
    var expected: String

    var description: String { line }

    init?(_ line: String) {
        guard let arrow = line.range(of: " => ") else { return nil }
        self.line = line
        expected = String(line[arrow.upperBound...])
        var text = Scanner(line[..<arrow.lowerBound])
        arguments = []
        if text.take("CAST(") {
            arguments.append(text.argument())
            guard text.take(" AS "), let type = text.type() else { return nil }
            form = .cast(type)
        } else if text.startsArgument {
            arguments.append(text.argument())
            let name = text.word()
            arguments.append(text.argument())
            form = .binary(name)
        } else if let name = text.functionName() {
            form = .function(name)
            while !text.take(")") {
                arguments.append(text.argument())
                _ = text.take(", ") || text.take(" FROM ")
            }
        } else {
            form = .prefix(text.word())
            arguments.append(text.argument())
        }
    }

    private struct Scanner {
        var rest: Substring

        init(_ rest: Substring) { self.rest = rest }

        mutating func take(_ prefix: String) -> Bool {
            guard rest.hasPrefix(prefix) else { return false }
            rest.removeFirst(prefix.count)
            return true
        }

        var startsArgument: Bool { rest.hasPrefix("'") || rest.hasPrefix("NULL") }

        /// An operator with the blanks around it.
        mutating func word() -> String {
            _ = take(" ")
            let word = rest.prefix { $0 != " " }
            rest.removeFirst(word.count)
            _ = take(" ")
            return String(word)
        }

        mutating func functionName() -> String? {
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard !name.isEmpty, rest.dropFirst(name.count).first == "(" else { return nil }
            rest.removeFirst(name.count + 1)
            return String(name)
        }

        mutating func argument() -> Argument {
            var text: String?
            if !take("NULL") {
                var literal = ""
                rest.removeFirst()
                while let next = rest.first {
                    rest.removeFirst()
                    if next == "'" {
                        if rest.first != "'" { break }
                        rest.removeFirst()
                    }
                    literal.append(next)
                }
                text = literal
            }
            return Argument(text: text, type: take("::") ? type() : nil)
        }

        /// A type without blanks in its name.
        mutating func type() -> DataType? {
            let name = rest.prefix { $0.isLetter || $0.isNumber }
            rest.removeFirst(name.count)
            var numbers: [Int] = []
            if take("(") {
                let list = rest.prefix { $0 != ")" }
                rest.removeFirst(list.count + 1)
                numbers = list.split(separator: ",").compactMap { Int($0) }
            }
            guard let type = DataType.written(String(name), numbers) else { return nil }
            return take("[]") ? .array(of: type) : type
        }
    }
}

extension DataType {
    fileprivate static func written(_ name: String, _ numbers: [Int]) -> DataType? {
        switch name {
        case "bool": .bool
        case "int2": .int2
        case "int4": .int4
        case "int8": .int8
        case "float4": .float4
        case "float8": .float8
        case "numeric": .numeric(precision: numbers.first, scale: numbers.count > 1 ? numbers[1] : 0)
        case "text": .text
        case "varchar": .varchar(length: numbers.first)
        case "char": .char(length: numbers.first ?? 1)
        case "bytea": .bytea
        case "date": .date
        case "time": .time
        case "timetz": .timetz
        case "timestamp": .timestamp
        case "timestamptz": .timestamptz
        case "interval": .interval
        case "uuid": .uuid
        case "json": .json
        case "jsonb": .jsonb
        default: nil
        }
    }
}

extension StringProtocol {
    /// The first place of `needle`.
    fileprivate func range(of needle: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(needle) { return start..<index(start, offsetBy: needle.count) }
            start = index(after: start)
        }
        return nil
    }
}
