import Esker
import EskerFormat
import EskerQuery

/// A condition of `--where`, carried out by the query engine on one stretch of replayed rows after another.
///
/// It may name the stream's columns and `_partition`, `_offset` and `_arrived`.
struct RowCondition {
    private let text: String
    private let stream: String
    /// What stands before the condition in the query that it is carried out by.
    private let beginning: String
    private let engine = QueryEngine(threads: 1)

    /// Checks that the text is one condition.
    ///
    /// - Throws: ``Failure`` with a caret under the place.
    init(_ text: String, stream: String) throws {
        do { _ = try parseExpression(text) } catch { throw Failure(error, in: text) }
        self.stream = stream
        let name =
            "\"" + stream.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
        self.text = text
        beginning = "SELECT _partition, _offset, _arrived, * FROM \(name) WHERE ("
    }

    /// The rows for which the condition is true, in order.
    func filter(_ rows: PlacedRows) async throws -> PlacedRows {
        let sql = beginning + text + "\n)"
        let context = QueryContext(EvaluationContext(now: SystemTime.microseconds(), timeZone: .utc))
        let catalog = OneTable(table: PlacedRowsTable(name: stream, rows: rows))
        let result: ResultStream
        do {
            let statement = try parse(sql)[0]
            guard case .select(let plan) = try Binder(catalog: catalog, context: context).bind(statement, in: sql)
            else {
                throw Failure("esker: --where is no condition")
            }
            result = engine.execute(plan, context: context)
        } catch let error as QueryError {
            var placed = error.located(in: sql)
            placed.position = placed.position.map { $0 - beginning.unicodeScalars.count }
            throw Failure(placed, in: text)
        }
        var batches: [Batch] = []
        while let batch = try await result.nextBatch() { batches.append(batch) }
        return PlacedRows(schema: rows.schema, kept: batches)
    }
}

/// Rows with their places: the columns of a stream behind `_partition`, `_offset` and `_arrived`.
struct PlacedRows: Sendable {
    /// The stream's own columns.
    let schema: Schema
    /// `_partition`, `_offset`, `_arrived`, then those of the schema.
    let columns: [Column]
    let count: Int

    static let places = [
        TableColumn(name: "_partition", type: .int4, isNullable: false, isHidden: true),
        TableColumn(name: "_offset", type: .int8, isNullable: false, isHidden: true),
        TableColumn(name: "_arrived", type: .timestamptz, isNullable: false, isHidden: true),
    ]

    init(_ rows: ReplayedRows) {
        let range = 0..<rows.batch.count
        let partition = ColumnBuilder(.int4, capacity: range.count)
        let offset = ColumnBuilder(.int8, capacity: range.count)
        let arrived = ColumnBuilder(.timestamptz, capacity: range.count)
        for row in range {
            partition.append(fixed: Int32(rows.partition))
            offset.append(fixed: rows.offsets[row])
            arrived.append(fixed: rows.arrivals[row])
        }
        schema = rows.batch.schema
        columns = [partition.finish(), offset.finish(), arrived.finish()] + rows.batch.columns
        count = range.count
    }

    fileprivate init(schema: Schema, kept batches: [Batch]) {
        self.schema = schema
        count = batches.reduce(0) { $0 + $1.count }
        if let first = batches.first {
            columns = Batch.concatenate(batches, schema: first.schema).columns
        } else {
            columns = (Self.places.map(\.type) + schema.columns.map(\.type)).map { Column.empty($0, rows: 0) }
        }
    }

    private init(_ other: PlacedRows, _ range: Range<Int>) {
        schema = other.schema
        columns = other.columns.map { $0.slice(range) }
        count = range.count
    }

    /// A part of the rows.
    func slice(_ range: Range<Int>) -> PlacedRows { PlacedRows(self, range) }
}

/// Replayed rows as a table of the query engine.
private struct PlacedRowsTable: TableSource, Morsel {
    let name: String
    let rows: PlacedRows

    var columns: [TableColumn] {
        rows.schema.columns.map { TableColumn(name: $0.name, type: $0.type, isNullable: $0.isNullable) }
            + PlacedRows.places
    }

    var estimatedRows: Int { rows.count }
    var rowCount: Int { rows.count }

    func morsels() -> [any Morsel] { rows.count == 0 ? [] : [self] }
    func statistics(column: Int) -> MorselStatistics? { nil }

    func load(columns wanted: [Int]) -> [Column] {
        let own = rows.schema.columns.count
        return wanted.map { rows.columns[$0 < own ? $0 + PlacedRows.places.count : $0 - own] }
    }
}

/// A catalog of one table.
private struct OneTable: Catalog {
    let table: PlacedRowsTable
    var searchPath: [String] { ["public"] }

    func relation(schema: String?, name: String) -> CatalogRelation? {
        name == table.name && (schema ?? "public") == "public" ? .table(table) : nil
    }
}
