import EskerFiles
import Synchronization

/// Which editions of the manifest a reader beside the writer is looking at.
///
/// A segment is opened when it is first read, long after the manifest that names it. So that compaction does not remove it
/// in between, the reader holds a shared lock on a byte for the edition, from before it has read the manifest a second
/// time until nobody holds one of its segments any more. The writer looks for such locks before it removes a file; see
/// ``SegmentRemovals``.
final class EditionPins: Sendable {
    /// Where the bytes of editions begin in the readers' file; those before stand for journal files.
    static let firstByte: Int64 = 1 << 62

    /// One edition, pinned for as long as someone holds this.
    final class Pin: Sendable {
        let edition: UInt64
        private let pins: EditionPins

        fileprivate init(_ edition: UInt64, _ pins: EditionPins) {
            self.edition = edition
            self.pins = pins
        }

        deinit { pins.unpin(edition) }
    }

    private let readers: (any File)?
    private let path: String
    private let counts = Mutex<[UInt64: Int]>([:])

    /// - Parameter readers: the readers' file, open; `nil` when it cannot be opened.
    init(_ readers: (any File)?, path: String) {
        self.readers = readers
        self.path = path
    }

    /// The bytes that stand for the editions below one.
    static func bytes(before edition: UInt64) -> Int64 { Int64(clamping: edition) }

    /// Pins an edition. `.io` when the writer is just looking, or there is no readers' file.
    func pin(_ edition: UInt64) throws(StoreError) -> Pin {
        let place = Self.firstByte + Self.bytes(before: edition)
        let isLocked = try counts.withLock { (counts) throws(StoreError) in
            if counts[edition] == nil {
                let isLocked = try storing { () throws(FileError) in try readers?.lockRange(place, 1, .shared) }
                guard isLocked == true else { return false }
            }
            counts[edition, default: 0] += 1
            return true
        }
        guard isLocked else {
            throw StoreError(
                .io, "edition \(edition) of the store cannot be kept from being removed; is the file readable?",
                file: path, offset: place)
        }
        return Pin(edition, self)
    }

    private func unpin(_ edition: UInt64) {
        counts.withLock { counts in
            guard let count = counts[edition] else { return }
            counts[edition] = count > 1 ? count - 1 : nil
            if count == 1 {
                _ = try? readers?.lockRange(Self.firstByte + Self.bytes(before: edition), 1, .unlock)
            }
        }
    }
}
