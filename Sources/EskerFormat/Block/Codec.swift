// Unsafe: hands bounded buffers to the compression libraries, which write only inside them.
import CLZ4
import CZstd

/// The last stage of a column: a general compressor over pieces of at most 64 KiB, so that one row costs one piece.
///
/// | part of a compressed region | size |
/// |---|---|
/// | number of pieces | UInt32 |
/// | stored length of each piece | UInt32 each |
/// | the pieces, one after another | |
///
/// Every piece but the last holds 65,536 bytes of the plain region. A piece whose stored length equals its plain length
/// is not compressed.
///
/// Example, a region of 40 numbers, 1, 2, 1, 2 and so on:
///
/// ```hex
///    0  01 00 00 00                                      pieces 1
///    4  15 00 00 00                                      stored length of piece 0: 21
///    8  22 01 00 01 00 12 02 07 00 1f 00 10 00 ff 19 50  piece 0, LZ4: the first two numbers, then themselves again up to 320 bytes
///   24  00 00 00 00 00
///   29  00 × 35                                          zeros
/// ```
package enum Codec: UInt8, Sendable {
    case none = 0
    case lz4 = 1
    case zstd = 2

    /// Plain bytes in a piece: as much as DESIGN's rule "one row costs one group" allows, and enough for the ratio
    /// (256 KiB would change it by less than 5 %).
    package static let pieceLength = 65_536

    /// Compresses a region; `nil` when that saves less than one part in `leastSaving`, so that reading it is not worth
    /// the work.
    func compress(_ plain: Buffer, level: Int32 = 1, leastSaving: Int = 8) -> Buffer? {
        precondition(self != .none)
        let pieces = (plain.byteCount + Self.pieceLength - 1) / Self.pieceLength
        guard plain.byteCount >= 256, plain.byteCount <= Int(UInt32.max) else { return nil }
        var output = GrowableBuffer(capacity: plain.byteCount / 2)
        output.append(UInt32(pieces))
        output.appendZeros(pieces * 4)
        let limit = plain.byteCount - plain.byteCount / leastSaving
        for piece in 0..<pieces {
            let start = piece * Self.pieceLength
            let part = plain.slice(start..<min(start + Self.pieceLength, plain.byteCount))
            let before = output.byteCount
            compressPiece(part, level, into: &output)
            output.store(UInt32(output.byteCount - before), at: 4 + piece * 4)
            if output.byteCount > limit { return nil }
        }
        return output.finish()
    }

    private func compressPiece(_ part: Buffer, _ level: Int32, into output: inout GrowableBuffer) {
        let before = output.byteCount
        let bound = self == .lz4 ? Int(LZ4_compressBound(Int32(part.byteCount))) : ZSTD_compressBound(part.byteCount)
        unsafe output.append(upTo: bound) { room in
            unsafe compressPiece(part.unsafeBytes, level, room)
        }
        let written = output.byteCount - before
        if written == 0 || written >= part.byteCount {
            output.truncate(to: before)
            output.append(part)
        }
    }

    private func compressPiece(
        _ part: UnsafeRawBufferPointer, _ level: Int32, _ room: UnsafeMutableRawBufferPointer
    ) -> Int {
        switch self {
        case .none: preconditionFailure()
        case .lz4:
            let written = unsafe LZ4_compress_default(
                part.baseAddress!.assumingMemoryBound(to: CChar.self),
                room.baseAddress!.assumingMemoryBound(to: CChar.self), Int32(part.count), Int32(room.count))
            return Int(max(written, 0))
        case .zstd:
            let written = unsafe ZSTD_compress(room.baseAddress, room.count, part.baseAddress, part.count, level)
            return ZSTD_isError(written) != 0 ? 0 : written
        }
    }

    /// Decompresses a region of `plainLength` bytes, checking every length before it is used. O(plain bytes).
    func decompress(_ stored: Buffer, plainLength: Int) throws(FormatError) -> Buffer {
        let pieces = (plainLength + Self.pieceLength - 1) / Self.pieceLength
        guard stored.byteCount >= 4 + pieces * 4, Int(stored.load(at: 0, as: UInt32.self)) == pieces else {
            throw FormatError(.malformed, "a compressed column does not have \(pieces) pieces")
        }
        let allocation = Allocation(capacity: plainLength + Allocation.alignment)
        var position = 4 + pieces * 4
        for piece in 0..<pieces {
            let length = Int(stored.load(at: 4 + piece * 4, as: UInt32.self))
            let start = piece * Self.pieceLength
            let plain = min(Self.pieceLength, plainLength - start)
            guard length <= stored.byteCount - position, length <= plain else {
                throw FormatError(.malformed, "piece \(piece) of a compressed column is longer than its room")
            }
            let target = unsafe UnsafeMutableRawBufferPointer(start: allocation.base + start, count: plain)
            let written = unsafe decompressPiece(stored.slice(position..<(position + length)).unsafeBytes, target)
            guard written == plain else {
                throw FormatError(.malformed, "piece \(piece) of a compressed column does not decompress")
            }
            position += length
        }
        unsafe (allocation.base + plainLength).initializeMemory(
            as: UInt8.self, repeating: 0, count: allocation.capacity - plainLength)
        return unsafe Buffer(base: UnsafeRawPointer(allocation.base), byteCount: plainLength, owner: allocation)
    }

    private func decompressPiece(_ stored: UnsafeRawBufferPointer, _ target: UnsafeMutableRawBufferPointer) -> Int {
        if stored.count == target.count {
            unsafe target.copyMemory(from: stored)
            return target.count
        }
        guard stored.count > 0 else { return 0 }
        switch self {
        case .none: return 0
        case .lz4:
            let written = unsafe LZ4_decompress_safe(
                stored.baseAddress!.assumingMemoryBound(to: CChar.self),
                target.baseAddress!.assumingMemoryBound(to: CChar.self), Int32(stored.count), Int32(target.count))
            return Int(max(written, 0))
        case .zstd:
            let written = unsafe ZSTD_decompress(target.baseAddress, target.count, stored.baseAddress, stored.count)
            return ZSTD_isError(written) != 0 ? -1 : written
        }
    }
}
