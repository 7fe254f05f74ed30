import EskerFormat
import Testing

@Suite("Calculating with dates and times")
struct TimestampArithmeticTests {
    @Test("as PostgreSQL 15 does")
    func operations() throws {
        try GoldenTable("timestamp-operations").check { (input, settings) throws(ValueError) in
            let parts = input.split(separator: "|").map(String.init)
            let operation = Operation(operands: Array(parts.dropFirst()), settings: settings)
            return Array(try operation.result(parts[0]).text(settings).utf8)
        }
    }

    @Test("timestamps beyond 294247-01-10 are out of range")
    func end() throws {
        let last = try Value.parse("294247-01-10 04:00:54.775806", as: .timestamp)
        #expect(last == .timestamp(.max - 1))
        #expect(throws: ValueError.self) { try Value.parse("294247-01-10 04:00:54.775807", as: .timestamp) }
        #expect(throws: ValueError.self) {
            try TimestampArithmetic.add(Interval(microseconds: 1), to: .max - 1)
        }
    }

    @Test("no interval added to no timestamp traps")
    func extremes() throws {
        var random = SeededRandom("timestamp arithmetic")
        let zone = try Zone(named: "Europe/Berlin")
        let units: [DateTimeUnit] = [.hour, .day, .week, .month, .year, .decade, .century, .millennium]
        for _ in 0..<20_000 {
            let moment = Int64.random(in: -210_866_803_200_000_000...Int64.max, using: &random)
            let interval = Interval(
                months: Int32(truncatingIfNeeded: random.next()) >> Int32.random(in: 0..<32, using: &random),
                days: Int32(truncatingIfNeeded: random.next()) >> Int32.random(in: 0..<32, using: &random),
                microseconds: Int64(bitPattern: random.next()) >> Int64.random(in: 0..<64, using: &random))
            _ = try? TimestampArithmetic.add(interval, to: moment, zone: Bool.random(using: &random) ? zone : nil)
            _ = try? TimestampArithmetic.subtract(interval, from: moment)
            _ = try? interval.multiplied(by: Double(bitPattern: random.next()))
            let unit = units.randomElement(using: &random) ?? .day
            if let start = try? TimestampArithmetic.truncate(moment, to: unit, zone: zone) {
                #expect(start <= moment)
                #expect(try TimestampArithmetic.truncate(start, to: unit, zone: zone) == start)
            }
            _ = try DateField.extract(unit, fromTimestamp: moment)
        }
    }
}

/// One operation of the golden table.
private struct Operation {
    let operands: [String]
    let settings: TextSettings

    private func timestamp(_ index: Int) throws(ValueError) -> Int64 {
        try ValueParser.timestamp(operands[index].utf8.span, settings)
    }
    private func moment() throws(ValueError) -> Int64 {
        try ValueParser.timestamptz(operands[0].utf8.span, settings)
    }
    private func interval(_ index: Int) throws(ValueError) -> Interval {
        try ValueParser.interval(operands[index].utf8.span)
    }
    private func field(_ type: DataType) throws(ValueError) -> DateTimeUnit {
        try DateField.unit(named: operands[1], for: type)
    }
    private func unit(_ type: DataType) throws(ValueError) -> DateTimeUnit {
        try DateField.truncationUnit(named: operands[1], for: type)
    }

    func result(_ operation: String) throws(ValueError) -> Value {
        typealias T = TimestampArithmetic
        let zone = settings.zone
        switch operation {
        case "add": return .timestamp(try T.add(try interval(1), to: try timestamp(0)))
        case "sub": return .timestamp(try T.subtract(try interval(1), from: try timestamp(0)))
        case "add-zoned": return .timestamptz(try T.add(try interval(1), to: try moment(), zone: zone))
        case "diff": return .interval(try T.difference(try timestamp(0), try timestamp(1)))
        case "time-add":
            let time = try ValueParser.time(operands[0].utf8.span, settings)
            return .time(T.add(try interval(1), toTime: time))
        case "trunc": return .timestamp(try T.truncate(try timestamp(0), to: try unit(.timestamp)))
        case "trunc-zoned":
            return .timestamptz(try T.truncate(try moment(), to: try unit(.timestamptz), zone: zone))
        case "trunc-interval": return .interval(try T.truncate(try interval(0), to: try unit(.interval)))
        case "bin": return .timestamp(try T.bin(try timestamp(0), stride: try interval(1), origin: try timestamp(2)))
        case "at-zone": return .timestamptz(try T.timestamptz(try timestamp(0), in: try .operand(operands[1])))
        case "zoned-at-zone": return .timestamp(try T.timestamp(try moment(), in: try .operand(operands[1])))
        case "interval-times", "interval-by":
            let factor = try ValueParser.float8(operands[1].utf8.span)
            let value = try interval(0)
            return .interval(
                operation == "interval-by" ? try value.divided(by: factor) : try value.multiplied(by: factor))
        case "date-of": return .date(try T.date(try moment(), zone: zone))
        case "date-to-zoned":
            let date = try ValueParser.date(operands[0].utf8.span, settings)
            return .timestamptz(try T.timestamp(date: date, zone: zone))
        default: return try extracted(operation).map { .numeric($0) } ?? .null
        }
    }

    private func extracted(_ operation: String) throws(ValueError) -> Numeric? {
        let text = operands[0].utf8.span
        switch operation {
        case "extract-timestamp":
            return try DateField.extract(try field(.timestamp), fromTimestamp: try timestamp(0))
        case "extract-timestamptz":
            return try DateField.extract(try field(.timestamptz), fromTimestamp: try moment(), zone: settings.zone)
        case "extract-date":
            return try DateField.extract(try field(.date), fromDate: try ValueParser.date(text, settings))
        case "extract-time":
            return try DateField.extract(try field(.time), fromTime: try ValueParser.time(text, settings))
        case "extract-timetz":
            return try DateField.extract(try field(.timetz), fromTime: try ValueParser.timetz(text, settings))
        default: return try DateField.extract(try field(.interval), from: try interval(0))
        }
    }
}
