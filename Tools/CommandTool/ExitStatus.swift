import ArgumentParser

/// How every verb ends. 64, wrong usage, comes from the argument parser.
enum ExitStatus: Int32 {
    /// Done.
    case done = 0
    /// Finished, but with rejects or a torn tail.
    case partly = 1
    /// Failed, or the store is corrupt.
    case failed = 2
    /// Not a store, or one of a newer version.
    case notAStore = 3

    /// Ends the command with this status; `done` returns.
    func end() throws {
        if self != .done { throw ExitCode(rawValue) }
    }
}
