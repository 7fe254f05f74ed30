import EskerFormat

extension AnnotatedBytes {
    /// A whole block header, as the reader read it.
    mutating func take(_ header: BlockHeader) {
        take(8, "magic \"EskerBlk\"")
        take(2, "version \(BlockHeader.version)")
        take(2, "profile \(header.profile)")
        take(4, "header length \(header.headerLength)")
        take(8, "total length \(header.totalLength)")
        take(4, "required features \(header.requiredFeatures)")
        take(4, "optional features \(header.optionalFeatures)")
        take(16, "store \(header.store)")
        take(8, "epoch \(header.epoch)")
        take(8, "stream \(header.stream), partition \(header.partition)")
        take(8, "version of the partition count \(header.partitionVersion), schema version \(header.schemaVersion)")
        take(16, "base offset \(header.baseOffset), span \(header.offsetSpan)")
        take(4, "rows \(header.rowCount)")
        take(1, header.hasOffsetColumn ? "presence: listed" : "presence: dense")
        take(1, Self.flags(header))
        take(2, "columns \(header.columns.count)")
        take(16, "first sequence \(header.firstSequence), span \(header.sequenceSpan)")
        take(16, "arrival time \(header.arrival), greatest \(header.lastArrival)")
        let hasEventTime = header.minimumEventTime <= header.maximumEventTime
        take(16, "event time " + (hasEventTime ? "\(header.minimumEventTime) to \(header.maximumEventTime)" : "none"))
        take(8, "commit \(header.commit)")
        take(8, "blocks in the commit \(header.blocksInCommit), this is number \(header.placeInCommit)")
        take(8, "durable through commit \(header.durableThrough)")
        take(4, "producer records \(header.producers.count)")
        take(4, "bytes of bookmarks \(header.bookmarks.reduce(0) { $0 + $1.encodedLength })")
        take(8, "logical bytes \(header.logicalByteCount)")
        take(4, "CRC32C of the columns \(hex(header.columnsChecksum))")
        take(4, "CRC32C of the header")
        for column in header.columns { take(column) }
        for producer in header.producers { take(producer) }
        for bookmark in header.bookmarks { take(bookmark) }
        pad()
    }

    private static func flags(_ header: BlockHeader) -> String {
        switch (header.isLastOfCommit, header.isCommitMark) {
        case (false, false): "flags: none"
        case (true, false): "flags: last of its commit"
        case (false, true): "flags: commit mark"
        case (true, true): "flags: last of its commit, commit mark"
        }
    }

    mutating func take(_ entry: ColumnEntry) {
        let id = entry.id >= SystemColumn.firstID ? hex(entry.id) : "\(entry.id)"
        take(4, "column \(id)")
        take(entry.type)
        take(1, "encoding \(entry.encoding)")
        take(1, "codec \(entry.codec)")
        take(1, "bytes a code \(entry.codeWidth)")
        take(
            1,
            "flags: \(entry.hasValidity ? "validity" : "no validity"), "
                + (entry.statistics == nil ? "no statistics" : "statistics"))
        take(8, "region at \(entry.offset)")
        take(16, "stored length \(entry.storedLength), decompressed \(entry.plainLength)")
        take(4, "rows without a value \(entry.nullCount)")
        take(4, "dictionary or runs \(entry.dictionaryCount)")
        take(8, "bytes of variable-width values \(entry.variableByteCount)")
        take(4, "CRC32C of the region \(hex(entry.checksum))")
        takeZeros(4)
        guard let statistics = entry.statistics else { return takeZeros(32) }
        take(16, "least value \(Self.words(statistics.minimum, entry.type))")
        take(16, "greatest value \(Self.words(statistics.maximum, entry.type))")
    }

    mutating func take(_ type: TypeCode) {
        let name = (try? type.dataType().name) ?? "unknown type"
        take(8, "\(name): code \(type.code), element \(type.element), modifier \(type.modifier)")
    }

    /// A bound as its type means it.
    static func words(_ value: StatisticValue, _ type: TypeCode) -> String {
        switch try? type.dataType() {
        case .text, .varchar, .char, .bytea, .json:
            let prefix = value.prefix
            return "\"\(String(decoding: prefix.bytes, as: UTF8.self))\"\(prefix.isWhole ? "" : "…")"
        case .float4, .float8: return "\(value.number)"
        default: return "\(value.integer)"
        }
    }

    mutating func take(_ record: ProducerRecord) {
        take(16, "producer \(Self.words(record.producer))")
        take(8, "epoch \(record.epoch)")
        take(8, "first sequence \(record.firstSequence)")
        take(8, "first row \(record.firstRow), rows \(record.rowCount)")
    }

    /// A producer id as its two numbers.
    static func words(_ producer: ProducerID) -> String {
        "0x\(String(producer.high, radix: 16)), 0x\(String(producer.low, radix: 16))"
    }

    mutating func take(_ bookmark: Bookmark) {
        take(2, "length of the name \(bookmark.name.utf8.count)")
        take(4, "length of the value \(bookmark.value.count)")
        take(bookmark.name.utf8.count, "name \"\(bookmark.name)\"")
        take(bookmark.value.count, "value " + bookmark.value.map(Self.digits).joined(separator: " "))
    }
}
