import EskerFormat
import EskerFiles

/// Why the store could not do what was asked: what, where, the reason, and what to do.
public struct StoreError: Error, Sendable, CustomStringConvertible {
    /// What callers decide by. More may be added, so a `switch` needs a default.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        private enum Kind: String {
            case notAStore, newerVersion, corrupt, locked, diskFull, input, closed, readOnly, missing, exists
            case rejected, fenced, timeout, cancelled, tooLarge
        }

        private let kind: Kind
        public var description: String { kind.rawValue }

        /// The directory is not a store.
        public static let notAStore = Code(kind: .notAStore)
        /// Written by a newer version of Esker.
        public static let newerVersion = Code(kind: .newerVersion)
        /// Bytes that were durable are damaged.
        public static let corrupt = Code(kind: .corrupt)
        /// Another process has the store open for writing.
        public static let locked = Code(kind: .locked)
        /// The disk is full. Retry later: writing goes on by itself when there is space.
        public static let diskFull = Code(kind: .diskFull)
        /// The disk failed. What was waiting is not durable; the next append starts a new journal file.
        public static let io = Code(kind: .input)
        /// The store was closed.
        public static let closed = Code(kind: .closed)
        /// The store was opened for reading only.
        public static let readOnly = Code(kind: .readOnly)
        /// No stream or view of that name.
        public static let missing = Code(kind: .missing)
        /// The name is taken.
        public static let exists = Code(kind: .exists)
        /// Rows that the stream cannot hold.
        public static let rejected = Code(kind: .rejected)
        /// A producer with a newer epoch has taken over.
        public static let fenced = Code(kind: .fenced)
        /// Did not end in time; it may still happen.
        public static let timeout = Code(kind: .timeout)
        /// Given up by the caller.
        public static let cancelled = Code(kind: .cancelled)
        /// More than one append may carry.
        public static let tooLarge = Code(kind: .tooLarge)
    }

    /// What kind of trouble it is.
    public let code: Code
    /// What, where, why, and what to do.
    public let message: String
    /// The file, when one is to blame.
    public let file: String?
    /// The place in that file, in bytes.
    public let offset: Int64?

    package init(_ code: Code, _ message: String, file: String? = nil, offset: Int64? = nil) {
        self.code = code
        self.message = message
        self.file = file
        self.offset = offset
    }

    public var description: String {
        let place = file.map { file in offset.map { " (\(file), byte \($0))" } ?? " (\(file))" } ?? ""
        return message + place
    }
}

extension StoreError {
    /// A failed file operation, told in the store's words.
    init(_ error: FileError) {
        let code: Code =
            switch error.code {
            case .noSpace: .diskFull
            case .locked: .locked
            case .readOnly: .readOnly
            case .closed: .closed
            default: .io
            }
        self.init(code, error.description, file: error.path, offset: error.offset)
    }

    /// Bytes of a file that are not what the format says. `base` is where the structure starts in the file.
    init(_ error: FormatError, file: String, at base: Int64 = 0) {
        let code: Code =
            switch error.code {
            case .newerVersion: .newerVersion
            case .notEsker: .notAStore
            default: .corrupt
            }
        self.init(code, error.message, file: file, offset: base + Int64(error.offset ?? 0))
    }
}

/// Runs file work and tells its errors in the store's words.
func storing<T>(_ body: () throws(FileError) -> T) throws(StoreError) -> T {
    do { return try body() } catch { throw StoreError(error) }
}
