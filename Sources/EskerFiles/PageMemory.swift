// Unsafe: owns a stretch of address space and hands out its address.
import Glibc

/// A stretch of address space from `mmap`, given back with the last reference.
@safe final class PageMemory: Sendable {
    static let pageSize = Int(sysconf(Int32(_SC_PAGESIZE)))

    nonisolated(unsafe) let base: UnsafeMutableRawPointer
    let count: Int

    private init(_ base: UnsafeMutableRawPointer, count: Int) {
        unsafe self.base = base
        self.count = count
    }

    deinit {
        let result = unsafe munmap(base, count)
        precondition(result == 0, "munmap of our own mapping failed")
    }

    /// Zeroed private memory. Pages cost nothing until they are written, so a large stretch may be reserved.
    /// Returns nil with `errno` set.
    static func reserve(_ count: Int) -> PageMemory? {
        let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
        return map(count, PROT_READ | PROT_WRITE, flags, descriptor: -1, offset: 0)
    }

    /// A file's bytes for reading, shared with everyone who writes them. `offset` must be a multiple of a page.
    /// Returns nil with `errno` set.
    static func map(descriptor: Int32, offset: Int64, count: Int) -> PageMemory? {
        map(count, PROT_READ, MAP_SHARED, descriptor: descriptor, offset: offset)
    }

    private static func map(
        _ count: Int, _ protection: Int32, _ flags: Int32, descriptor: Int32, offset: Int64
    ) -> PageMemory? {
        guard let base = unsafe mmap(nil, count, protection, flags, descriptor, Int(offset)),
            unsafe base != MAP_FAILED
        else { return nil }
        return unsafe PageMemory(base, count: count)
    }
}
