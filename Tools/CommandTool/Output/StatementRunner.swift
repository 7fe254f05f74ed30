import Esker
import EskerFormat
import EskerQuery

/// Carries out the statements of a text and prints their results in one format.
struct StatementRunner {
    private let session: Session
    private let format: OutputFormat
    private let output = StandardOutput()

    init(_ session: Session, _ format: OutputFormat) {
        self.session = session
        self.format = format
    }

    /// Carries out statements in order, up to the first that fails. Results are printed as they come.
    ///
    /// - Throws: ``Failure`` with the statement's line and a caret under the place.
    func run(_ sql: String) async throws {
        let statements: [ParsedStatement]
        do { statements = try parse(sql) } catch { throw Failure(error, in: sql) }
        let bytes = Array(sql.utf8)
        for statement in statements {
            let end = statement.location + statement.length
            let text = String(decoding: bytes[statement.location..<end], as: UTF8.self)
            do {
                for result in try await session.execute(text) { try await print(result) }
                output.flush()
            } catch {
                // What was printed before stays in front of the error.
                output.flush()
                if let error = error as? QueryError { throw Failure(error, in: text) }
                throw error
            }
        }
    }

    /// Prints a text as it is.
    func show(_ text: String) {
        output.write(text)
        output.flush()
    }

    private func print(_ result: StatementResult) async throws {
        for notice in result.notices { StandardError.write("NOTICE:  \(notice)\n") }
        guard let rows = result.rows else {
            // Formats for programs hold rows and nothing else.
            if format == .table { output.write(result.tag + "\n") }
            return
        }
        let columns = rows.columns.map { OutputColumn(name: $0.name, type: $0.type) }
        var printer = format.printer(columns, to: output, settings: TextSettings(zone: session.timeZone))
        for try await batch in rows { printer.print(batch.columns, count: batch.count) }
        printer.finish()
    }
}
