import EskerFormat

/// CASE, COALESCE, GREATEST and LEAST: a part is computed only for the rows that need it, so that
/// `CASE WHEN x <> 0 THEN 1 / x END` does not divide by zero.
extension ExpressionEvaluator {
    func caseWhen(
        _ branches: [BoundExpression.CaseBranch], otherwise: BoundExpression?, type: DataType, _ chunk: Chunk
    ) throws -> Column {
        var pieces = RowPieces(type: type, count: chunk.count)
        var open = Array(0..<UInt32(chunk.count))
        for branch in branches {
            if open.isEmpty { break }
            let rest = open.count == chunk.count ? chunk : chunk.gather(open, for: branch.condition)
            let hits = try select(branch.condition, rest)
            if hits.isEmpty { continue }
            let rows = hits.map { open[Int($0)] }
            let part = rows.count == chunk.count ? chunk : chunk.gather(rows, for: branch.result)
            pieces.add(try evaluate(branch.result, part), at: rows)
            open = open.removing(hits)
        }
        if let otherwise, !open.isEmpty {
            let part = open.count == chunk.count ? chunk : chunk.gather(open, for: otherwise)
            pieces.add(try evaluate(otherwise, part), at: open)
        }
        return pieces.assembled()
    }

    func coalesce(_ arguments: [BoundExpression], type: DataType, _ chunk: Chunk) throws -> Column {
        var pieces = RowPieces(type: type, count: chunk.count)
        var open = Array(0..<UInt32(chunk.count))
        for argument in arguments {
            if open.isEmpty { break }
            let rest = open.count == chunk.count ? chunk : chunk.gather(open, for: argument)
            let column = try evaluate(argument, rest)
            if column.nullCount == 0 {
                pieces.add(column, at: open)
                open = []
                break
            }
            let hits = (0..<UInt32(column.count)).filter { column.isValid(Int($0)) }
            pieces.add(column.gather(hits.span), at: hits.map { open[Int($0)] })
            open = open.removing(hits)
        }
        return pieces.assembled()
    }

    /// The greatest or least argument that has a value.
    func extremum(
        _ arguments: [BoundExpression], greatest: Bool, less: ResolvedFunction, type: DataType, _ chunk: Chunk
    ) throws -> Column {
        var best = try evaluate(arguments[0], chunk)
        for argument in arguments.dropFirst() {
            let other = try evaluate(argument, chunk)
            let isLess = try call(less, greatest ? [best, other] : [other, best], chunk, at: argument.location).plain
            var choice = [UInt32](repeating: 0, count: chunk.count)
            for row in 0..<chunk.count {
                let takesOther = isLess.isValid(row) ? isLess.bool(at: row) : !best.isValid(row)
                choice[row] = UInt32(takesOther ? chunk.count + row : row)
            }
            best = Column.concatenate([best, other], type: type).gather(choice.span)
        }
        return best
    }
}

/// Values for some rows each, put together in row order at the end.
struct RowPieces {
    private let type: DataType
    private let count: Int
    private var columns: [Column] = []
    private var rows: [[UInt32]] = []

    init(type: DataType, count: Int) {
        self.type = type
        self.count = count
    }

    /// `column` has one row for each of `places`; a row is given at most once.
    mutating func add(_ column: Column, at places: [UInt32]) {
        columns.append(column)
        rows.append(places)
    }

    /// All rows; those never given have no value.
    func assembled() -> Column {
        if columns.count == 1 && rows[0].count == count { return columns[0] }
        let given = rows.reduce(0) { $0 + $1.count }
        var place = [UInt32](repeating: UInt32(given), count: count)
        var next: UInt32 = 0
        for part in rows {
            for row in part {
                place[Int(row)] = next
                next += 1
            }
        }
        let all = given == count ? columns : columns + [Column.constantNull(type, rows: 1)]
        return Column.concatenate(all.map { $0.retyped(type) }, type: type).gather(place.span)
    }
}

extension [UInt32] {
    /// The elements whose places are not in `places`, which is ascending.
    func removing(_ places: [UInt32]) -> [UInt32] {
        var kept: [UInt32] = []
        kept.reserveCapacity(count - places.count)
        var next = 0
        for (index, element) in self.enumerated() {
            if next < places.count && Int(places[next]) == index {
                next += 1
            } else {
                kept.append(element)
            }
        }
        return kept
    }
}
