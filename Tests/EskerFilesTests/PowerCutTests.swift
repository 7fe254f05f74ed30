import EskerFiles
import Testing

/// What is left of a disk in memory after its power was cut.
struct PowerCutTests {
    /// A disk with one durable file "d/a" that holds `bytes`.
    private func diskWithFile(_ bytes: [UInt8]) throws -> (MemoryFileSystem, any File) {
        let disk = MemoryFileSystem()
        try disk.makeDirectory("d")
        try disk.syncDirectory("/")
        let file = try disk.open("d/a", .create)
        try file.write(bytes, at: 0)
        try file.sync()
        try disk.syncDirectory("d")
        return (disk, file)
    }

    private func contents(_ disk: MemoryFileSystem, _ path: String) throws -> [UInt8] {
        try disk.open(path, .read).contents()
    }

    @Test("Synced bytes survive every power cut; unsynced ones only if the disk was kind")
    func syncedBytesSurvive() throws {
        let old = pattern(3000, 1)
        let (disk, file) = try diskWithFile(old)
        try file.write(pattern(2000, 2), at: 2000)
        let new = old[..<2000] + pattern(2000, 2)
        #expect(try contents(disk.crashClone(keep: .synced), "d/a") == old)
        #expect(try contents(disk.crashClone(keep: .everything), "d/a") == [UInt8](new))
        try file.sync()
        for seed in 0..<50 as Range<UInt64> {
            #expect(try contents(disk.crashClone(seed: seed), "d/a") == [UInt8](new))
        }
    }

    @Test("Unsynced writes can be torn, and reach the disk out of order")
    func writesAreTorn() throws {
        let (disk, file) = try diskWithFile([UInt8](repeating: 0, count: 2048))
        try file.write([UInt8](repeating: 1, count: 1024), at: 0)
        try file.write([UInt8](repeating: 2, count: 1024), at: 1024)
        var seen: Set<[UInt8]> = []
        for seed in 0..<400 as Range<UInt64> {
            let bytes = try contents(disk.crashClone(seed: seed), "d/a")
            let sectors = stride(from: 0, to: 2048, by: 512).map { [UInt8](bytes[$0..<$0 + 512]) }
            for (index, sector) in sectors.enumerated() {
                let new: UInt8 = index < 2 ? 1 : 2
                #expect(sector == [UInt8](repeating: sector[0], count: 512), "seed \(seed)")
                #expect(sector[0] == 0 || sector[0] == new, "seed \(seed)")
            }
            seen.insert(sectors.map { $0[0] })
        }
        #expect(seen.count == 16)  // every combination of kept and lost sectors
    }

    @Test("A file grows wholly, partly or not at all, and what is missing in it is zero")
    func growth() throws {
        let (disk, file) = try diskWithFile([7])
        try file.write([UInt8](repeating: 5, count: 4000), at: 1)
        var sizes: Set<Int> = []
        for seed in 0..<400 as Range<UInt64> {
            let bytes = try contents(disk.crashClone(seed: seed), "d/a")
            #expect(bytes[0] == 7 && bytes[1...].allSatisfy { $0 == 0 || $0 == 5 }, "seed \(seed)")
            sizes.insert(bytes.count)
        }
        #expect(sizes.contains(1) && sizes.contains(4001) && sizes.count > 4)
        #expect(sizes.allSatisfy { $0 == 1 || $0 == 4001 || $0 % 512 == 0 })
    }

    @Test("Bytes cut off for good never come back when the file grows again")
    func cutsAreBarriers() throws {
        let (disk, file) = try diskWithFile([UInt8](repeating: 1, count: 4096))
        try file.write([UInt8](repeating: 2, count: 2048), at: 1024)
        try file.truncate(to: 700)
        try file.write([UInt8](repeating: 3, count: 512), at: 2048)
        var kept = 0
        for seed in 0..<400 as Range<UInt64> {
            let bytes = try contents(disk.crashClone(seed: seed), "d/a")
            if bytes.count == 4096 { continue }  // the cut itself was lost
            kept += 1
            #expect(bytes[..<700].allSatisfy { $0 == 1 }, "seed \(seed)")
            #expect(bytes[700...].allSatisfy { $0 == 0 || $0 == 3 }, "seed \(seed)")
        }
        #expect(kept > 0 && kept < 400)
    }

    @Test("A name is durable after its directory was synced, and a directory's own name counts too")
    func namesNeedTheirDirectory() throws {
        let (disk, file) = try diskWithFile([1])
        try disk.open("d/b", .create).sync()
        try disk.makeDirectory("e/f")
        try disk.open("e/f/c", .create).sync()
        try disk.syncDirectory("e/f")
        try disk.remove("d/a")
        let cut = disk.crashClone(keep: .synced)
        #expect(try cut.list("d") == ["a"])
        #expect(try contents(cut, "d/a") == [1])
        #expect(try cut.list("/") == ["d"])
        try disk.syncDirectory("d")
        #expect(try disk.crashClone(keep: .synced).list("d") == ["b"])
        try disk.syncDirectory("/")
        #expect(try disk.crashClone(keep: .synced).list("e") == [])
        try disk.syncDirectory("e")
        #expect(try disk.crashClone(keep: .synced).list("e/f") == ["c"])
        #expect(try file.contents() == [1])
    }

