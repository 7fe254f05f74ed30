/// What names mean to a statement: the tables and views that exist at the cut it runs at.
///
/// The store implements it over its manifest and journal; tests implement it over tables in memory.
package protocol Catalog: Sendable {
    /// Schemas that an unqualified name is looked up in, first match wins.
    var searchPath: [String] { get }

    /// The relation of that name, or nil when there is none. A nil schema means: along ``searchPath``.
    func relation(schema: String?, name: String) throws -> CatalogRelation?
}

/// A thing that can stand in FROM.
package enum CatalogRelation: Sendable {
    case table(any TableSource)
    case view(ViewDefinition)
}

/// A stored SELECT with a name, and the window that bounds it when it has one.
package struct ViewDefinition: Sendable {
    package var schema: String
    package var name: String
    /// The text of the SELECT, as it stood in CREATE VIEW.
    package var query: String
    /// Names of the result columns, as they were when the view was made; a later column of the table does not show.
    package var columns: [String]
    /// Rows that are in.
    package var window: TimeWindow?

    package init(
        schema: String = "public", name: String, query: String, columns: [String], window: TimeWindow? = nil
    ) {
        self.schema = schema
        self.name = name
        self.query = query
        self.columns = columns
        self.window = window
    }
}

/// A window over time, applied when a row is read: a row is in while its time > now − length.
package struct TimeWindow: Sendable, Equatable {
    package enum Time: Sendable, Equatable {
        /// The table's event-time column; arrival time when it has none.
        case event
        /// `_arrived`.
        case arrival
    }
    package var time: Time
    /// Microseconds.
    package var length: Int64

    package init(time: Time, length: Int64) {
        self.time = time
        self.length = length
    }
}
