import EskerFiles
import EskerFormat

/// The journal files of a store in order, each with what the next one says about its end.
struct JournalListing {
    /// One journal file.
    struct Entry {
        /// The number in the file's name.
        let number: UInt64
        let image: JournalImage
        /// The first commit of the next file: what this file holds from there on was withdrawn.
        let limit: UInt64
        /// Whether this file must hold every commit below ``limit``: the next file is there with a good header.
        let isProven: Bool
    }

    let entries: [Entry]
    /// Numbers of files below the first one needed: left over from an earlier life, removed at the next opening.
    let leftovers: [UInt64]
    /// Numbers that are missing between the first file and the last.
    let missing: [UInt64]
    /// Files that could not be read.
    let problems: [StoreError]

    /// One file by itself: nothing is known of what comes after it.
    init(alone image: JournalImage) {
        entries = [Entry(number: image.header?.number ?? 0, image: image, limit: UInt64.max, isProven: false)]
        leftovers = []
        missing = []
        problems = []
    }

    init(layout: StoreLayout, files: any FileSystem, from first: UInt64) {
        var problems: [StoreError] = []
        var names: [String] = []
        do throws(StoreError) {
            names = try storing { () throws(FileError) in try files.list(layout.journal) }
        } catch {
            problems.append(error)
        }
        let numbers = names.compactMap { StoreLayout.number(of: $0, ending: ".journal") }.sorted()
        var found: [(number: UInt64, image: JournalImage)] = []
        for number in numbers where number >= first {
            do throws(StoreError) {
                let image = JournalImage(try FileImage(layout.journalFile(number), files: files), number: number)
                found.append((number, image))
            } catch {
                problems.append(error)
            }
        }
        entries = found.indices.map { index in Self.entry(index, found) }
        leftovers = numbers.filter { $0 < first }
        missing = Self.gaps(found.map(\.number))
        self.problems = problems
    }

    private static func entry(_ index: Int, _ found: [(number: UInt64, image: JournalImage)]) -> Entry {
        let (number, image) = found[index]
        guard index + 1 < found.count else {
            return Entry(number: number, image: image, limit: UInt64.max, isProven: false)
        }
        let next = found[index + 1]
        if next.number == number + 1, next.image.headerError == nil, let header = next.image.header {
            return Entry(number: number, image: image, limit: header.firstCommit, isProven: true)
        }
        // Some file is missing or damaged: a later one tells at least what cannot be in this one.
        let later = found[(index + 1)...].lazy.compactMap { $0.image.header?.firstCommit }.first
        return Entry(number: number, image: image, limit: later ?? UInt64.max, isProven: false)
    }

    /// At most a thousand, so that one stray name does not fill the memory.
    private static func gaps(_ numbers: [UInt64]) -> [UInt64] {
        var gaps: [UInt64] = []
        for (before, after) in zip(numbers, numbers.dropFirst()) where after - before > 1 {
            gaps += (before + 1)..<min(after, before + 1001)
        }
        return gaps
    }
}