    @Test("Renames are whole or not at all, across directories too")
    func renamesAreAtomic() throws {
        let disk = MemoryFileSystem()
        try disk.makeDirectory("a")
        try disk.makeDirectory("b")
        for tag in 0..<8 as Range<UInt8> {
            let file = try disk.open("a/\(tag)", .create)
            try file.write([tag], at: 0)
            try file.sync()
        }
        for path in ["/", "a"] { try disk.syncDirectory(path) }
        // Each file moves twice, to names that nobody had before.
        for tag in 0..<8 { try disk.rename("a/\(tag)", to: "b/\(tag)-1") }
        for tag in 0..<8 { try disk.rename("b/\(tag)-1", to: "a/\(tag)-2") }
        try disk.syncDirectory("b")
        var places: Set<String> = []
        for seed in 0..<200 as Range<UInt64> {
            let cut = disk.crashClone(seed: seed)
            var found: [UInt8] = []
            for path in try cut.list("a").map({ "a/" + $0 }) + cut.list("b").map({ "b/" + $0 }) {
                let tag = try contents(cut, path)[0]
                #expect(path.dropFirst(2).first == "\(tag)".first, "seed \(seed)")
                found.append(tag)
                places.insert(path)
            }
            #expect(found.sorted() == [0, 1, 2, 3, 4, 5, 6, 7], "seed \(seed)")
        }
        #expect(places.count == 24)
    }

    @Test("A replaced file is the old or the new one")
    func replacing() throws {
        let (disk, _) = try diskWithFile([1])
        let new = try disk.open("d/new", .create)
        try new.write([2], at: 0)
        try new.sync()
        try disk.rename("d/new", to: "d/a")
        var seen: Set<[UInt8]> = []
        for seed in 0..<100 as Range<UInt64> { seen.insert(try contents(disk.crashClone(seed: seed), "d/a")) }
        #expect(seen == [[1], [2]])
    }

    @Test("A crash clone shares nothing with its disk")
    func clonesAreIndependent() throws {
        let (disk, file) = try diskWithFile([1, 2, 3])
        let lock = try disk.lock("d/lock")
        let clone = disk.crashClone(keep: .everything)
        let copy = try clone.open("d/a", .readWrite)
        try copy.write([9], at: 0)
        try file.write([8], at: 1)
        #expect(try file.contents() == [1, 8, 3])
        #expect(try copy.contents() == [9, 2, 3])
        try clone.lock("d/lock").release()
        lock.release()
    }

    @Test("Random histories leave only versions that a sector had since its last sync", arguments: 0..<40)
    func randomHistories(_ round: Int) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        print("power cut histories, seed \(seed)")
        var random = SeededGenerator(seed: seed)
        let (disk, file) = try diskWithFile([])
        // The file after each change since the last sync, the synced state first.
        var states: [[UInt8]] = [[]]
        /// Where the file was cut off on the way to each of the states.
        var cuts: [Int?] = [nil]
        for step in 1...30 {
            var bytes = states.last!
            let start = Int.random(in: 0..<6000, using: &random)
            let end = start + Int.random(in: 0..<3000, using: &random)
            switch Int.random(in: 0..<10, using: &random) {
            case 0:
                try file.sync()
                (states, cuts) = ([], [])
            case 1:
                try file.truncate(to: Int64(start))
                bytes = bytes.prefix(start) + [UInt8](repeating: 0, count: max(0, start - bytes.count))
            case 2:
                try file.fillWithZeros(from: Int64(start), to: Int64(end))
                if start < end { bytes.overwrite([UInt8](repeating: 0, count: end - start), at: start) }
            case 3:
                try file.reserve(from: Int64(start), to: Int64(end))
                if start < end { bytes += [UInt8](repeating: 0, count: max(0, end - bytes.count)) }
            default:
                let new = pattern(end - start, UInt8(step))
                try file.write(new, at: Int64(start))
                if start < end { bytes.overwrite(new, at: start) }
            }
            cuts.append(bytes.count < (states.last?.count ?? 0) ? bytes.count : nil)
            states.append(bytes)
            #expect(try file.contents() == bytes, "seed \(seed)")
            #expect(try contents(disk.crashClone(keep: .synced), "d/a") == states[0], "seed \(seed)")
            #expect(try contents(disk.crashClone(keep: .everything), "d/a") == bytes, "seed \(seed)")
            for _ in 0..<3 {
                let survivor = try contents(disk.crashClone(seed: random.next()), "d/a")
                #expect(isPossible(survivor, after: states, cuts), "seed \(seed), step \(step)")
            }
        }
    }

    /// Whether each sector of `survivor` is that of some state, perhaps with its end cut off by a later cut, and the
    /// size lies between theirs.
    private func isPossible(_ survivor: [UInt8], after states: [[UInt8]], _ cuts: [Int?]) -> Bool {
        let sizes = states.map(\.count)
        guard survivor.count >= sizes.min()!, survivor.count <= sizes.max()! else { return false }
        return stride(from: 0, to: survivor.count, by: 512).allSatisfy { start in
            let sector = survivor[start..<min(start + 512, survivor.count)]
            return states.indices.contains { index in
                let ends = [states[index].count] + cuts[(index + 1)...].compactMap { $0 }
                return ends.contains { end in
                    let old = states[index].prefix(end).dropFirst(start).prefix(sector.count)
                    return sector.starts(with: old) && sector.dropFirst(old.count).allSatisfy { $0 == 0 }
                }
            }
        }
    }
}

extension [UInt8] {
    /// As a write to a file does.
    fileprivate mutating func overwrite(_ new: [UInt8], at start: Int) {
        let end = start + new.count
        if count < end { self += [UInt8](repeating: 0, count: end - count) }
        replaceSubrange(start..<end, with: new)
    }
}
