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
        default: nil
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
        case .json, .jsonb: FunctionList.identity
        default: nil
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

extension QueryError {
    /// What a value's own operation found wrong.
    init(_ error: ValueError) {
        self.init(SQLState(error.sqlState), error.message, detail: error.detail, hint: error.hint)
    }
}
