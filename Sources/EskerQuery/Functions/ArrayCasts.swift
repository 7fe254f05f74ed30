internal import EskerFormat

/// Arrays converted element by element.
enum ArrayCasts {
    static func kernel(_ source: DataType, _ target: DataType, _ context: CastContext) -> Kernel? {
        guard let from = source.element, let to = target.element,
            let convert = Cast.kernel(from: from, to: to, context: context)
        else { return nil }
        return { (call) throws(QueryError) in
            let rows = call.bytes(0)
            var scratch: [UInt8] = []
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
                let array = try rows.array(row, from)
                let elements = try converted(array.elements, from, to, convert, call.context)
                scratch.removeAll(keepingCapacity: true)
                ArrayValue(of: to, dimensions: array.dimensions, elements: elements).appendBinary(to: &scratch)
                out.add(scratch)
            }
        }
    }

    private static func converted(
        _ elements: [Value], _ from: DataType, _ to: DataType, _ convert: Kernel, _ context: EvaluationContext
    ) throws(QueryError) -> [Value] {
        if elements.isEmpty { return [] }
        let column = Column.of(elements, from)
        let call = VectorCall(arguments: [column], count: elements.count, context: context, resultType: to)
        return try call.run(convert, isStrict: true, isRepeatable: true).values(to)
    }
}

extension VariableRows {
    /// The array in a row.
    func array(_ row: Int, _ element: DataType) throws(QueryError) -> ArrayValue {
        do throws(FormatError) { return try ArrayValue(binary: self[row], of: element) } catch {
            throw QueryError(.dataCorrupted, "an array value cannot be read: \(error)")
        }
    }
}

extension Column {
    /// A column of single values.
    static func of(_ values: [Value], _ type: DataType) -> Column {
        let builder = ColumnBuilder(type, capacity: values.count)
        for value in values {
            var bytes: [UInt8] = []
            if value == .null {
                builder.appendNull()
                continue
            }
            value.appendBinary(as: type, to: &bytes)
            builder.append(binary: bytes)
        }
        return builder.finish()
    }

    /// The rows as single values.
    func values(_ type: DataType) throws(QueryError) -> [Value] {
        let plain = plain
        var values: [Value] = []
        for row in 0..<count {
            guard plain.isValid(row) else {
                values.append(.null)
                continue
            }
            do throws(FormatError) { values.append(try Value(binary: plain.binary(row).span, as: type)) } catch {
                throw QueryError(.dataCorrupted, "a value of type \(type.bareName) cannot be read: \(error)")
            }
        }
        return values
    }

    /// The bytes of one value of a plain column, as ``Value`` reads them.
    private func binary(_ row: Int) -> [UInt8] {
        switch values {
        case .bits(let bits): return [bits[row] ? 1 : 0]
        case .fixed(let buffer):
            guard case .fixed(let width) = type.layout else { preconditionFailure() }
            return buffer.span(as: UInt8.self).extracting((row * width)..<((row + 1) * width)).copied
        default: return VariableRows(self)[row].copied
        }
    }
}

extension ColumnBuilder {
    /// Appends the bytes of a value, as ``Value`` writes them.
    func append(binary bytes: [UInt8]) {
        switch type.layout {
        case .bits: append(bool: bytes[0] != 0)
        case .variable: append(bytes)
        case .fixed(2): append(fixed: UInt16(Self.integer(bytes[0..<2])))
        case .fixed(4): append(fixed: UInt32(Self.integer(bytes[0..<4])))
        case .fixed(8): append(fixed: Self.integer(bytes[0..<8]))
        case .fixed: append(fixed: SIMD2(Self.integer(bytes[0..<8]), Self.integer(bytes[8..<16])))
        }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
