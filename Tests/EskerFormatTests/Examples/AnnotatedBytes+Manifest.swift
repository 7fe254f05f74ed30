import EskerFormat

extension AnnotatedBytes {
    /// A whole manifest, as the reader read it.
    mutating func take(_ manifest: Manifest) {
        let records =
            manifest.streams.count + manifest.segments.count + manifest.views.count + manifest.partitions.count
            + manifest.producers.count
        take(8, "magic \"EskerMan\"")
        take(2, "version 1")
        takeZeros(2)
        take(4, "CRC32C of the file")
        take(8, "length of the file \(manifest.encode().byteCount)")
        take(16, "store \(manifest.store)")
        take(8, "edition \(manifest.edition)")
        take(8, "epoch \(manifest.epoch)")
        take(8, "first journal file \(manifest.firstJournalFile)")
        take(8, "commit floor \(manifest.commitFloor)")
        take(8, "next segment \(manifest.nextSegment)")
        take(4, "next stream \(manifest.nextStream)")
        take(4, "records \(records)")
        for record in manifest.streams { take(kind: 1, "stream") { $0.take(record) } }
        for record in manifest.segments { take(kind: 2, "segment") { $0.take(record) } }
        for record in manifest.views { take(kind: 3, "view") { $0.take(record) } }
        for record in manifest.partitions { take(kind: 4, "partition") { $0.take(record) } }
        for record in manifest.producers { take(kind: 5, "producer") { $0.take(record) } }
    }

    private mutating func take(kind: Int, _ name: String, _ content: (inout AnnotatedBytes) -> Void) {
        // The content is taken on a copy first: its length stands before it.
        var probe = self
        probe.take(8, "")
        let start = probe.position
        content(&probe)
        take(4, "record of kind \(kind): \(name)")
        take(4, "length of the content \(probe.position - start)")
        content(&self)
    }

    private mutating func take(text: String, _ what: String) {
        take(4, "length of the \(what) \(text.utf8.count)")
        take(text.utf8.count, "\(what) \"\(text)\"")
    }

    private mutating func take(options: [String: String]) {
        take(4, "options \(options.count)")
        for (key, value) in options.sorted(by: { $0.key < $1.key }) {
            take(text: key, "key")
            take(text: value, "value")
        }
    }

    mutating func take(_ record: StreamRecord) {
        take(4, "stream \(record.id)")
        take(text: record.name, "name")
        take(8, "partitions \(record.partitionCount), version of the partition count \(record.partitionVersion)")
        take(4, "columns of the partition key \(record.partitionKey.count)")
        for id in record.partitionKey { take(4, "column \(id)") }
        take(4, "event time in column \(record.eventTimeColumn ?? 0)")
        take(4, "next column id \(record.nextColumnID)")
        take(8, "next sequence when no row is left \(record.sequenceFloor)")
        take(options: record.options)
        take(4, "schema versions \(record.schemas.count)")
        for schema in record.schemas { take(schema) }
    }

    mutating func take(_ schema: Schema) {
        take(8, "schema version \(schema.version), columns \(schema.columns.count)")
        for column in schema.columns {
            take(4, "column \(column.id)")
            take(text: column.name, "name")
            take(TypeCode(column.type))
            take(1, column.isNullable ? "nullable" : "not null")
        }
    }

    mutating func take(_ record: SegmentRecord) {
        take(8, "segment \(record.id)")
        take(8, "stream \(record.stream), partition \(record.partition)")
        take(16, "length of the file \(record.fileLength), rows \(record.rowCount)")
        take(16, "base offset \(record.baseOffset), end offset \(record.endOffset)")
        take(16, "first sequence \(record.firstSequence), end sequence \(record.endSequence)")
        take(16, "arrival times \(record.minimumArrival) to \(record.maximumArrival)")
        take(16, "event times \(record.minimumEventTime) to \(record.maximumEventTime)")
        take(8, "greatest commit \(record.lastCommit)")
        take(8, "logical bytes \(record.logicalByteCount)")
        take(4, "CRC32C of the footer \(hex(record.footerChecksum))")
    }

    mutating func take(_ record: ViewRecord) {
        take(text: record.name, "name")
        take(text: record.query, "query")
        take(options: record.options)
    }

    mutating func take(_ record: PartitionRecord) {
        take(8, "stream \(record.stream), partition \(record.partition)")
        take(8, "sealed through \(record.sealedThrough)")
    }

    mutating func take(_ state: ProducerState) {
        take(4, "stream \(state.stream)")
        takeZeros(4)
        take(16, "producer \(Self.words(state.producer))")
        take(8, "epoch \(state.epoch)")
        take(8, "last sequence \(state.lastSequence)")
        take(8, "offset of that row \(state.lastOffset)")
        take(4, "its partition \(state.lastPartition)")
        takeZeros(4)
        take(8, "last append at \(state.lastSeen)")
    }
}
