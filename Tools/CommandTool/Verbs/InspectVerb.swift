import ArgumentParser
import EskerFiles
import EskerLog

/// `esker inspect`: shows what is in the files of a store, without opening it.
struct InspectVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inspect",
        abstract: "Show what is in a store's files: streams, segments, journal, blocks, columns, rows.",
        discussion: """
            Works on a store's directory or on one of its files alone, also while a process writes the store: nothing \
            is opened, locked or changed.

            Examples:
              esker inspect trades
              esker inspect trades --blocks --columns
              esker inspect trades --rows 5 --json
            """
    )

    @Argument(help: ArgumentHelp("A store's directory, or a file of one.", valueName: "DIR|FILE")) var path: String
    @Flag(help: "Show every block's header.") var blocks = false
    @Flag(help: "Show every column: encoding, sizes, bounds; of segments also what plain + zstd would take.")
    var columns = false
    @Option(help: ArgumentHelp("Show so many first rows of each stream.", valueName: "N")) var rows = 0
    @Flag(help: "Print JSON.") var json = false

    func validate() throws {
        if !(0...1_000_000).contains(rows) { throw ValidationError("--rows takes 0 to 1000000.") }
    }

    func run() throws {
        try Failure.requireFile(at: path)
        let options = InspectionOptions(blocks: blocks, columns: columns, rows: rows)
        let inspection = try StoreInspector(files: PosixFileSystem(), options: options).inspect(path)
        let output = StandardOutput()
        let text = json ? inspection.json() : inspection.text()
        output.write(text.hasSuffix("\n") ? text : text + "\n")
        output.flush()
    }
}
