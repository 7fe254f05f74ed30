// Unsafe: hands pointers to vectors of 1,024 values to the kernels, which read and write just those.
import CEskerKernels

// One conformance a width: the kernels of C have a name for each.

extension UInt8: PackableInteger {
    static func pack(_ values: UnsafePointer<UInt8>, base: UInt8, width: Int, into packed: UnsafeMutableRawPointer) {
        unsafe esker_pack_u8(values, base, UInt32(wordBits(forWidth: width)), UInt32(width), packed)
    }

    static func unpack(_ packed: UnsafeRawPointer, base: UInt8, width: Int, into values: Values) {
        unsafe esker_unpack_u8(packed, UInt32(wordBits(forWidth: width)), UInt32(width), base, values)
    }

    static func range(_ values: UnsafePointer<UInt8>, count: Int, flip: UInt8) -> (least: UInt8, greatest: UInt8) {
        var least: UInt8 = 0
        var greatest: UInt8 = 0
        unsafe esker_range_u8(values, count, flip, &least, &greatest)
        return (least, greatest)
    }

    static func differences(
        of values: UnsafePointer<UInt8>, count: Int, before: UInt8, into differences: Values
    ) {
        unsafe esker_differences_u8(values, count, before, differences)
    }

    static func sum(_ differences: Values, count: Int, before: UInt8) -> UInt8 {
        unsafe esker_running_sums_u8(differences, count, before)
    }

    static func spread(
        _ values: UnsafePointer<UInt8>, count: Int, base: UInt8, range: UInt8, shift: Int,
        into before: UnsafeMutablePointer<UInt32>
    ) {
        unsafe esker_spread_u8(values, count, base, range, UInt32(shift), before)
    }

    static func range(
        _ values: UnsafePointer<UInt8>, count: Int, within limit: UInt8, of base: UInt8
    ) -> (least: UInt8, greatest: UInt8, held: Int) {
        var least: UInt8 = 0
        var greatest: UInt8 = 0
        let held = unsafe esker_range_within_u8(values, count, base, limit, &least, &greatest)
        return (least, greatest, held)
    }

    static func take(plane: Int, of values: UnsafePointer<UInt8>, count: Int, into bytes: UnsafeMutablePointer<UInt8>) {
        unsafe esker_take_plane_u8(values, count, UInt32(plane), bytes)
    }

    static func add(plane: Int, _ bytes: UnsafePointer<UInt8>, count: Int, to values: Values) {
        unsafe esker_add_plane_u8(bytes, count, UInt32(plane), values)
    }

    static func foldSigns(_ values: Values, count: Int) { unsafe esker_fold_signs_u8(values, count) }

    static func unfoldSigns(_ values: Values, count: Int) { unsafe esker_unfold_signs_u8(values, count) }
}

extension UInt16: PackableInteger {
    static func pack(_ values: UnsafePointer<UInt16>, base: UInt16, width: Int, into packed: UnsafeMutableRawPointer) {
        unsafe esker_pack_u16(values, base, UInt32(wordBits(forWidth: width)), UInt32(width), packed)
    }

    static func unpack(_ packed: UnsafeRawPointer, base: UInt16, width: Int, into values: Values) {
        unsafe esker_unpack_u16(packed, UInt32(wordBits(forWidth: width)), UInt32(width), base, values)
    }

    static func range(_ values: UnsafePointer<UInt16>, count: Int, flip: UInt16) -> (least: UInt16, greatest: UInt16) {
        var least: UInt16 = 0
        var greatest: UInt16 = 0
        unsafe esker_range_u16(values, count, flip, &least, &greatest)
        return (least, greatest)
    }

    static func differences(
        of values: UnsafePointer<UInt16>, count: Int, before: UInt16, into differences: Values
    ) {
        unsafe esker_differences_u16(values, count, before, differences)
    }

    static func sum(_ differences: Values, count: Int, before: UInt16) -> UInt16 {
        unsafe esker_running_sums_u16(differences, count, before)
    }

    static func spread(
        _ values: UnsafePointer<UInt16>, count: Int, base: UInt16, range: UInt16, shift: Int,
        into before: UnsafeMutablePointer<UInt32>
    ) {
        unsafe esker_spread_u16(values, count, base, range, UInt32(shift), before)
    }

    static func range(
        _ values: UnsafePointer<UInt16>, count: Int, within limit: UInt16, of base: UInt16
    ) -> (least: UInt16, greatest: UInt16, held: Int) {
        var least: UInt16 = 0
        var greatest: UInt16 = 0
        let held = unsafe esker_range_within_u16(values, count, base, limit, &least, &greatest)
        return (least, greatest, held)
    }

    static func take(plane: Int, of values: UnsafePointer<UInt16>, count: Int, into bytes: UnsafeMutablePointer<UInt8>)
    {
        unsafe esker_take_plane_u16(values, count, UInt32(plane), bytes)
    }

    static func add(plane: Int, _ bytes: UnsafePointer<UInt8>, count: Int, to values: Values) {
        unsafe esker_add_plane_u16(bytes, count, UInt32(plane), values)
    }

    static func foldSigns(_ values: Values, count: Int) { unsafe esker_fold_signs_u16(values, count) }

