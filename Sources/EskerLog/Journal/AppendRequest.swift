public import EskerFormat
import Synchronization

/// When an append is answered.
public enum Acknowledgement: String, Sendable, CaseIterable {
    /// When its rows are on disk, synced: they survive a power cut.
    case durable
    /// When its rows were written to the file: they survive the end of the process.
    case written
    /// When its rows are in line to be written. Where they come to stand is not known yet.
    case memory
}

/// Rows of one partition in an append.
package struct AppendPart: Sendable {
    package let stream: UInt32
    package let partition: Int
    package let batch: Batch
    /// Place of each row in the whole append's order; `nil`: the rows follow each other.
    package let places: [Int64]?
    /// The block, when it was encoded already on the caller's thread.
    package let encoded: EncodedBlock?

    package init(stream: UInt32, partition: Int, batch: Batch, places: [Int64]? = nil, encoded: EncodedBlock? = nil) {
        self.stream = stream
        self.partition = partition
        self.batch = batch
        self.places = places
        self.encoded = encoded
    }
}

/// Names the rows of an append for its stream's producer table, so that a retry is not stored twice.
public struct ProducerStamp: Hashable, Sendable {
    /// Who sends.
    public let producer: ProducerID
    /// Grows when the producer starts anew; older epochs are refused.
    public let epoch: UInt64
    /// Sequence of the first row; the rows of an append have consecutive sequences.
    public let firstSequence: Int64

    /// Names rows from `firstSequence` on.
    public init(producer: ProducerID, epoch: UInt64, firstSequence: Int64) {
        self.producer = producer
        self.epoch = epoch
        self.firstSequence = firstSequence
    }
}

/// Where the rows of an append came to stand.
public struct AppendReceipt: Sendable, Hashable {
    /// Rows of one partition that follow each other.
    public struct Placement: Sendable, Hashable {
        /// The partition.
        public let partition: Int
        /// Offset of the first row.
        public let offset: Int64
        /// Number of rows.
        public let count: Int
    }

    /// Where the rows stand, a partition each; empty for `memory` acknowledgements and for repeats of a producer.
    public let placements: [Placement]
    /// Rows that were stored before, from the same producer, and not again.
    public let duplicates: Int

    package init(placements: [Placement], duplicates: Int = 0) {
        self.placements = placements
        self.duplicates = duplicates
    }
}

/// An append on its way through the journal.
package final class AppendRequest: Sendable {
    /// Called once, on the journal's thread or, for a blocking append, on the caller's: must not block.
    package typealias Completion = @Sendable (Result<AppendReceipt, StoreError>) -> Void

    package let parts: [AppendPart]
    package let producer: ProducerStamp?
    package let bookmarks: [Bookmark]
    package let acknowledgement: Acknowledgement
    let completion: Completion
    /// Bytes that the request holds while it waits.
    let byteCount: Int
    private let answeredEarly = Atomic<Bool>(false)

    /// - Parameter completion: answered when the acknowledgement level is reached, or with the reason why it was not.
    package init(
        parts: [AppendPart], producer: ProducerStamp? = nil, bookmarks: [Bookmark] = [],
        acknowledgement: Acknowledgement, completion: @escaping Completion
    ) {
        precondition(!parts.isEmpty || !bookmarks.isEmpty, "an append carries rows or bookmarks")
        self.parts = parts
        self.producer = producer
        self.bookmarks = bookmarks
        self.acknowledgement = acknowledgement
        self.completion = completion
        byteCount = parts.reduce(256) { $0 + ($1.encoded?.totalLength ?? $1.batch.logicalByteCount + 256) }
    }

    /// Whether the request was answered when it was put in line.
    var isAnsweredEarly: Bool { answeredEarly.load(ordering: .relaxed) }
    func answerEarly() { answeredEarly.store(true, ordering: .relaxed) }

    var rowCount: Int { parts.reduce(0) { $0 + $1.batch.count } }
}
