import EskerFormat

/// Checks that what a manifest says fits together; its bytes are good already.
struct ManifestVerifier {
    let manifest: Manifest
    let path: String

    /// Adds what is wrong to `result`. O(records).
    func verify(_ result: inout Verification) {
        checkNames(&result)
        for stream in manifest.streams { check(stream, &result) }
        checkSegments(&result)
        for partition in manifest.partitions
        where !isKnown(partition.stream, partition.partition) {
            corrupt("a partition of unknown stream \(partition.stream) is sealed", &result)
        }
        for producer in manifest.producers where stream(producer.stream) == nil {
            corrupt("a producer of unknown stream \(producer.stream) is kept", &result)
        }
    }

    private func corrupt(_ what: String, _ result: inout Verification) {
        result.add(Finding(.corrupt, path, what))
    }

    private func stream(_ id: UInt32) -> StreamRecord? { manifest.streams.first { $0.id == id } }

    private func isKnown(_ id: UInt32, _ partition: UInt32) -> Bool {
        stream(id).map { partition < $0.partitionCount } ?? false
    }

    private func checkNames(_ result: inout Verification) {
        let names = manifest.streams.map(\.name) + manifest.views.map(\.name)
        if Set(names).count != names.count { corrupt("a name is given twice", &result) }
        if Set(manifest.streams.map(\.id)).count != manifest.streams.count {
            corrupt("a stream id is given twice", &result)
        }
        if let stream = manifest.streams.first(where: { $0.id == 0 || $0.id >= manifest.nextStream }) {
            corrupt(
                "stream \(stream.name) has id \(stream.id), the next one to give is \(manifest.nextStream)", &result)
        }
    }

    private func check(_ stream: StreamRecord, _ result: inout Verification) {
        let ids = Set(stream.schemas.flatMap { $0.columns.map(\.id) })
        for column in stream.partitionKey where !ids.contains(column) {
            corrupt("stream \(stream.name) is partitioned by column \(column), which it does not have", &result)
        }
        if let column = stream.eventTimeColumn, !ids.contains(column) {
            corrupt("stream \(stream.name) has its event time in column \(column), which it does not have", &result)
        }
        if let greatest = ids.max(), greatest >= stream.nextColumnID {
            corrupt("stream \(stream.name) has column \(greatest), the next one is \(stream.nextColumnID)", &result)
        }
        if Set(stream.schemas.map(\.version)).count != stream.schemas.count {
            corrupt("stream \(stream.name) has a schema version twice", &result)
        }
    }

    private func checkSegments(_ result: inout Verification) {
        if Set(manifest.segments.map(\.id)).count != manifest.segments.count {
            corrupt("a segment id is given twice", &result)
        }
        let sealed = Dictionary(
            manifest.partitions.map { (Place($0.stream, $0.partition), $0.sealedThrough) }, uniquingKeysWith: max)
        var ends: [Place: (end: Int64, id: UInt64)] = [:]
        for segment in manifest.segments.sorted(by: { $0.baseOffset < $1.baseOffset }) {
            let place = Place(segment.stream, segment.partition)
            if segment.id >= manifest.nextSegment {
                corrupt("segment \(segment.id) is there, the next one to write is \(manifest.nextSegment)", &result)
            }
            if !isKnown(segment.stream, segment.partition) {
                corrupt(
                    "segment \(segment.id) belongs to partition \(segment.partition) of stream \(segment.stream), "
                        + "which is unknown", &result)
            }
            if let before = ends[place], segment.baseOffset < before.end {
                corrupt("segments \(before.id) and \(segment.id) hold the same offsets", &result)
            }
            if segment.endOffset > sealed[place] ?? 0 {
                corrupt(
                    "segment \(segment.id) ends at offset \(segment.endOffset), its partition is sealed through "
                        + "\(sealed[place] ?? 0)", &result)
            }
            ends[place] = (max(ends[place]?.end ?? 0, segment.endOffset), segment.id)
        }
    }

    private struct Place: Hashable {
        let stream: UInt32
        let partition: UInt32

        init(_ stream: UInt32, _ partition: UInt32) {
            self.stream = stream
            self.partition = partition
        }
    }
}
