import EskerFiles
import EskerFormat

/// The journal files of a store in order, each with the first commit of the next one.
struct JournalListing {
    let images: [(image: JournalImage, limit: UInt64)]
    /// Numbers of files below the first one needed: left over from an earlier life, removed at the next opening.
    let leftovers: [UInt64]
    /// Files that could not be read.
    let problems: [StoreError]

    init(layout: StoreLayout, files: any FileSystem, from first: UInt64) {
        var problems: [StoreError] = []
        var names: [String] = []
        do throws(StoreError) {
            names = try storing { () throws(FileError) in try files.list(layout.journal) }
        } catch {
            problems.append(error)
        }
        let numbers = names.compactMap { StoreLayout.number(of: $0, ending: ".journal") }.sorted()
        var found: [JournalImage] = []
        for number in numbers where number >= first {
            do throws(StoreError) {
                found.append(
                    JournalImage(try FileImage(layout.journalFile(number), files: files), number: number))
            } catch {
                problems.append(error)
            }
        }
        images = found.indices.map { index in
            // The first following file that has a header tells; a later one only more loosely.
            let next = found[(index + 1)...].first { $0.header != nil }?.header
            return (found[index], next?.firstCommit ?? UInt64.max)
        }
        leftovers = numbers.filter { $0 < first }
        self.problems = problems
    }
}
