/// Bytes that are not what the format says, told so that an operator can find the place.
public struct FormatError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble it is.
    public struct Code: Hashable, Sendable {
        private enum Kind: Hashable { case notEsker, newerVersion, truncated, checksum, malformed }
        private let kind: Kind

        /// The bytes do not start with the expected magic: not a file of this kind.
        public static let notEsker = Code(kind: .notEsker)
        /// Written by a newer version, or with a feature that this version must know to read it.
        public static let newerVersion = Code(kind: .newerVersion)
        /// The bytes end before their own length says.
        public static let truncated = Code(kind: .truncated)
        /// A checksum does not match its bytes.
        public static let checksum = Code(kind: .checksum)
        /// A value that no writer would have written, though its checksum matches.
        public static let malformed = Code(kind: .malformed)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What is wrong, with expected and found values.
    public let message: String
    /// Where, in bytes from the start of the structure that was read; `nil` when no place can be named.
    public let offset: Int?

    package init(_ code: Code, _ message: String, at offset: Int? = nil) {
        self.code = code
        self.message = message
        self.offset = offset
    }

    public var description: String { offset.map { "\(message) (at byte \($0))" } ?? message }
}
