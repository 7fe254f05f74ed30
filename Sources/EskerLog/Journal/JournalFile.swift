// Unsafe: makes buffers on the mapped file, which the mapping object keeps alive.
import EskerFiles
package import EskerFormat
import Synchronization

/// One journal file, mapped for reading; the newest is also written.
///
/// Blocks that readers hold keep ``JournalMapping`` alive. When it ends, nobody in this process can see the file's
/// bytes any more, and only then may the file be written over.
package final class JournalFile: Sendable {
    package let number: UInt64
    package let path: String
    package let header: JournalFileHeader
    let file: any File
    /// Bytes of the file, header page included.
    package let length: Int
    let mapping: JournalMapping
    /// Set when the last mapping of the file by this process is gone.
    let isUnmapped: UnmappedFlag
    private let poisoned = Atomic<Bool>(false)

    init(file: any File, header: JournalFileHeader, path: String, length: Int, region: MappedRegion) {
        self.number = header.number
        self.path = path
        self.header = header
        self.file = file
        self.length = length
        let flag = UnmappedFlag()
        isUnmapped = flag
        mapping = JournalMapping(region, flag)
    }

    /// Whether a write or sync of the file failed: it is removed when it is no longer needed, not used again.
    var isPoisoned: Bool { poisoned.load(ordering: .relaxed) }

    /// Ends writing for good after a failure; what is mapped stays readable.
    func poison() {
        poisoned.store(true, ordering: .relaxed)
        file.close()
    }

    /// Bytes of the file as a buffer that keeps the mapping alive. Traps outside the file.
    func bytes(_ range: Range<Int>) -> Buffer {
        precondition(range.lowerBound >= 0 && range.upperBound <= length)
        let region = mapping.region
        return unsafe Buffer(base: region.base + range.lowerBound, byteCount: range.count, owner: mapping)
    }
}

/// Keeps a journal file mapped for as long as a block of it is in someone's hands.
final class JournalMapping: Sendable {
    let region: MappedRegion
    private let flag: UnmappedFlag

    init(_ region: MappedRegion, _ flag: UnmappedFlag) {
        self.region = region
        self.flag = flag
    }

    deinit { flag.set() }
}

/// Tells that a mapping has ended.
final class UnmappedFlag: Sendable {
    private let value = Atomic<Bool>(false)

    var isSet: Bool { value.load(ordering: .acquiring) }
    func set() { value.store(true, ordering: .releasing) }
}
