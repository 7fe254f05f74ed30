import EskerFormat
import EskerQuery
import Testing

@Suite("Comparisons against a model")
struct SelectionTests {
    /// A small generator with a printed seed (SplitMix64, public domain by S. Vigna).
    struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }
    }

    private func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// NaN is the greatest and equals itself.
    private func order(_ a: Double, _ b: Double) -> Int {
        if a.isNaN || b.isNaN { return a.isNaN ? (b.isNaN ? 0 : 1) : -1 }
        return a < b ? -1 : a > b ? 1 : 0
    }

    private func doubles(_ values: [Double], validity: Bitmap?) -> Column {
        Column(type: .float8, count: values.count, validity: validity, values: .fixed(Buffer(copying: values)))
    }

    @Test("selections and bitmaps agree with a row-by-row model", arguments: [0, 1, 7, 64, 65, 1_023, 1_025, 2_100])
    func againstModel(_ count: Int) throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = Seeded(state: seed)
        let pool: [Double] = [.nan, -.infinity, .infinity, 0, -0.0, 1.5, -1.5, 2]
        let values = (0..<count).map { _ in pool.randomElement(using: &random)! }
        let valid = (0..<count).map { _ in Int.random(in: 0..<5, using: &random) != 0 }
        let column = doubles(values, validity: Bitmap(count: count) { valid[$0] })
        let others = (0..<count).map { _ in pool.randomElement(using: &random)! }
        let some = (0..<UInt32(count)).filter { _ in Bool.random(using: &random) }
        let chosen = Set(some)
        for comparison in ComparisonOperator.allCases {
            let function = try FunctionRegistry.builtin.resolveOperator(
                name: comparison.rawValue, left: .float8, right: .float8)
            for bound in pool {
                let single = doubles([bound], validity: nil)
                let expected = (0..<UInt32(count)).filter {
                    valid[Int($0)] && holds(comparison, order(values[Int($0)], bound))
                }
                let note = Comment("seed \(seed), \(comparison.rawValue) \(bound), \(count) rows")
                #expect(comparison.select(column, single) == expected, note)
                let among = expected.filter { chosen.contains($0) }
                #expect(comparison.select(column, single, within: some) == among, note)
                guard count > 0 else { continue }
                let constant = Column(
                    type: .float8, count: count, validity: nil, values: .constant(ColumnDictionary(single)))
                let right = try function.evaluate([column, constant], count, VectorCallTests.context)
                #expect((0..<UInt32(count)).filter { right.isTrue($0) } == expected, note)
                let left = try function.evaluate([constant, column], count, VectorCallTests.context)
                let swapped = (0..<UInt32(count)).filter {
                    valid[Int($0)] && holds(comparison, order(bound, values[Int($0)]))
                }
                #expect((0..<UInt32(count)).filter { left.isTrue($0) } == swapped, note)
            }
            let pairs = try function.evaluate(
                [column, doubles(others, validity: nil)], count, VectorCallTests.context)
            let expected = (0..<UInt32(count)).filter {
                valid[Int($0)] && holds(comparison, order(values[Int($0)], others[Int($0)]))
            }
            #expect((0..<UInt32(count)).filter { pairs.isTrue($0) } == expected, "seed \(seed)")
        }
    }

    @Test("a null constant selects nothing, a dictionary column is left to the general way")
    func edges() {
        let column = doubles([1, 2], validity: nil)
        #expect(ComparisonOperator.less.select(column, Column.empty(.float8, rows: 1)) == [])
        let coded = Column(
            type: .float8, count: 2, validity: nil,
            values: .dictionary(codes: Buffer(copying: [UInt8(0), 1]), codeWidth: 1, values: ColumnDictionary(column)))
        #expect(ComparisonOperator.less.select(coded, column) == nil)
    }

    @Test("LIKE agrees with a recursive model on short alphabets")
    func like() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = Seeded(state: seed)
        let function = try FunctionRegistry.builtin.resolveOperator(name: "~~", left: .text, right: .text)
        for _ in 0..<400 {
            let texts = (0..<40).map { _ in
                String((0..<Int.random(in: 0...9, using: &random)).map { _ in "abé".randomElement(using: &random)! })
            }
            let length = Int.random(in: 0...6, using: &random)
            let pattern = String((0..<length).map { _ in "abé%%_".randomElement(using: &random)! })
            let builder = ColumnBuilder(.text)
            for text in texts { builder.append(text) }
            let patterns = ColumnBuilder(.text)
            patterns.append(pattern)
            let constant = Column(
                type: .text, count: 40, validity: nil, values: .constant(ColumnDictionary(patterns.finish())))
            let result = try function.evaluate([builder.finish(), constant], 40, VectorCallTests.context)
            for row in 0..<40 {
                let expected = matches(Array(texts[row])[...], Array(pattern)[...])
                #expect(result.isTrue(UInt32(row)) == expected, "seed \(seed): '\(texts[row])' LIKE '\(pattern)'")
            }
        }
    }

    private func matches(_ text: ArraySlice<Character>, _ pattern: ArraySlice<Character>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == "%" {
            return (0...text.count).contains { matches(text.dropFirst($0), pattern.dropFirst()) }
        }
        guard let character = text.first, first == "_" || first == character else { return false }
        return matches(text.dropFirst(), pattern.dropFirst())
    }

    @Test("substrings are found in rows of any length, never across rows")
    func contains() throws {
        let seed = UInt64.random(in: .min ... .max)
        var random = Seeded(state: seed)
        let function = try FunctionRegistry.builtin.resolveOperator(name: "~~", left: .text, right: .text)
        let place = try FunctionRegistry.builtin.resolve(name: "strpos", argumentTypes: [.text, .text])
        for round in 0..<1_500 {
            let count = Int.random(in: 1...30, using: &random)
            let texts = (0..<count).map { _ in
                (0..<Int.random(in: 0...(round % 3 == 0 ? 70 : 9), using: &random)).map { _ in
                    UInt8.random(in: 0x61...0x62, using: &random)
                }
            }
            let length = Int.random(in: 1...6, using: &random)
            let needle = (0..<length).map { _ in UInt8.random(in: 0x61...0x62, using: &random) }
            let builder = ColumnBuilder(.text)
            for text in texts { builder.append(text) }
            let column = builder.finish()
            func constant(_ bytes: [UInt8]) -> Column {
                let builder = ColumnBuilder(.text)
                builder.append(bytes)
                return Column(
                    type: .text, count: count, validity: nil, values: .constant(ColumnDictionary(builder.finish())))
            }
            let found = try function.evaluate(
                [column, constant([0x25] + needle + [0x25])], count, VectorCallTests.context)
            let places = try place.evaluate([column, constant(needle)], count, VectorCallTests.context)
            for row in 0..<count {
                let starts = 0..<max(0, texts[row].count - length + 1)
                let first = starts.first { Array(texts[row][$0..<($0 + length)]) == needle }
                #expect(found.isTrue(UInt32(row)) == (first != nil), "seed \(seed)")
                #expect(places.value(at: row, as: Int32.self) == Int32(first.map { $0 + 1 } ?? 0), "seed \(seed)")
            }
        }
    }
}

extension Column {
    /// Whether a boolean row is true, not false or without a value.
    fileprivate func isTrue(_ row: UInt32) -> Bool { isValid(Int(row)) && bool(at: Int(row)) }
}
