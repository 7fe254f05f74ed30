/// Reads `{1,2,NULL}`, `{{a,"b c"},{d,e}}`, `[2:3]={x,y}`.
struct ArrayParser {
    private let bytes: [UInt8]
    private let elementType: DataType
    private let settings: TextSettings
    private var index = 0
    /// Counts found per level, as the first sub-array of each level gave them.
    private var counts: [Int] = []
    private var isComplete: [Bool] = []
    /// The elements' texts, nil for null; read only when the braces are known to be right.
    private var texts: [[UInt8]?] = []
    /// Where the text that a message quotes begins: the bounds are left out once they are read.
    private var quotedFrom = 0

    static func parse(
        _ bytes: Span<UInt8>, of elementType: DataType, _ settings: TextSettings
    ) throws(ValueError) -> ArrayValue {
        var parser = ArrayParser(bytes, elementType, settings)
        return try parser.parse()
    }

    private init(_ span: Span<UInt8>, _ elementType: DataType, _ settings: TextSettings) {
        var copy: [UInt8] = []
        for index in span.indices { copy.append(span[index]) }
        bytes = copy
        self.elementType = elementType
        self.settings = settings
    }

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func malformed(_ detail: String) -> ValueError {
        ValueError(
            sqlState: "22P02",
            message: "malformed array literal: \"\(String(decoding: bytes[quotedFrom...], as: UTF8.self))\"",
            detail: detail)
    }

    private mutating func skipBlanks() {
        while let byte = current, ASCII.isSpace(byte) { index += 1 }
    }

    private mutating func parse() throws(ValueError) -> ArrayValue {
        let declared = try declaredDimensions()
        guard current == 0x7B else {
            throw malformed(
                declared.isEmpty
                    ? "Array value must start with \"{\" or dimension information."
                    : "Array contents must start with \"{\".")
        }
        quotedFrom = index
        try list(level: 0)
        skipBlanks()
        if current != nil { throw malformed("Junk after closing right brace.") }
        if texts.isEmpty {
            if !declared.isEmpty { throw dimensionMismatch() }
            return ArrayValue(of: elementType, [])
        }
        guard texts.count <= ArrayValue.elementLimit else {
            throw ValueError(
                sqlState: "54000", message: "array size exceeds the maximum allowed (\(ArrayValue.elementLimit))")
        }
        if !declared.isEmpty && declared.map({ Int($0.count) }) != counts {
            throw dimensionMismatch()
        }
        let dimensions = declared.isEmpty ? counts.map { ArrayValue.Dimension(count: Int32($0)) } : declared
        return ArrayValue(of: elementType, dimensions: dimensions, elements: try elements())
    }

    /// `[l:u][l:u]=`, `[n]=` or nothing.
    private mutating func declaredDimensions() throws(ValueError) -> [ArrayValue.Dimension] {
        var dimensions: [ArrayValue.Dimension] = []
        skipBlanks()
        while current == 0x5B {
            index += 1
            if dimensions.count == ArrayValue.dimensionLimit { throw tooManyDimensions(dimensions.count + 1) }
            var lower = 1
            var upper = try bound()
            if current == 0x3A {
                index += 1
                lower = upper
                upper = try bound()
            }
            guard current == 0x5D else { throw malformed("Missing \"]\" in array dimensions.") }
            index += 1
            if upper < lower {
                throw ValueError(sqlState: "2202E", message: "upper bound cannot be less than lower bound")
            }
            guard upper < Int(Int32.max), upper - lower < ArrayValue.elementLimit else {
                throw ValueError(
                    sqlState: "54000", message: "array size exceeds the maximum allowed (\(ArrayValue.elementLimit))")
            }
            dimensions.append(.init(count: Int32(upper - lower + 1), lowerBound: Int32(lower)))
            skipBlanks()
        }
        if dimensions.isEmpty { return [] }
        guard current == 0x3D else { throw malformed("Missing \"=\" after array dimensions.") }
        index += 1
        skipBlanks()
        return dimensions
    }

    private func elements() throws(ValueError) -> [Value] {
        var elements: [Value] = []
        elements.reserveCapacity(texts.count)
        for text in texts {
            elements.append(
                try text.map { (text) throws(ValueError) in
                    try Value.parse(text.span, as: elementType, settings)
                } ?? .null)
        }
        return elements
    }

    /// Digits and signs, of which the number at the front counts.
    private mutating func bound() throws(ValueError) -> Int {
        let start = index
        while let byte = current, ASCII.isDigit(byte) || byte == 0x2B || byte == 0x2D { index += 1 }
        if index == start {
            throw malformed("\"[\" must introduce explicitly-specified array dimensions.")
        }
        return (try? DateTimeNumber.leading(bytes[start..<index]).value) ?? 0
    }

    private func tooManyDimensions(_ count: Int) -> ValueError {
        ValueError(
            sqlState: "54000",
            message: "number of array dimensions (\(count)) exceeds the maximum allowed "
                + "(\(ArrayValue.dimensionLimit))")
    }

    private mutating func dimensionMismatch() -> ValueError {
        quotedFrom = 0
        return malformed("Specified array dimensions do not match array contents.")
    }

    private static let mismatch = "Multidimensional arrays must have sub-arrays with matching dimensions."

