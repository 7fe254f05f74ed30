internal import EskerFormat

/// The narrowest type that can hold all values seen, so that none of them changes by being stored.
///
/// Whole numbers with a leading zero or plus are names, not numbers: they stay text. Numbers with more digits than a
/// double keeps become `numeric`. A time without a zone counts as one in the zone of the reader.
struct TypeGuess {
    private struct Kinds: OptionSet {
        let rawValue: Int
        static let bool = Kinds(rawValue: 1)
        static let int8 = Kinds(rawValue: 2)
        static let float8 = Kinds(rawValue: 4)
        static let numeric = Kinds(rawValue: 8)
        static let date = Kinds(rawValue: 16)
        static let timestamptz = Kinds(rawValue: 32)
        static let uuid = Kinds(rawValue: 64)
        static let text = Kinds(rawValue: 128)
    }

    /// The types that hold every value so far.
    private var kinds: Kinds?
    private var holdsNested = false

    /// The guess. Text when there was no value.
    var type: DataType {
        if holdsNested { return .json }
        guard let kinds else { return .text }
        let order: [(Kinds, DataType)] = [
            (.bool, .bool), (.int8, .int8), (.float8, .float8), (.numeric, .numeric(precision: nil, scale: 0)),
            (.date, .date), (.timestamptz, .timestamptz), (.uuid, .uuid),
        ]
        return order.first { kinds.contains($0.0) }?.1 ?? .text
    }

    /// Looks at a value that is written as it is: a CSV field, a JSON number or word.
    mutating func add(_ text: [UInt8]) { narrow(Self.kinds(of: text.span)) }

    /// Looks at a JSON string: its digits are text, its dates are dates.
    mutating func add(quoted text: [UInt8]) {
        narrow(Self.kinds(of: text.span).intersection([.date, .timestamptz, .uuid, .text]))
    }

    /// Looks at a JSON object or array.
    mutating func addNested() { holdsNested = true }

    private mutating func narrow(_ other: Kinds) { kinds = kinds?.intersection(other) ?? other }

    private static func kinds(of text: Span<UInt8>) -> Kinds {
        var kinds: Kinds = .text
        if isWord(text) { kinds.insert(.bool) }
        if let number = DecimalShape(text) {
            if number.isWhole && (try? ValueParser.int8(text)) != nil { kinds.insert(.int8) }
            if number.digits <= 17 && (try? ValueParser.float8(text)) != nil { kinds.insert(.float8) }
            kinds.insert(.numeric)
        }
        if text.count >= 10 && text[4] == 0x2D && text[7] == 0x2D {
            let settings = TextSettings()
            if text.count == 10 && (try? ValueParser.date(text, settings)) != nil { kinds.insert(.date) }
            if text.count == 10 || text.count >= 16, (try? ValueParser.timestamptz(text, settings)) != nil {
                kinds.insert(.timestamptz)
            }
        }
        if text.count == 36 && (try? ValueParser.uuid(text)) != nil { kinds.insert(.uuid) }
        return kinds
    }

    private static func isWord(_ text: Span<UInt8>) -> Bool {
        var word = ""
        for index in text.indices where index < 6 { word.unicodeScalars.append(Unicode.Scalar(text[index])) }
        return ["t", "f", "true", "false"].contains(word.lowercased())
    }
}

/// A decimal number as people and programs write it: `-12.50`, `1e-7`.
private struct DecimalShape {
    let isWhole: Bool
    /// Digits from the first that is not 0 to the last.
    let digits: Int

    init?(_ text: Span<UInt8>) {
        var index = 0
        let count = text.count
        func isDigit(_ place: Int) -> Bool { place < count && text[place] &- 0x30 < 10 }
        if count > 0 && text[0] == 0x2D { index = 1 }
        guard isDigit(index) else { return nil }
        if text[index] == 0x30 && isDigit(index + 1) { return nil }
        var digits = 0
        var isWhole = true
        func take() {
            while isDigit(index) {
                if digits > 0 || text[index] != 0x30 { digits += 1 }
                index += 1
            }
        }
        take()
        if index < count && text[index] == 0x2E {
            index += 1
            isWhole = false
            guard isDigit(index) else { return nil }
            take()
        }
        if index < count && text[index] | 0x20 == 0x65 {
            index += 1
            isWhole = false
            if index < count && (text[index] == 0x2B || text[index] == 0x2D) { index += 1 }
            guard isDigit(index) else { return nil }
            while isDigit(index) { index += 1 }
        }
        guard index == count else { return nil }
        self.isWhole = isWhole
        self.digits = digits
    }
}
