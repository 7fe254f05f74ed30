import ArgumentParser
import EskerFiles
import EskerLog

/// `esker stats`: how large a store is, and why.
struct StatsVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Show how large a store's streams are, and which columns make them so.",
        discussion: """
            Works also while a process writes the store: nothing is opened, locked or changed. With --why-big all \
            sealed values are read, to compare each column with its plain values under zstd (level 3).

            Examples:
              esker stats --data trades
              esker stats --data trades --why-big
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Flag(help: "Show the columns of all segments, the largest first, and why they are large.") var whyBig = false
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Failure.requireFile(at: data)
        let options = InspectionOptions(columns: whyBig)
        let inspection = try StoreInspector(files: PosixFileSystem(), options: options).inspect(data)
        guard case .store(let report) = inspection.subject else {
            throw StoreError(.notAStore, "statistics are of a whole store: name its directory", file: data)
        }
        let statistics = StoreStatistics(report, whyBig: whyBig)
        let output = StandardOutput()
        output.write(json ? statistics.json() : statistics.text())
        output.flush()
    }
}
