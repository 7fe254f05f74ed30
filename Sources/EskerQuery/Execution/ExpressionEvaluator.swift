import EskerFormat

/// Computes expressions for the rows of a chunk, a column at a time.
///
/// Dictionaries and constants stay encoded where that is cheaper: a condition on one dictionary column is computed
/// once an entry. Sub-queries have been replaced by their values before (``SubqueryResolver``).
struct ExpressionEvaluator: Sendable {
    let context: QueryContext

    /// One value a row of `chunk`.
    func evaluate(_ expression: BoundExpression, _ chunk: Chunk) throws -> Column {
        switch expression.kind {
        case .column(let index): return chunk.columns[index]
        case .constant(let value): return value.repeated(chunk.count)
        case .call(let function, let arguments):
            var columns: [Column] = []
            columns.reserveCapacity(arguments.count)
            for argument in arguments { columns.append(try evaluate(argument, chunk)) }
            return try call(function, columns, chunk, at: expression.location)
        case .distinctFrom(let left, let right, let negated, let equality):
            let first = try evaluate(left, chunk)
            let second = try evaluate(right, chunk)
            let equal = try call(equality, [first, second], chunk, at: expression.location).plain
            return Column.booleans(count: chunk.count) { row in
                let isSame = equal.isValid(row) ? equal.bool(at: row) : first.isValid(row) == second.isValid(row)
                return isSame == negated
            }
        case .and, .or, .not, .isNull, .isTruth, .inList:
            return try truth(of: expression, chunk).column
        case .caseWhen(let branches, let otherwise):
            return try caseWhen(branches, otherwise: otherwise, type: expression.type, chunk)
        case .coalesce(let arguments): return try coalesce(arguments, type: expression.type, chunk)
        case .extremum(let arguments, let greatest, let less):
            return try extremum(arguments, greatest: greatest, less: less, type: expression.type, chunk)
        case .scalarSubquery, .existsSubquery, .inSubquery:
            preconditionFailure("sub-queries are resolved before rows are read")
        }
    }

    func call(
        _ function: ResolvedFunction, _ arguments: [Column], _ chunk: Chunk, at location: Int
    ) throws(QueryError) -> Column {
        do {
            return try function.evaluate(arguments, chunk.count, context.evaluation)
        } catch {
            throw error.placed(at: location)
        }
    }

    /// The value of an expression without columns, as one row.
    func constant(_ expression: BoundExpression) throws -> Column {
        try evaluate(expression, Chunk(columns: [], count: 1)).plain
    }

    /// The rows for which the condition is true, ascending.
    ///
    /// Parts of a conjunction see only the rows that the parts before them left, as their author may rely on it
    /// (`x <> 0 AND 1 / x > 2`).
    func select(_ condition: BoundExpression, _ chunk: Chunk) throws -> [UInt32] {
        if chunk.count == 0 { return [] }
        switch condition.kind {
        case .and(let parts):
            var selected: [UInt32]?
            for part in parts {
                guard let soFar = selected else {
                    selected = try select(part, chunk)
                    continue
                }
                if soFar.isEmpty { break }
                let inner = try select(part, soFar.count == chunk.count ? chunk : chunk.gather(soFar, for: part))
                selected = inner.map { soFar[Int($0)] }
            }
            return selected ?? Array(0..<UInt32(chunk.count))
        case .call(let function, let sides):
            guard let operation = function.comparison, sides.count == 2 else { break }
            let columns = [try evaluate(sides[0], chunk), try evaluate(sides[1], chunk)]
            if columns[1].isConstant, let rows = operation.select(columns[0], columns[1]) { return rows }
            if columns[0].isConstant, let rows = operation.swapped.select(columns[1], columns[0]) { return rows }
            return TruthBits(try call(function, columns, chunk, at: condition.location)).trueRows
        default: break
        }
        return try truth(of: condition, chunk).trueRows
    }

    /// The number of rows for which the condition is true.
    func count(_ condition: BoundExpression, _ chunk: Chunk) throws -> Int {
        switch condition.kind {
        // The parts after the first see few rows: their numbers are needed.
        case .and: return try select(condition, chunk).count
        case .or, .not, .isNull, .isTruth, .inList:
            return try truth(of: condition, chunk).isTrue.reduce(0) { $0 &+ $1.nonzeroBitCount }
        default: break
        }
        let column = try evaluate(condition, chunk)
        if case .bits(let bits) = column.values, column.nullCount == 0 {
            return Bitmap(bits.buffer, count: column.count).setCount
        }
        return TruthBits(column).isTrue.reduce(0) { $0 &+ $1.nonzeroBitCount }
    }
}

// MARK: Conditions

