import Foundation

/// Wall and CPU time of a stretch of work.
struct Timing {
    let seconds: Double
    let cpuSeconds: Double

    static func measure<T>(_ body: () async throws -> T) async rethrows -> (T, Timing) {
        let start = Timing.now()
        let cpu = Timing.cpu()
        let result = try await body()
        return (result, Timing(seconds: Timing.now() - start, cpuSeconds: Timing.cpu() - cpu))
    }

    static func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// CPU time of this thread.
    static func thread() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    private static func cpu() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }
}

/// Prints one JSON object on a line.
func emit(_ fields: [(String, Any)]) {
    let body = fields.map { name, value in
        let text: String
        switch value {
        case let list as [Double]: text = "[" + list.map { "\($0)" }.joined(separator: ",") + "]"
        case let string as String: text = "\"\(string.replacingOccurrences(of: "\"", with: "\\\""))\""
        default: text = "\(value)"
        }
        return "\"\(name)\":\(text)"
    }
    print("{" + body.joined(separator: ",") + "}")
}

/// Sorted latencies, for percentiles in microseconds.
struct Latencies {
    private var sorted: [Double]

    init(_ seconds: [Double]) { sorted = seconds.sorted() }

    func microseconds(_ percentile: Double) -> Double {
        guard !sorted.isEmpty else { return 0 }
        return sorted[min(sorted.count - 1, Int(Double(sorted.count) * percentile))] * 1e6
    }
}
