internal import CEskerKernels
internal import EskerFormat
import Synchronization

// Unsafe: hands codes, which a column promises to be below its dictionary's count, to a C loop with one flag an entry,
// and room for one bit a row.

/// Tells one bound function from every other while a statement runs.
final class FunctionIdentity: Sendable {}

/// What a function gave for each entry of a dictionary.
final class EntryResult: Sendable {
    /// One value an entry; those of entries without one are unspecified. nil when the function failed for an entry.
    let values: ColumnDictionary?
    /// 1 for each entry whose result is true, 0 for others; only of boolean results.
    let flags: [UInt8]?
    /// 1 for each entry that has a result; nil when all have.
    let present: [UInt8]?

    /// - Parameter results: plain; nil when the function failed.
    init(_ results: Column?, type: DataType) {
        guard let results else {
            (values, flags, present) = (nil, nil, nil)
            return
        }
        let count = results.count
        values = ColumnDictionary(
            Column(type: type, count: count, validity: nil, nullCount: 0, values: results.values))
        if case .bits(let bits) = results.values { flags = Self.flags(bits, count) } else { flags = nil }
        present = results.validity.map { Self.flags($0, count) }
    }

    private static func flags(_ bits: Bitmap, _ count: Int) -> [UInt8] { (0..<count).map { bits[$0] ? 1 : 0 } }

    /// For each row the flag of its code.
    static func bits(_ flags: [UInt8], codes: Buffer, width: Int, count: Int) -> Bitmap {
        precondition(codes.byteCount >= count * width)
        let bits = unsafe Buffer.make(byteCount: Bitmap.byteCount(count)) { output in
            guard let target = output.baseAddress, count > 0 else { return }
            unsafe flags.withUnsafeBufferPointer { flags in
                unsafe esker_entry_bits(
                    flags.baseAddress!, codes.base, UInt32(width), count, target.assumingMemoryBound(to: UInt8.self))
            }
        }
        return Bitmap(bits, count: count)
    }
}

/// The results of functions for entries of dictionaries, kept as long as a statement runs.
///
/// Blocks of a segment share their dictionaries, so that `product LIKE 'p1%'` runs once a segment, not once a block.
final class EntryResults: Sendable {
    /// A function with its arguments, all but one of them constants. Tells dictionaries and constants by identity and
    /// holds them, so that an identity stands for nothing else meanwhile.
    struct Key: Sendable {
        fileprivate let function: FunctionIdentity
        fileprivate let arguments: [ColumnDictionary]
        fileprivate let varying: Int

        /// - Returns: nil when an argument is a constant NULL, or no dictionary and no constant.
        init?(_ function: FunctionIdentity, _ columns: [Column], varying: Int) {
            var arguments: [ColumnDictionary] = []
            for column in columns {
                switch column.values {
                case .dictionary(_, _, let dictionary): arguments.append(dictionary)
                case .constant(let dictionary) where column.nullCount == 0: arguments.append(dictionary)
                default: return nil
                }
            }
            self.function = function
            self.arguments = arguments
            self.varying = varying
        }

        fileprivate func isSame(_ other: Key) -> Bool {
            function === other.function && varying == other.varying && arguments.count == other.arguments.count
                && zip(arguments, other.arguments).allSatisfy { $0 === $1 }
        }
    }

    /// nil stands for a dictionary that came once and was too large for the rows that came with it.
    private let kept = Mutex<[(key: Key, result: EntryResult?)]>([])

    /// Statements call few functions on few dictionaries; blocks of the journal, which have their own, push out each
    /// other.
    private static let capacity = 32

    /// The result kept under `key`, or a new one when it is wanted at once or asked for the second time.
    func result(_ key: Key, isWanted: Bool, _ compute: () -> EntryResult) -> EntryResult? {
        let found: EntryResult?? = kept.withLock { kept in kept.first { $0.key.isSame(key) }?.result }
        if let found, let result = found { return result }
        let result = isWanted || found != nil ? compute() : nil
        // Two threads may compute the same; either result will do.
        kept.withLock { kept in
            kept.removeAll { $0.key.isSame(key) }
            if kept.count == Self.capacity { kept.removeFirst() }
            kept.append((key, result))
        }
        return result
    }
}
