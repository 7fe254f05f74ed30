// Unsafe: owns a stretch of address space and hands out its address.
import Glibc

/// Bytes of a file as memory, for reading. Unmapped with the last reference.
///
/// Writes to the file show through, as with `MAP_SHARED`. Reading bytes that were cut off by a truncation kills the
/// process (SIGBUS); callers map ranges that are never cut while mapped.
@safe package final class MappedRegion: Sendable {
    /// First byte asked for; at least as aligned as the file offset, up to a page.
    package nonisolated(unsafe) let base: UnsafeRawPointer
    package let count: Int
    private let memory: PageMemory
    private let skipped: Int

    /// `count` bytes of `memory` after the first `skipped` ones.
    init(_ memory: PageMemory, skipping skipped: Int, count: Int) {
        precondition(skipped >= 0 && count >= 0 && count <= memory.count - skipped)
        self.memory = memory
        self.skipped = skipped
        self.count = count
        unsafe base = UnsafeRawPointer(memory.base + skipped)
    }

    /// The bytes, checked at their ends.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = unsafe RawSpan(_unsafeStart: base, byteCount: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Tells the system how the bytes will be read. A hint: failures do not matter.
    package func advise(_ pattern: AccessPattern) {
        let advice =
            switch pattern {
            case .normal: MADV_NORMAL
            case .sequential: MADV_SEQUENTIAL
            case .random: MADV_RANDOM
            case .willNeed: MADV_WILLNEED
            }
        let start = skipped & ~(PageMemory.pageSize - 1)
        _ = unsafe madvise(memory.base + start, count + skipped - start, advice)
    }
}
