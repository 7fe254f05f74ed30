import EskerFormat

/// Finds what a block's columns are called: blocks carry ids only.
struct ColumnNames: Sendable {
    private var schemas: [UInt32: [UInt32: Schema]] = [:]
    private var streams: [UInt32: String] = [:]

    /// Takes the names of all streams of a manifest.
    init(_ manifest: Manifest? = nil) {
        for stream in manifest?.streams ?? [] {
            streams[stream.id] = stream.name
            for schema in stream.schemas { add(schema, stream: stream.id) }
        }
    }

    /// Takes the names that a segment's footer has, unless they are known.
    mutating func add(_ schema: Schema, stream: UInt32) {
        if schemas[stream]?[schema.version] == nil { schemas[stream, default: [:]][schema.version] = schema }
    }

    /// The name of a stream; `nil` when only its id is known.
    func stream(_ id: UInt32) -> String? { streams[id] }

    /// The columns of a stream at a version, or at any when that one is not known.
    func schema(_ stream: UInt32, _ version: UInt32) -> Schema? {
        let known = schemas[stream]
        return known?[version] ?? known?.max { $0.key < $1.key }?.value
    }

    /// The name of a column as of a block.
    func column(_ id: UInt32, in header: BlockHeader) -> String {
        switch id {
        case SystemColumn.sequence: return "_sequence"
        case SystemColumn.arrival: return "_arrived"
        case SystemColumn.offset: return "_offset"
        default: break
        }
        let schema = schema(header.stream, header.schemaVersion)
        return schema?.columns.first { $0.id == id }?.name ?? "column_\(id)"
    }
}
