internal import EskerFormat

/// Arrays: comparison, joining, looking into them.
enum ArrayFunctions {
    static func equality(isNegated: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let (left, right) = (call.bytes(0), call.bytes(1))
            let element = call.arguments[0].type.element ?? .text
            return try call.writeBits { row throws(QueryError) in
                if left[row].isEqual(to: right[row]) { return !isNegated }
                return (try left.array(row, element) == (try right.array(row, element))) != isNegated
            }
        }
    }

    /// `array || array`: one after the other in the outermost dimension.
    static let concatenate: Kernel = { (call) throws(QueryError) in
        let element = call.resultType.element ?? .text
        return try build(call) { row throws(QueryError) in
            guard let left = try element.array(call, 0, row) else { return try element.array(call, 1, row) }
            guard let right = try element.array(call, 1, row) else { return left }
            if left.dimensions.isEmpty { return right }
            if right.dimensions.isEmpty { return left }
            guard left.dimensions.count == 1 && right.dimensions.count == 1 else {
                throw .unsupported("concatenation of arrays of several dimensions")
            }
            let elements = left.elements + right.elements
            let dimension = ArrayValue.Dimension(
                count: Int32(elements.count), lowerBound: left.dimensions[0].lowerBound)
            return ArrayValue(of: element, dimensions: [dimension], elements: elements)
        }
    }

    /// `array || element` and `element || array`.
    static func add(elementFirst: Bool) -> Kernel {
        { (call) throws(QueryError) in
            let element = call.resultType.element ?? .text
            let values = try call.arguments[elementFirst ? 0 : 1].values(element)
            return try build(call) { row throws(QueryError) in
                let array = try element.array(call, elementFirst ? 1 : 0, row) ?? ArrayValue(of: element, [])
                guard array.dimensions.count <= 1 else {
                    throw QueryError(.dataException, "argument must be empty or one-dimensional array")
                }
                let added = [values[row]]
                let elements = elementFirst ? added + array.elements : array.elements + added
                let dimension = ArrayValue.Dimension(
                    count: Int32(elements.count), lowerBound: array.dimensions.first?.lowerBound ?? 1)
                return ArrayValue(of: element, dimensions: [dimension], elements: elements)
            }
        }
    }

    private static func build(
        _ call: VectorCall, _ body: (Int) throws(QueryError) -> ArrayValue?
    ) throws(QueryError) -> Column {
        var out = VariableWriter(rows: call.count)
        for row in 0..<call.count {
            guard let array = try body(row) else {
                out.endWithoutValue()
                continue
            }
            var bytes: [UInt8] = []
            array.appendBinary(to: &bytes)
            out.add(bytes)
            out.endRow()
        }
        return try out.finish(call.resultType)
    }

    /// `array_length(array, dimension)`; no value for an empty array or a dimension it has not.
    static let length: Kernel = { (call) throws(QueryError) in
        let arrays = call.bytes(0)
        let numbers = call.values(1, as: Int32.self)
        let element = call.arguments[0].type.element ?? .text
        return try call.writeOptionals { row throws(QueryError) -> Int32? in
            let dimensions = try arrays.array(row, element).dimensions
            let number = Int(numbers[row])
            return number >= 1 && number <= dimensions.count ? dimensions[number - 1].count : nil
        }
    }

    static let cardinality: Kernel = { (call) throws(QueryError) in
        let arrays = call.bytes(0)
        let element = call.arguments[0].type.element ?? .text
        return try call.writeValues { row throws(QueryError) -> Int32 in
            Int32(truncatingIfNeeded: try arrays.array(row, element).elements.count)
        }
    }

    /// `array_to_string(array, separator [, text for nulls])`.
    static let toString: Kernel = { (call) throws(QueryError) in
        let element = call.arguments[0].type.element ?? .text
        let settings = call.context.settings
        var out = VariableWriter(rows: call.count)
        for row in 0..<call.count {
            guard let array = try element.array(call, 0, row), call.arguments[1].isValid(row) else {
                out.endWithoutValue()
                continue
            }
            var isFirst = true
            let hasFiller = call.arguments.count > 2 && call.arguments[2].isValid(row)
            for value in array.elements where value != .null || hasFiller {
                if !isFirst { out.add(call.bytes(1)[row]) }
                isFirst = false
                if value == .null {
                    out.add(call.bytes(2)[row])
                    continue
                }
                var text: [UInt8] = []
                value.write(settings, to: &text)
                out.add(text)
            }
            out.endRow()
        }
        return try out.finish(call.resultType)
    }

    /// `string_to_array(text, delimiter [, text that means null])`.
    static let fromString: Kernel = { (call) throws(QueryError) in
        try build(call) { row throws(QueryError) in
            guard call.arguments[0].isValid(row) else { return nil }
            let text = call.bytes(0)[row].copied
            let null =
                call.arguments.count > 2 && call.arguments[2].isValid(row)
                ? call.bytes(2)[row].copied : nil
            var fields: [[UInt8]] = []
            if !call.arguments[1].isValid(row) {
                var index = 0
                while index < text.count {
                    let next = UTF8Text.advance(text.span, from: index, by: 1)
                    fields.append(Array(text[index..<next]))
                    index = next
                }
            } else if !text.isEmpty {
                let delimiter = call.bytes(1)[row].copied
                var start = 0
                while !delimiter.isEmpty, let place = text.span.find(delimiter.span, from: start) {
                    fields.append(Array(text[start..<place]))
                    start = place + delimiter.count
                }
                fields.append(Array(text[start...]))
            }
            let values = fields.map { $0 == null ? Value.null : .text(String(decoding: $0, as: UTF8.self)) }
            return ArrayValue(of: .text, values)
        }
    }
}

