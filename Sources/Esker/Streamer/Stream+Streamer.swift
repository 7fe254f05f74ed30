import EskerFormat
import EskerLog

extension Stream {
    /// A streamer of dynamic rows: one value a column, in the order of ``schema``.
    public func streamer(options: StreamerOptions = StreamerOptions()) throws -> DataStreamer<[Value]> {
        let batcher = DynamicBatcher(schema: schema)
        return try DataStreamer(self, options: options) { batcher.convert($0) }
    }

    /// A streamer of typed rows: the fastest way in for Swift values.
    ///
    /// - Throws: ``RowShapeError`` when the row's columns do not fit the stream's, naming the column.
    public func streamer<R: Row>(of type: R.Type, options: StreamerOptions = StreamerOptions()) throws -> DataStreamer<
        R
    > {
        let batcher = try RowBatcher<R>(schema: schema)
        return try DataStreamer(self, options: options) { batcher.convert($0) }
    }

    /// A streamer of `Encodable` values: convenient; typed rows are several times faster.
    public func streamer<T: Encodable & Sendable>(
        encoding type: T.Type, options: StreamerOptions = StreamerOptions()
    ) throws -> DataStreamer<T> {
        let schema = schema
        return try DataStreamer(self, options: options) { EncodableBatcher<T>(schema: schema).convert($0) }
    }
}

/// Turns messages from outside into rows of a streamer: each into one row or none, or each into any number.
public struct MessageStreamer<Message, Element: Sendable>: Sendable {
    private let streamer: DataStreamer<Element>
    private let extract: @Sendable (Message) throws -> [Element]

    /// Each message gives one row, or `nil` to pass it over.
    public init(
        _ streamer: DataStreamer<Element>, extractingOne extract: @escaping @Sendable (Message) throws -> Element?
    ) {
        self.streamer = streamer
        self.extract = { message in try extract(message).map { [$0] } ?? [] }
    }

    /// Each message gives any number of rows, none to pass it over.
    public init(
        _ streamer: DataStreamer<Element>, extractingMany extract: @escaping @Sendable (Message) throws -> [Element]
    ) {
        self.streamer = streamer
        self.extract = extract
    }

    /// Adds the rows of a message, in order.
    ///
    /// - Throws: what the extractor throws: nothing of the message was added then; as ``DataStreamer/add(_:)``.
    @discardableResult
    public func add(_ message: Message) async throws -> [Ack] {
        try await streamer.add(contentsOf: try extract(message))
    }
}
