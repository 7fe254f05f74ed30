// Unsafe: reads the values of one vector through a pointer, in loops bounded by their count.

/// How one vector is packed in the fewest bytes: base, width, and which values are left to patches.
///
/// Every value in `base ... base + 2^width - 1` (modulo the size) is packed, the others are patches of `patchBytes`
/// each. Found from a histogram of 256 equal ranges: for each width, the window of that width that holds most values;
/// where a few wild values stretch the range, the histogram is taken again inside the best window. The idea of patches
/// is of Zukowski, Héman, Nes and Boncz, "Super-Scalar RAM-CPU Cache Compression" (2006).
///
/// O(count + 2,048) a histogram, of which a vector takes one, with wild values two or three.
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

    /// Values that a plan leaves out.
    func isPatched(_ value: Number) -> Bool { value &- base > mask }

    /// The greatest distance from the base that is packed.
    var mask: Number { width == 0 ? 0 : Number.max >> Number(Number.bitWidth - width) }

    /// Takes a histogram over `base ... base + range` and moves to the best window in it. Says whether another histogram,
    /// inside that window, could do better.
    private mutating func narrow(
        _ values: UnsafePointer<Number>, count: Int, range: inout Number, patchBytes: Int
    ) -> Bool {
        let shift = max(0, Number.width(of: range) - 8)
        guard
            let window = unsafe withUnsafeTemporaryAllocation(
                of: UInt32.self, capacity: 257,
                { counts -> Window? in
                    unsafe Self.count(values, count: count, base: base, range: range, shift: shift, into: counts)
                    return unsafe bestWindow(counts, shift: shift, count: count, patchBytes: patchBytes)
                })
        else { return false }
        unsafe settle(on: window, values, count: count, patchBytes: patchBytes, range: &range)
        return shift > 0
    }

    /// A run of histogram ranges: 2^width numbers from the start of range `first` on.
    private struct Window {
        let first: Int
        let width: Int
    }

    /// Counts the values of each of 256 ranges of 2^shift; afterwards `counts[i]` is how many lie in ranges before i.
    private static func count(
        _ values: UnsafePointer<Number>, count: Int, base: Number, range: Number, shift: Int,
        into counts: UnsafeMutableBufferPointer<UInt32>
    ) {
        unsafe counts.initialize(repeating: 0)
        let steps = Number(truncatingIfNeeded: shift)
        var index = 0
        while index < count {
            let distance = unsafe values[index] &- base
            let place = distance > range ? 255 : Int(truncatingIfNeeded: distance &>> steps)
            unsafe counts[place + 1] &+= distance > range ? 0 : 1
            index &+= 1
        }
        index = 0
        while index < 256 {
            unsafe counts[index + 1] &+= counts[index]
            index &+= 1
        }
    }

    /// The window that costs less than the plan so far; `nil` when none does.
    private func bestWindow(
        _ before: UnsafeMutableBufferPointer<UInt32>, shift: Int, count: Int, patchBytes: Int
    ) -> Window? {
        var best: Window?
        var bestBytes = byteCount
        var candidate = width - 1
        while candidate >= shift {
            let ranges = 1 << (candidate - shift)
            var most: UInt32 = 0
            var first = 0
            var start = 0
            while start &+ ranges <= 256 {
                let held = unsafe before[start &+ ranges] &- before[start]
                first = held > most ? start : first
                most = held > most ? held : most
                start &+= 1
            }
            let patches = (count - Int(most)) * patchBytes
            // Narrower windows hold fewer values: their patches only cost more.
            if patches >= bestBytes { break }
            let bytes = Vector.length / 8 * candidate + patches
            if bytes < bestBytes {
                bestBytes = bytes
                best = Window(first: first, width: candidate)
            }
            candidate -= 1
        }
        return best
    }

    /// Makes the window's own least value the base and its own range the width.
    private mutating func settle(
        on window: Window, _ values: UnsafePointer<Number>, count: Int, patchBytes: Int, range: inout Number
    ) {
        let shift = max(0, Number.width(of: range) - 8)
        let start = base &+ Number(truncatingIfNeeded: window.first) << Number(truncatingIfNeeded: shift)
        let reach = Number.max >> Number(truncatingIfNeeded: Number.bitWidth - max(window.width, 1))
        let limit = window.width == 0 ? 0 : reach
        var least = Number.max
        var greatest: Number = 0
        var held = 0
        var index = 0
        while index < count {
            let distance = unsafe values[index] &- start
            let isHeld = distance <= limit
            least = isHeld && distance < least ? distance : least
            greatest = isHeld && distance > greatest ? distance : greatest
            held &+= isHeld ? 1 : 0
            index &+= 1
        }
        base = start &+ least
        range = greatest &- least
        width = Number.width(of: range)
        byteCount = Vector.length / 8 * width + (count - held) * patchBytes
    }
}
