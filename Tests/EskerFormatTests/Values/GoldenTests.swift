import EskerFormat
import Testing

@Suite("Values read and write like PostgreSQL 15")
struct GoldenTests {
    @Test("booleans and numbers", arguments: ["bool", "int2", "int4", "int8", "float4", "float8"])
    func numbers(_ name: String) throws {
        let table = try GoldenTable(name)
        table.check { (input, _) throws(ValueError) in
            let bytes = input.utf8.span
            var out: [UInt8] = []
            switch table.type {
            case "bool": ValueWriter.bool(try ValueParser.bool(bytes), to: &out)
            case "int2": ValueWriter.integer(Int64(try ValueParser.int2(bytes)), to: &out)
            case "int4": ValueWriter.integer(Int64(try ValueParser.int4(bytes)), to: &out)
            case "int8": ValueWriter.integer(try ValueParser.int8(bytes), to: &out)
            case "float4": ValueWriter.float4(try ValueParser.float4(bytes), to: &out)
            default: ValueWriter.float8(try ValueParser.float8(bytes), to: &out)
            }
            return out
        }
    }

    @Test(
        "dates and times",
        arguments: ["date", "time", "timetz", "timestamp", "timestamptz", "timestamptz-new-york", "interval"])
    func dates(_ name: String) throws {
        let table = try GoldenTable(name)
        table.check { (input, settings) throws(ValueError) in
            let bytes = input.utf8.span
            var out: [UInt8] = []
            switch table.type {
            case "date": ValueWriter.date(try ValueParser.date(bytes, settings), to: &out)
            case "time": ValueWriter.time(try ValueParser.time(bytes, settings), to: &out)
            case "timetz": ValueWriter.timetz(try ValueParser.timetz(bytes, settings), to: &out)
            case "timestamp": ValueWriter.timestamp(try ValueParser.timestamp(bytes, settings), to: &out)
            case "timestamptz":
                ValueWriter.timestamptz(try ValueParser.timestamptz(bytes, settings), settings.zone, to: &out)
            default: ValueWriter.interval(try ValueParser.interval(bytes), to: &out)
            }
            return out
        }
    }
}
