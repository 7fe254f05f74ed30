import EskerFormat

/// Makes batches whose columns have the shapes that encodings look for, and shapes that defeat them.
struct ColumnGenerator {
    enum Kind: CaseIterable {
        case constant, sortedTimes, wildTimes, extremes, smallNumbers, runs, decimals, oddFloats, floats, nullable,
            allNull
        case bools, skewedText, randomText, longText, emptyText, hexadecimal, digits, template, dates, uuids, shorts
    }

    let kinds: [Kind]

    init(_ kinds: [Kind]) { self.kinds = kinds }

    static func random(using random: inout SeededRandom) -> ColumnGenerator {
        let count = Int.random(in: 1...6, using: &random)
        return ColumnGenerator((0..<count).map { _ in Kind.allCases.randomElement(using: &random)! })
    }

    func batch(rows: Int, using random: inout SeededRandom) -> Batch {
        let columns = kinds.enumerated().map { index, kind in
            ColumnDefinition(id: UInt32(index + 1), name: "\(kind) \(index)", type: Self.type(kind))
        }
        let builder = BatchBuilder(Schema(columns: columns), capacity: rows)
        for (index, kind) in kinds.enumerated() { Self.fill(builder.columns[index], kind, rows, &random) }
        return builder.finish()
    }

    private static func type(_ kind: Kind) -> DataType {
        switch kind {
        case .constant, .wildTimes, .extremes, .runs, .allNull: .int8
        case .sortedTimes: .timestamptz
        case .smallNumbers, .nullable: .int4
        case .decimals, .oddFloats: .float8
        case .floats: .float4
        case .bools: .bool
        case .skewedText, .randomText, .emptyText, .hexadecimal, .digits, .template: .text
        case .longText: .bytea
        case .dates: .date
        case .uuids: .uuid
        case .shorts: .int2
        }
    }

    private static func fill(_ column: ColumnBuilder, _ kind: Kind, _ rows: Int, _ random: inout SeededRandom) {
        var clock: Int64 = 1_767_225_600_000_000
        var run: Int64 = 0
        for row in 0..<rows {
            switch kind {
            case .constant: column.append(fixed: Int64(7))
            case .sortedTimes:
                clock += Int64.random(in: 0...40_000, using: &random)
                let late = Int.random(in: 0..<100, using: &random) == 0
                column.append(fixed: late ? clock - Int64.random(in: 0...5_000_000, using: &random) : clock)
            case .wildTimes: column.append(fixed: Int64.random(in: .min ... .max, using: &random))
            case .extremes: column.append(fixed: row % 2 == 0 ? Int64.min : .max)
            case .smallNumbers: column.append(fixed: Int32.random(in: -3...12, using: &random))
            case .runs:
                if Int.random(in: 0..<40, using: &random) == 0 { run = Int64.random(in: 0...1000, using: &random) }
                column.append(fixed: run)
            case .decimals: column.append(fixed: Double(Int.random(in: 0...99_999, using: &random)) / 100)
            case .oddFloats: column.append(fixed: oddFloat(&random))
            case .floats: column.append(fixed: Float(oddFloat(&random)))
            case .nullable:
                if Bool.random(using: &random) { column.appendNull() } else { column.append(fixed: Int32(row)) }
            case .allNull: column.appendNull()
            case .bools: column.append(bool: Int.random(in: 0..<9, using: &random) == 0)
            case .dates: column.append(fixed: Int32(20_000 + row / 50))
            case .shorts: column.append(fixed: Int16.random(in: .min ... .max, using: &random))
            case .uuids:
                column.append(fixed: SIMD2(UInt64.random(in: 0 ... .max, using: &random), UInt64(row)))
            default: column.append(text(kind, row, &random))
            }
        }
    }

    private static func oddFloat(_ random: inout SeededRandom) -> Double {
        let odd: [Double] = [
            .nan, -0.0, 0, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1e300,
            Double(bitPattern: 0x7FF8_0000_DEAD_BEEF),
        ]
        return Int.random(in: 0..<3, using: &random) == 0
            ? odd.randomElement(using: &random)! : Double.random(in: -1...1, using: &random)
    }

    private static func text(_ kind: Kind, _ row: Int, _ random: inout SeededRandom) -> [UInt8] {
        switch kind {
        case .skewedText:
            let number = Int(pow2(Int.random(in: 0...9, using: &random))) + Int.random(in: 0..<3, using: &random)
            return Array("name \(number)".utf8)
        case .emptyText: return Int.random(in: 0..<4, using: &random) == 0 ? [0] : []
        case .hexadecimal:
            let number = UInt64.random(in: 1 << 60 ... .max, using: &random)
            return Array(String(number, radix: 16).utf8)
        case .digits: return Array(String(Int.random(in: 0...1_000_000, using: &random)).utf8)
        case .template:
            if Int.random(in: 0..<200, using: &random) == 0 { return Array("odd one out \(row)".utf8) }
            let page = ["a", "b/c", "d-e"].randomElement(using: &random)!
            return Array(
                "https://host.example/\(page)/p\(row % 300)?ref=\(Int.random(in: 1...99_999, using: &random))".utf8)
        case .longText:
            let length = row == 3 ? 1 << 20 : Int.random(in: 0...30, using: &random)
            return (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ row) }
        default:
            return (0..<Int.random(in: 0...24, using: &random)).map { _ in UInt8.random(in: 0...127, using: &random) }
        }
    }

    private static func pow2(_ exponent: Int) -> UInt64 { 1 << UInt64(exponent) }

    /// A product, its category (one for each product) and its price (one of three for each product).
    static func correlated(rows: Int, using random: inout SeededRandom) -> Batch {
        let schema = Schema(columns: [
            ColumnDefinition(id: 1, name: "product", type: .text),
            ColumnDefinition(id: 2, name: "category", type: .text),
            ColumnDefinition(id: 3, name: "price", type: .int4),
        ])
        let builder = BatchBuilder(schema, capacity: rows)
        for _ in 0..<rows {
            let product = Int.random(in: 0..<300, using: &random)
            builder.columns[0].append(Array("product \(product)".utf8))
            builder.columns[1].append(Array("category \(product * 31 % 97)".utf8))
            builder.columns[2].append(fixed: Int32(product * 977 % 100_000 + Int.random(in: 0..<3, using: &random)))
        }
        return builder.finish()
    }
}
