import EskerLog

/// Runs work that sleeps in system calls on a thread of its own: Swift's pool has only as many threads as cores.
enum OwnThread {
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            _ = WorkerThread { continuation.resume(returning: Result { try body() }) }
        }
        return try result.get()
    }
}
