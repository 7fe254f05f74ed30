// Unsafe: raw pointers to buffers that are kept alive until the write is over.
package import EskerFormat

extension File {
    /// Writes whole buffers one after the other from `offset` on: all of them, or an error after which any part of
    /// them may have been written.
    package func write(_ buffers: [Buffer], at offset: Int64) throws(FileError) {
        var failure: FileError?
        withExtendedLifetime(buffers) {
            let pieces = unsafe buffers.map { unsafe $0.unsafeBytes }
            do throws(FileError) { try unsafe write(pieces, at: offset) } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
