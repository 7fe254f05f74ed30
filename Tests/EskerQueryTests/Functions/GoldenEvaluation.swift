// Unsafe: reads the bytes of a value while its column lives.
import EskerFormat
import EskerQuery

/// Computes golden expressions in each encoding that columns come in.
struct GoldenEvaluation {
    enum Shape: CaseIterable {
        /// Every argument is a constant.
        case constants
        /// Every argument is a plain column with some rows that have no value.
        case columns
        /// The first argument is a dictionary, the others are constants.
        case dictionary
        /// The first argument is a constant, the others are plain.
        case constantFirst
    }

    static let context = EvaluationContext(now: 1_700_000_000_000_000)
    static let rows = 12

    let registry = FunctionRegistry.builtin

    /// `type: text`, `type NULL` or `ERROR code: message`, as the golden files have it.
    func outcome(_ expression: GoldenExpression, _ shape: Shape) -> String {
        do throws(QueryError) {
            return try result(expression, shape)
        } catch {
            return "ERROR \(error.sqlState): \(error.message)"
        }
    }

    private func result(_ expression: GoldenExpression, _ shape: Shape) throws(QueryError) -> String {
        let types = expression.arguments.map(\.type)
        if case .cast(let target) = expression.form {
            let source = try column(expression.arguments[0], as: types[0] ?? .text, .constants, 0)
            let shaped = reshape(source, shape, 0)
            let value = try convert(shaped, to: target, .explicit)
            return try text(value, target)
        }
        let function: ResolvedFunction
        switch expression.form {
        case .function(let name): function = try registry.resolve(name: name, argumentTypes: types)
        case .binary(let name): function = try registry.resolveOperator(name: name, left: types[0], right: types[1])
        case .prefix(let name): function = try registry.resolvePrefixOperator(name: name, operand: types[0])
        case .cast: fatalError("handled above")
        }
        var columns: [Column] = []
        for (index, argument) in expression.arguments.enumerated() {
            let column = try column(argument, as: function.argumentTypes[index], shape, index)
            // A function that is not strict has another result in a row without a value.
            let isWhole = function.isStrict || column.nullCount == column.count
            columns.append(isWhole ? column : column.withEveryRow)
        }
        let value = try function.evaluate(columns, Self.rows, Self.context)
        guard value.count == Self.rows else { return "\(value.count) rows" }
        return try text(value, function.resultType)
    }

    private func column(
        _ argument: GoldenExpression.Argument, as type: DataType, _ shape: Shape, _ index: Int
    ) throws(QueryError) -> Column {
        guard let literal = argument.text else {
            return reshape(Column.empty(type, rows: 1), shape, index)
        }
        let builder = ColumnBuilder(.text)
        builder.append(literal)
        let own = try convert(builder.finish(), to: argument.type ?? type, .explicit)
        return reshape(try convert(own, to: type, argument.type == nil ? .explicit : .implicit), shape, index)
    }

    private func convert(_ column: Column, to type: DataType, _ context: CastContext) throws(QueryError) -> Column {
        if column.type == type { return column }
        guard let cast = try registry.cast(from: column.type, to: type, context: context) else {
            return column.retyped(type)
        }
        return try cast.evaluate([column], column.count, Self.context)
    }

    /// One row, repeated in the encoding that the shape asks for.
    private func reshape(_ row: Column, _ shape: Shape, _ index: Int) -> Column {
        let isNull = row.nullCount > 0
        let single = Column(type: row.type, count: 1, validity: nil, values: row.plain.values)
        let zeros = [UInt32](repeating: 0, count: Self.rows)
        let constant = Column(
            type: row.type, count: Self.rows, validity: isNull ? Bitmap(repeating: false, count: Self.rows) : nil,
            values: .constant(ColumnDictionary(single)))
        switch (shape, index) {
        case (.constants, _), (.dictionary, 1...), (.constantFirst, 0): return constant
        case (.dictionary, _):
            let codes = Buffer(copying: [UInt8](repeating: 0, count: Self.rows))
            return Column(
                type: row.type, count: Self.rows, validity: isNull ? Bitmap(repeating: false, count: Self.rows) : nil,
                values: .dictionary(codes: codes, codeWidth: 1, values: ColumnDictionary(single)))
        default:
            let spread = single.gather(zeros.span)
            let validity = isNull ? Bitmap(repeating: false, count: Self.rows) : Bitmap(count: Self.rows) { $0 != 5 }
            return Column(type: row.type, count: Self.rows, validity: validity, values: spread.values)
        }
    }

    /// The text of the first row. All rows with a value must agree.
    private func text(_ column: Column, _ type: DataType) throws(QueryError) -> String {
        let texts = try convert(column, to: .text, .assignment).plain
        let name = type.withoutLength
        var first: String?
        for row in 0..<texts.count where texts.isValid(row) {
            let text = texts.string(at: row)
            if let first, first != text { return "rows differ: \(first), \(text)" }
            first = text
        }
        if texts.isValid(0) != (first != nil) { return "rows differ in having a value" }
        return first.map { "\(name): \($0)" } ?? "\(name) NULL"
    }
}

extension Column {
    /// The column with a value in every row.
    fileprivate var withEveryRow: Column { Column(type: type, count: count, validity: nil, values: values) }

    /// A text value.
    func string(at row: Int) -> String {
        unsafe String(decoding: bytes(at: row), as: UTF8.self)
    }
}

extension DataType {
    /// PostgreSQL's `format_type` without a modifier.
    fileprivate var withoutLength: String {
        switch self {
        case .numeric: "numeric"
        case .varchar: "character varying"
        case .char: "character"
        case .array(let element): element.withoutLength + "[]"
        default: name
        }
    }
}
