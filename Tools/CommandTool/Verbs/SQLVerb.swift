import ArgumentParser
import Esker
import EskerFormat
import EskerQuery

/// `esker sql`: carries out SQL and prints what it gives.
struct SQLVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sql",
        abstract: "Carry out SQL statements and print their results.",
        discussion: """
            Statements come from -c, from a file (-f), or from standard input; on a terminal they are asked for one by \
            one. They are carried out in order, up to the first that fails. A store is made when there is none; while \
            another process writes it, it is opened for reading.

            Examples:
              esker sql --data trades -c "SELECT symbol, count(*) FROM trades GROUP BY symbol"
              esker sql --data trades --format csv -f report.sql > report.csv
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Option(help: "How rows are printed.") var format: OutputFormat?
    @Flag(help: "Short for --format json.") var json = false
    @Option(name: .customShort("c"), help: ArgumentHelp("Statements to carry out.", valueName: "SQL"))
    var command: String?
    @Flag(help: "Open the store for reading only, also when nobody writes it.") var readOnly = false
    @Option(name: .customShort("f"), help: ArgumentHelp("A file of statements; - is stdin.", valueName: "FILE"))
    var file: String?

    func validate() throws {
        if command != nil && file != nil { throw ValidationError("Give either -c or -f.") }
        if json, let format, format != .json {
            throw ValidationError("--json contradicts --format \(format.rawValue).")
        }
    }

    mutating func run() async throws {
        let input = command == nil ? try InputFile(file ?? "-") : nil
        let isAsking = file == nil && input?.isTerminal == true
        let text = isAsking ? "" : try command ?? input!.text()
        let store = try await StoreOpening.forSQL(data, readOnly: readOnly)
        let runner = StatementRunner(store.session, format ?? (json ? .json : .table))
        do {
            if isAsking {
                await SQLPrompt(runner).run()
            } else {
                try await runner.run(text)
            }
        } catch {
            await store.close()
            throw error
        }
        await store.close()
    }
}
