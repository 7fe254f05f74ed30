import ArgumentParser

/// `esker`: the store from a terminal. Each verb has a file of its own in `Verbs`.
struct EskerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "esker",
        abstract: "A persistent streaming store: events in, on disk before it says so; SQL, replay and inspection out.",
        discussion: """
            A store is one directory. One process writes it at a time; any number may read it meanwhile.

            Example:
              esker sql --data /var/lib/trades -c "CREATE TABLE trades (ts timestamptz, symbol text, price float8)"
              esker ingest --data /var/lib/trades --stream trades trades.csv
              esker sql --data /var/lib/trades -c "SELECT symbol, count(*) FROM trades GROUP BY symbol"

            Exit codes: 0 done; 1 finished with rejects or a torn tail; 2 failed or corrupt; 3 not a store or written \
            by a newer version; 64 wrong usage.
            """,
        version: "0.1.0",
        subcommands: [
            SQLVerb.self, IngestVerb.self, ExportVerb.self, TailVerb.self, ReplayVerb.self, InspectVerb.self,
            StatsVerb.self, VerifyVerb.self, RepairVerb.self, CompactVerb.self, DemoVerb.self,
        ]
    )
}

/// Runs the command; its own so that the exit codes are the documented ones.
@main
enum Program {
    static func main() async {
        do {
            var command = try EskerCommand.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(error)
        }
    }

    /// Tells the error and ends with its status: the argument parser's own errors in its words.
    private static func end(_ error: any Error) -> Never {
        if error is ExitCode || error is CleanExit || error is ValidationError || isUsage(error) {
            EskerCommand.exit(withError: error)
        }
        let failure = Failure(error)
        StandardError.write(failure.message + "\n")
        EskerCommand.exit(withError: ExitCode(failure.status.rawValue))
    }

    /// Whether the argument parser made the error: it gives those a code of its own.
    private static func isUsage(_ error: any Error) -> Bool {
        let code = EskerCommand.exitCode(for: error)
        return code == .validationFailure || code == .success
    }
}
