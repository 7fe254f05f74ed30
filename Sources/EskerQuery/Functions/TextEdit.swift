internal import EskerFormat

/// Making strings of strings.
enum TextEdit {
    static let concatenate: Kernel = { (call) throws(QueryError) in
        let left = call.bytes(0)
        let right = call.bytes(1)
        return try call.writeBytes(byteCount: call.byteCount(0) + call.byteCount(1)) { row, out in
            out.add(left[row])
            out.add(right[row])
        }
    }

    /// A string and the text form of any other value.
    static let concatenateForms: Kernel = { (call) throws(QueryError) in
        let texts = try call.textForms(from: 0, outputBool: TextCasts.outputBool)
        let both = VectorCall(
            arguments: texts, count: call.count, context: call.context, resultType: .text, validity: call.validity)
        return try concatenate(both)
    }

    static let replace: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let parts = call.bytes(1)
        let replacements = call.bytes(2)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let (text, part, replacement) = (texts[row], parts[row], replacements[row])
            var start = 0
            while part.count > 0, let place = text.find(part, from: start) {
                out.add(text.extracting(start..<place))
                out.add(replacement)
                start = place &+ part.count
            }
            out.add(text.extracting(start..<text.count))
        }
    }

    static let repeated: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let counts = call.values(1, as: Int32.self)
        return try call.writeBytes { row, out throws(QueryError) in
            let text = texts[row]
            let count = max(Int(counts[row]), 0)
            guard text.count * count < StringLimit.bytes else { throw StringLimit.exceeded }
            for _ in 0..<(text.count == 0 ? 0 : count) { out.add(text) }
        }
    }

    static let reversed: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            var end = text.count
            while end > 0 {
                let start = UTF8Text.previous(text, before: end)
                out.add(text.extracting(start..<end))
                end = start
            }
        }
    }

    /// `translate(text, from, to)`: each character of `from` becomes the one at its place in `to`, or goes.
    static let translate: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let sources = call.bytes(1)
        let targets = call.bytes(2)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out in
            let text = texts[row]
            let source = UTF8Text.scalars(sources[row])
            let target = UTF8Text.scalars(targets[row])
            var index = 0
            while index < text.count {
                let (scalar, next) = UTF8Text.decode(text, at: index)
                if let place = source.firstIndex(of: scalar) {
                    if place < target.count { out.add(target[place]) }
                } else {
                    out.add(scalar)
                }
                index = next
            }
        }
    }

    /// `overlay(text placing part from start for count)`.
    static let overlay: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        let parts = call.bytes(1)
        let starts = call.values(2, as: Int32.self)
        let hasCount = call.arguments.count > 3
        let counts = call.values(hasCount ? 3 : 2, as: Int32.self)
        return try call.writeBytes(byteCount: call.byteCount(0)) { row, out throws(QueryError) in
            let (text, part) = (texts[row], parts[row])
            let start = Int(starts[row])
            if start <= 0 { throw QueryError(.substringError, "negative substring length not allowed") }
            let count = hasCount ? Int(counts[row]) : UTF8Text.count(part)
            out.add(text.extracting(0..<UTF8Text.advance(text, from: 0, by: start - 1)))
            out.add(part)
            out.add(text.extracting(UTF8Text.advance(text, from: 0, by: start + count - 1)..<text.count))
        }
    }

    /// The code of the first character.
    static let ascii: Kernel = { (call) throws(QueryError) in
        let texts = call.bytes(0)
        return try call.writeValues { row in
            let text = texts[row]
            return text.count == 0 ? Int32(0) : Int32(UTF8Text.decode(text, at: 0).scalar.value)
        }
    }

    static let character: Kernel = { (call) throws(QueryError) in
        let codes = call.values(0, as: Int32.self)
        return try call.writeBytes(byteCount: call.count) { row, out throws(QueryError) in
            let code = codes[row]
            if code == 0 { throw QueryError(.programLimitExceeded, "null character not permitted") }
            if code < 0 { throw QueryError(.invalidParameterValue, "character number must be positive") }
            if code > 0x10FFFF {
                throw QueryError(.programLimitExceeded, "requested character too large for encoding: \(code)")
            }
            guard let scalar = Unicode.Scalar(UInt32(code)) else {
                throw QueryError(.programLimitExceeded, "requested character not valid for encoding: \(code)")
            }
            out.add(scalar)
        }
    }

    static func hexadecimal<T: SQLInteger>(_: T.Type) -> Kernel {
        { (call) throws(QueryError) in
            let numbers = call.values(0, as: T.self)
            return try call.writeBytes(byteCount: call.count * 8) { row, out in
                var rest = UInt64(truncatingIfNeeded: numbers[row].magnitude)
                if numbers[row] < 0 { rest = UInt64(truncatingIfNeeded: T.Magnitude(truncatingIfNeeded: numbers[row])) }
                var digits: [UInt8] = []
                repeat {
                    let digit = UInt8(truncatingIfNeeded: rest & 15)
                    digits.append(digit < 10 ? 0x30 + digit : 0x57 + digit)
                    rest >>= 4
                } while rest != 0
                for digit in digits.reversed() { out.add(digit) }
            }
        }
    }

    /// `concat(…)`: the text forms of all arguments that have a value.
    static let concat: Kernel = { (call) throws(QueryError) in
        let texts = try call.textForms(from: 0)
        return try call.writeBytes { row, out in
            for text in texts where text.isValid(row) { out.add(VariableRows(text)[row]) }
        }
    }

    /// `concat_ws(separator, …)`.
    static let concatWithSeparator: Kernel = { (call) throws(QueryError) in
        let separator = call.arguments[0]
        let texts = try call.textForms(from: 1)
        var out = VariableWriter(rows: call.count)
        for row in 0..<call.count {
            guard separator.isValid(row) else {
                out.endWithoutValue()
                continue
            }
            var isFirst = true
            for text in texts where text.isValid(row) {
                if !isFirst { out.add(VariableRows(separator)[row]) }
                out.add(VariableRows(text)[row])
                isFirst = false
            }
            out.endRow()
        }
        return try out.finish(call.resultType)
    }
}

