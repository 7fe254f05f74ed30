internal import EskerFormat

/// A fixed-width value with SQL's order. Both questions are answered without branches, for vector code.
protocol SQLOrdered: BitwiseCopyable {
    static func isEqual(_ left: Self, _ right: Self) -> Bool
    static func isLess(_ left: Self, _ right: Self) -> Bool

    /// Whether comparisons with this are plain ones: it is not NaN.
    var isOrdinary: Bool { get }
    static func isEqual(_ value: Self, toOrdinary bound: Self) -> Bool
    static func isLess(_ value: Self, thanOrdinary bound: Self) -> Bool
    static func isGreater(_ value: Self, thanOrdinary bound: Self) -> Bool
}

extension SQLOrdered {
    @inline(__always)
    var isOrdinary: Bool { true }
    @inline(__always)
    static func isEqual(_ value: Self, toOrdinary bound: Self) -> Bool { isEqual(value, bound) }
    @inline(__always)
    static func isLess(_ value: Self, thanOrdinary bound: Self) -> Bool { isLess(value, bound) }
    @inline(__always)
    static func isGreater(_ value: Self, thanOrdinary bound: Self) -> Bool { isLess(bound, value) }
}

extension Int16: SQLOrdered {}
extension Int32: SQLOrdered {}
extension Int64: SQLOrdered {}

extension SQLOrdered where Self: SQLInteger {
    @inline(__always)
    static func isEqual(_ left: Self, _ right: Self) -> Bool { left == right }
    @inline(__always)
    static func isLess(_ left: Self, _ right: Self) -> Bool { left < right }
}

extension Float: SQLOrdered {}
extension Double: SQLOrdered {}

/// NaN equals itself and is greater than every number.
extension SQLOrdered where Self: SQLFloat {
    @inline(__always)
    static func isEqual(_ left: Self, _ right: Self) -> Bool {
        let bothNaN = bit(left != left) & bit(right != right)
        return bit(left == right) | bothNaN != 0
    }

    @inline(__always)
    static func isLess(_ left: Self, _ right: Self) -> Bool {
        let onlyRightNaN = bit(left == left) & bit(right != right)
        return bit(left < right) | onlyRightNaN != 0
    }

    @inline(__always)
    var isOrdinary: Bool { self == self }
    @inline(__always)
    static func isEqual(_ value: Self, toOrdinary bound: Self) -> Bool { value == bound }
    @inline(__always)
    static func isLess(_ value: Self, thanOrdinary bound: Self) -> Bool { value < bound }
    @inline(__always)
    static func isGreater(_ value: Self, thanOrdinary bound: Self) -> Bool { !(value <= bound) }

    @inline(__always)
    private static func bit(_ flag: Bool) -> UInt8 { flag ? 1 : 0 }
}

/// The 16 bytes of a `uuid` in a column; ordered byte by byte.
struct StoredUUID: SQLOrdered {
    let first: UInt64
    let second: UInt64

    init(_ uuid: UUIDBytes) { (first, second) = uuid.words }

    var uuid: UUIDBytes { UUIDBytes(words: (first, second)) }

    @inline(__always)
    static func isEqual(_ left: StoredUUID, _ right: StoredUUID) -> Bool {
        (left.first ^ right.first) | (left.second ^ right.second) == 0
    }

    @inline(__always)
    static func isLess(_ left: StoredUUID, _ right: StoredUUID) -> Bool {
        if left.first != right.first { return left.first.byteSwapped < right.first.byteSwapped }
        return left.second.byteSwapped < right.second.byteSwapped
    }
}

/// The 16 bytes of an `interval` in a column; ordered by estimated length, see ``Interval``.
struct StoredInterval: SQLOrdered {
    let microseconds: Int64
    let days: Int32
    let months: Int32

    init(_ interval: Interval) {
        microseconds = interval.microseconds
        days = interval.days
        months = interval.months
    }

    var interval: Interval { Interval(months: months, days: days, microseconds: microseconds) }

    static func isEqual(_ left: StoredInterval, _ right: StoredInterval) -> Bool { left.interval == right.interval }
    static func isLess(_ left: StoredInterval, _ right: StoredInterval) -> Bool { left.interval < right.interval }
}

/// The 16 bytes of a `timetz` in a column; ordered by the moment, see ``TimeWithZone``.
struct StoredTimeTZ: SQLOrdered {
    let microseconds: Int64
    let secondsEast: Int32
    let unused: Int32

    init(_ time: TimeWithZone) {
        microseconds = time.microseconds
        secondsEast = time.secondsEast
        unused = 0
    }

    var time: TimeWithZone { TimeWithZone(microseconds: microseconds, secondsEast: secondsEast) }

    static func isEqual(_ left: StoredTimeTZ, _ right: StoredTimeTZ) -> Bool { left.time == right.time }
    static func isLess(_ left: StoredTimeTZ, _ right: StoredTimeTZ) -> Bool { left.time < right.time }
}

/// One of the six comparisons on values of one type, as a type.
protocol OrderTest: SendableMetatype {
    associatedtype Value: SQLOrdered
    /// The same with its operands exchanged.
    associatedtype Swapped: OrderTest where Swapped.Value == Value

    static func holds(_ left: Value, _ right: Value) -> Bool
    /// As ``holds(_:_:)``, for a right side that ``SQLOrdered/isOrdinary``: one instruction where NaN would need more.
    static func holds(_ value: Value, ordinary bound: Value) -> Bool
}

enum OrderTests<Value: SQLOrdered> {
    enum Equal: OrderTest {
        typealias Swapped = Equal
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isEqual(left, right) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool { Value.isEqual(value, toOrdinary: bound) }
    }

    enum NotEqual: OrderTest {
        typealias Swapped = NotEqual
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isEqual(left, right) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool { !Value.isEqual(value, toOrdinary: bound) }
    }

    enum Less: OrderTest {
        typealias Swapped = Greater
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isLess(left, right) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool { Value.isLess(value, thanOrdinary: bound) }
    }

    enum LessOrEqual: OrderTest {
        typealias Swapped = GreaterOrEqual
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isLess(right, left) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool {
            !Value.isGreater(value, thanOrdinary: bound)
        }
    }

    enum Greater: OrderTest {
        typealias Swapped = Less
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isLess(right, left) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool { Value.isGreater(value, thanOrdinary: bound) }
    }

    enum GreaterOrEqual: OrderTest {
        typealias Swapped = LessOrEqual
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isLess(left, right) }
        @inline(__always)
        static func holds(_ value: Value, ordinary bound: Value) -> Bool { !Value.isLess(value, thanOrdinary: bound) }
    }
}
