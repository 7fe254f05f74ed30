import EskerLog
import Synchronization

/// Keeps what a verification reported of its progress.
final class ProgressLog: Sendable {
    private let log = Mutex<[StoreVerifier.Progress]>([])

    var values: [StoreVerifier.Progress] { log.withLock { $0 } }
    func note(_ progress: StoreVerifier.Progress) { log.withLock { $0.append(progress) } }
}
