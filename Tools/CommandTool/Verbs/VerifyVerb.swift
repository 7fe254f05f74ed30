import ArgumentParser
import EskerFiles
import EskerLog

/// `esker verify`: checks every byte of a store, without opening it.
struct VerifyVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Check every byte of a store, or of one of its files, and tell what is damaged.",
        discussion: """
            Reads everything and changes nothing. Run it on a store that nobody writes, or on a copy.

            Exit codes: 0 clean; 1 a torn tail, which the next opening cuts off; 2 corruption; 3 not a store, or \
            written by a newer version.

            Example:
              esker verify trades && echo sound
            """
    )

    @Argument(help: ArgumentHelp("A store's directory, or a file of one.", valueName: "DIR|FILE")) var path: String
    @Flag(help: "Print JSON.") var json = false

    func run() throws {
        try Failure.requireFile(at: path)
        let line = ProgressLine()
        let verifier = StoreVerifier(files: PosixFileSystem()) { progress in
            line.show("\(progress.done / 1_000_000) of \(progress.total / 1_000_000) MB")
        }
        let result = verifier.verify(path)
        line.clear()
        let output = StandardOutput()
        output.write(json ? result.json() : result.text())
        output.flush()
        if result.exitCode != 0 { throw ExitCode(result.exitCode) }
    }
}
