import Esker
import EskerFormat
import EskerLog
import Synchronization

/// Batches on their way into a stream, a few at once and in order, so that the disk syncs while the next are read.
///
/// For one thread, which sleeps here. When the disk is full it says so, waits, and sends again what was not stored;
/// any other failure ends it.
final class PendingAppends {
    /// Batches on their way at once: enough that the journal always has the next one when a sync ends.
    static let limit = 8
    /// How long a full disk is left alone before the next try, µs.
    static let patience: Int64 = 1_000_000

    /// Rows that were acknowledged.
    private(set) var storedRows = 0
    private let stream: Stream
    private let acknowledgement: Acknowledgement
    private let answers = Answers()
    /// Oldest first.
    private var waiting: [(number: Int, batch: Batch)] = []
    private var nextNumber = 0
    private var hasToldFull = false

    /// The answers that came in, on the journal's thread.
    private final class Answers: Sendable {
        let monitor = Monitor()
        let results = Mutex<[Int: Result<AppendReceipt, StoreError>]>([:])

        func note(_ number: Int, _ result: Result<AppendReceipt, StoreError>) {
            results.withLock { $0[number] = result }
            monitor.locked { monitor.signal() }
        }

        /// Sleeps until the answer is there, and takes it.
        func take(_ number: Int) -> Result<AppendReceipt, StoreError> {
            monitor.lock()
            defer { monitor.unlock() }
            while true {
                if let result = results.withLock({ $0.removeValue(forKey: number) }) { return result }
                monitor.wait()
            }
        }
    }

    init(_ stream: Stream, _ acknowledgement: Acknowledgement) {
        self.stream = stream
        self.acknowledgement = acknowledgement
    }

    /// Puts a batch in line; sleeps while ``limit`` are on their way.
    func append(_ batch: Batch) throws {
        if batch.count == 0 { return }
        if waiting.count >= Self.limit { try settleOldest() }
        send(batch)
    }

    /// Sleeps until everything is acknowledged.
    func finish() throws {
        while !waiting.isEmpty { try settleOldest() }
    }

    private func send(_ batch: Batch) {
        let number = nextNumber
        nextNumber += 1
        waiting.append((number, batch))
        stream.submit(batch, acknowledgement: acknowledgement) { [answers] in answers.note(number, $0) }
    }

    private func settleOldest() throws {
        let oldest = waiting.removeFirst()
        switch answers.take(oldest.number) {
        case .success: storedRows += oldest.batch.count
        case .failure(let error): try recover(from: error, oldest.batch)
        }
    }

    /// Waits for space and sends again what failed, in order.
    private func recover(from error: StoreError, _ batch: Batch) throws {
        var failed = [batch]
        var error = error
        repeat {
            for (number, batch) in waiting {
                switch answers.take(number) {
                case .success: storedRows += batch.count
                case .failure(let next):
                    failed.append(batch)
                    error = next
                }
            }
            waiting = []
            guard error.code == .diskFull else { throw error }
            tellFull(error)
            _ = answers.monitor.locked { answers.monitor.wait(microseconds: Self.patience) }
            let again = failed
            failed = []
            for batch in again { send(batch) }
            // The first tells whether there is space.
            let first = waiting.removeFirst()
            switch answers.take(first.number) {
            case .success: storedRows += first.batch.count
            case .failure(let next):
                failed.append(first.batch)
                error = next
            }
        } while !failed.isEmpty
        hasToldFull = false
    }

    private func tellFull(_ error: StoreError) {
        if hasToldFull { return }
        hasToldFull = true
        StandardError.write("\(StandardError.clearedLine)esker: \(error). Waiting for space; nothing is lost\n")
    }
}