    /// One pair of braces and what is in it.
    private mutating func list(level: Int) throws(ValueError) {
        if level == ArrayValue.dimensionLimit { throw tooManyDimensions(level + 1) }
        index += 1
        if counts.count == level {
            // A list where an element was.
            if !texts.isEmpty { throw malformed(Self.mismatch) }
            counts.append(0)
            isComplete.append(false)
        }
        var count = 0
        skipBlanks()
        if current == 0x7D {
            // Only the whole array may be empty.
            if level > 0 { throw malformed("Unexpected \"}\" character.") }
            index += 1
        } else {
            repeatItems: while true {
                try item(level)
                count += 1
                skipBlanks()
                switch current {
                case 0x2C:
                    index += 1
                    skipBlanks()
                case 0x7D:
                    index += 1
                    break repeatItems
                case nil: throw malformed("Unexpected end of input.")
                default: throw malformed("Unexpected array element.")
                }
            }
        }
        if isComplete[level] && counts[level] != count { throw malformed(Self.mismatch) }
        counts[level] = count
        isComplete[level] = true
    }

    private mutating func item(_ level: Int) throws(ValueError) {
        switch current {
        case 0x7B: try list(level: level + 1)
        case nil: throw malformed("Unexpected end of input.")
        case 0x2C?, 0x7D?: throw malformed("Unexpected \"\(current == 0x2C ? "," : "}")\" character.")
        default:
            if counts.count > level + 1 { throw malformed(Self.mismatch) }
            try element()
        }
    }

    private mutating func element() throws(ValueError) {
        var text: [UInt8] = []
        var kept = 0  // bytes that the blanks at the end must leave alone
        var isQuoted = false
        var wasEscaped = false
        scan: while let byte = current {
            switch byte {
            case 0x5C:
                guard index + 1 < bytes.count else { throw malformed("Unexpected end of input.") }
                text.append(bytes[index + 1])
                index += 2
                kept = text.count
                wasEscaped = true
                continue
            case 0x22:
                if !isQuoted && (wasEscaped || !text.isEmpty) { throw malformed("Unexpected array element.") }
                isQuoted = true
                try quoted(&text)
                skipBlanks()
                break scan
            case 0x2C, 0x7D: break scan
            case 0x7B: throw malformed("Unexpected \"{\" character.")
            default:
                text.append(byte)
                if !ASCII.isSpace(byte) { kept = text.count }
            }
            index += 1
        }
        if !isQuoted {
            text.removeLast(text.count - kept)
            let isNull = text.count == 4 && !wasEscaped && String(decoding: text, as: UTF8.self).lowercased() == "null"
            if isNull { return texts.append(nil) }
        }
        texts.append(text)
    }

    private mutating func quoted(_ text: inout [UInt8]) throws(ValueError) {
        index += 1
        while let byte = current {
            index += 1
            if byte == 0x22 { return }
            if byte == 0x5C {
                guard let escaped = current else { break }
                text.append(escaped)
                index += 1
            } else {
                text.append(byte)
            }
        }
        throw malformed("Unexpected end of input.")
    }
}

extension ValueWriter {
    /// `{1,2,NULL}`, with bounds before it if any is not 1.
    package static func array(_ array: ArrayValue, _ settings: TextSettings, to out: inout [UInt8]) {
        if array.dimensions.contains(where: { $0.lowerBound != 1 }) {
            for dimension in array.dimensions {
                out.append(0x5B)
                integer(Int64(dimension.lowerBound), to: &out)
                out.append(0x3A)
                integer(Int64(dimension.lowerBound) + Int64(dimension.count) - 1, to: &out)
                out.append(0x5D)
            }
            out.append(0x3D)
        }
        guard !array.dimensions.isEmpty else { return out.append(contentsOf: "{}".utf8) }
        var next = 0
        writeLevel(array, 0, &next, settings, to: &out)
    }

    private static func writeLevel(
        _ array: ArrayValue, _ level: Int, _ next: inout Int, _ settings: TextSettings, to out: inout [UInt8]
    ) {
        out.append(0x7B)
        for index in 0..<array.dimensions[level].count {
            if index > 0 { out.append(0x2C) }
            if level + 1 < array.dimensions.count {
                writeLevel(array, level + 1, &next, settings, to: &out)
            } else {
                writeElement(array.elements[next], settings, to: &out)
                next += 1
            }
        }
        out.append(0x7D)
    }

    private static func writeElement(_ value: Value, _ settings: TextSettings, to out: inout [UInt8]) {
        if value == .null { return out.append(contentsOf: "NULL".utf8) }
        var text: [UInt8] = []
        value.write(settings, to: &text)
        let isNull = text.count == 4 && String(decoding: text, as: UTF8.self).lowercased() == "null"
        let special: (UInt8) -> Bool = { [0x22, 0x5C, 0x7B, 0x7D, 0x2C].contains($0) || ASCII.isSpace($0) }
        guard text.isEmpty || isNull || text.contains(where: special) else { return out.append(contentsOf: text) }
        out.append(0x22)
        for byte in text {
            if byte == 0x22 || byte == 0x5C { out.append(0x5C) }
            out.append(byte)
        }
        out.append(0x22)
    }
}
