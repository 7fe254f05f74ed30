import EskerFormat
import EskerLog

/// Reads a block's columns as a stream has them now: columns added later read as missing.
struct BlockColumns {
    let block: Block
    let handle: StreamSnapshot.BlockHandle
    let schema: Schema

    init(_ handle: StreamSnapshot.BlockHandle, _ schema: Schema) throws(StoreError) {
        self.handle = handle
        self.schema = schema
        block = try handle.load()
    }

    var rowCount: Int { block.header.rowCount }

    /// The values of the schema's column at a place.
    func column(_ index: Int) throws(StoreError) -> Column {
        let definition = schema.columns[index]
        do throws(FormatError) {
            let column = try block.column(definition.id) ?? Column.empty(definition.type, rows: rowCount)
            guard column.type.layout == definition.type.layout else {
                throw FormatError(.malformed, "column \(definition.name) is \(column.type.name) in this block")
            }
            return column.type == definition.type ? column : column.retyped(definition.type)
        } catch { throw handle.error(error) }
    }

    /// All columns.
    func batch() throws(StoreError) -> Batch {
        var columns: [Column] = []
        for index in schema.columns.indices { columns.append(try column(index)) }
        return Batch(schema: schema, columns: columns, count: rowCount)
    }

    /// The offset of each row.
    func offsets() throws(StoreError) -> ReplayedRows.OffsetRun {
        do throws(FormatError) {
            return try block.offsets().map { .listed($0) } ?? .dense(first: block.header.baseOffset)
        } catch { throw handle.error(error) }
    }

    /// The arrival time of each row.
    func arrivals() throws(StoreError) -> ReplayedRows.ArrivalRun {
        do throws(FormatError) {
            return try block.arrivals().map { .listed($0) } ?? .single(block.header.arrival)
        } catch { throw handle.error(error) }
    }
}