extension ExpressionEvaluator {
    private func truth(of expression: BoundExpression, _ chunk: Chunk) throws -> TruthBits {
        switch expression.kind {
        case .and(let parts): return try junction(parts, isAnd: true, chunk)
        case .or(let parts): return try junction(parts, isAnd: false, chunk)
        case .not(let value):
            var bits = try truth(of: value, chunk)
            bits.negate()
            return bits
        case .isNull(let value, let negated):
            let column = try evaluate(value, chunk)
            guard let validity = column.validity else { return TruthBits(repeating: negated, count: chunk.count) }
            let bits = Bitmap(validity.buffer, count: chunk.count)
            var truth = TruthBits(Column(type: .bool, count: chunk.count, validity: nil, values: .bits(bits)))
            if !negated { truth.negate() }
            return truth
        case .isTruth(let value, let wanted, let negated):
            let bits = try truth(of: value, chunk)
            var result = TruthBits(repeating: false, count: chunk.count)
            result.setTrue(wanted ? bits.isTrue : bits.isFalse)
            if negated { result.negate() }
            return result
        case .inList(let value, let items, let negated, let equality):
            var bits = try inList(value, items, equality, chunk, at: expression.location)
            if negated { bits.negate() }
            return bits
        default: return TruthBits(try evaluate(expression, chunk))
        }
    }

    /// AND or OR; parts that may fail see only the rows that the parts before them left open.
    private func junction(_ parts: [BoundExpression], isAnd: Bool, _ chunk: Chunk) throws -> TruthBits {
        var result = try truth(of: parts[0], chunk)
        for part in parts.dropFirst() {
            if part.cannotFail {
                let bits = try truth(of: part, chunk)
                if isAnd { result.and(bits) } else { result.or(bits) }
                continue
            }
            let settled = isAnd ? result.isFalse : result.isTrue
            let open = TruthBits.rows(settled.map { ~$0 }, count: chunk.count).filter { $0 < UInt32(chunk.count) }
            if open.isEmpty { break }
            if open.count == chunk.count {
                let bits = try truth(of: part, chunk)
                if isAnd { result.and(bits) } else { result.or(bits) }
                continue
            }
            let bits = try truth(of: part, chunk.gather(open, for: part))
            result.merge(bits, at: open, isAnd: isAnd)
        }
        return result
    }

    private func inList(
        _ value: BoundExpression, _ items: [BoundExpression], _ equality: ResolvedFunction, _ chunk: Chunk,
        at location: Int
    ) throws -> TruthBits {
        var result = TruthBits(repeating: false, count: chunk.count)
        let column = try evaluate(value, chunk)
        for item in items {
            result.or(TruthBits(try call(equality, [column, try evaluate(item, chunk)], chunk, at: location)))
        }
        return result
    }
}

extension TruthBits {
    /// Rows in `bits` become true, all others false.
    mutating func setTrue(_ bits: [UInt64]) {
        let all = TruthBits(repeating: true, count: count).isTrue
        isTrue = bits
        for index in bits.indices { isFalse[index] = all[index] & ~bits[index] }
    }

    /// Combines the rows that `rows` names with `other`, which has one row for each of them.
    mutating func merge(_ other: TruthBits, at rows: [UInt32], isAnd: Bool) {
        for (place, row) in rows.enumerated() {
            let (word, bit) = (Int(row >> 6), UInt64(1) << UInt64(row & 63))
            let isOtherTrue = other.isTrue[place >> 6] >> UInt64(place & 63) & 1 != 0
            let isOtherFalse = other.isFalse[place >> 6] >> UInt64(place & 63) & 1 != 0
            if isAnd {
                if !isOtherTrue { isTrue[word] &= ~bit }
                if isOtherFalse { isFalse[word] |= bit }
            } else {
                if isOtherTrue { isTrue[word] |= bit }
                if !isOtherFalse { isFalse[word] &= ~bit }
            }
        }
    }
}

extension Column {
    /// A boolean column without nulls.
    static func booleans(count: Int, _ value: (Int) -> Bool) -> Column {
        Column(type: .bool, count: count, validity: nil, values: .bits(Bitmap(count: count, value)))
    }

    /// Whether values lie behind codes or a constant.
    var isEncoded: Bool {
        switch values {
        case .dictionary, .constant: true
        default: false
        }
    }
}

extension Chunk {
    /// Some rows, with only the columns that `expression` reads gathered; the others must not be looked at.
    func gather(_ rows: [UInt32], for expression: BoundExpression) -> Chunk {
        let needed = expression.columns
        var gathered = columns
        for index in columns.indices where needed.contains(index) {
            gathered[index] = columns[index].gather(rows.span)
        }
        return Chunk(columns: gathered, count: rows.count)
    }
}

extension QueryError {
    /// The error with a place, unless it has one.
    func placed(at location: Int) -> QueryError {
        guard self.location == nil, position == nil, location >= 0 else { return self }
        var placed = self
        placed.location = location
        return placed
    }
}
