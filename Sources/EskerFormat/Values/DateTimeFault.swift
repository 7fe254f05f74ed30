/// Why a text is no date, time or interval; with the type's name and the text it becomes a ``ValueError``.
enum DateTimeFault: Error, Hashable {
    case badFormat
    case fieldOverflow
    /// A month or day number is out of range: perhaps day and month are the other way round.
    case monthOrDayOverflow
    case intervalOverflow
    /// The parts are good, their sum is not.
    case intervalOutOfRange
    case zoneOverflow
    case unknownZone(String)

    func error(_ type: String, _ bytes: Span<UInt8>) -> ValueError {
        let text = ValueError.text(bytes)
        switch self {
        case .badFormat:
            return ValueError(sqlState: "22007", message: "invalid input syntax for type \(type): \"\(text)\"")
        case .fieldOverflow:
            return ValueError(sqlState: "22008", message: "date/time field value out of range: \"\(text)\"")
        case .monthOrDayOverflow:
            return ValueError(
                sqlState: "22008", message: "date/time field value out of range: \"\(text)\"",
                hint: "Perhaps you need a different \"datestyle\" setting.")
        case .intervalOverflow:
            return ValueError(sqlState: "22015", message: "interval field value out of range: \"\(text)\"")
        case .intervalOutOfRange: return .timeOutOfRange("interval")
        case .zoneOverflow:
            return ValueError(sqlState: "22009", message: "time zone displacement out of range: \"\(text)\"")
        case .unknownZone(let name):
            return ValueError(sqlState: "22023", message: "time zone \"\(name)\" not recognized")
        }
    }
}
