// Unsafe: walks callers' memory and fills the vectors of a system call.
package import Glibc

/// A place in a list of pieces: what a write has yet to write.
@safe package struct PieceCursor {
    /// `IOV_MAX` of Linux: the most pieces one `pwritev` takes.
    static let maximumVectorCount = 1024

    private let pieces: [UnsafeRawBufferPointer]
    private var index = 0
    /// Bytes of `pieces[index]` that are written.
    private var done = 0

    package init(_ pieces: [UnsafeRawBufferPointer]) {
        unsafe self.pieces = pieces
    }

    /// Describes the rest, as far as it fits, and returns the number of vectors; 0 when nothing is left.
    package func fill(_ vector: UnsafeMutableBufferPointer<iovec>) -> Int {
        var count = 0
        var index = index
        var done = done
        while unsafe index < pieces.count && count < vector.count {
            let piece = unsafe pieces[index]
            if let base = piece.baseAddress, piece.count > done {
                let start = unsafe UnsafeMutableRawPointer(mutating: base + done)
                unsafe (vector.baseAddress! + count).initialize(to: iovec(iov_base: start, iov_len: piece.count - done))
                count += 1
            }
            done = 0
            index += 1
        }
        return count
    }

    /// Moves on by bytes that were written.
    package mutating func advance(by count: Int) {
        var left = count
        while left > 0 {
            let available = unsafe pieces[index].count - done
            if left < available {
                done += left
                return
            }
            left -= available
            index += 1
            done = 0
        }
    }
}
