package import EskerFiles
public import EskerFormat
public import EskerLog
import EskerQuery

/// A store: one directory with streams, opened by one writing process. Safe to use from any task or thread.
///
/// ```swift
/// let store = try await Store.open(at: "data")
/// let words = try await store.createStream(named: "words", columns: [.init("word", .text)])
/// ```
public final class Store: Sendable {
    let log: StoreLog
    let engine = QueryEngine()

    private init(_ log: StoreLog) { self.log = log }

    /// Opens the store in a directory, making it when there is none. Costs O(journal): sealed data is not read.
    ///
    /// - Throws: ``StoreError``: `.locked` when another process writes it, `.notAStore`, `.newerVersion`, `.corrupt`.
    public static func open(
        at path: String, options: LogOptions = LogOptions(), clock: any StoreClock = SystemClock()
    ) async throws -> Store {
        try await BlockingWork.run {
            Store(try StoreLog.open(path, files: PosixFileSystem(), options: options, clock: clock))
        }
    }

    /// Opens a store on a file system of the caller's choice: for tests.
    package static func open(
        at path: String, files: any FileSystem, options: LogOptions = LogOptions(), clock: any StoreClock
    ) throws -> Store {
        Store(try StoreLog.open(path, files: files, options: options, clock: clock))
    }

    /// Ends the store: what was put in line is written first. Using it afterwards fails with `.closed`.
    public func close() async {
        await BlockingWork.run { self.log.close() }
    }

    /// The stream of that name.
    ///
    /// - Throws: ``StoreError`` `.missing`.
    public func stream(named name: String) throws -> Stream {
        guard let definition = log.streams.first(where: { $0.name == name }) else {
            throw StoreError(.missing, "there is no stream \(name)")
        }
        return Stream(definition, log: log)
    }

    /// All streams, by name.
    public var streams: [StreamRecord] { log.streams }

    /// Makes a stream, durably.
    ///
    /// - Parameters:
    ///   - columns: name, type and nullability of each.
    ///   - partitions: units of order and parallelism, 1…4096.
    ///   - partitionKey: columns whose values decide a row's partition; none: batches go round the partitions.
    ///   - eventTime: the column of event time; none: arrival time.
    ///   - options: settings as in `CREATE TABLE … WITH`.
    /// - Throws: ``StoreError`` `.exists`, `.rejected`.
    @discardableResult
    public func createStream(
        named name: String, columns: [ColumnSpecification], partitions: Int = 1, partitionKey: [String] = [],
        eventTime: String? = nil, options: [String: String] = [:]
    ) async throws -> Stream {
        try await BlockingWork.run { [log] in
            let definition = try log.createStream(
                named: name, columns: columns.map { ($0.name, $0.type, $0.isNullable) }, partitionCount: partitions,
                partitionKey: partitionKey, eventTime: eventTime, options: options)
            return Stream(definition, log: log)
        }
    }

    /// Drops a stream and its rows. Queries that are running go on.
    public func dropStream(named name: String) async throws {
        try await BlockingWork.run { [log] in try log.dropStream(named: name) }
    }

    /// Makes everything written so far durable.
    public func sync() async throws {
        try await BlockingWork.run { [log] in try log.sync() }
    }

    /// Seals all durable rows into segments now instead of in the background.
    public func seal() async throws {
        try await BlockingWork.run { [log] in try log.sealAll() }
    }
}

/// A column of a stream to be made.
public struct ColumnSpecification: Hashable, Sendable {
    /// The name, 1 to 63 bytes, unique in its stream.
    public var name: String
    /// The type.
    public var type: DataType
    /// Whether rows may have no value here.
    public var isNullable: Bool

    /// Describes a column.
    public init(_ name: String, _ type: DataType, isNullable: Bool = true) {
        self.name = name
        self.type = type
        self.isNullable = isNullable
    }
}
