import EskerFiles
import EskerFormat
import EskerLog
import Foundation
import Testing

/// Damages a small store in every way and looks at what the tools make of it.
///
/// `ESKER_EXHAUSTIVE=1` tries every bit and length; otherwise a part of them that differs from run to run, by a printed
/// seed that `ESKER_SEED` brings back.
@Suite("Damage of a store")
struct DamageTests {
    private static let isExhaustive = ProcessInfo.processInfo.environment["ESKER_EXHAUSTIVE"] != nil
    private static let seed: UInt64 = {
        let given = ProcessInfo.processInfo.environment["ESKER_SEED"].flatMap { UInt64($0) }
        return given ?? UInt64.random(in: 0...UInt64.max)
    }()

    /// Why a byte may change without harm; `nil` when it may not.
    ///
    /// - `LOCK`, `RESERVE`: only their presence counts.
    /// - The page of a journal file's header behind its 72 bytes: nothing is kept there.
    /// - Between the end of a commit and the next page, and behind the last commit: commits start at pages, and what
    ///   stands there is never read as more than "no commit of this log".
    private static func harmless(_ path: String, _ byte: Int, _ used: [String: [Range<Int>]]) -> String? {
        if path.hasSuffix("LOCK") || path.hasSuffix("RESERVE") { return "content is not used" }
        guard let ranges = used[path] else { return nil }
        return ranges.contains { $0.contains(byte) } ? nil : "no commit stands there"
    }

    /// The stretches of each journal file that count.
    private static func usedRanges(_ disk: MemoryFileSystem) throws -> [String: [Range<Int>]] {
        var used: [String: [Range<Int>]] = [:]
        for path in try SmallStore.files(disk) where path.hasSuffix(".journal") {
            let options = InspectionOptions(blocks: true)
            let inspection = try StoreInspector(files: disk, options: options).inspect(path)
            guard case .journal(let report) = inspection.subject else { continue }
            used[path] = [0..<72] + report.blocks.map { $0.position..<($0.position + $0.header!.totalLength) }
        }
        return used
    }

    @Test("a flipped bit anywhere is corrupt, torn, or harmless for a known reason", arguments: [true, false])
    func flips(closing: Bool) throws {
        let disk = try SmallStore.make(closing: closing)
        let used = try Self.usedRanges(disk)
        var generator = SeededGenerator(seed: Self.seed)
        var counts: [Int32: Int] = [:]
        for path in try SmallStore.files(disk) {
            let length = try SmallStore.read(disk, path).count
            for byte in 0..<length {
                let reason = Self.harmless(path, byte, used)
                for bit in 0..<8 where Self.isChosen(reason == nil ? 64 : 3000, &generator) {
                    try SmallStore.flip(disk, path, byte: byte, bit: bit)
                    let result = StoreVerifier(files: disk).verify(SmallStore.directory)
                    let isExpected = reason == nil ? [1, 2].contains(result.exitCode) : result.exitCode == 0
                    #expect(isExpected, "\(path) byte \(byte) bit \(bit), seed \(Self.seed): \(result.text())")
                    counts[result.exitCode, default: 0] += 1
                    try SmallStore.flip(disk, path, byte: byte, bit: bit)
                }
            }
        }
        print("flips: \(counts.sorted { $0.key < $1.key }), seed \(Self.seed)")
    }

    @Test("a file cut anywhere is corrupt")
    func truncations() throws {
        let disk = try SmallStore.make()
        let used = try Self.usedRanges(disk)
        var generator = SeededGenerator(seed: Self.seed)
        for path in try SmallStore.files(disk) where !path.hasSuffix("LOCK") && !path.hasSuffix("RESERVE") {
            let bytes = try SmallStore.read(disk, path)
            let end = used[path].map { $0.map(\.upperBound).max()! } ?? bytes.count
            for length in 0..<bytes.count where Self.isChosen(length < end ? 64 : 3000, &generator) {
                try SmallStore.write(disk, path, Array(bytes[..<length]))
                let result = StoreVerifier(files: disk).verify(SmallStore.directory)
                #expect(result.exitCode == 2, "\(path) cut at \(length), seed \(Self.seed): \(result.text())")
            }
            try SmallStore.write(disk, path, bytes)
        }
    }

    @Test("nothing that stands in the files makes verifying or inspecting fail", arguments: 0..<4)
    func mutations(run: UInt64) throws {
        let disk = try SmallStore.make(closing: run % 2 == 0)
        var mutation = Mutation(seed: Self.seed &+ run)
        print("mutations: seed \(Self.seed), run \(run)")
        let files = try SmallStore.files(disk).filter { !$0.hasSuffix("LOCK") && !$0.hasSuffix("RESERVE") }
        let originals = try files.map { try SmallStore.read(disk, $0) }
        for _ in 0..<(Self.isExhaustive ? 3000 : 40) {
            for (path, bytes) in zip(files, originals) {
                try SmallStore.write(disk, path, mutation.mutate(bytes))
                let result = StoreVerifier(files: disk).verify(SmallStore.directory)
                _ = (result.text(), result.json(), StoreVerifier(files: disk).verify(path))
                let options = InspectionOptions(blocks: true, columns: true, rows: 3)
                for place in [path, SmallStore.directory] {
                    let inspection = try? StoreInspector(files: disk, options: options).inspect(place)
                    _ = (inspection?.text(), inspection?.json())
                }
                try SmallStore.write(disk, path, bytes)
            }
        }
    }

    @Test("whatever a file suffered, a repair makes the store clean again without a wrong row", arguments: 0..<4)
    func repairs(run: UInt64) throws {
        let original = try run % 2 == 0 ? SmallStore.make(closing: run == 0) : SmallStore.makeSealed()
        print("repairs: seed \(Self.seed), run \(run)")
        for isForged in [false, true] {
            var mutation = Mutation(seed: Self.seed &+ run, isForging: isForged)
            for _ in 0..<(Self.isExhaustive ? 3000 : 30) {
                let disk = original.crashClone(keep: .everything)
                let files = try SmallStore.files(disk).filter { $0.contains(".") || $0.hasSuffix("MANIFEST") }
                let path = mutation.choose(files)
                try SmallStore.write(disk, path, mutation.mutate(SmallStore.read(disk, path)))
                let repair = StoreRepair(files: disk, clock: ManualClock(), options: LogHarness.smallOptions)
                // Forged checksums make promises that cannot be kept: then it is enough not to fail.
                guard !isForged else {
                    _ = try? repair.run(SmallStore.directory)
                    _ = StoreVerifier(files: disk).verify(SmallStore.directory)
                    continue
                }
                let report = try repair.run(SmallStore.directory)
                let result = StoreVerifier(files: disk).verify(SmallStore.directory)
                #expect(result.exitCode == 0, "\(path): \(report.text())\(result.text())")
                _ = try SmallStore.ids(disk, "events")
            }
        }
    }

    private static func isChosen(_ oneIn: Int, _ generator: inout SeededGenerator) -> Bool {
        isExhaustive || Int.random(in: 0..<oneIn, using: &generator) == 0
    }
}
