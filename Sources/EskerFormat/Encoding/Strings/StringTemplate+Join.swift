// Unsafe: copies bytes between buffers whose bounds were checked, through the C kernels.
import CEskerKernels

extension StringTemplate {
    /// Where the strings of a part come from.
    package enum Source: Sendable {
        /// Unsigned codes of 1, 2 or 4 bytes, each the number of a string.
        case dictionary(codes: Buffer, codeWidth: Int, values: ByteStrings)
        /// UInt64, written in a form.
        case decimals(values: Buffer, form: DecimalText)
        /// One string a row.
        case strings(ByteStrings)
        /// The same string in every row.
        case constant([UInt8])
    }

    /// Puts parts together again: some of `count` rows, or all of them.
    ///
    /// `byteLimit` is how many bytes all `count` rows have at most; hostile sources cannot make more. Throws
    /// ``FormatError`` when a source has fewer than `count` rows, a code names no string, or the rows have more bytes.
    ///
    /// About 2 ns a row and part when values are numbers or short strings.
    package func join(
        _ sources: [Source], count: Int, rows: Range<Int>? = nil, exceptions: Exceptions = .none, byteLimit: Int
    ) throws(FormatError) -> ByteStrings {
        let rows = rows ?? 0..<count
        precondition(rows.lowerBound >= 0 && rows.upperBound <= count && byteLimit <= Int(Int32.max))
        guard sources.count == partCount else {
            throw FormatError(.malformed, "\(sources.count) parts for a template of \(partCount)")
        }
        for (part, source) in sources.enumerated() where source.rows.map({ $0 < count }) ?? false {
            throw FormatError(.truncated, "part \(part) of a template has fewer than \(count) rows")
        }
        let pieces = pieces(of: sources, rows: rows.count)
        var joiner = RowJoiner(pieces, exceptions, rows: rows, byteLimit: byteLimit)
        return try joiner.run()
    }

    /// What each row is made of: literals become part of the values beside them where that is cheap.
    private func pieces(of sources: [Source], rows: Int) -> [RowPiece] {
        var pieces: [RowPiece] = []
        var pending = literals[0]
        func flush() {
            if !pending.isEmpty { pieces.append(RowPiece(constant: pending)) }
            pending = []
        }
        for (part, source) in sources.enumerated() {
            switch source {
            case .constant(let bytes): pending += bytes
            case .strings(let strings):
                flush()
                pieces.append(RowPiece(strings))
            case .decimals(let values, let form):
                if pending.count > RowPiece.longestPrefix { flush() }
                pieces.append(RowPiece(values, form, prefix: pending))
                pending = []
            case .dictionary(let codes, let width, let values):
                if let merged = RowPiece.merge(pending, with: values, rows: rows) {
                    pieces.append(RowPiece(codes, width, merged))
                    pending = []
                } else {
                    flush()
                    pieces.append(RowPiece(codes, width, values))
                }
            }
            pending += literals[part + 1]
        }
        flush()
        return pieces.isEmpty ? [RowPiece(constant: [])] : pieces
    }
}

extension StringTemplate.Source {
    /// Rows that the source has; nil when it has any number of them. No rows when its values are not aligned.
    fileprivate var rows: Int? {
        switch self {
        case .dictionary(let codes, let width, _):
            width == 1 || width == 2 || width == 4 ? Self.rows(codes, width: width) : 0
        case .decimals(let values, _): Self.rows(values, width: 8)
        case .strings(let strings): strings.count
        case .constant: nil
        }
    }

    private static func rows(_ values: Buffer, width: Int) -> Int {
        unsafe UInt(bitPattern: values.base) % UInt(width) == 0 ? values.byteCount / width : 0
    }
}

/// Joins pieces, a batch of rows at a time.
struct RowJoiner {
    private let pieces: [RowPiece]
    private let exceptions: StringTemplate.Exceptions
    private let exceptionStrings: PieceStrings
    private let rows: Range<Int>
    private let byteLimit: Int
    /// The first exception not used yet.
    private var nextException = 0

    /// Rows at a time: pieces and digits of 128 rows stay in the first-level cache.
    static let batch = 128

    init(_ pieces: [RowPiece], _ exceptions: StringTemplate.Exceptions, rows: Range<Int>, byteLimit: Int) {
        self.pieces = pieces
        self.exceptions = exceptions
        exceptionStrings = PieceStrings(exceptions.strings)
        self.rows = rows
        self.byteLimit = byteLimit
        var low = 0
        var high = exceptions.rows.count
        while low < high {
            let middle = (low + high) / 2
            if Int(exceptions.rows[middle]) < rows.lowerBound { low = middle + 1 } else { high = middle }
        }
        nextException = low
    }

    mutating func run() throws(FormatError) -> ByteStrings {
        let room = UnsafeMutablePointer<esker_piece>.allocate(capacity: Self.batch * pieces.count)
        defer { unsafe room.deallocate() }
        var offsets = GrowableBuffer(capacity: (rows.count + 1) * 4)
        var bytes = GrowableBuffer()
        offsets.append(Int32(0))
        var row = rows.lowerBound
        while row < rows.upperBound {
            let end = min(row + Self.batch, rows.upperBound)
            let sum = unsafe try fill(room, row..<end)
            guard sum <= byteLimit - bytes.byteCount else {
                throw FormatError(.malformed, "rows of a template have more than \(byteLimit) bytes", at: nil)
            }
            if row == rows.lowerBound {
                // The first rows tell about how long all will be: a sixteenth more is rarely too little.
                let guess = sum / (end - row) * rows.count
                bytes = GrowableBuffer(
                    capacity: min(byteLimit, max(sum, guess + guess / 16 + 4096)) + ByteStringsWriter.slack)
            }
            let position = Int32(bytes.byteCount)
            unsafe offsets.append(upTo: (end - row) * 4) { ends in
                unsafe bytes.append(upTo: sum + ByteStringsWriter.slack) { out in
                    unsafe esker_pieces_join(
                        room, pieces.count, end - row, out.baseAddress!.assumingMemoryBound(to: UInt8.self), position,
                        ends.baseAddress!.assumingMemoryBound(to: Int32.self))
                    return sum
                }
                return ends.count
            }
            row = end
        }
        return ByteStrings(offsets: offsets.finish(), bytes: bytes.finish(), count: rows.count)
    }

    /// Finds the pieces of some rows. Returns the sum of their lengths.
    private mutating func fill(
        _ room: UnsafeMutablePointer<esker_piece>, _ batch: Range<Int>
    ) throws(FormatError) -> Int {
        var sum: UInt64 = 0
        for (index, piece) in pieces.enumerated() {
            let added = unsafe piece.fill(room + index, stride: pieces.count, batch)
            guard added != UInt64.max else {
                throw FormatError(.malformed, "a dictionary code in rows \(batch) names no string")
            }
            sum += added
        }
        while nextException < exceptions.rows.count, Int(exceptions.rows[nextException]) < batch.upperBound {
            let first = (Int(exceptions.rows[nextException]) - batch.lowerBound) * pieces.count
            for index in first..<(first + pieces.count) {
                sum -= unsafe room[index].length
                unsafe room[index].length = 0
            }
            sum += unsafe exceptionStrings.fill(room + first, stride: 1, nextException..<(nextException + 1))
            nextException += 1
        }
        return Int(sum)
    }
}
