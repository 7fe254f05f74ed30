import EskerFiles
import EskerFormat
import EskerLog
import Testing

@Suite("Verifying a store offline")
struct VerifierTests {
    private static let firstJournal = "/store/journal/0000000000000001.journal"
    private static let lastJournal = "/store/journal/0000000000000002.journal"
    private static let segment = "/store/segments/0000000000000001.segment"

    private func verify(_ disk: MemoryFileSystem, _ path: String = SmallStore.directory) -> Verification {
        StoreVerifier(files: disk).verify(path)
    }

    @Test("a store is clean when it was closed, when power was cut while it was idle, and when it is new")
    func clean() throws {
        for closing in [true, false] {
            let result = verify(try SmallStore.make(closing: closing))
            #expect(result.exitCode == 0 && result.findings.isEmpty, "\(result.text())")
            // 53 rows; 48 stand in the first journal file, though 32 of these are sealed.
            #expect(result.rowCount == 85 && result.fileCount == 6)
        }
        let disk = MemoryFileSystem()
        try StoreLog.open("/new", files: disk).close()
        #expect(verify(disk, "/new").exitCode == 0)
        let files = try SmallStore.files(SmallStore.make()).filter { $0.contains(".") || $0.hasSuffix("MANIFEST") }
        for path in files { #expect(verify(try SmallStore.make(), path).exitCode == 0, "\(path)") }
    }

    @Test("a commit that power cut off is a torn tail, wherever it is cut")
    func torn() throws {
        let disk = try SmallStore.make(closing: false)
        let bytes = try SmallStore.read(disk, Self.lastJournal)
        let last = 8192  // the second commit of the file
        for length in [8, 200, 300, 500] {
            let rest = [UInt8](repeating: 0, count: bytes.count - last - length)
            try SmallStore.write(disk, Self.lastJournal, Array(bytes[..<(last + length)]) + rest)
            let result = verify(disk)
            #expect(result.exitCode == 1, "\(length): \(result.text())")
        }
        // Damage in each field that names the last commit is told as well.
        for byte in [0, 7, 9, 33, 49, 145, 188, 300] {
            try SmallStore.write(disk, Self.lastJournal, bytes)
            try SmallStore.flip(disk, Self.lastJournal, byte: last + byte)
            let result = verify(disk)
            #expect(result.exitCode == 1 && result.findings[0].offset == Int64(last), "\(byte): \(result.text())")
        }
        try SmallStore.write(disk, Self.lastJournal, Array(bytes[..<(bytes.count - 1)]))
        #expect(verify(disk).exitCode == 2)
    }

    @Test(
        "damage of durable bytes is corruption, named with file and place",
        arguments: [
            (segment, 20, "checksum of the segment header does not match"),
            (segment, 80, "header checksum is"), (segment, 700, "checksum"),
            ("/store/MANIFEST", 200, "manifest checksum is"), ("/store/MANIFEST", 3, "not a manifest"),
            (firstJournal, 40, "checksum of the journal file's header does not match"),
            (firstJournal, 3, "not a journal file"), (firstJournal, 4096 + 460, "durable commit 1 is damaged (10 rows"),
            (firstJournal, 24576 + 5, "durable commit 6 is damaged"), (lastJournal, 4096 + 1, "durable commit 7"),
        ])
    func corrupt(path: String, byte: Int, what: String) throws {
        let disk = try SmallStore.make()
        try SmallStore.flip(disk, path, byte: byte)
        let result = verify(disk)
        #expect(result.exitCode == 2)
        #expect(result.findings.contains { $0.file == path && $0.what.contains(what) }, "\(result.text())")
        #expect(verify(disk, path).exitCode >= (path.hasSuffix(".journal") ? 1 : 2))
    }

    @Test(
        "a missing file is corruption",
        arguments: [segment, firstJournal, lastJournal, "/store/MANIFEST"])
    func missing(path: String) throws {
        let disk = try SmallStore.make()
        try disk.remove(path)
        let result = verify(disk)
        let isEnd = path == Self.lastJournal
        // Of the newest journal file nothing else knows: its loss is told only when it was the only one.
        #expect(result.exitCode == (isEnd ? 0 : 2), "\(result.text())")
        guard isEnd else { return }
        try disk.remove(Self.firstJournal)
        #expect(verify(disk).exitCode == 2)
    }

    @Test("a newer version is told from damage")
    func newer() throws {
        let changes: [(path: String, field: Int, checksum: Int, from: Int, length: Int?)] = [
            ("/store/MANIFEST", 8, 12, 0, nil), (Self.segment, 8, 12, 0, 64), (Self.lastJournal, 8, 12, 0, 72),
            (Self.lastJournal, 8, 188, 4096, 384), (Self.lastJournal, 24, 188, 4096, 384),
        ]
        for change in changes {
            let disk = try SmallStore.make()
            var bytes = try SmallStore.read(disk, change.path)
            bytes[change.from + change.field] = 99
            let end = change.length.map { change.from + $0 } ?? bytes.count
            let part = Buffer(copying: Array(bytes[change.from..<end]))
            let checksum = BlockHeader.checksum(of: part, excluding: change.checksum)
            for index in 0..<4 {
                bytes[change.from + change.checksum + index] = UInt8(truncatingIfNeeded: checksum >> UInt32(8 * index))
            }
            try SmallStore.write(disk, change.path, bytes)
            let result = verify(disk)
            #expect(result.exitCode == 3 && result.severity == .newer, "\(change): \(result.text())")
            if change.path == Self.lastJournal, change.from > 0 {
                #expect { try LogHarness(disk) } throws: { ($0 as? StoreError)?.code == .newerVersion }
            }
        }
    }

    @Test("other directories and files are no store")
    func notAStore() throws {
        let disk = try SmallStore.make()
        try disk.makeDirectory("/empty")
        try SmallStore.write(disk, "/other", [1, 2, 3])
        for path in ["/empty", "/other", "/none", "/store/RESERVE"] {
            let result = verify(disk, path)
            #expect(result.exitCode == 3 && result.severity == .notAStore, "\(path)")
        }
    }

    @Test("files that do not belong together are told, though each is whole")
    func relations() throws {
        let disk = try SmallStore.make()
        let foreign = try SmallStore.make()
        for path in [Self.segment, Self.firstJournal] {
            let original = try SmallStore.read(disk, path)
            try SmallStore.write(disk, path, SmallStore.read(foreign, path))
            #expect(verify(disk).exitCode == 2)
            #expect(verify(disk, path).exitCode == 0)
            try SmallStore.write(disk, path, original)
        }
        #expect(verify(disk).exitCode == 0)
        var manifest = try ManifestFile(files: disk, layout: StoreLayout("/store")).read()!
        manifest.segments[0].rowCount += 1
        manifest.partitions[0].sealedThrough -= 1
        manifest.streams[1].partitionCount = 1
        try SmallStore.write(disk, "/store/MANIFEST", Self.bytes(manifest.encode()))
        let text = verify(disk).text()
        #expect(text.contains(": rows") && text.contains("sealed through") && text.contains("partition 1"))
    }

    @Test("the result is told as lines and as JSON, and progress ends at the total")
    func tells() throws {
        let disk = try SmallStore.make()
        try SmallStore.flip(disk, Self.segment, byte: 20)
        let progress = ProgressLog()
        let result = StoreVerifier(files: disk) { progress.note($0) }.verify("/store")
        #expect(result.text().hasSuffix("corrupt: /store: 6 files, 78.5 KiB, 85 stored rows checked\n"))
        #expect(result.json().contains("\"exit_code\": 2") && result.json().contains("\"severity\": \"corrupt\""))
        #expect(progress.values.last.map { $0.done == $0.total } == true && progress.values.count == 5)
    }

    static func bytes(_ buffer: Buffer) -> [UInt8] {
        (0..<buffer.byteCount).map { buffer.load(at: $0, as: UInt8.self) }
    }
}
