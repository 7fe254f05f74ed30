/// What the manifest keeps of a stream.
///
/// | field | form |
/// |---|---|
/// | stream id | UInt32 |
/// | name | text: UInt32 length, UTF-8 |
/// | partitions, version of the partition count | UInt32, UInt32 |
/// | partition key | UInt32 count, column ids |
/// | event-time column | UInt32 id, 0 for arrival time |
/// | next column id | UInt32 |
/// | next sequence when no row is left | Int64 |
/// | options | UInt32 count, pairs of text |
/// | schema versions | UInt32 count; each: UInt32 version, UInt32 column count; each column: UInt32 id, text name, 8 bytes ``TypeCode``, UInt8 nullable |
///
/// Example:
///
/// ```hex
///    0  03 00 00 00                                      stream 3
///    4  05 00 00 00                                      length of the name 5
///    8  73 61 6c 65 73                                   name "sales"
///   13  02 00 00 00 01 00 00 00                          partitions 2, version of the partition count 1
///   21  01 00 00 00                                      columns of the partition key 1
///   25  01 00 00 00                                      column 1
///   29  03 00 00 00                                      event time in column 3
///   33  06 00 00 00                                      next column id 6
///   37  1c 02 00 00 00 00 00 00                          next sequence when no row is left 540
///   45  01 00 00 00                                      options 1
///   49  0b 00 00 00                                      length of the key 11
///   53  72 65 74 61 69 6e 5f 74 69 6d 65                 key "retain_time"
///   64  06 00 00 00                                      length of the value 6
///   68  37 20 64 61 79 73                                value "7 days"
///   74  01 00 00 00                                      schema versions 1
///   78  01 00 00 00 05 00 00 00                          schema version 1, columns 5
///   86  01 00 00 00                                      column 1
///   90  04 00 00 00                                      length of the name 4
///   94  6b 69 6e 64                                      name "kind"
///   98  04 00 00 00 ff ff ff ff                          bigint: code 4, element 0, modifier -1
///  106  00                                               not null
///  107  02 00 00 00                                      column 2
///  111  04 00 00 00                                      length of the name 4
///  115  77 6f 72 64                                      name "word"
///  119  09 00 00 00 14 00 00 00                          character varying(20): code 9, element 0, modifier 20
///  127  01                                               nullable
///  128  03 00 00 00                                      column 3
///  132  03 00 00 00                                      length of the name 3
///  136  64 61 79                                         name "day"
///  139  0c 00 00 00 ff ff ff ff                          date: code 12, element 0, modifier -1
///  147  01                                               nullable
///  148  04 00 00 00                                      column 4
///  152  05 00 00 00                                      length of the name 5
///  156  70 72 69 63 65                                   name "price"
///  161  07 00 00 00 02 00 0a 00                          numeric(10,2): code 7, element 0, modifier 655362
///  169  01                                               nullable
///  170  05 00 00 00                                      column 5
///  174  04 00 00 00                                      length of the name 4
///  178  74 61 67 73                                      name "tags"
///  182  40 00 08 00 ff ff ff ff                          text[]: code 64, element 8, modifier -1
///  190  01                                               nullable
/// ```
public struct StreamRecord: Hashable, Sendable {
    /// Never reused within a store; starts at 1.
    public let id: UInt32
    /// Unique among streams and views.
    public var name: String
    /// Number of partitions.
    public var partitionCount: Int
    package var partitionVersion: UInt32 = 1
    /// Columns whose values decide the partition of a row; empty: round-robin by batch.
    public var partitionKey: [UInt32]
    /// Column of event time; `nil`: arrival time.
    public var eventTimeColumn: UInt32?
    package var nextColumnID: UInt32
    package var sequenceFloor: Int64 = 0
    /// Settings of the stream, as given.
    public var options: [String: String]
    /// All versions of the columns, oldest first: blocks are read through the version they were written under.
    package var schemas: [Schema]

    /// The current columns.
    public var schema: Schema { schemas[schemas.count - 1] }

    package init(
        id: UInt32, name: String, partitionCount: Int, partitionKey: [UInt32], eventTimeColumn: UInt32?,
        options: [String: String], schema: Schema
    ) {
        self.id = id
        self.name = name
        self.partitionCount = partitionCount
        self.partitionKey = partitionKey
        self.eventTimeColumn = eventTimeColumn
        self.options = options
        self.schemas = [schema]
        self.nextColumnID = (schema.columns.map(\.id).max() ?? 0) + 1
    }

    func encode(into output: inout GrowableBuffer) {
        output.append(id)
        output.append(counted: name)
        output.append(UInt32(partitionCount))
        output.append(partitionVersion)
        output.append(UInt32(partitionKey.count))
        for column in partitionKey { output.append(column) }
        output.append(eventTimeColumn ?? 0)
        output.append(nextColumnID)
        output.append(sequenceFloor)
        output.append(UInt32(options.count))
        for (key, value) in options.sorted(by: { $0.key < $1.key }) {
            output.append(counted: key)
            output.append(counted: value)
        }
        output.append(UInt32(schemas.count))
        for schema in schemas { Self.encode(schema, into: &output) }
    }

    static func encode(_ schema: Schema, into output: inout GrowableBuffer) {
        output.append(schema.version)
        output.append(UInt32(schema.columns.count))
        for column in schema.columns {
            let type = TypeCode(column.type)
            output.append(column.id)
            output.append(counted: column.name)
            output.append(type.code)
            output.append(type.element)
            output.append(type.modifier)
            output.append(UInt8(column.isNullable ? 1 : 0))
        }
    }

    init(parsing reader: inout ByteReader) throws(FormatError) {
        id = try reader.read()
        name = try reader.readString()
        partitionCount = Int(try reader.read(UInt32.self))
        partitionVersion = try reader.read()
        partitionKey = []
        for _ in 0..<(try reader.readCount(itemLength: 4)) { partitionKey.append(try reader.read()) }
        let eventTime: UInt32 = try reader.read()
        eventTimeColumn = eventTime == 0 ? nil : eventTime
        nextColumnID = try reader.read()
        sequenceFloor = try reader.read()
        options = [:]
        for _ in 0..<(try reader.readCount(itemLength: 8)) {
            let key = try reader.readString()
            options[key] = try reader.readString()
        }
        schemas = []
        for _ in 0..<(try reader.readCount(itemLength: 8)) { schemas.append(try Self.schema(parsing: &reader)) }
        guard (1...65_536).contains(partitionCount), !schemas.isEmpty else {
            throw FormatError(.malformed, "stream \(name) has \(partitionCount) partitions, \(schemas.count) schemas")
        }
    }

    static func schema(parsing reader: inout ByteReader) throws(FormatError) -> Schema {
        let version: UInt32 = try reader.read()
        var columns: [ColumnDefinition] = []
        for _ in 0..<(try reader.readCount(itemLength: 17)) {
            let id: UInt32 = try reader.read()
            let name = try reader.readString()
            let code: UInt16 = try reader.read()
            let element: UInt16 = try reader.read()
            let type = try TypeCode(code: code, element: element, modifier: try reader.read()).dataType()
            let isNullable = try reader.read(UInt8.self) != 0
            columns.append(ColumnDefinition(id: id, name: name, type: type, isNullable: isNullable))
        }
        guard Set(columns.map(\.id)).count == columns.count, Set(columns.map(\.name)).count == columns.count else {
            throw FormatError(.malformed, "schema version \(version) repeats a column", at: reader.position)
        }
        return Schema(version: version, columns: columns)
    }
}
