/// Asks for statements on a terminal, one after another, until the input ends or `\q`.
struct SQLPrompt {
    private let runner: StatementRunner

    init(_ runner: StatementRunner) { self.runner = runner }

    /// Carries out statements as they are completed by a line that ends in a semicolon. Errors end nothing.
    func run() async {
        var text = ""
        while true {
            runner.show(text.isEmpty ? "esker=> " : "esker-> ")
            guard let line = readLine() else { break }
            if text.isEmpty, ["\\q", "exit", "quit"].contains(line) { return }
            text += (text.isEmpty ? "" : "\n") + line
            let isBlank = text.allSatisfy(\.isWhitespace)
            guard isBlank || line.last(where: { !$0.isWhitespace }) == ";" else { continue }
            do {
                if !isBlank { try await runner.run(text) }
            } catch {
                StandardError.write(Failure(error).message + "\n")
            }
            text = ""
        }
        runner.show("\n")
    }
}