    static func unfoldSigns(_ values: Values, count: Int) { unsafe esker_unfold_signs_u16(values, count) }
}

extension UInt32: PackableInteger {
    static func pack(_ values: UnsafePointer<UInt32>, base: UInt32, width: Int, into packed: UnsafeMutableRawPointer) {
        unsafe esker_pack_u32(values, base, UInt32(wordBits(forWidth: width)), UInt32(width), packed)
    }

    static func unpack(_ packed: UnsafeRawPointer, base: UInt32, width: Int, into values: Values) {
        unsafe esker_unpack_u32(packed, UInt32(wordBits(forWidth: width)), UInt32(width), base, values)
    }

    static func range(_ values: UnsafePointer<UInt32>, count: Int, flip: UInt32) -> (least: UInt32, greatest: UInt32) {
        var least: UInt32 = 0
        var greatest: UInt32 = 0
        unsafe esker_range_u32(values, count, flip, &least, &greatest)
        return (least, greatest)
    }

    static func differences(
        of values: UnsafePointer<UInt32>, count: Int, before: UInt32, into differences: Values
    ) {
        unsafe esker_differences_u32(values, count, before, differences)
    }

    static func sum(_ differences: Values, count: Int, before: UInt32) -> UInt32 {
        unsafe esker_running_sums_u32(differences, count, before)
    }

    static func spread(
        _ values: UnsafePointer<UInt32>, count: Int, base: UInt32, range: UInt32, shift: Int,
        into before: UnsafeMutablePointer<UInt32>
    ) {
        unsafe esker_spread_u32(values, count, base, range, UInt32(shift), before)
    }

    static func range(
        _ values: UnsafePointer<UInt32>, count: Int, within limit: UInt32, of base: UInt32
    ) -> (least: UInt32, greatest: UInt32, held: Int) {
        var least: UInt32 = 0
        var greatest: UInt32 = 0
        let held = unsafe esker_range_within_u32(values, count, base, limit, &least, &greatest)
        return (least, greatest, held)
    }

    static func take(plane: Int, of values: UnsafePointer<UInt32>, count: Int, into bytes: UnsafeMutablePointer<UInt8>)
    {
        unsafe esker_take_plane_u32(values, count, UInt32(plane), bytes)
    }

    static func add(plane: Int, _ bytes: UnsafePointer<UInt8>, count: Int, to values: Values) {
        unsafe esker_add_plane_u32(bytes, count, UInt32(plane), values)
    }

    static func foldSigns(_ values: Values, count: Int) { unsafe esker_fold_signs_u32(values, count) }

    static func unfoldSigns(_ values: Values, count: Int) { unsafe esker_unfold_signs_u32(values, count) }
}

extension UInt64: PackableInteger {
    static func pack(_ values: UnsafePointer<UInt64>, base: UInt64, width: Int, into packed: UnsafeMutableRawPointer) {
        unsafe esker_pack_u64(values, base, UInt32(wordBits(forWidth: width)), UInt32(width), packed)
    }

    static func unpack(_ packed: UnsafeRawPointer, base: UInt64, width: Int, into values: Values) {
        unsafe esker_unpack_u64(packed, UInt32(wordBits(forWidth: width)), UInt32(width), base, values)
    }

    static func range(_ values: UnsafePointer<UInt64>, count: Int, flip: UInt64) -> (least: UInt64, greatest: UInt64) {
        var least: UInt64 = 0
        var greatest: UInt64 = 0
        unsafe esker_range_u64(values, count, flip, &least, &greatest)
        return (least, greatest)
    }

    static func differences(
        of values: UnsafePointer<UInt64>, count: Int, before: UInt64, into differences: Values
    ) {
        unsafe esker_differences_u64(values, count, before, differences)
    }

    static func sum(_ differences: Values, count: Int, before: UInt64) -> UInt64 {
        unsafe esker_running_sums_u64(differences, count, before)
    }

    static func spread(
        _ values: UnsafePointer<UInt64>, count: Int, base: UInt64, range: UInt64, shift: Int,
        into before: UnsafeMutablePointer<UInt32>
    ) {
        unsafe esker_spread_u64(values, count, base, range, UInt32(shift), before)
    }

    static func range(
        _ values: UnsafePointer<UInt64>, count: Int, within limit: UInt64, of base: UInt64
    ) -> (least: UInt64, greatest: UInt64, held: Int) {
        var least: UInt64 = 0
        var greatest: UInt64 = 0
        let held = unsafe esker_range_within_u64(values, count, base, limit, &least, &greatest)
        return (least, greatest, held)
    }

    static func take(plane: Int, of values: UnsafePointer<UInt64>, count: Int, into bytes: UnsafeMutablePointer<UInt8>)
    {
        unsafe esker_take_plane_u64(values, count, UInt32(plane), bytes)
    }

    static func add(plane: Int, _ bytes: UnsafePointer<UInt8>, count: Int, to values: Values) {
        unsafe esker_add_plane_u64(bytes, count, UInt32(plane), values)
    }

    static func foldSigns(_ values: Values, count: Int) { unsafe esker_fold_signs_u64(values, count) }

    static func unfoldSigns(_ values: Values, count: Int) { unsafe esker_unfold_signs_u64(values, count) }
}
