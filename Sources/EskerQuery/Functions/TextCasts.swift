internal import EskerFormat

/// Conversions from and to text: the types' input and output functions.
enum TextCasts {
    /// From text to a type, or nil when the type has no text form here.
    static func input(_ target: DataType) -> Kernel? {
        switch target {
        case .bool: inputBool
        case .int2: input(FixedTexts.Int2.self)
        case .int4: input(FixedTexts.Int4.self)
        case .int8: input(FixedTexts.Int8.self)
        case .float4: input(FixedTexts.Float4.self)
        case .float8: input(FixedTexts.Float8.self)
        case .date: input(FixedTexts.Date.self)
        case .time: input(FixedTexts.Time.self)
        case .timetz: input(FixedTexts.TimeTZ.self)
        case .timestamp: input(FixedTexts.Timestamp.self)
        case .timestamptz: input(FixedTexts.TimestampTZ.self)
        case .interval: input(FixedTexts.IntervalText.self)
        case .uuid: input(FixedTexts.UUID.self)
        case .numeric, .bytea, .json, .jsonb, .array: inputValue(target)
        case .text, .varchar, .char: nil
        }
    }

    /// From a type to text, or nil when the type has no text form here.
    static func output(_ source: DataType) -> Kernel? {
        switch source {
        case .bool: outputBool
        case .int2: output(FixedTexts.Int2.self)
        case .int4: output(FixedTexts.Int4.self)
        case .int8: output(FixedTexts.Int8.self)
        case .float4: output(FixedTexts.Float4.self)
        case .float8: output(FixedTexts.Float8.self)
        case .date: output(FixedTexts.Date.self)
        case .time: output(FixedTexts.Time.self)
        case .timetz: output(FixedTexts.TimeTZ.self)
        case .timestamp: output(FixedTexts.Timestamp.self)
        case .timestamptz: output(FixedTexts.TimestampTZ.self)
        case .interval: output(FixedTexts.IntervalText.self)
        case .uuid: output(FixedTexts.UUID.self)
        case .json, .jsonb: FunctionList.identity
        case .numeric, .bytea, .array: outputValue(source)
        case .text, .varchar, .char: nil
        }
    }

    private static func input<Text: FixedText>(_: Text.Type) -> Kernel {
        { (call) throws(QueryError) in
            let column = call.arguments[0]
            let rows = VariableRows(column)
            let settings = call.context.settings
            var out = FixedWriter<Text.Stored>(rows: call.count)
            var row = 0
            do throws(ValueError) {
                while row < call.count {
                    if call.isNeeded(row) { out.append(try Text.parse(rows[row], settings)) } else { out.skip() }
                    row &+= 1
                }
            } catch {
                throw QueryError(error)
            }
            return out.finish(call.resultType)
        }
    }

    private static let inputBool: Kernel = { (call) throws(QueryError) in
        let column = call.arguments[0]
        let rows = VariableRows(column)
        let out = ColumnBuilder(.bool, capacity: call.count)
        var row = 0
        do throws(ValueError) {
            while row < call.count {
                out.append(bool: call.isNeeded(row) ? try ValueParser.bool(rows[row]) : false)
                row &+= 1
            }
        } catch {
            throw QueryError(error)
        }
        return out.finish()
    }

    private static func output<Text: FixedText>(_: Text.Type) -> Kernel {
        { (call) throws(QueryError) in
            let column = call.arguments[0].plain
            let values = column.span(as: Text.Stored.self)
            let settings = call.context.settings
            var out = VariableWriter(rows: call.count, byteCount: call.count * 8)
            var scratch: [UInt8] = []
            var row = 0
            while row < values.count {
                if call.isNeeded(row) {
                    scratch.removeAll(keepingCapacity: true)
                    Text.write(values[row], settings, to: &scratch)
                    out.add(scratch)
                }
                out.endRow()
                row &+= 1
            }
            return try out.finish(call.resultType)
        }
    }

    /// Types of variable width are read by way of ``Value``.
    private static func inputValue(_ target: DataType) -> Kernel {
        { (call) throws(QueryError) in
            let rows = call.bytes(0)
            let settings = call.context.settings
            var scratch: [UInt8] = []
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
                scratch.removeAll(keepingCapacity: true)
                do throws(ValueError) {
                    try Value.parse(rows[row], as: target, settings).appendBinary(as: target, to: &scratch)
                } catch {
                    throw QueryError(error)
                }
                out.add(scratch)
            }
        }
    }

    private static func outputValue(_ source: DataType) -> Kernel {
        { (call) throws(QueryError) in
            let rows = call.bytes(0)
            let settings = call.context.settings
            var scratch: [UInt8] = []
            return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
                scratch.removeAll(keepingCapacity: true)
                try rows.value(row, source).write(settings, to: &scratch)
                out.add(scratch)
            }
        }
    }

    /// `true` and `false` in full: the cast's form.
    static let outputBool = outputBool(no: "false", yes: "true")

    /// `t` and `f`: the output function's form.
    static let outputLetter = outputBool(no: "f", yes: "t")

    private static func outputBool(no: String, yes: String) -> Kernel {
        let words = (no: Array(no.utf8), yes: Array(yes.utf8))
        return { (call) throws(QueryError) in
            guard case .bits(let bits) = call.arguments[0].plain.values else { preconditionFailure("not booleans") }
            return try call.writeBytes(byteCount: call.count * 5) { row, out in
                out.add(bits[row] ? words.yes : words.no)
            }
        }
    }
}

extension VariableRows {
    /// The value in a row.
    func value(_ row: Int, _ type: DataType) throws(QueryError) -> Value {
        do throws(FormatError) { return try Value(binary: self[row], as: type) } catch {
            throw QueryError(.dataCorrupted, "a value of type \(type.bareName) cannot be read: \(error)")
        }
    }
}

extension QueryError {
    /// What a value's own operation found wrong.
    init(_ error: ValueError) {
        self.init(SQLState(error.sqlState), error.message, detail: error.detail, hint: error.hint)
    }
}
