// Unsafe: owns scratch memory that C kernels read 32 bytes too far and write digits to.
import CEskerKernels

/// One thing that every row of a join has: a literal, or a value with the literal before it.
@safe
final class RowPiece {
    @safe
    private enum Kind {
        case constant(esker_piece)
        case strings(PieceStrings)
        case dictionary(PieceStrings, codes: Buffer, codeWidth: Int)
        case decimals(Buffer, DecimalText, prefix: Int, slot: Int)
    }

    private let kind: Kind
    /// Literal bytes with slack, or slots for digits behind a literal.
    private let scratch: UnsafeMutablePointer<UInt8>?

    /// Longest literal that is written once before each number's slot: both are copied in one or two moves.
    static let longestPrefix = 32
    /// Most bytes of a dictionary whose literal is put before each of its values.
    static let largestMerge = 1 << 16
    /// Bytes that kernels read after the start of a piece at least.
    static let slack = 32

    init(constant bytes: [UInt8]) {
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count + Self.slack)
        unsafe memory.initialize(repeating: 0, count: bytes.count + Self.slack)
        for (index, byte) in bytes.enumerated() { unsafe memory[index] = byte }
        unsafe scratch = memory
        unsafe kind = .constant(esker_piece(bytes: UnsafePointer(memory), length: UInt64(bytes.count)))
    }

    init(_ strings: ByteStrings) {
        unsafe scratch = nil
        kind = .strings(PieceStrings(strings))
    }

    init(_ codes: Buffer, _ codeWidth: Int, _ values: ByteStrings) {
        unsafe scratch = nil
        kind = .dictionary(PieceStrings(values), codes: codes, codeWidth: codeWidth)
    }

    init(_ values: Buffer, _ form: DecimalText, prefix: [UInt8]) {
        let slot = prefix.count + Self.slack
        let length = slot * RowJoiner.batch + Self.slack
        let memory = UnsafeMutablePointer<UInt8>.allocate(capacity: length)
        unsafe memory.initialize(repeating: 0, count: length)
        for row in 0..<RowJoiner.batch {
            for (index, byte) in prefix.enumerated() { unsafe memory[row * slot + index] = byte }
        }
        unsafe scratch = memory
        kind = .decimals(values, form, prefix: prefix.count, slot: slot)
    }

    deinit { unsafe scratch?.deallocate() }

    /// The values with a literal before each; nil when that is much work for `rows` rows.
    static func merge(_ literal: [UInt8], with values: ByteStrings, rows: Int) -> ByteStrings? {
        guard !literal.isEmpty else { return values }
        guard values.count <= rows / 4, values.byteCount + values.count * literal.count <= largestMerge else {
            return nil
        }
        return ByteStrings((0..<values.count).map { literal + values.array($0) })
    }

    /// Gives a piece to each row. Returns the sum of the lengths, or UInt64.max when a code names no string.
    func fill(_ pieces: UnsafeMutablePointer<esker_piece>, stride: Int, _ rows: Range<Int>) -> UInt64 {
        switch kind {
        case .constant(let piece):
            return unsafe esker_pieces_constant(piece, rows.count, pieces, stride)
        case .strings(let strings):
            return unsafe strings.fill(pieces, stride: stride, rows)
        case .dictionary(let strings, let codes, let width):
            return unsafe strings.fill(pieces, stride: stride, codes.base + rows.lowerBound * width, width, rows.count)
        case .decimals(let values, let form, let prefix, let slot):
            let numbers = unsafe (values.base + rows.lowerBound * 8).assumingMemoryBound(to: UInt64.self)
            return unsafe esker_pieces_decimal(
                numbers, form.kernelForm, scratch, slot, prefix, rows.count, pieces, stride)
        }
    }
}

/// Strings that kernels may read 32 bytes from any start: the last of them stand in a copy with slack.
@safe
final class PieceStrings {
    private let strings: ByteStrings
    private let tail: UnsafeMutablePointer<UInt8>
    private var kernel: esker_piece_strings

    init(_ strings: ByteStrings) {
        self.strings = strings
        let length = strings.bytes.byteCount
        let safe = max(0, length - RowPiece.slack + 1)
        unsafe tail = .allocate(capacity: RowPiece.slack * 2)
        unsafe tail.initialize(repeating: 0, count: RowPiece.slack * 2)
        unsafe UnsafeMutableRawPointer(tail).copyMemory(from: strings.bytes.base + safe, byteCount: length - safe)
        unsafe kernel = esker_piece_strings(
            bytes: strings.bytePointer, tail: UInt(bitPattern: tail) &- UInt(safe), safe: Int32(clamping: safe),
            offsets: strings.offsetPointer)
    }

    deinit { unsafe tail.deallocate() }

    @unsafe
    func fill(_ pieces: UnsafeMutablePointer<esker_piece>, stride: Int, _ rows: Range<Int>) -> UInt64 {
        unsafe esker_pieces_strings(&kernel, rows.lowerBound, rows.count, pieces, stride)
    }

    @unsafe
    func fill(
        _ pieces: UnsafeMutablePointer<esker_piece>, stride: Int, _ codes: UnsafeRawPointer, _ codeWidth: Int,
        _ rows: Int
    ) -> UInt64 {
        unsafe esker_pieces_dictionary(&kernel, strings.count, codes, codeWidth, rows, pieces, stride)
    }
}
