// Unsafe: asks the C library for its words about an error.

import ArgumentParser
import EskerFormat
import EskerLog
import EskerQuery
import Glibc

/// A reason to end with a message on standard error and an exit status.
struct Failure: Error {
    let status: ExitStatus
    /// What, where, why and what to do, without a line end.
    let message: String

    init(_ message: String, _ status: ExitStatus = .failed) {
        self.status = status
        self.message = message
    }

    /// An error of any room in the command's words. Errors of the argument parser are not for here.
    init(_ error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as StoreError: self.init("esker: \(error)\(Self.advice(error.code))", Self.status(error.code))
        case let error as QueryError: self.init(Self.text(error, in: nil))
        default: self.init("esker: \(error)")
        }
    }

    /// Refuses a path where there is nothing.
    static func requireFile(at path: String) throws {
        guard unsafe access(path, F_OK) != 0 else { return }
        let reason = unsafe String(cString: strerror(errno))
        throw Failure("esker: there is no store at \(path): \(reason)", .notAStore)
    }

    /// Refuses a directory that is no store.
    static func requireStore(at path: String) throws {
        try requireFile(at: path)
        if unsafe access(StoreLayout(path).manifest, F_OK) == 0 { return }
        throw Failure("esker: there is no store at \(path): it has no file MANIFEST", .notAStore)
    }

    /// An error of a statement, as psql shows it: with the line and a caret under the place.
    init(_ error: QueryError, in sql: String) {
        self.init(Self.text(error, in: sql))
    }

    private static func text(_ error: QueryError, in sql: String?) -> String {
        var lines = ["ERROR:  \(error.sqlState): \(error.message)"]
        if let sql {
            let caret = error.caret(in: sql)
            if !caret.isEmpty { lines.append(caret) }
        }
        if let detail = error.detail { lines.append("DETAIL:  \(detail)") }
        if let hint = error.hint { lines.append("HINT:  \(hint)") }
        return lines.joined(separator: "\n")
    }

    private static func status(_ code: StoreError.Code) -> ExitStatus {
        switch code {
        case .notAStore, .newerVersion: .notAStore
        default: .failed
        }
    }

    private static func advice(_ code: StoreError.Code) -> String {
        switch code {
        case .locked: ". Wait for the process that writes it; esker tail, replay and sql --read-only need not wait"
        case .readOnly: ". Another process may be writing it: try again when that has ended"
        case .newerVersion: ". Use the esker that wrote it, or a newer one"
        case .corrupt: ". esker verify tells what is damaged, esker repair puts it aside"
        default: ""
        }
    }
}
