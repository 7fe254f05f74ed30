import EskerFormat
import EskerLog
import EskerQuery

/// A stream at one cut, as the query engine sees it: the columns, then the hidden `_partition`, `_offset`, `_arrived`.
struct StreamTable: TableSource {
    let snapshot: StreamSnapshot

    var name: String { snapshot.record.name }
    var estimatedRows: Int { Int(clamping: snapshot.rowCount) }

    static let hidden = [
        TableColumn(name: "_partition", type: .int4, isNullable: false, isHidden: true),
        TableColumn(name: "_offset", type: .int8, isNullable: false, isHidden: true),
        TableColumn(name: "_arrived", type: .timestamptz, isNullable: false, isHidden: true),
    ]

    var columns: [TableColumn] {
        snapshot.record.schema.columns.map {
            TableColumn(name: $0.name, type: $0.type, isNullable: $0.isNullable)
        } + Self.hidden
    }

    var eventTimeColumn: Int? {
        snapshot.record.eventTimeColumn.flatMap { id in
            snapshot.record.schema.columns.firstIndex { $0.id == id }
        }
    }

    func morsels() throws -> [any Morsel] {
        var morsels: [any Morsel] = []
        for partition in snapshot.partitions.indices {
            for handle in try snapshot.blocks(ofPartition: partition) where handle.rowCount > 0 {
                morsels.append(StreamMorsel(handle: handle, schema: snapshot.record.schema))
            }
        }
        return morsels
    }
}

/// One block of a stream.
struct StreamMorsel: Morsel {
    let handle: StreamSnapshot.BlockHandle
    let schema: Schema

    var rowCount: Int { handle.rowCount }

    func load(columns: [Int]) throws -> [Column] {
        let block = try BlockColumns(handle, schema)
        return try columns.map { index in
            switch index - schema.columns.count {
            case 0: Self.constant(.int4, Int32(handle.partition), rows: rowCount)
            case 1: try offsets(block)
            case 2: try arrivals(block)
            default: try block.column(index)
            }
        }
    }

    private func offsets(_ block: BlockColumns) throws -> Column {
        let offsets = try block.offsets()
        return Self.numbers(.int8, (0..<rowCount).map { offsets[$0] })
    }

    private func arrivals(_ block: BlockColumns) throws -> Column {
        switch try block.arrivals() {
        case .single(let time): Self.constant(.timestamptz, time, rows: rowCount)
        case .listed(let times): Self.numbers(.timestamptz, times)
        }
    }

    private static func constant(_ type: DataType, _ value: some BitwiseCopyable, rows: Int) -> Column {
        let builder = ColumnBuilder(type)
        builder.append(fixed: value)
        return Column(type: type, count: rows, validity: nil, values: .constant(ColumnDictionary(builder.finish())))
    }

    private static func numbers(_ type: DataType, _ values: [Int64]) -> Column {
        Column(type: type, count: values.count, validity: nil, values: .fixed(Buffer(copying: values)))
    }

    // MARK: Statistics

    func statistics(column: Int) -> MorselStatistics? {
        switch column - schema.columns.count {
        case 0: return Self.bounds(.int4, Int32(handle.partition), Int32(handle.partition))
        case 1: return Self.bounds(.int8, handle.baseOffset, handle.baseOffset + handle.offsetSpan - 1, exact: false)
        case 2: return Self.bounds(.timestamptz, handle.minimumArrival, handle.maximumArrival)
        default: break
        }
        let definition = schema.columns[column]
        // A block that cannot be read says so when its rows are asked for.
        guard let block = try? handle.load() else { return nil }
        guard let entry = block.entry(definition.id) else {
            return MorselStatistics(bounds: nil, isExact: false, nullCount: rowCount)
        }
        guard let stored = entry.statistics, entry.type == TypeCode(definition.type) else {
            return MorselStatistics(bounds: nil, isExact: false, nullCount: entry.nullCount)
        }
        // Of a dictionary beside its codes all entries were measured, and no row need name the greatest.
        let isExact = entry.encoding != .dictionary
        return Self.statistics(definition.type, stored, nullCount: entry.nullCount, isExact: isExact)
    }

    private static func bounds<T: BitwiseCopyable>(
        _ type: DataType, _ least: T, _ greatest: T, nullCount: Int = 0, exact: Bool = true
    ) -> MorselStatistics {
        let builder = ColumnBuilder(type)
        builder.append(fixed: least)
        builder.append(fixed: greatest)
        return MorselStatistics(bounds: builder.finish(), isExact: exact, nullCount: nullCount)
    }

    private static func statistics(
        _ type: DataType, _ stored: ColumnStatistics, nullCount: Int, isExact: Bool
    ) -> MorselStatistics? {
        let (least, greatest) = (stored.minimum, stored.maximum)
        switch type {
        case .int2:
            return bounds(
                type, Int16(truncatingIfNeeded: least.integer), Int16(truncatingIfNeeded: greatest.integer),
                nullCount: nullCount, exact: isExact)
        case .int4, .date:
            return bounds(
                type, Int32(truncatingIfNeeded: least.integer), Int32(truncatingIfNeeded: greatest.integer),
                nullCount: nullCount, exact: isExact)
        case .int8, .time, .timestamp, .timestamptz:
            return bounds(type, least.integer, greatest.integer, nullCount: nullCount, exact: isExact)
        case .float4:
            return bounds(type, Float(least.number), Float(greatest.number), nullCount: nullCount, exact: isExact)
        case .float8: return bounds(type, least.number, greatest.number, nullCount: nullCount, exact: isExact)
        case .text, .varchar:
            return texts(type, least.prefix, greatest.prefix, nullCount: nullCount, isExact: isExact)
        default: return MorselStatistics(bounds: nil, isExact: false, nullCount: nullCount)
        }
    }

    /// Bounds of texts of which the first bytes are known. The byte 0xFF occurs in no UTF-8 text, so a prefix with it
    /// behind is above every text that begins with the prefix.
    private static func texts(
        _ type: DataType, _ least: (bytes: [UInt8], isWhole: Bool), _ greatest: (bytes: [UInt8], isWhole: Bool),
        nullCount: Int, isExact: Bool
    ) -> MorselStatistics {
        let builder = ColumnBuilder(type)
        builder.append(least.bytes)
        builder.append(greatest.isWhole ? greatest.bytes : greatest.bytes + [0xFF])
        return MorselStatistics(
            bounds: builder.finish(), isExact: isExact && least.isWhole && greatest.isWhole, nullCount: nullCount)
    }
}
