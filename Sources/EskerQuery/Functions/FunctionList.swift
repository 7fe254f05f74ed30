internal import EskerFormat

/// The functions and operators while they are being listed; each topic's file adds its own.
struct FunctionList {
    private(set) var functions: [String: [FunctionEntry]] = [:]
    private(set) var operators: [String: [FunctionEntry]] = [:]

    mutating func addAll() {
        addIntegerArithmetic()
        addFloatArithmetic()
        addNumeric()
        addFloatFunctions()
        addComparisons()
        addTextComparisons()
        addTextLength()
        addTextCase()
        addTextTrim()
        addTextEdit()
        addLike()
        addDateTimeArithmetic()
        addDateTimeFunctions()
        addDateTrunc()
        addExtract()
        addArrays()
        addJSON()
        addFunction("md5", [.text], .text, MD5.kernel)
        addFunction("md5", [.bytea], .text, MD5.kernel)
    }

    mutating func addFunction(_ entry: FunctionEntry) {
        functions[entry.name, default: []].append(entry)
    }

    mutating func addOperator(_ entry: FunctionEntry) {
        operators[entry.name, default: []].append(entry)
    }

    /// A strict immutable function of fixed parameter types.
    mutating func addFunction(_ name: String, _ parameters: [DataType], _ result: DataType, _ kernel: @escaping Kernel)
    {
        addFunction(FunctionEntry(name, parameters.map { .kind($0.kind) }, .type(result), kernel: kernel))
    }

    /// A strict immutable operator between two operands.
    mutating func addOperator(
        _ name: String, _ left: DataType, _ right: DataType, _ result: DataType, _ kernel: @escaping Kernel
    ) {
        addOperator(FunctionEntry(name, [.kind(left.kind), .kind(right.kind)], .type(result), kernel: kernel))
    }

    /// A strict immutable operator before its operand.
    mutating func addPrefixOperator(
        _ name: String, _ operand: DataType, _ result: DataType, _ kernel: @escaping Kernel
    ) {
        addOperator(FunctionEntry(name, [.kind(operand.kind)], .type(result), kernel: kernel))
    }

    /// Gives its first argument back.
    static let identity: Kernel = { (call) throws(QueryError) in call.arguments[0].retyped(call.resultType) }
}