extension DataType {
    /// The array with elements of this type in an argument's row; nil for none.
    fileprivate func array(_ call: VectorCall, _ index: Int, _ row: Int) throws(QueryError) -> ArrayValue? {
        let column = call.arguments[index]
        return column.isValid(row) ? try VariableRows(column).array(row, self) : nil
    }
}

extension FunctionList {
    mutating func addArrays() {
        for (name, isNegated) in [("=", false), ("<>", true)] {
            addOperator(
                FunctionEntry(
                    name, [.anyArray, .anyArray], .type(.bool), kernel: ArrayFunctions.equality(isNegated: isNegated)))
        }
        let joins: [([FunctionEntry.Parameter], Int, Kernel)] = [
            ([.anyArray, .anyArray], 0, ArrayFunctions.concatenate),
            ([.anyArray, .anyElement], 0, ArrayFunctions.add(elementFirst: false)),
            ([.anyElement, .anyArray], 1, ArrayFunctions.add(elementFirst: true)),
        ]
        for (parameters, result, kernel) in joins {
            addOperator(FunctionEntry("||", parameters, .argument(result), isStrict: false, kernel: kernel))
        }
        addFunction(
            FunctionEntry("array_cat", [.anyArray, .anyArray], .argument(0), isStrict: false, kernel: joins[0].2))
        addFunction(
            FunctionEntry("array_append", [.anyArray, .anyElement], .argument(0), isStrict: false, kernel: joins[1].2))
        addFunction(
            FunctionEntry("array_prepend", [.anyElement, .anyArray], .argument(1), isStrict: false, kernel: joins[2].2))
        addFunction(
            FunctionEntry("array_length", [.anyArray, .kind(.int4)], .type(.int4), kernel: ArrayFunctions.length))
        addFunction(FunctionEntry("cardinality", [.anyArray], .type(.int4), kernel: ArrayFunctions.cardinality))
        for extra in [[], [FunctionEntry.Parameter.kind(.text)]] {
            addFunction(
                FunctionEntry(
                    "array_to_string", [.anyArray, .kind(.text)] + extra, .type(.text), isStrict: false,
                    volatility: .stable, kernel: ArrayFunctions.toString))
            addFunction(
                FunctionEntry(
                    "string_to_array", [.kind(.text), .kind(.text)] + extra, .type(.array(of: .text)), isStrict: false,
                    kernel: ArrayFunctions.fromString))
        }
    }
}