extension VectorCall {
    /// Arguments as text.
    ///
    /// - Parameter outputBool: how booleans are written; output functions say `t` or `f`.
    fileprivate func textForms(
        from first: Int, outputBool: @escaping Kernel = TextCasts.outputLetter
    ) throws(QueryError) -> [Column] {
        var texts: [Column] = []
        for argument in arguments[first...] {
            if argument.type.kind.category == .string {
                texts.append(argument)
                continue
            }
            guard let output = argument.type == .bool ? outputBool : TextCasts.output(argument.type) else {
                throw .unsupported("the text form of type \(argument.type.bareName)")
            }
            let call = VectorCall(
                arguments: [argument], count: count, context: context, resultType: .text, validity: argument.validity)
            let text = try output(call)
            texts.append(Column(type: .text, count: count, validity: argument.validity, values: text.values))
        }
        return texts
    }
}

extension FunctionList {
    mutating func addTextEdit() {
        addOperator("||", .text, .text, .text, TextEdit.concatenate)
        for parameters in [[FunctionEntry.Parameter.kind(.text), .anyNonArray], [.anyNonArray, .kind(.text)]] {
            addOperator(
                FunctionEntry("||", parameters, .type(.text), volatility: .stable, kernel: TextEdit.concatenateForms))
        }
        addOperator("||", .bytea, .bytea, .bytea, TextEdit.concatenate)
        addFunction("replace", [.text, .text, .text], .text, TextEdit.replace)
        addFunction("repeat", [.text, .int4], .text, TextEdit.repeated)
        addFunction("reverse", [.text], .text, TextEdit.reversed)
        addFunction("translate", [.text, .text, .text], .text, TextEdit.translate)
        addFunction("overlay", [.text, .text, .int4], .text, TextEdit.overlay)
        addFunction("overlay", [.text, .text, .int4, .int4], .text, TextEdit.overlay)
        addFunction("ascii", [.text], .int4, TextEdit.ascii)
        addFunction("chr", [.int4], .text, TextEdit.character)
        addFunction("to_hex", [.int4], .text, TextEdit.hexadecimal(Int32.self))
        addFunction("to_hex", [.int8], .text, TextEdit.hexadecimal(Int64.self))
        addFunction(
            FunctionEntry(
                "concat", [.any], .type(.text), isVariadic: true, isStrict: false, volatility: .stable,
                kernel: TextEdit.concat))
        addFunction(
            FunctionEntry(
                "concat_ws", [.kind(.text), .any], .type(.text), isVariadic: true, isStrict: false,
                volatility: .stable, kernel: TextEdit.concatWithSeparator))
    }
}
