import EskerFormat

/// A type of Arrow's that columns are exported as.
///
/// | Esker | Arrow | why |
/// |---|---|---|
/// | boolean | Bool | |
/// | smallint, integer, bigint | Int 16, 32, 64 | |
/// | real, double precision | FloatingPoint | |
/// | numeric(p,s), p ≤ 38, 0 ≤ s ≤ p | Decimal 128 | |
/// | other numeric | Utf8, PostgreSQL's text | no Arrow type holds any number of digits |
/// | text, varchar, char, json, jsonb | Utf8 | |
/// | bytea | Binary | |
/// | date | Date, days | |
/// | time | Time, µs | |
/// | timestamp | Timestamp, µs, without a zone | |
/// | timestamptz | Timestamp, µs, zone UTC | |
/// | uuid | FixedSizeBinary 16 as the extension type `arrow.uuid` | readers that do not know it see 16 bytes |
/// | interval | Utf8, PostgreSQL's text | polars (2.1) refuses Arrow's interval of months, days and nanoseconds |
/// | time with time zone | Utf8, PostgreSQL's text | Arrow has none |
/// | array | List of the element | |
///
/// What pyarrow 26, polars 2.1 and DuckDB 2.0 load was tried out with each of them.
indirect enum ArrowType: Hashable, Sendable {
    case bool
    case int(bits: Int)
    case float(bits: Int)
    case decimal(precision: Int, scale: Int)
    case utf8
    case binary
    case date
    case time
    case timestamp(isZoned: Bool)
    case uuid
    case list(of: ArrowType)

    init(_ type: DataType) {
        switch type {
        case .bool: self = .bool
        case .int2: self = .int(bits: 16)
        case .int4: self = .int(bits: 32)
        case .int8: self = .int(bits: 64)
        case .float4: self = .float(bits: 32)
        case .float8: self = .float(bits: 64)
        case .numeric(let precision?, let scale) where precision <= 38 && (0...precision).contains(scale):
            self = .decimal(precision: precision, scale: scale)
        case .numeric, .text, .varchar, .char, .json, .jsonb, .timetz, .interval: self = .utf8
        case .bytea: self = .binary
        case .date: self = .date
        case .time: self = .time
        case .timestamp: self = .timestamp(isZoned: false)
        case .timestamptz: self = .timestamp(isZoned: true)
        case .uuid: self = .uuid
        case .array(let element): self = .list(of: ArrowType(element))
        }
    }
}

// Numbers and slots below are those of Arrow's format/Schema.fbs, where they are frozen.
extension ArrowType {
    /// The type's number in the union `Type`, and its table.
    private var unionMember: (number: UInt8, table: FlatTable) {
        let microsecond: Int16 = 2
        switch self {
        case .int(let bits): return (2, FlatTable([.int(Int32(bits)), .byte(1)]))
        case .float(let bits): return (3, FlatTable([.short(bits == 32 ? 1 : 2)]))
        case .binary: return (4, FlatTable([]))
        case .utf8: return (5, FlatTable([]))
        case .bool: return (6, FlatTable([]))
        case .decimal(let precision, let scale):
            return (7, FlatTable([.int(Int32(precision)), .int(Int32(scale)), .int(128)]))
        case .date: return (8, FlatTable([.short(0)]))
        case .time: return (9, FlatTable([.short(microsecond), .int(64)]))
        case .timestamp(let isZoned): return (10, FlatTable([.short(microsecond), isZoned ? .string("UTC") : nil]))
        case .list: return (12, FlatTable([]))
        case .uuid: return (15, FlatTable([.int(16)]))
        }
    }

    /// The table `Field` of a column or of a list's elements.
    ///
    /// - Parameter dictionary: the number of the dictionary that its values stand in, if they do.
    func field(named name: String, isNullable: Bool, dictionary: Int64? = nil) -> FlatTable {
        let (number, table) = unionMember
        var children: [FlatTable] = []
        if case .list(let element) = self { children = [element.field(named: "item", isNullable: true)] }
        var metadata: FlatValue?
        if case .uuid = self {
            metadata = .tables([
                FlatTable([.string("ARROW:extension:name"), .string("arrow.uuid")]),
                FlatTable([.string("ARROW:extension:metadata"), .string("")]),
            ])
        }
        let encoding = dictionary.map { FlatTable([.long($0), .table(ArrowType.int(bits: 32).unionMember.table)]) }
        return FlatTable([
            .string(name), .byte(isNullable ? 1 : 0), .byte(number), .table(table), encoding.map { .table($0) },
            .tables(children), metadata,
        ])
    }
}
