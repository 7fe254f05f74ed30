// Unsafe: reads the values of one vector through a pointer, in kernels bounded by their count.
import CEskerKernels

/// How one vector is packed in the fewest bytes: base, width, and which values are left to patches.
///
/// Every value in `base ... base + 2^width - 1` (modulo the size) is packed, the others are patches of `patchBytes`
/// each. Found from a histogram of 256 equal stretches: for each width, the window of that width that holds most values;
/// where a few wild values stretch the range, the histogram is taken again inside the best window. The idea of patches
/// is of Zukowski, Héman, Nes and Boncz, "Super-Scalar RAM-CPU Cache Compression" (2006).
///
/// O(count + 2,048) a histogram, of which a vector takes one, with wild values two or three. 2026-11-24, Zen 5: 1 ns a
/// value, with wild ones 3.
struct PackPlan<Number: PackableInteger> {
    private(set) var base: Number
    private(set) var width: Int
    /// Bytes of packed words and patches.
    private(set) var byteCount: Int

    /// Plans for `count` values whose range is known. `patchBytes` is the cost of a patch with its position.
    init(_ values: UnsafePointer<Number>, count: Int, least: Number, greatest: Number, patchBytes: Int) {
        base = least
        width = Number.width(of: greatest &- least)
        byteCount = Vector.length / 8 * width
        guard count > 0, width > 0 else { return }
        var range = greatest &- least
        while unsafe narrow(values, count: count, range: &range, patchBytes: patchBytes) {}
    }

    /// The greatest distance from the base that is packed.
    var mask: Number { width == 0 ? 0 : Number.max >> Number(Number.bitWidth - width) }

    /// Takes a histogram over `base ... base + range` and moves to the best window in it. Says whether another histogram,
    /// inside that window, could do better.
    private mutating func narrow(
        _ values: UnsafePointer<Number>, count: Int, range: inout Number, patchBytes: Int
    ) -> Bool {
        let shift = max(0, Number.width(of: range) - 8)
        let window = unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 257) { before in
            let before = before.baseAddress!
            unsafe Number.spread(values, count: count, base: base, range: range, shift: shift, into: before)
            return unsafe bestWindow(before, shift: shift, count: count, patchBytes: patchBytes)
        }
        guard let window else { return false }
        // The window's own least value becomes the base, its own range the width.
        let start = base &+ (window.first << Number(truncatingIfNeeded: shift))
        let limit = window.width == 0 ? 0 : Number.max >> Number(Number.bitWidth - window.width)
        let (least, greatest, held) = unsafe Number.range(values, count: count, within: limit, of: start)
        base = start &+ least
        range = greatest &- least
        width = Number.width(of: range)
        byteCount = Vector.length / 8 * width + (count - held) * patchBytes
        return shift > 0
    }

    /// 2^width numbers from the start of stretch `first` on.
    private struct Window {
        let first: Number
        let width: Int
    }

    /// The window that costs less than the plan so far; `nil` when none does.
    private func bestWindow(
        _ before: UnsafePointer<UInt32>, shift: Int, count: Int, patchBytes: Int
    ) -> Window? {
        var best: Window?
        var bestBytes = byteCount
        var candidate = width - 1
        while candidate >= shift {
            var held: UInt32 = 0
            let first = unsafe esker_fullest(before, UInt32(1) << UInt32(candidate - shift), &held)
            let patches = (count - Int(held)) * patchBytes
            // Narrower windows hold fewer values: their patches only cost more.
            if patches >= bestBytes { break }
            let bytes = Vector.length / 8 * candidate + patches
            if bytes < bestBytes {
                bestBytes = bytes
                best = Window(first: Number(truncatingIfNeeded: first), width: candidate)
            }
            candidate -= 1
        }
        return best
    }
}
