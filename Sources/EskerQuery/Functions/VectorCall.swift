internal import EskerFormat

/// Computes one vector from plain or constant arguments of `count` rows.
typealias Kernel = @Sendable (VectorCall) throws(QueryError) -> Column

/// One call of a function for a vector of rows.
///
/// ``run(_:isStrict:isRepeatable:)`` takes arguments in any encoding and gives a kernel the cheapest form: one row for
/// constants, the entries of a dictionary instead of its rows, else plain columns beside constants.
struct VectorCall: Sendable {
    let arguments: [Column]
    let count: Int
    let context: EvaluationContext
    let resultType: DataType
    /// The rows that a strict kernel has to compute; nil when all. Others have no value whatever the kernel writes.
    private(set) var validity: Bitmap?

    init(
        arguments: [Column], count: Int, context: EvaluationContext, resultType: DataType, validity: Bitmap? = nil
    ) {
        self.arguments = arguments
        self.count = count
        self.context = context
        self.resultType = resultType
        self.validity = validity
    }

    /// Calls the kernel in the cheapest way.
    ///
    /// - Parameters:
    ///   - isRepeatable: false for functions that give another result for the same arguments (`random`).
    ///   - identity: what results for the entries of dictionaries are kept under in the context; nil: they are not.
    func run(
        _ kernel: Kernel, isStrict: Bool, isRepeatable: Bool, identity: FunctionIdentity? = nil
    ) throws(QueryError) -> Column {
        if count == 0 { return Column.empty(resultType, rows: 0) }
        guard isRepeatable else { return try spread(kernel, isStrict: isStrict) }
        var varying: Int?
        var varyingCount = 0
        for (index, argument) in arguments.enumerated() {
            if isStrict && argument.nullCount == argument.count { return nothing }
            if argument.isConstant(orNull: !isStrict) { continue }
            varying = index
            varyingCount += 1
        }
        guard let varying else { return try once(kernel, isStrict: isStrict) }
        if varyingCount == 1,
            let result = perEntry(kernel, of: varying, isStrict: isStrict, identity: identity)
        {
            return result
        }
        return try spread(kernel, isStrict: isStrict)
    }

    /// No value in any row.
    private var nothing: Column { Column.constantNull(resultType, rows: count) }

    /// All arguments are constants: one row is computed and the result is a constant.
    private func once(_ kernel: Kernel, isStrict: Bool) throws(QueryError) -> Column {
        let rows = arguments.map(\.firstRow)
        let single = VectorCall(arguments: rows, count: 1, context: context, resultType: resultType)
        let result = try kernel(single)
        if result.nullCount > 0 { return nothing }
        let valid = isStrict ? Bitmap.intersection(arguments.map(\.validity), count: count) : nil
        let entry = ColumnDictionary(result.plain)
        return Column(type: resultType, count: count, validity: valid, values: .constant(entry))
    }

    /// One argument is a dictionary with no more entries than rows, or one that came before, and the others are
    /// constants: the entries are computed, and rows without a value where an entry has none.
    ///
    /// - Returns: nil when that is not the cheaper way, or an entry (perhaps one that no row names) is in error.
    private func perEntry(
        _ kernel: Kernel, of index: Int, isStrict: Bool, identity: FunctionIdentity?
    ) -> Column? {
        let argument = arguments[index]
        guard case .dictionary(let codes, let width, let dictionary) = argument.values,
            dictionary.column.count > 0, isStrict || argument.nullCount == 0
        else { return nil }
        let isSmall = dictionary.column.count <= count
        let result: EntryResult?
        if let identity, let key = EntryResults.Key(identity, arguments, varying: index) {
            result = context.entryResults.result(key, isWanted: isSmall) { entryResult(kernel, of: index, dictionary) }
        } else {
            result = isSmall ? entryResult(kernel, of: index, dictionary) : nil
        }
        guard let result, let values = result.values else { return nil }
        var valid = isStrict ? Bitmap.intersection(arguments.map(\.validity), count: count) : nil
        if let present = result.present {
            valid = Bitmap.intersection(
                [valid, EntryResult.bits(present, codes: codes, width: width, count: count)], count: count)
        }
        if let flags = result.flags {
            let looked = EntryResult.bits(flags, codes: codes, width: width, count: count)
            return Column(type: resultType, count: count, validity: valid, values: .bits(looked))
        }
        let coded = Column(
            type: resultType, count: count, validity: valid,
            values: .dictionary(codes: codes, codeWidth: width, values: values))
        if case .variable = resultType.layout { return coded }
        return coded.plain
    }

    /// The function of every entry.
    private func entryResult(_ kernel: Kernel, of index: Int, _ dictionary: ColumnDictionary) -> EntryResult {
        let entries = dictionary.column.count
        var inputs = arguments.map { $0.withCount(entries) }
        inputs[index] = dictionary.column
        let call = VectorCall(arguments: inputs, count: entries, context: context, resultType: resultType)
        return EntryResult(try? kernel(call).plain, type: resultType)
    }

    /// Dictionaries are spread out; constants stay.
    private func spread(_ kernel: Kernel, isStrict: Bool) throws(QueryError) -> Column {
        let plain = arguments.map { argument in
            argument.isConstant(orNull: false) ? argument : argument.plain
        }
        guard isStrict else {
            return try kernel(VectorCall(arguments: plain, count: count, context: context, resultType: resultType))
        }
        let valid = Bitmap.intersection(plain.map(\.validity), count: count)
        let call = VectorCall(
            arguments: plain, count: count, context: context, resultType: resultType, validity: valid)
        let result = try kernel(call)
        if valid == nil { return result }
        let both = result.validity.map { Bitmap.intersection([valid, $0], count: count) } ?? valid
        return Column(type: resultType, count: count, validity: both, values: result.values)
    }

    /// Whether a row has to be computed.
    @inline(__always)
    func isNeeded(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }
}

extension Column {
    /// A column whose rows all have no value, held as a constant.
    static func constantNull(_ type: DataType, rows: Int) -> Column {
        let zero = Column.empty(type, rows: 1)
        let entry = ColumnDictionary(Column(type: type, count: 1, validity: nil, nullCount: 0, values: zero.values))
        let nothing = Bitmap(repeating: false, count: rows)
        return Column(type: type, count: rows, validity: nothing, nullCount: rows, values: .constant(entry))
    }

    /// Whether every row has the same value (or, if `orNull`, none).
    fileprivate func isConstant(orNull: Bool) -> Bool {
        guard case .constant = values else { return false }
        return nullCount == 0 || (orNull && nullCount == count)
    }

    /// The first row of a constant, as a plain column.
    fileprivate var firstRow: Column {
        nullCount == 0 ? physical : Column.empty(type, rows: 1)
    }

    /// A constant of another number of rows.
    fileprivate func withCount(_ rows: Int) -> Column {
        guard case .constant = values else { return self }
        let nothing = nullCount == 0 ? nil : Bitmap(repeating: false, count: rows)
        return Column(type: type, count: rows, validity: nothing, values: values)
    }
}
