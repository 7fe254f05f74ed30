// Unsafe: copies pages and sectors within ranges that the file's own bookkeeping gives.

/// What a power cut, or a failed sync, leaves of a file's bytes.
extension MemoryContent {
    /// The file as the disk could hold it after a power cut now: a copy that shares nothing with this one.
    ///
    /// Sectors and growth are decided one by one. A cut is a barrier: when it is lost, everything after it is, and when
    /// it is kept, no older byte of the part that was cut comes back.
    func afterPowerCut(_ powerCut: inout PowerCut) -> MemoryContent {
        var copy = copied()
        let cuts = changes.indices.filter { changes[$0].isCut }
        let keptCuts = powerCut.version(of: cuts.count + 1)
        let end = keptCuts < cuts.count ? cuts[keptCuts] : changes.count
        for change in changes[end...].reversed() { copy.undo(change) }
        let newest = copy.size

        // Every version of each sector that was on its way to the disk, oldest first; the newest stands in `copy`.
        var versions: [Int: [Int]] = [:]
        var sureSize = syncedSize
        for index in 0..<end {
            switch changes[index] {
            case .data(let old): for sector in old.sectors { versions[sector, default: []].append(index) }
            case .grow: break
            case .cut(_, let size, _): sureSize = size
            }
        }
        for (sector, old) in stranded where versions[sector] == nil { copy.put(old[...], sector) }
        for (sector, indices) in versions.sorted(by: { $0.key < $1.key }) {
            let choice = powerCut.version(of: indices.count + 1)
            guard choice < indices.count, case .data(let old) = changes[indices[choice]] else { continue }
            copy.put(old.bytes(of: sector), sector)
            // A kept cut that came later has cut this version too.
            let bytes = Int64(sector * Self.sector)..<Int64((sector + 1) * Self.sector)
            for case .cut(_, let size, _) in changes[indices[choice]..<end] where size < bytes.upperBound {
                copy.clear(max(size, bytes.lowerBound)..<bytes.upperBound)
            }
        }
        copy.shrink(to: powerCut.size(from: min(sureSize, newest), to: newest, step: Int64(Self.sector)))
        copy.sync()
        return copy
    }

    /// Ends a sync that fails.
    mutating func failSync(losing loss: SyncLoss) {
        let first = (changes.lastIndex { $0.isCut } ?? -1) + 1
        switch loss {
        case .nothing: return
        case .atOnce:
            for change in changes[first...].reversed() {
                if case .data(let old) = change { put(old) }
            }
            clear(size..<max(size, Int64((memory?.count ?? 0))))
        case .atPowerCut:
            for change in changes[first...] {
                guard case .data(let old) = change else { continue }
                for sector in old.sectors where stranded[sector] == nil {
                    stranded[sector] = old.bytes(of: sector).map { [UInt8]($0) } ?? Self.zeroSector
                }
            }
        }
        changes = changes[..<first] + changes[first...].filter { !$0.isData }
    }

    private static let zeroSector = [UInt8](repeating: 0, count: sector)

    /// The same bytes and space in pages of its own, without openings and locks.
    private func copied() -> MemoryContent {
        var copy = MemoryContent()
        copy.size = size
        copy.syncedSize = syncedSize
        copy.allocated = allocated
        copy.written = written
        guard let memory else { return copy }
        let target = copy.pages()
        for run in written.runs {
            let start = run.lowerBound * Self.block
            unsafe (target.base + start).copyMemory(from: memory.base + start, byteCount: run.count * Self.block)
        }
        return copy
    }

    private mutating func undo(_ change: Change) {
        switch change {
        case .data(let old): put(old)
        case .grow(let from, _): shrink(to: from)
        case .cut(let from, _, let old):
            size = from
            put(old)
        }
    }

    /// Lowers the size, and zeroes and frees what was above it, without remembering.
    private mutating func shrink(to end: Int64) {
        guard end < size else { return }
        clear(end..<size)
        freeBlocks(after: end)
        size = end
    }

    private mutating func put(_ old: OldSectors) {
        for sector in old.sectors { put(old.bytes(of: sector), sector) }
    }

    private mutating func put(_ bytes: ArraySlice<UInt8>?, _ sector: Int) {
        let start = Int64(sector * Self.sector)
        guard let bytes else { return clear(start..<start + Int64(Self.sector)) }
        let base = unsafe pages().base + Int(start)
        unsafe bytes.withUnsafeBytes { old in unsafe base.copyMemory(from: old.baseAddress!, byteCount: old.count) }
        let block = sector * Self.sector / Self.block
        allocated.insert(block)
        written.insert(block)
    }
}

extension MemoryContent.Change {
    fileprivate var isCut: Bool { if case .cut = self { true } else { false } }
    fileprivate var isData: Bool { if case .data = self { true } else { false } }
}
