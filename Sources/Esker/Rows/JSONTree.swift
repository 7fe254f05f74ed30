import EskerFormat

/// A nested value on its way between `Codable` and a column: json, an array or bytes.
///
/// A class, because containers may be filled in any order after they were handed out.
final class JSONTree {
    enum Content {
        case null, bool(Bool)
        case integer(Int64), unsigned(UInt64)
        case float(Float), double(Double)
        /// A number as it was written in JSON text.
        case number(Numeric)
        case string(String)
        case array([JSONTree])
        case object([(key: String, value: JSONTree)])
    }

    var content: Content

    init(_ content: Content) { self.content = content }

    /// A number or boolean as JSON; nil for text, which is JSON already, and what JSON has no form of.
    convenience init?(scalar value: Value) {
        switch value {
        case .bool(let value): self.init(.bool(value))
        case .int2(let value): self.init(.integer(Int64(value)))
        case .int4(let value): self.init(.integer(Int64(value)))
        case .int8(let value): self.init(.integer(value))
        case .float4(let value): self.init(.float(value))
        case .float8(let value): self.init(.double(value))
        case .numeric(let value): self.init(.number(value))
        default: return nil
        }
    }

    // MARK: As JSON text

    /// Appends compact JSON text.
    ///
    /// - Throws: 22P02 for numbers that JSON cannot tell: NaN and the infinities.
    func write(to out: inout [UInt8]) throws(ValueError) {
        switch content {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: value ? "true".utf8 : "false".utf8)
        case .integer(let value): ValueWriter.integer(value, to: &out)
        case .unsigned(let value): ValueWriter.unsigned(value, to: &out)
        case .float(let value):
            guard value.isFinite else { throw Self.noNumber("\(value)") }
            ValueWriter.float4(value, to: &out)
        case .double(let value):
            guard value.isFinite else { throw Self.noNumber("\(value)") }
            ValueWriter.float8(value, to: &out)
        case .number(let value):
            guard value.isFinite else { throw Self.noNumber("\(value)") }
            ValueWriter.numeric(value, to: &out)
        case .string(let value): Self.write(value, to: &out)
        case .array(let elements):
            out.append(0x5B)
            for (index, element) in elements.enumerated() {
                if index > 0 { out.append(0x2C) }
                try element.write(to: &out)
            }
            out.append(0x5D)
        case .object(let pairs):
            out.append(0x7B)
            for (index, pair) in pairs.enumerated() {
                if index > 0 { out.append(0x2C) }
                Self.write(pair.key, to: &out)
                out.append(0x3A)
                try pair.value.write(to: &out)
            }
            out.append(0x7D)
        }
    }

    private static func noNumber(_ text: String) -> ValueError {
        ValueError(sqlState: "22P02", message: "\(text) is no number in JSON")
    }

    private static func write(_ text: String, to out: inout [UInt8]) {
        out.append(0x22)
        for byte in text.utf8 {
            switch byte {
            case 0x22, 0x5C: out.append(contentsOf: [0x5C, byte])
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0..<0x20:
                out.append(contentsOf: byte < 0x10 ? "\\u000".utf8 : "\\u001".utf8)
                out.append("0123456789abcdef".utf8.map { $0 }[Int(byte & 15)])
            default: out.append(byte)
            }
        }
        out.append(0x22)
    }

    // MARK: As a value

    /// The value to assign to a column that is no json: scalars, arrays for array columns, bytes for bytea.
    func value(for type: DataType) throws(ValueError) -> Value {
        switch (content, type) {
        case (.null, _): return .null
        case (.bool(let value), _): return .bool(value)
        case (.integer(let value), _): return .int8(value)
        case (.unsigned(let value), _):
            return Int64(exactly: value).map { .int8($0) } ?? .numeric(Numeric(coefficient: Int128(value), scale: 0))
        case (.float(let value), _): return .float4(value)
        case (.double(let value), _): return .float8(value)
        case (.number(let value), _): return .numeric(value)
        case (.string(let value), _): return .text(value)
        case (.array(let elements), .bytea):
            return .bytea(try elements.map { (tree) throws(ValueError) in try tree.byte() })
        case (.array(let elements), .array(let element)):
            let values = try elements.map { (tree) throws(ValueError) in
                try ValueCoercion.assign(try tree.value(for: element), to: element)
            }
            return .array(ArrayValue(of: element, values))
        case (.array, _):
            throw ValueError(sqlState: "42804", message: "column is of type \(type.name) but the value is a list")
        case (.object, _):
            throw ValueError(
                sqlState: "42804",
                message:
                    "column is of type \(type.name) but the value has fields of its own: json or jsonb would hold it")
        }
    }

    private func byte() throws(ValueError) -> UInt8 {
        guard case .integer(let value) = content, let byte = UInt8(exactly: value) else {
            throw ValueError(sqlState: "42804", message: "column is of type bytea but the value is no list of bytes")
        }
        return byte
    }
}
