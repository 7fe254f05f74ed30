internal import EskerFormat

/// A fixed-width value with SQL's order. Both questions are answered without branches, for vector code.
protocol SQLOrdered: BitwiseCopyable {
    static func isEqual(_ left: Self, _ right: Self) -> Bool
    static func isLess(_ left: Self, _ right: Self) -> Bool
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
    static func holds(_ left: Value, _ right: Value) -> Bool
}

enum OrderTests<Value: SQLOrdered> {
    enum Equal: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isEqual(left, right) }
    }

    enum NotEqual: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isEqual(left, right) }
    }

    enum Less: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isLess(left, right) }
    }

    enum LessOrEqual: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isLess(right, left) }
    }

    enum Greater: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { Value.isLess(right, left) }
    }

    enum GreaterOrEqual: OrderTest {
        @inline(__always)
        static func holds(_ left: Value, _ right: Value) -> Bool { !Value.isLess(left, right) }
    }
}
