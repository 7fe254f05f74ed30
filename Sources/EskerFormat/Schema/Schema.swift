/// One column of a stream.
public struct ColumnDefinition: Hashable, Sendable {
    /// Stable for the life of the stream and never reused, so that columns can be added, dropped, renamed and widened
    /// while old blocks keep the id they were written with. Ids from ``SystemColumn/firstID`` up are the store's own.
    public let id: UInt32
    /// The name; unique in its schema.
    public let name: String
    /// The type.
    public let type: DataType
    /// Whether a row may have no value here.
    public let isNullable: Bool

    /// Describes a column.
    public init(id: UInt32, name: String, type: DataType, isNullable: Bool = true) {
        self.id = id
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}

/// The columns of a stream, in order, at one version.
public struct Schema: Hashable, Sendable {
    /// Grows by one with every change of the columns; blocks name the version they were written under.
    public let version: UInt32
    /// The columns, in the order that `SELECT *` shows.
    public let columns: [ColumnDefinition]

    /// Makes a schema. Traps on repeated ids or names: user input is checked before.
    public init(version: UInt32 = 1, columns: [ColumnDefinition]) {
        precondition(Set(columns.map(\.id)).count == columns.count, "repeated column id")
        precondition(Set(columns.map(\.name)).count == columns.count, "repeated column name")
        self.version = version
        self.columns = columns
    }

    /// The place of the column with that name. O(columns).
    public func index(of name: String) -> Int? { columns.firstIndex { $0.name == name } }
}

/// Columns that the store keeps beside the user's; their ids are frozen.
package enum SystemColumn {
    /// The lowest id of a system column.
    package static let firstID: UInt32 = 0xFFFF_FF00
    /// Distance of the row's sequence from the block's first sequence (Int8 values): present when not 0, 1, 2 ….
    package static let sequence: UInt32 = 0xFFFF_FF01
    /// Distance of the row's arrival time from the block's arrival time, µs: present when not 0 for all rows.
    package static let arrival: UInt32 = 0xFFFF_FF02
    /// Distance of the row's offset from the block's base offset: present when not 0, 1, 2 ….
    package static let offset: UInt32 = 0xFFFF_FF03
}
