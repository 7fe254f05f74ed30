import EskerFormat
import EskerQuery

/// A table in memory whose blocks hold their columns in whatever encodings a test asks for.
struct MemoryTable: TableSource {
    /// How a column of a block is held.
    enum Encoding: CaseIterable {
        case plain
        case dictionary
        /// As ``dictionary``, with an entry that no row names in front.
        case looseDictionary
        /// Where all rows are the same; else plain.
        case constant
    }

    let name: String
    let columns: [TableColumn]
    var eventTimeColumn: Int?
    private let blocks: [MemoryMorsel]

    /// - Parameters:
    ///   - rows: values as text, nil for NULL.
    ///   - blockRows: rows a block.
    ///   - encoding: for a block and column.
    init(
        _ name: String, _ columns: [TableColumn], _ rows: [[String?]], blockRows: Int = 65_536,
        eventTimeColumn: Int? = nil, hasStatistics: Bool = true,
        encoding: (_ block: Int, _ column: Int) -> Encoding = { _, _ in .plain }
    ) throws {
        self.name = name
        self.columns = columns
        self.eventTimeColumn = eventTimeColumn
        blocks = try stride(from: 0, to: rows.count, by: blockRows).enumerated().map { block, start in
            let part = rows[start..<min(rows.count, start + blockRows)]
            let values = try columns.enumerated().map { index, column in
                let plain = try Self.column(part.map { $0[index] }, column.type)
                return Self.encoded(plain, encoding(block, index))
            }
            return MemoryMorsel(columns: values, rowCount: part.count, hasStatistics: hasStatistics)
        }
    }

    /// A table of blocks that are encoded already.
    init(_ name: String, _ columns: [TableColumn], blocks: [MemoryMorsel]) {
        self.name = name
        self.columns = columns
        self.blocks = blocks
    }

    var estimatedRows: Int { blocks.reduce(0) { $0 + $1.rowCount } }

    func morsels() -> [any Morsel] { blocks }

    static func column(_ texts: [String?], _ type: DataType) throws -> Column {
        let builder = ColumnBuilder(.text)
        for text in texts { if let text { builder.append(text) } else { builder.appendNull() } }
        let column = builder.finish()
        guard let cast = try FunctionRegistry.builtin.cast(from: .text, to: type, context: .explicit) else {
            return column.retyped(type)
        }
        return try cast.evaluate([column], column.count, Harness.evaluation).plain
    }

    private static func encoded(_ column: Column, _ encoding: Encoding) -> Column {
        if encoding == .plain || column.count == 0 { return column }
        // Distinct rows by their text, NULLs aside.
        var entries: [UInt32] = []
        var codes = [UInt8](repeating: 0, count: column.count)
        for row in 0..<column.count where column.isValid(row) {
            if let known = entries.firstIndex(where: { same(column, Int($0), row) }) {
                codes[row] = UInt8(known)
            } else {
                if entries.count == 250 { return column }
                codes[row] = UInt8(entries.count)
                entries.append(UInt32(row))
            }
        }
        if entries.isEmpty { return column }
        if encoding == .constant {
            guard entries.count == 1, column.nullCount == 0 else { return column }
            let one = ColumnDictionary(column.gather(entries.span))
            return Column(type: column.type, count: column.count, validity: nil, values: .constant(one))
        }
        if encoding == .looseDictionary {
            entries.insert(entries[entries.count - 1], at: 0)
            for row in codes.indices { codes[row] += 1 }
        }
        let gathered = column.gather(entries.span)
        let values = Column(type: column.type, count: gathered.count, validity: nil, values: gathered.values)
        return Column(
            type: column.type, count: column.count, validity: column.validity,
            values: .dictionary(codes: Buffer(copying: codes), codeWidth: 1, values: ColumnDictionary(values)))
    }

    private static func same(_ column: Column, _ first: Int, _ second: Int) -> Bool {
        Harness.text(column.slice(first..<(first + 1))) == Harness.text(column.slice(second..<(second + 1)))
    }
}

struct MemoryMorsel: Morsel {
    let columns: [Column]
    let rowCount: Int
    let hasStatistics: Bool

    /// Bounds of integers and text, as far as a test needs them.
    func statistics(column: Int) -> MorselStatistics? {
        guard hasStatistics else { return nil }
        let values = columns[column]
        let rows = (0..<values.count).filter { values.isValid($0) }
        var bounds: Column?
        switch values.type {
        case .int4: bounds = Self.bounds(values, rows) { values.value(at: $0, as: Int32.self) }
        case .int8, .timestamptz, .timestamp:
            bounds = Self.bounds(values, rows) { values.value(at: $0, as: Int64.self) }
        case .text: bounds = Self.bounds(values, rows) { Array(Harness.text(values.slice($0..<($0 + 1)))[0]!.utf8) }
        default: break
        }
        return MorselStatistics(bounds: bounds, isExact: true, nullCount: values.nullCount)
    }

    private static func bounds<Key>(_ column: Column, _ rows: [Int], _ key: (Int) -> Key) -> Column? {
        func less(_ first: Int, _ second: Int) -> Bool {
            let (first, second) = (key(first), key(second))
            if let first = first as? Int32, let second = second as? Int32 { return first < second }
            if let first = first as? Int64, let second = second as? Int64 { return first < second }
            guard let first = first as? [UInt8], let second = second as? [UInt8] else { fatalError() }
            return first.lexicographicallyPrecedes(second)
        }
        guard let least = rows.min(by: less), let greatest = rows.max(by: less) else { return nil }
        let ends = [UInt32(least), UInt32(greatest)]
        let column = column.gather(ends.span).plain
        return Column(type: column.type, count: 2, validity: nil, values: column.values)
    }

    func load(columns wanted: [Int]) -> [Column] { wanted.map { columns[$0] } }
}
