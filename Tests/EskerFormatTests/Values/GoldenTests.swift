import EskerFormat
import Testing

@Suite("Values read and write like PostgreSQL 15")
struct GoldenTests {
    private static let types: [String: DataType] = [
        "bool": .bool, "int2": .int2, "int4": .int4, "int8": .int8, "float4": .float4, "float8": .float8,
        "numeric": .numeric(precision: nil, scale: 0), "varchar(5)": .varchar(length: 5), "char(5)": .char(length: 5),
        "bytea": .bytea, "uuid": .uuid, "json": .json, "jsonb": .jsonb, "date": .date, "time": .time,
        "timetz": .timetz, "timestamp": .timestamp, "timestamptz": .timestamptz, "interval": .interval,
        "int4[]": .array(of: .int4), "text[]": .array(of: .text), "bool[]": .array(of: .bool),
        "numeric[]": .array(of: .numeric(precision: nil, scale: 0)), "timestamptz[]": .array(of: .timestamptz),
        "jsonb[]": .array(of: .jsonb), "uuid[]": .array(of: .uuid),
    ]

    @Test(
        "in text, and keep their meaning as bytes",
        arguments: [
            "bool", "int2", "int4", "int8", "float4", "float8", "numeric", "varchar", "char", "bytea", "uuid", "json",
            "jsonb", "date", "time", "timetz", "timestamp", "timestamptz", "timestamptz-new-york", "interval",
            "int4-array", "text-array", "bool-array", "numeric-array", "timestamptz-array", "jsonb-array",
            "uuid-array",
        ])
    func text(_ name: String) throws {
        let table = try GoldenTable(name)
        let type = try #require(Self.types[table.type])
        table.check { (input, settings) throws(ValueError) in
            let value = try Value.parse(input, as: type, settings)
            var bytes: [UInt8] = []
            value.appendBinary(as: type, to: &bytes)
            do {
                let read = try Value(binary: bytes.span, as: type)
                #expect(read == value && read.hashValue == value.hashValue && read.text() == value.text())
            } catch {
                Issue.record(error)
            }
            var out: [UInt8] = []
            value.write(settings, to: &out)
            return out
        }
    }

    @Test("in arithmetic on numerics")
    func operations() throws {
        try GoldenTable("numeric-operations").check { (input, _) throws(ValueError) in
            let parts = input.split(separator: "|").map(String.init)
            return Array(try Self.calculate(parts[0], Array(parts.dropFirst())).utf8)
        }
    }

    private static func calculate(_ operation: String, _ operands: [String]) throws(ValueError) -> String {
        func operand(_ index: Int) throws(ValueError) -> Numeric { try Numeric(operands[index]) }
        func integer(_ index: Int) -> Int { Int(operands[index]) ?? 0 }
        let result: Numeric
        switch operation {
        case "add": result = try operand(0).adding(operand(1))
        case "sub": result = try operand(0).subtracting(operand(1))
        case "mul": result = try operand(0).multiplied(by: operand(1))
        case "div": result = try operand(0).divided(by: operand(1))
        case "sqrt": result = try operand(0).squareRoot()
        case "mod": result = try operand(0).remainder(dividingBy: operand(1))
        case "idiv": result = try operand(0).dividedAndTruncated(by: operand(1))
        case "round": result = try operand(0).rounded(to: integer(1))
        case "trunc": result = try operand(0).truncated(to: integer(1))
        case "ceil": result = try operand(0).ceiling()
        case "floor": result = try operand(0).floor()
        case "typmod": result = try operand(0).fitted(precision: integer(1), scale: integer(2))
        case "int8": return String(try operand(0).int64())
        case "float8": return Value.float8(try operand(0).double()).text()
        case "fromf8": result = try Numeric(rounding: try ValueParser.float8(operands[0].utf8.span))
        case "fromf4": result = try Numeric(rounding: try ValueParser.float4(operands[0].utf8.span))
        default: return "no operation \(operation)"
        }
        return result.description
    }
}
