import EskerFiles
package import EskerFormat
import Synchronization

/// Definitions: streams and views come and go by manifest, between two commits of the journal.
extension StoreLog {
    /// The most partitions a stream can have: each costs a few hundred bytes of memory and a part of every commit.
    package static let maximumPartitions = 4096

    /// Makes a stream durably. `.exists` when the name is taken by a stream or view.
    ///
    /// - Parameter columns: names, types and nullability; ids are given here.
    package func createStream(
        named name: String, columns: [(name: String, type: DataType, isNullable: Bool)], partitionCount: Int = 1,
        partitionKey: [String] = [], eventTime: String? = nil, options: [String: String] = [:]
    ) throws(StoreError) -> StreamRecord {
        let schema = try Self.schema(columns)
        let key = try partitionKey.map { (column) throws(StoreError) in try Self.id(of: column, in: schema) }
        let eventTimeID = try eventTime.map { (column) throws(StoreError) in
            try Self.eventTimeID(of: column, in: schema)
        }
        guard !name.isEmpty, name.utf8.count <= 63 else {
            throw StoreError(.rejected, "a stream's name has 1 to 63 bytes; \(name.utf8.count) were given")
        }
        guard (1...Self.maximumPartitions).contains(partitionCount) else {
            throw StoreError(.rejected, "a stream has 1 to \(Self.maximumPartitions) partitions, not \(partitionCount)")
        }
        return try journal().exclusively { (position) throws(StoreError) in
            let record = try changeManifest(taking: { $1.streams[$0.id] = StreamState(record: $0) }) {
                (manifest) throws(StoreError) -> StreamRecord in
                try Self.checkFree(name, manifest)
                let record = StreamRecord(
                    id: manifest.nextStream, name: name, partitionCount: partitionCount, partitionKey: key,
                    eventTimeColumn: eventTimeID, options: options, schema: schema)
                manifest.nextStream += 1
                manifest.streams.append(record)
                return record
            }
            position.streams[record.id] = LogPosition.StreamPosition(
                record: record, nextSequence: 0, nextOffsets: [Int64](repeating: 0, count: partitionCount))
            return record
        }
    }

    /// Drops a stream durably; snapshots that are open go on. Its files are removed with the last of them.
    package func dropStream(named name: String) throws(StoreError) {
        try journal().exclusively { (position) throws(StoreError) in
            let id = try changeManifest(taking: { drop($0, &$1) }) { (manifest) throws(StoreError) -> UInt32 in
                guard let record = manifest.streams.first(where: { $0.name == name }) else {
                    throw StoreError(.missing, "there is no stream \(name)")
                }
                manifest.streams.removeAll { $0.id == record.id }
                manifest.segments.removeAll { $0.stream == record.id }
                manifest.partitions.removeAll { $0.stream == record.id }
                manifest.producers.removeAll { $0.stream == record.id }
                return record.id
            }
            position.streams[id] = nil
        }
    }

    private func drop(_ id: UInt32, _ state: inout State) {
        for partition in state.streams[id]?.partitions ?? [] {
            for segment in partition.segments {
                segment.removeWithLastUser(removals, unnamedSince: state.manifest.edition)
            }
        }
        state.streams[id] = nil
    }

    /// Makes or replaces a view durably.
    package func createView(_ view: ViewRecord, replacing: Bool) throws(StoreError) {
        try changeManifest { (manifest) throws(StoreError) in
            if replacing { manifest.views.removeAll { $0.name == view.name } }
            try Self.checkFree(view.name, manifest)
            manifest.views.append(view)
        }
    }

    /// Drops a view durably.
    package func dropView(named name: String) throws(StoreError) {
        try changeManifest { (manifest) throws(StoreError) in
            guard manifest.views.contains(where: { $0.name == name }) else {
                throw StoreError(.missing, "there is no view \(name)")
            }
            manifest.views.removeAll { $0.name == name }
        }
    }

    /// Changes the manifest durably, and then what readers see; or, after an error, neither.
    ///
    /// - Parameter taking: what the change does to the state beside the manifest.
    private func changeManifest<T>(
        taking: (T, inout State) -> Void = { _, _ in }, _ change: (inout Manifest) throws(StoreError) -> T
    ) throws(StoreError) -> T {
        manifestMonitor.lock()
        defer { manifestMonitor.unlock() }
        _ = try journal()
        var manifest = state.withLock { $0.manifest }
        let result = try change(&manifest)
        manifest.edition += 1
        try writeManifest(manifest)
        state.withLock { state in
            let nextSegment = max(state.manifest.nextSegment, manifest.nextSegment)
            state.manifest = manifest
            state.manifest.nextSegment = nextSegment
            taking(result, &state)
        }
        return result
    }

    private static func checkFree(_ name: String, _ manifest: Manifest) throws(StoreError) {
        let isTaken = manifest.streams.contains { $0.name == name } || manifest.views.contains { $0.name == name }
        if isTaken { throw StoreError(.exists, "\(name) exists already") }
    }

    private static func schema(_ columns: [(name: String, type: DataType, isNullable: Bool)]) throws(StoreError)
        -> Schema
    {
        guard (1...1600).contains(columns.count) else {
            throw StoreError(.rejected, "a stream has 1 to 1600 columns, not \(columns.count)")
        }
        var names: Set<String> = []
        for column in columns {
            guard !column.name.isEmpty, column.name.utf8.count <= 63 else {
                throw StoreError(.rejected, "a column's name has 1 to 63 bytes: \"\(column.name)\"")
            }
            guard names.insert(column.name).inserted else {
                throw StoreError(.rejected, "column \(column.name) is named twice")
            }
        }
        return Schema(
            columns: columns.enumerated().map { index, column in
                ColumnDefinition(
                    id: UInt32(index + 1), name: column.name, type: column.type, isNullable: column.isNullable)
            })
    }

    private static func id(of column: String, in schema: Schema) throws(StoreError) -> UInt32 {
        guard let definition = schema.columns.first(where: { $0.name == column }) else {
            throw StoreError(.rejected, "there is no column \(column)")
        }
        return definition.id
    }

    private static func eventTimeID(of column: String, in schema: Schema) throws(StoreError) -> UInt32 {
        let id = try id(of: column, in: schema)
        switch schema.columns.first(where: { $0.id == id })!.type {
        case .timestamp, .timestamptz, .date, .int8: return id
        case let type:
            throw StoreError(
                .rejected, "event time is a timestamp, date or bigint (µs since 1970); \(column) is \(type.name)")
        }
    }
}
