// Unsafe: reads memory through the vectors of a system call.
import EskerFiles
import Glibc
import Testing

/// Short writes are rare on a real disk, so the place where a write goes on is tested by itself.
struct PieceCursorTests {
    @Test("A write goes on where the last one stopped, wherever that was", arguments: 1...17, [1, 2, 64])
    func everyStop(_ most: Int, _ vectorCount: Int) {
        let bytes = pattern(60, 0)
        var written: [UInt8] = []
        unsafe bytes.withUnsafeBytes { all in
            var pieces: [UnsafeRawBufferPointer] = unsafe []
            for (start, end) in [(0, 0), (0, 7), (7, 8), (8, 8), (8, 40), (40, 59), (59, 60), (60, 60)] {
                unsafe pieces.append(UnsafeRawBufferPointer(rebasing: all[start..<end]))
            }
            var cursor = unsafe PieceCursor(pieces)
            unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: vectorCount) { vector in
                while true {
                    let count = unsafe cursor.fill(vector)
                    if count == 0 { break }
                    var offered: [UInt8] = []
                    for index in 0..<count {
                        let part = unsafe UnsafeRawBufferPointer(vector[index])
                        unsafe offered.append(contentsOf: part)
                    }
                    let taken = min(most, offered.count)
                    written += offered[..<taken]
                    cursor.advance(by: taken)
                }
            }
        }
        #expect(written == bytes)
    }
}

extension UnsafeRawBufferPointer {
    fileprivate init(_ vector: iovec) {
        unsafe self.init(start: vector.iov_base, count: vector.iov_len)
    }
}
