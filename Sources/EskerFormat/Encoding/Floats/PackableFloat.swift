// Unsafe: hands pointers to at most 1,024 values to the kernels, which read and write just those.
import CEskerKernels

/// A floating-point number of 4 or 8 bytes, and the kernels for vectors of them.
protocol PackableFloat: BinaryFloatingPoint, BitwiseCopyable {
    /// The bits of a number, and the integers that numbers become.
    associatedtype Bits: PackableInteger

    /// Makes integers of numbers; lists the positions of those that would not come back, and gives back how many.
    static func encode(
        _ values: UnsafePointer<Self>, count: Int, _ decimal: DecimalScale, into integers: UnsafeMutablePointer<Bits>,
        exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int
    /// Replaces integers by the bits of numbers.
    static func decode(_ integers: UnsafeMutablePointer<Bits>, count: Int, _ decimal: DecimalScale)
    /// Looks the bits above the lowest `rightWidth` up in a dictionary; lists the positions of those that are not there.
    static func split(
        _ values: UnsafePointer<Bits>, count: Int, rightWidth: Int, dictionary: UnsafePointer<UInt16>, size: Int,
        codes: UnsafeMutablePointer<UInt8>, exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int
    /// Puts `lefts[code]` before every number; codes are below 8.
    static func join(_ values: UnsafeMutablePointer<Bits>, count: Int, codes: UnsafePointer<UInt8>, lefts: [Bits])
    /// The least and greatest that are numbers, +∞ and −∞ when none is; and whether one is none.
    static func range(_ values: UnsafePointer<Self>, count: Int) -> NumberRange<Self>
}

/// What a vector says of its numbers: the bounds of those that are numbers, and whether some are not.
package struct NumberRange<Number: BinaryFloatingPoint>: Equatable {
    /// Greater than `greatest` when there is no number at all.
    package let least: Number
    package let greatest: Number
    package let hasNaN: Bool

    package init(least: Number, greatest: Number, hasNaN: Bool) {
        self.least = least
        self.greatest = greatest
        self.hasNaN = hasNaN
    }
}

extension Double: PackableFloat {
    static func encode(
        _ values: UnsafePointer<Double>, count: Int, _ decimal: DecimalScale,
        into integers: UnsafeMutablePointer<UInt64>,
        exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int {
        unsafe withUnsafePointer(to: decimal.kernel) {
            unsafe esker_alp_encode_f64(values, count, $0, integers, exceptions)
        }
    }

    static func decode(_ integers: UnsafeMutablePointer<UInt64>, count: Int, _ decimal: DecimalScale) {
        unsafe withUnsafePointer(to: decimal.kernel) { unsafe esker_alp_decode_f64(integers, count, $0) }
    }

    static func split(
        _ values: UnsafePointer<UInt64>, count: Int, rightWidth: Int, dictionary: UnsafePointer<UInt16>, size: Int,
        codes: UnsafeMutablePointer<UInt8>, exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int {
        unsafe esker_alprd_split_u64(values, count, UInt32(rightWidth), dictionary, UInt32(size), codes, exceptions)
    }

    static func join(
        _ values: UnsafeMutablePointer<UInt64>, count: Int, codes: UnsafePointer<UInt8>, lefts: [UInt64]
    ) {
        precondition(lefts.count == 8)
        unsafe esker_alprd_join_u64(values, count, codes, lefts)
    }

    static func range(_ values: UnsafePointer<Double>, count: Int) -> NumberRange<Double> {
        var least = 0.0
        var greatest = 0.0
        let hasNaN = unsafe esker_range_f64(values, count, &least, &greatest) != 0
        return NumberRange(least: least, greatest: greatest, hasNaN: hasNaN)
    }
}

extension Float: PackableFloat {
    static func encode(
        _ values: UnsafePointer<Float>, count: Int, _ decimal: DecimalScale,
        into integers: UnsafeMutablePointer<UInt32>,
        exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int {
        unsafe withUnsafePointer(to: decimal.kernel) {
            unsafe esker_alp_encode_f32(values, count, $0, integers, exceptions)
        }
    }

    static func decode(_ integers: UnsafeMutablePointer<UInt32>, count: Int, _ decimal: DecimalScale) {
        unsafe withUnsafePointer(to: decimal.kernel) { unsafe esker_alp_decode_f32(integers, count, $0) }
    }

    static func split(
        _ values: UnsafePointer<UInt32>, count: Int, rightWidth: Int, dictionary: UnsafePointer<UInt16>, size: Int,
        codes: UnsafeMutablePointer<UInt8>, exceptions: UnsafeMutablePointer<UInt16>
    ) -> Int {
        unsafe esker_alprd_split_u32(values, count, UInt32(rightWidth), dictionary, UInt32(size), codes, exceptions)
    }

    static func join(
        _ values: UnsafeMutablePointer<UInt32>, count: Int, codes: UnsafePointer<UInt8>, lefts: [UInt32]
    ) {
        precondition(lefts.count == 8)
        unsafe esker_alprd_join_u32(values, count, codes, lefts)
    }

    static func range(_ values: UnsafePointer<Float>, count: Int) -> NumberRange<Float> {
        var least: Float = 0
        var greatest: Float = 0
        let hasNaN = unsafe esker_range_f32(values, count, &least, &greatest) != 0
        return NumberRange(least: least, greatest: greatest, hasNaN: hasNaN)
    }
}
