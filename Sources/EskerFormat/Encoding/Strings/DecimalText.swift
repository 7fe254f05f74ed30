// Unsafe: hands pointers into checked buffers to the C kernels.
import CEskerKernels

/// Strings that are decimal numbers, kept as numbers: the form in which all of them are written, and the numbers.
///
/// A form writes a number in one way only: without zeros in front, or with zeros up to a number of digits; with `-` when
/// it is negative. So a string is a number of the form exactly when writing the number gives the string again.
package struct DecimalText: Hashable, Sendable {
    /// Numbers of fewer digits stand behind zeros. 1 when there are none; at most 19.
    package let minimumDigits: Int
    /// Whether values are signed, in two's complement; else they are unsigned and below 10¹⁹.
    package let isSigned: Bool

    /// Most digits that zeros may fill up to, and most that a number read has.
    package static let maximumDigits = 19
    /// Bytes of the longest number: the sign and 20 digits of UInt64.
    static let maximumLength = 21

    /// A form as a file names it.
    package init(minimumDigits: Int, isSigned: Bool) throws(FormatError) {
        guard minimumDigits >= 1, minimumDigits <= Self.maximumDigits else {
            throw FormatError(.malformed, "decimal numbers of at least \(minimumDigits) digits, not 1 to 19")
        }
        self.minimumDigits = minimumDigits
        self.isSigned = isSigned
    }

    private init(_ form: esker_decimal_form) {
        minimumDigits = Int(form.minimum_digits)
        isSigned = form.is_signed != 0
    }

    var kernelForm: esker_decimal_form {
        esker_decimal_form(minimum_digits: UInt8(minimumDigits), is_signed: isSigned ? 1 : 0)
    }

    /// The form that all strings share, and their numbers as UInt64 (or Int64 in the same eight bytes); nil when there is
    /// none: a string is empty, no number, longer than 19 digits, `-0`, or filled with zeros where another is not.
    package static func read(_ strings: ByteStrings) -> (form: DecimalText, values: Buffer)? {
        guard strings.count > 0 else { return nil }
        var values = GrowableBuffer(capacity: strings.count * 8)
        var form = esker_decimal_form()
        var found = false
        unsafe values.append(upTo: strings.count * 8) { room in
            found =
                unsafe esker_decimals_read(
                    strings.bytePointer, strings.offsetPointer, strings.count,
                    room.baseAddress!.assumingMemoryBound(to: UInt64.self), &form) != 0
            return found ? room.count : 0
        }
        return found ? (DecimalText(form), values.finish()) : nil
    }

    /// Writes numbers as strings. Traps for more than 100 million, whose bytes would leave the offsets.
    package func write(_ values: Span<UInt64>) -> ByteStrings {
        let limit = values.count * Self.maximumLength
        precondition(limit <= Int(Int32.max))
        let strings = unsafe values.withUnsafeBufferPointer { values in
            unsafe ByteStringsWriter.make(count: values.count, limit: limit) { ends, bytes in
                unsafe esker_decimals_write(values.baseAddress, values.count, kernelForm, bytes, ends)
            }
        }
        guard let strings else { preconditionFailure("numbers can always be written") }
        return strings
    }
}
