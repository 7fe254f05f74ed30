import EskerLog

/// Runs work that sleeps in system calls on a thread of its own, so that Swift's cooperative pool is never blocked.
///
/// For openings, definitions and other rare work: a thread costs some 20 µs.
enum BlockingWork {
    static func run<T: Sendable>(_ body: @escaping @Sendable () throws -> T) async throws -> T {
        let result: Result<T, any Error> = await withCheckedContinuation { continuation in
            WorkerThread { continuation.resume(returning: Result { try body() }) }.detach()
        }
        return try result.get()
    }

    static func run<T: Sendable>(_ body: @escaping @Sendable () -> T) async -> T {
        await withCheckedContinuation { continuation in
            WorkerThread { continuation.resume(returning: body()) }.detach()
        }
    }
}
