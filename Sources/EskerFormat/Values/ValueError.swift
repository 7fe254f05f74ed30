/// Why a text is no value of a type, or why an operation on values has no result.
///
/// Carries PostgreSQL's SQLSTATE and PostgreSQL's wording, so that a client sees what it would see there.
public struct ValueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The five-character SQLSTATE, such as `22P02`.
    public var sqlState: String
    /// One sentence without a full stop: `invalid input syntax for type integer: "abc"`.
    public var message: String
    /// More about the cause, when there is more to say.
    public var detail: String?
    /// What to do about it, when there is something to do.
    public var hint: String?

    public init(sqlState: String, message: String, detail: String? = nil, hint: String? = nil) {
        self.sqlState = sqlState
        self.message = message
        self.detail = detail
        self.hint = hint
    }

    public var description: String { "\(sqlState): \(message)" }
}

extension ValueError {
    /// 22P02: the text is no value of the type.
    @inline(never)
    static func invalidText(_ type: String, _ bytes: Span<UInt8>) -> ValueError {
        ValueError(sqlState: "22P02", message: "invalid input syntax for type \(type): \"\(text(bytes))\"")
    }

    /// 22003: the text is a number, but too great for the type.
    @inline(never)
    static func textOutOfRange(_ type: String, _ bytes: Span<UInt8>) -> ValueError {
        ValueError(sqlState: "22003", message: "value \"\(text(bytes))\" is out of range for type \(type)")
    }

    /// 22003: a result is too great for the type, such as `integer out of range`.
    @inline(never)
    static func outOfRange(_ type: String) -> ValueError {
        ValueError(sqlState: "22003", message: "\(type) out of range")
    }

    /// 22012.
    static let divisionByZero = ValueError(sqlState: "22012", message: "division by zero")

    /// 22008: a date or time outside what its type can hold, such as `timestamp out of range`.
    @inline(never)
    static func timeOutOfRange(_ type: String) -> ValueError {
        ValueError(sqlState: "22008", message: "\(type) out of range")
    }

    /// The bytes of an input as text; bytes that are not UTF-8 are shown as U+FFFD.
    static func text(_ bytes: Span<UInt8>) -> String {
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }
}
