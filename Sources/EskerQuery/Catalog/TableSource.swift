package import EskerFormat

/// One column of a table, as statements see it.
package struct TableColumn: Sendable, Equatable {
    package var name: String
    package var type: DataType
    package var isNullable: Bool
    /// Not part of `*` and of INSERT without a column list: `_partition`, `_offset`, `_arrived`.
    package var isHidden: Bool

    package init(name: String, type: DataType, isNullable: Bool = true, isHidden: Bool = false) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
        self.isHidden = isHidden
    }
}

/// A table at one cut: what it says does not change while the object lives.
package protocol TableSource: Sendable {
    var name: String { get }
    var columns: [TableColumn] { get }
    /// The place of the event-time column in ``columns``; nil when rows have only their arrival time.
    var eventTimeColumn: Int? { get }
    /// A guess for the planner; need not be exact.
    var estimatedRows: Int { get }

    /// The table's blocks, in offset order within each partition. Cheap: reads no rows.
    func morsels() throws -> [any Morsel]
}

extension TableSource {
    package var eventTimeColumn: Int? { nil }
}

/// A block of rows, the unit of skipping and of parallel work: at most 65,536 rows.
///
/// Called from several threads at once, each morsel by one thread at a time.
package protocol Morsel: Sendable {
    /// Rows a scan sees, deleted and expired ones left out.
    var rowCount: Int { get }

    /// What is known of a column without reading it; nil when nothing is.
    func statistics(column: Int) -> MorselStatistics?

    /// Decodes some columns, in the order asked for, each of ``rowCount`` rows. May be called several times for one
    /// morsel: a scan first loads what its filter needs and then, if rows are left, the rest.
    func load(columns: [Int]) throws -> [Column]
}

/// Bounds of the values in one column of one block.
package struct MorselStatistics: Sendable {
    /// Two rows without nulls, of the column's type: a lower and an upper bound of all values that are not null, in
    /// SQL's order (NaN is above every number). nil when unknown or when every row is null.
    package var bounds: Column?
    /// Whether both bounds occur among the values, so that `min` and `max` may be answered from them.
    package var isExact: Bool
    /// Rows without a value; nil when unknown.
    package var nullCount: Int?

    package init(bounds: Column?, isExact: Bool, nullCount: Int?) {
        if let bounds { precondition(bounds.count == 2 && bounds.nullCount == 0, "bounds are two values") }
        self.bounds = bounds
        self.isExact = isExact
        self.nullCount = nullCount
    }
}
