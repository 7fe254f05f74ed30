// Unsafe: hands bounded buffers to zstd, which writes only inside them.
import CZstd

/// What a column would take without its encodings: the buffers that Arrow's columns consist of, under zstd at its
/// default level. The measure that a column's tree is held against.
///
/// Blocks are taken in one by one; no more than a block and three pieces are in memory. Not thread-safe: one owner.
package final class PlainCost {
    /// Bytes that zstd compresses together, as much as Parquet's writers put into a page.
    package static let pieceLength = 1 << 20
    package static let level: Int32 = 3

    /// Bytes of the values themselves: the width of each, or the bytes of each string.
    package private(set) var plainLength = 0
    private var validity = Pieces()
    private var offsets = Pieces()
    private var values = Pieces()

    package init() {}

    /// Takes in the rows of a block. O(bytes).
    package func add(_ column: Column) {
        let plain = PlainValues(column.plain)
        plainLength += plain.byteCount
        if let bits = column.validity { validity.add(bits.buffer.slice(0..<Bitmap.byteCount(column.count))) }
        if plain.form == .strings {
            offsets.add(plain.offsets.slice(0..<((plain.count + 1) * 4)))
            values.add(plain.buffer.slice(plain.stringRange))
        } else {
            values.add(plain.buffer.slice(0..<plain.byteCount))
        }
    }

    /// Bytes of all rows so far once compressed. O(a piece).
    package func compressedLength() -> Int { validity.finish() + offsets.finish() + values.finish() }

    /// One of the buffers, compressed as soon as it fills a piece.
    private struct Pieces: ~Copyable {
        private var waiting = GrowableBuffer(capacity: pieceLength)
        private var compressed = 0

        mutating func add(_ bytes: Buffer) {
            var start = 0
            while start < bytes.byteCount {
                let length = min(pieceLength - waiting.byteCount, bytes.byteCount - start)
                waiting.append(bytes.slice(start..<(start + length)))
                start += length
                if waiting.byteCount == pieceLength { flush() }
            }
        }

        mutating func finish() -> Int {
            flush()
            return compressed
        }

        private mutating func flush() {
            let length = waiting.byteCount
            guard length > 0 else { return }
            let piece = exchange()
            var output = GrowableBuffer(capacity: length)
            unsafe output.append(upTo: ZSTD_compressBound(length)) { room in
                let written = unsafe ZSTD_compress(
                    room.baseAddress, room.count, piece.unsafeBytes.baseAddress, length, level)
                return ZSTD_isError(written) != 0 ? 0 : written
            }
            let written = output.byteCount
            compressed += written == 0 ? length : min(written, length)
        }

        /// What waits, leaving nothing.
        private mutating func exchange() -> Buffer {
            var fresh = GrowableBuffer(capacity: pieceLength)
            swap(&fresh, &waiting)
            return fresh.finish()
        }
    }
}
