public import EskerFormat
public import EskerLog

/// How a ``DataStreamer`` gathers and sends rows.
public struct StreamerOptions: Sendable {
    /// Rows gathered for each partition, on average, before they are sent as one batch. 4,096 rows make a commit of some
    /// hundred kilobytes, where a sync costs little more than for one row.
    public var rowsPerPartition: Int = 4096
    /// Batches on their way at once; `add` waits when that many are. 8 keep the journal busy while it syncs.
    public var parallelOperations: Int = 8
    /// How long a row waits for others before it is sent anyway; `nil` turns that off, and rows then wait for a full
    /// buffer, `flush` or `close`. 5 ms are some twenty commits.
    public var autoFlush: Duration? = .milliseconds(5)
    /// How long `add` waits for room, and `flush` and `close` for the end; `nil`: as long as it takes.
    public var timeout: Duration?
    /// When an add counts as done.
    public var acknowledgement: Acknowledgement = .durable
    /// Names the rows, so that rows sent again after a crash are not stored twice.
    public var producer: Producer?

    /// A producer and the sequence of its next row.
    public struct Producer: Sendable, Hashable {
        /// Who sends.
        public var id: ProducerID
        /// Grows when the producer starts anew.
        public var epoch: UInt64
        /// The sequence of the first row that is added.
        public var nextSequence: Int64

        /// Describes a producer.
        public init(id: ProducerID, epoch: UInt64 = 1, nextSequence: Int64 = 0) {
            self.id = id
            self.epoch = epoch
            self.nextSequence = nextSequence
        }
    }

    /// The defaults.
    public init() {}

    func check() throws(StoreError) {
        guard rowsPerPartition > 0 else {
            throw StoreError(.rejected, "rowsPerPartition is \(rowsPerPartition); it must be positive")
        }
        guard parallelOperations > 0 else {
            throw StoreError(.rejected, "parallelOperations is \(parallelOperations); it must be positive")
        }
        if let autoFlush, autoFlush <= .zero {
            throw StoreError(.rejected, "autoFlush is \(autoFlush); it must be positive, or nil to turn it off")
        }
        if let timeout, timeout <= .zero {
            throw StoreError(.rejected, "timeout is \(timeout); it must be positive, or nil for none")
        }
    }
}
