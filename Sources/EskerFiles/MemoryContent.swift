// Unsafe: copies between callers' memory and the file's own pages, after checking the range once.

/// The bytes of one file in memory, and enough history to say what a power cut could leave of them.
///
/// The pages lie in one reserved stretch of address space, so that a mapping stays valid while the file grows and sees
/// later writes. `changes` holds, oldest first, what each operation since the last sync replaced.
///
/// Invariant: bytes at and past `size`, and bytes of blocks not in `written`, are zero.
struct MemoryContent: Sendable {
    /// What a disk writes as a whole.
    static let sector = 512
    /// What a file system allocates.
    static let block = 4096
    /// Address space reserved for each file that has bytes; writes past it fail with EFBIG.
    static let maximumSize: Int64 = 1 << 30

    var size: Int64 = 0
    /// Size when last synced.
    var syncedSize: Int64 = 0
    /// nil until the first byte.
    var memory: PageMemory?
    /// Blocks that take space on the disk.
    var allocated = BlockSet()
    /// Blocks that may hold bytes other than zero.
    var written = BlockSet()
    var changes: [Change] = []
    /// Sectors whose newest bytes the system has given up writing (see ``failSync(losing:)``), with the bytes that the
    /// disk holds instead.
    var stranded: [Int: [UInt8]] = [:]

    /// Names in directories, and openings; space is free when both are 0.
    var linkCount = 0
    var openCount = 0
    var rangeLocks = RangeLockTable()
    var isLocked = false

    enum Change: Sendable {
        /// Bytes were overwritten.
        case data(OldSectors)
        case grow(from: Int64, to: Int64)
        /// The end was cut off: an order that no later write may overtake.
        case cut(from: Int64, to: Int64, OldSectors)
    }

    /// Sectors as they were before a change.
    struct OldSectors: Sendable {
        var sectors: Range<Int>
        /// nil: all zeros.
        var bytes: [UInt8]?

        /// The old bytes of one of the sectors; nil: zeros.
        func bytes(of sector: Int) -> ArraySlice<UInt8>? {
            let start = (sector - sectors.lowerBound) * MemoryContent.sector
            return bytes.map { $0[start..<start + MemoryContent.sector] }
        }
    }

    // MARK: Operations

    /// Blocks that `range` would add to the disk.
    func blocksMissing(in range: Range<Int64>) -> Int {
        Self.blocks(of: range).count { !allocated.contains($0) }
    }

    /// Takes space for `range`; the caller has checked that it is there.
    mutating func allocate(_ range: Range<Int64>) {
        for block in Self.blocks(of: range) { allocated.insert(block) }
    }

    /// Overwrites from `offset` on; the space is allocated.
    mutating func write(_ pieces: [UnsafeRawBufferPointer], at offset: Int64, count: Int) {
        let range = offset..<offset + Int64(count)
        guard count > 0 else { return }
        remember(range)
        let memory = pages()
        var position = Int(offset)
        var left = count
        for index in unsafe pieces.indices {
            let piece = unsafe pieces[index]
            guard piece.count > 0 && left > 0 else { continue }
            let part = min(left, piece.count)
            unsafe (memory.base + position).copyMemory(from: piece.baseAddress!, byteCount: part)
            position += part
            left -= part
        }
        for block in Self.blocks(of: range) { written.insert(block) }
        grow(to: range.upperBound)
    }

    /// Writes zeros; costs no memory where nothing was written.
    mutating func writeZeros(_ range: Range<Int64>) {
        for block in Self.blocks(of: range) where written.contains(block) {
            let part = range.clamped(to: Int64(block * Self.block)..<Int64((block + 1) * Self.block))
            remember(part)
            clear(part)
        }
        grow(to: range.upperBound)
    }

    mutating func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) -> Int {
        guard offset < size, buffer.count > 0 else { return 0 }
        let count = min(buffer.count, Int(size - offset))
        unsafe buffer.baseAddress!.copyMemory(from: pages().base + Int(offset), byteCount: count)
        return count
    }

    mutating func grow(to end: Int64) {
        guard end > size else { return }
        changes.append(.grow(from: size, to: end))
        size = end
    }

    mutating func cut(to end: Int64) {
        guard end < size else { return }
        changes.append(.cut(from: size, to: end, oldSectors(end..<size)))
        clear(end..<size)
        freeBlocks(after: end)
        let firstGone = Int(end + Int64(Self.sector) - 1) / Self.sector
        stranded = stranded.filter { $0.key < firstGone }
        size = end
    }

    mutating func sync() {
        changes = []
        syncedSize = size
    }

    /// The pages, reserved now if they were not.
    mutating func pages() -> PageMemory {
        if let memory { return memory }
        guard let memory = PageMemory.reserve(Int(Self.maximumSize)) else {
            preconditionFailure("no address space left for a file in memory")
        }
        self.memory = memory
        return memory
    }

    // MARK: History

    private mutating func remember(_ range: Range<Int64>) {
        let old = oldSectors(range)
        changes.append(.data(old))
        // Bytes that the system had given up are dirty again with this write, and will be written.
        if !stranded.isEmpty { for sector in old.sectors { stranded[sector] = nil } }
    }

    /// What the disk would go back to if a change of `range` were lost.
    private func oldSectors(_ range: Range<Int64>) -> OldSectors {
        let sectors = Int(range.lowerBound) / Self.sector..<(Int(range.upperBound) + Self.sector - 1) / Self.sector
        let isZero = !written.containsAny(of: Self.blocks(of: range))
        guard let memory, !isZero || !stranded.isEmpty else { return OldSectors(sectors: sectors, bytes: nil) }
        let start = unsafe memory.base + sectors.lowerBound * Self.sector
        var bytes = unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: sectors.count * Self.sector))
        if !stranded.isEmpty {
            for sector in sectors {
                guard let old = stranded[sector] else { continue }
                let place = (sector - sectors.lowerBound) * Self.sector
                bytes.replaceSubrange(place..<place + Self.sector, with: old)
            }
        }
        return OldSectors(sectors: sectors, bytes: bytes)
    }

    /// Gives back the blocks that lie wholly past `end`; they hold zeros.
    mutating func freeBlocks(after end: Int64) {
        let firstFree = Int(end + Int64(Self.block) - 1) / Self.block
        allocated.remove(from: firstFree)
        written.remove(from: firstFree)
    }

    /// Puts zeros over written blocks of `range`, without remembering.
    mutating func clear(_ range: Range<Int64>) {
        guard let memory else { return }
        for block in Self.blocks(of: range).clamped(to: written.bounds) where written.contains(block) {
            let part = range.clamped(to: Int64(block * Self.block)..<Int64((block + 1) * Self.block))
            unsafe (memory.base + Int(part.lowerBound)).initializeMemory(
                as: UInt8.self, repeating: 0, count: part.count)
        }
    }

    static func blocks(of range: Range<Int64>) -> Range<Int> {
        range.isEmpty ? 0..<0 : Int(range.lowerBound) / block..<(Int(range.upperBound) - 1) / block + 1
    }
}
