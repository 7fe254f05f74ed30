import Foundation

/// What the disk does without a store: appends of 1 MiB on a file written before, each synced.
struct LimitBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() throws {
        let path = arguments.text("dir") + "/limit"
        let length = arguments.number("length", 1 << 20)
        let count = arguments.number("count", 500)
        let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0o644)
        precondition(descriptor >= 0, "cannot open \(path)")
        defer {
            close(descriptor)
            unlink(path)
        }
        let bytes = [UInt8](repeating: 7, count: length)
        for _ in 0..<count { write(descriptor, bytes, bytes.count) }
        fdatasync(descriptor)
        let start = Timing.now()
        for index in 0..<count {
            pwrite(descriptor, bytes, bytes.count, off_t(index * length))
            fdatasync(descriptor)
        }
        let seconds = Timing.now() - start
        emit([("name", "synced append"), ("bytes", length), ("mb_per_second", Double(count * length) / seconds / 1e6)])
    }
}
