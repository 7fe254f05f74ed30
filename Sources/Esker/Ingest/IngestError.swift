/// Why text cannot be read as rows at all. A bad line is no such error: see ``RejectedLine``.
public struct IngestError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kind of failure; more kinds may come.
    public struct Code: Hashable, Sendable {
        private enum Kind { case unreadable, header, options }
        private let kind: Kind
        /// The source failed.
        public static let unreadable = Code(kind: .unreadable)
        /// The header line does not fit the stream.
        public static let header = Code(kind: .header)
        /// The options contradict each other.
        public static let options = Code(kind: .options)
    }

    /// The kind of failure.
    public let code: Code
    /// What is wrong, where, and what to do about it.
    public let message: String

    /// Makes an error.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    public var description: String { message }
}
