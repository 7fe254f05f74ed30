import Esker
import EskerFormat

/// A place in a stream as a user writes it: `earliest`, `latest`, `1234` (an offset, in a stream of one partition),
/// `0:1234,1:99` (an offset for each partition, as in a cut), or a timestamp.
enum PlaceOption: Hashable, Sendable {
    case earliest
    case latest
    case offset(Int64)
    case offsets([Int: Int64])
    /// µs since 1970.
    case time(Int64)

    /// Reads a place; times without a zone are UTC.
    init(_ text: String) throws {
        switch text.lowercased() {
        case "earliest": self = .earliest
        case "latest": self = .latest
        default:
            if let offset = Int64(text), offset >= 0 {
                self = .offset(offset)
            } else if let offsets = Self.offsets(text) {
                self = .offsets(offsets)
            } else if case .timestamptz(let time)? = try? Value.parse(text, as: .timestamptz, Self.now) {
                self = .time(time)
            } else {
                throw Failure(
                    "esker: \"\(text)\" is no place in a stream: write earliest, latest, an offset such as 1234, "
                        + "offsets such as 0:1234,1:99, or a timestamp such as '2026-11-24 10:00:00+00'")
            }
        }
    }

    private static var now: TextSettings {
        let sinceEpoch = SystemTime.microseconds()
        return TextSettings(zone: .utc, now: sinceEpoch)
    }

    /// `0:1234,1:99`, with or without the epoch of a cut (`@7`) behind it.
    private static func offsets(_ text: String) -> [Int: Int64]? {
        let body = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        if body.count == 2, UInt64(body[1]) == nil { return nil }
        var offsets: [Int: Int64] = [:]
        for item in body[0].split(separator: ",", omittingEmptySubsequences: false) {
            let pair = item.split(separator: ":", omittingEmptySubsequences: false)
            guard pair.count == 2, let partition = Int(pair[0]), let offset = Int64(pair[1]), partition >= 0,
                offset >= 0, offsets.updateValue(offset, forKey: partition) == nil
            else { return nil }
        }
        return offsets
    }

    /// The place in a stream of so many partitions.
    ///
    /// - Parameter missing: the offset of partitions that are not named.
    func position(partitions: Int, time kind: ReplayTime, missing: Int64) throws -> ReplayPosition {
        switch self {
        case .earliest: return .earliest
        case .latest: return .latest
        case .time(let time): return .time(time, kind)
        case .offset(let offset):
            guard partitions == 1 else {
                throw Failure(
                    "esker: the stream has \(partitions) partitions; give an offset for each, as in 0:\(offset),1:99")
            }
            return .offsets([offset])
        case .offsets(let named):
            if let stranger = named.keys.max(), stranger >= partitions {
                throw Failure("esker: the stream has no partition \(stranger), only 0 to \(partitions - 1)")
            }
            return .offsets((0..<partitions).map { named[$0] ?? missing })
        }
    }
}
