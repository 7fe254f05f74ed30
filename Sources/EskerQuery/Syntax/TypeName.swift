/// A type as written: `numeric(10,2)`, `pg_catalog.int4[]`, `interval day to second(3)`.
///
/// The grammar has already turned SQL's own spellings into names: `int` is `pg_catalog.int4`, `double precision`
/// is `pg_catalog.float8`, `timestamp with time zone` is `pg_catalog.timestamptz`, `char` is `pg_catalog.bpchar`
/// with modifier 1, `character varying` is `pg_catalog.varchar`.
package struct TypeName: Sendable, Equatable {
    /// One name a part.
    package var names: [String]
    /// `(10, 2)` as expressions. For `interval`: the field mask, then the digits of seconds (``IntervalFields``).
    package var modifiers: [Expression] = []
    /// One entry a pair of brackets: the size as written, or nil for `[]`. Empty for a type that is no array.
    package var arrayBounds: [Int?] = []
    /// `SETOF type`.
    package var isSet = false
    /// Byte offset in the text; -1 when unknown.
    package var location: Int

    /// The last part, which names the type within its schema.
    package var name: String { names.last ?? "" }
    package var isArray: Bool { !arrayBounds.isEmpty }
}

/// The fields an `interval day to second` keeps, from its first type modifier.
///
/// Bit numbers are PostgreSQL's (`datetime.h`), where 0x7FFF means all fields.
package struct IntervalFields: OptionSet, Sendable, Hashable {
    package let rawValue: Int32

    package init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    package static let month = IntervalFields(rawValue: 1 << 1)
    package static let year = IntervalFields(rawValue: 1 << 2)
    package static let day = IntervalFields(rawValue: 1 << 3)
    package static let hour = IntervalFields(rawValue: 1 << 10)
    package static let minute = IntervalFields(rawValue: 1 << 11)
    package static let second = IntervalFields(rawValue: 1 << 12)
    package static let all = IntervalFields(rawValue: 0x7FFF)
}
