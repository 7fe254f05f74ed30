import Esker
import EskerFormat

/// Lets rows wait until they are due: as far apart as they once came, or so many times faster.
struct ReplayPace {
    private let speed: Double
    /// Where the time that counts stands among the columns of ``PlacedRows``; nil: `_arrived`.
    private let eventColumn: Int?
    private var start: (time: Int64, clock: ContinuousClock.Instant)?
    /// Rows this close together go out together, µs: a terminal shows no difference.
    private static let grain: Int64 = 2000

    /// - Parameters:
    ///   - speed: 1 is the original speed, 10 ten times faster.
    ///   - eventTime: the column of event time; nil: arrival time counts.
    init(speed: Double, eventTime: UInt32?, schema: Schema) {
        self.speed = speed
        eventColumn = eventTime.flatMap { id in schema.columns.firstIndex { $0.id == id } }.map {
            $0 + PlacedRows.places.count
        }
    }

    /// Sleeps until the row `first` is due.
    ///
    /// - Parameter output: flushed before sleeping.
    /// - Returns: the end of the rows from `first` on that are due then.
    mutating func due(_ rows: PlacedRows, from first: Int, flushing output: StandardOutput) async throws -> Int {
        let origin = start ?? (time(rows, first) ?? 0, .now)
        if start == nil, time(rows, first) != nil { start = origin }
        if let wait = wait(rows, first, origin) {
            output.flush()
            try await Task.sleep(until: wait, clock: .continuous)
        }
        let now = ContinuousClock.now
        var end = first + 1
        while end < rows.count, (wait(rows, end, origin) ?? now) <= now + .microseconds(Self.grain) { end += 1 }
        return end
    }

    /// When a row is due; nil: at once.
    private func wait(
        _ rows: PlacedRows, _ row: Int, _ origin: (time: Int64, clock: ContinuousClock.Instant)
    ) -> ContinuousClock.Instant? {
        guard let time = time(rows, row), time > origin.time else { return nil }
        let (distance, overflow) = time.subtractingReportingOverflow(origin.time)
        return overflow ? nil : origin.clock + .seconds(min(Double(distance) / 1_000_000 / speed, 1e9))
    }

    /// The time of a row, µs since 1970; nil for a row without one.
    private func time(_ rows: PlacedRows, _ row: Int) -> Int64? {
        let column = rows.columns[eventColumn ?? 2]
        guard column.isValid(row) else { return nil }
        if column.type == .date { return Int64(column.value(at: row, as: Int32.self)) * 86_400_000_000 }
        return column.value(at: row, as: Int64.self)
    }
}
