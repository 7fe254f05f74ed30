/// Numbers inside date and time texts.
enum DateTimeNumber {
    /// The digits (after an optional sign) at the front of `text`, and how many bytes they take.
    ///
    /// - Throws: ``DateTimeFault/fieldOverflow`` beyond Int32, ``DateTimeFault/badFormat`` without digits.
    static func leading(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> (value: Int, length: Int) {
        let (value, length) = try leading64(text)
        guard Int32(exactly: value) != nil else { throw .fieldOverflow }
        return (Int(value), length)
    }

    /// As ``leading(_:)``, but no digits at all are 0.
    static func leadingOrZero(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> (value: Int, length: Int) {
        do throws(DateTimeFault) { return try leading(text) } catch {
            if error == .badFormat { return (0, 0) }
            throw error
        }
    }

    static func leading64(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> (value: Int64, length: Int) {
        var index = text.startIndex
        var negative = false
        if let first = text.first, first == 0x2D || first == 0x2B {
            negative = first == 0x2D
            index += 1
        }
        let start = index
        var value: Int64 = 0
        while index < text.endIndex && ASCII.isDigit(text[index]) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = product.subtractingReportingOverflow(Int64(text[index] - 0x30))
            if overflow || overflow2 { throw .fieldOverflow }
            value = sum
            index += 1
        }
        if index == start { throw .badFormat }
        if !negative {
            if value == .min { throw .fieldOverflow }
            value = -value
        }
        return (value, index - text.startIndex)
    }

    /// A whole text of digits.
    static func whole(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> Int {
        let (value, length) = try leading(text)
        if length != text.count { throw .badFormat }
        return value
    }

    /// `.25` as 0.25; a point alone is 0.
    static func fraction(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> Double {
        guard text.first == 0x2E else { throw .badFormat }
        if text.count == 1 { return 0 }
        guard text.dropFirst().allSatisfy(ASCII.isDigit),
            let value = Double("0" + String(decoding: text, as: UTF8.self))
        else { throw .badFormat }
        return value
    }

    /// `.25` as 250000 microseconds, rounded to even as PostgreSQL does.
    static func microseconds(_ text: ArraySlice<UInt8>) throws(DateTimeFault) -> Int64 {
        Int64((try fraction(text) * 1_000_000).rounded(.toNearestOrEven))
    }
}
