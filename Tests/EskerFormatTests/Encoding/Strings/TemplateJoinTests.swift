import EskerFormat
import Testing

@Suite("Joining templates")
struct TemplateJoinTests {
    /// A source of some kind, and what it stands for.
    private func source(_ count: Int, using generator: inout SplitMix64) throws -> (StringTemplate.Source, [[UInt8]]) {
        let longest = [0, 1, 5, 20, 33, 70, 500].randomElement(using: &generator)!
        func value() -> [UInt8] {
            StringModels.random(Int.random(in: 0...longest, using: &generator), using: &generator)
        }
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            let constant = value()
            return (.constant(constant), [[UInt8]](repeating: constant, count: count))
        case 1:
            let values = (0..<count).map { _ in value() }
            return (.strings(StringModels.shifted(ByteStrings(values))), values)
        case 2:
            let digits = Int.random(in: 1...19, using: &generator)
            let isSigned = Bool.random(using: &generator)
            let bits = UInt64.random(in: 0...63, using: &generator)
            let numbers = (0..<count).map { _ in UInt64.random(in: 0...UInt64.max, using: &generator) >> bits }
            let texts = numbers.map { number -> String in
                let isNegative = isSigned && number >> 63 == 1
                return (isNegative ? "-" : "") + StringModels.padded64(isNegative ? 0 &- number : number, digits)
            }
            let form = try DecimalText(minimumDigits: digits, isSigned: isSigned)
            return (.decimals(values: Buffer(copying: numbers), form: form), texts.map(StringModels.bytes))
        default:
            let dictionary = (0..<[1, 3, 40, 256].randomElement(using: &generator)!).map { _ in value() }
            let codes = (0..<count).map { _ in Int.random(in: 0..<dictionary.count, using: &generator) }
            let width = [1, 2, 4].randomElement(using: &generator)!
            let buffer =
                width == 1
                ? Buffer(copying: codes.map { UInt8($0) })
                : width == 2 ? Buffer(copying: codes.map { UInt16($0) }) : Buffer(copying: codes.map { UInt32($0) })
            return (
                .dictionary(codes: buffer, codeWidth: width, values: StringModels.shifted(ByteStrings(dictionary))),
                codes.map { dictionary[$0] }
            )
        }
    }

    @Test("parts from any sources, with exceptions, give the strings that they say")
    func joins() throws {
        var generator = StringModels.generator()
        for round in 0..<300 {
            let count = [0, 1, 5, 127, 128, 129, 700].randomElement(using: &generator)!
            let parts = Int.random(in: 1...6, using: &generator)
            let literals = (0...parts).map { index in
                let most = [3, 40].randomElement(using: &generator)!
                let least = index == 0 || index == parts ? 0 : 1
                return StringModels.random(Int.random(in: least...most, using: &generator), using: &generator)
            }
            let sources = try (0..<parts).map { _ in try source(count, using: &generator) }
            var expected = (0..<count).map { row in
                (0..<parts).reduce(literals[0]) { $0 + sources[$1].1[row] + literals[$1 + 1] }
            }
            var rows: [UInt32] = []
            var strings: [[UInt8]] = []
            for row in 0..<count where Int.random(in: 0..<50, using: &generator) == 0 {
                rows.append(UInt32(row))
                strings.append(StringModels.random(Int.random(in: 0...80, using: &generator), using: &generator))
                expected[row] = strings[strings.count - 1]
            }
            let exceptions = try StringTemplate.Exceptions(rows: rows, strings: ByteStrings(strings), of: count)
            let template = StringTemplate(literals: literals)
            let limit = expected.reduce(0) { $0 + $1.count }
            let joined = try template.join(
                sources.map(\.0), count: count, exceptions: exceptions, byteLimit: limit)
            #expect(StringModels.arrays(joined) == expected, "round \(round)")
            let low = Int.random(in: 0...count, using: &generator)
            let high = Int.random(in: low...count, using: &generator)
            let some = try template.join(
                sources.map(\.0), count: count, rows: low..<high, exceptions: exceptions, byteLimit: limit)
            #expect(StringModels.arrays(some) == Array(expected[low..<high]), "round \(round) rows \(low)..<\(high)")
            if limit > 0 {
                #expect(throws: FormatError.self) {
                    _ = try template.join(
                        sources.map(\.0), count: count, exceptions: exceptions, byteLimit: limit - 1)
                }
            }
        }
    }

    @Test("sources that are too short, misaligned or name no string are refused")
    func refusesSources() throws {
        let template = StringTemplate(literals: [[1], [2]])
        let form = try DecimalText(minimumDigits: 1, isSigned: false)
        let two = StringModels.strings(["a", "b"])
        let numbers = Buffer(copying: [UInt64](repeating: 1, count: 4))
        let bad: [StringTemplate.Source] = [
            .strings(two), .decimals(values: numbers.slice(0..<16), form: form),
            .decimals(values: numbers.slice(4..<32), form: form),
            .dictionary(codes: Buffer(copying: [0, 1, 2] as [UInt8]), codeWidth: 1, values: two),
            .dictionary(codes: Buffer(copying: [0, 1, 65535] as [UInt16]), codeWidth: 2, values: two),
            .dictionary(codes: Buffer(copying: [0, 1, UInt32.max] as [UInt32]), codeWidth: 4, values: two),
            .dictionary(codes: Buffer(copying: [0, 1, 1] as [UInt32]), codeWidth: 3, values: two),
            .dictionary(codes: Buffer(copying: [0, 1] as [UInt8]), codeWidth: 1, values: two),
            .dictionary(codes: Buffer(copying: [0, 0, 0] as [UInt8]), codeWidth: 1, values: ByteStrings([])),
        ]
        for source in bad {
            #expect(throws: FormatError.self) { _ = try template.join([source], count: 3, byteLimit: 1000) }
        }
        #expect(throws: FormatError.self) { _ = try template.join([], count: 3, byteLimit: 1000) }
        _ = try template.join([.strings(two)], count: 2, byteLimit: 1000)
    }

    @Test("exceptions out of order are refused")
    func refusesExceptions() {
        let two = StringModels.strings(["a", "b"])
        for rows: [UInt32] in [[0], [1, 1], [2, 1], [1, 9], [0, 1, 2]] {
            #expect(throws: FormatError.self) { _ = try StringTemplate.Exceptions(rows: rows, strings: two, of: 9) }
        }
    }
}
