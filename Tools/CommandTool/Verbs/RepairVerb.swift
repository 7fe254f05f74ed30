import ArgumentParser
import EskerFiles
import EskerLog

/// `esker repair`: makes a damaged store readable again, and deletes nothing.
struct RepairVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "repair",
        abstract: "Make a damaged store readable again: good rows are kept, damaged files are put aside.",
        discussion: """
            Damaged files go to quarantine/ in the store's directory, with their bytes as they are; good rows of theirs \
            are written anew. What is lost is told by stream, partition and offsets. No process may write the store \
            meanwhile.

            Exit codes: 0 nothing was wrong or nothing was lost; 1 rows are lost, or a dry run found damage; 2 not \
            repaired; 3 not a store, or written by a newer version.

            Examples:
              esker repair trades --dry-run
              esker repair trades
            """
    )

    @Argument(help: ArgumentHelp("The store's directory.", valueName: "DIR")) var path: String
    @Flag(help: "Say what would be done, and change nothing.") var dryRun = false
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Failure.requireFile(at: path)
        let report = try StoreRepair(files: PosixFileSystem()).run(path, dryRun: dryRun)
        let output = StandardOutput()
        output.write(json ? report.json() : report.text())
        output.flush()
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }
}
