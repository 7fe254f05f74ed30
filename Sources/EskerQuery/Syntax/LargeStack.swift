// Unsafe: hands a retained object through pthread's untyped argument.
import Glibc

/// Runs deep recursions on a thread with room for them.
///
/// A statement may nest ``StatementScan/maximumDepth`` levels deep, which is more than an ordinary 8 MiB stack holds for
/// any recursive walk. The stack is address space only: pages that are not touched cost nothing.
/// Starting and joining the thread costs about 30 µs, so shallow work should stay where it is (see `run(depth:)`).
package enum LargeStack {
    /// 512 MiB: 46 KiB for each of the 11,000 levels the limits allow.
    package static let byteCount = 512 << 20
    /// Walks of trees at most this deep stay on the calling thread: 100 levels take about 1 MiB in a debug build.
    package static let shallowDepth = 100

    /// Calls `body` here when `depth` is small, else on a large stack; waits for it either way.
    package static func run<Value>(
        depth: Int, _ body: @escaping () throws(QueryError) -> Value
    ) throws(QueryError) -> Value {
        depth <= shallowDepth ? try body() : try run(body)
    }

    /// Calls `body` on a thread of its own with a large stack and waits for it. Throws 53000 when no thread can be had.
    package static func run<Value>(_ body: @escaping () throws(QueryError) -> Value) throws(QueryError) -> Value {
        let work = ReturningWork(body)
        var attributes = pthread_attr_t()
        var thread = pthread_t()
        unsafe pthread_attr_init(&attributes)
        defer { unsafe pthread_attr_destroy(&attributes) }
        unsafe pthread_attr_setstacksize(&attributes, byteCount)
        let argument = unsafe Unmanaged.passRetained(work as Work)
        let failure = unsafe pthread_create(&thread, &attributes, runWork, argument.toOpaque())
        guard failure == 0 else {
            unsafe argument.release()
            throw QueryError(
                .insufficientResources, "could not start a thread for a deeply nested statement",
                detail: "pthread_create failed with error \(failure).",
                hint: "Nest the statement less, or give the process more address space and threads.")
        }
        pthread_join(thread, nil)
        guard let result = work.result else { preconditionFailure("a joined thread has left a result") }
        return try result.get()
    }
}

private class Work {
    func run() {}
}

private final class ReturningWork<Value>: Work {
    let body: () throws(QueryError) -> Value
    var result: Result<Value, QueryError>?

    init(_ body: @escaping () throws(QueryError) -> Value) {
        self.body = body
    }

    override func run() {
        do throws(QueryError) {
            result = .success(try body())
        } catch {
            result = .failure(error)
        }
    }
}

private func runWork(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument = unsafe argument else { return nil }
    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().run()
    return nil
}
