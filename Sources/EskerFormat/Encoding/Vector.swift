// Unsafe: whole vectors are written through pointers to room that their caller made.

/// The unit of encoding: 1,024 values of one column, packed, skipped and decoded together.
///
/// Enough for a vector's 8 KiB of 64-bit values to stay in the first cache, and a multiple of every lane count.
package enum Vector {
    /// Values in a vector; the last one of a column may hold fewer and is padded.
    package static let length = 1024

    /// Vectors that `count` values take.
    package static func count(of count: Int) -> Int { (count + length - 1) / length }

    /// Values that vector `index` of `count` values holds.
    package static func fill(_ index: Int, of count: Int) -> Int { min(length, count - index * length) }

    /// Decodes `count` values, vector after vector. `decode` writes whole vectors; the last goes by way of scratch memory
    /// when it is not whole, so that `target` needs room for `count` values only.
    @inline(__always)
    @unsafe
    static func decodeAll<T>(
        _ count: Int, into target: UnsafeMutablePointer<T>, _ decode: (Int, UnsafeMutablePointer<T>) -> Void
    ) {
        let whole = count / length
        for vector in 0..<whole { unsafe decode(vector, target + vector * length) }
        guard whole * length < count else { return }
        unsafe withUnsafeTemporaryAllocation(of: T.self, capacity: length) { scratch in
            unsafe decode(whole, scratch.baseAddress!)
            unsafe (target + whole * length).update(from: scratch.baseAddress!, count: count - whole * length)
        }
    }
}

/// The row of `sample`, one of `length`, among `count` rows: evenly spread, but never in step with what repeats.
func sampledRow(_ sample: Int, of length: Int, among count: Int) -> Int {
    let step = count / length
    return sample * count / length + sample * 29 % max(step, 1)
}

/// A length rounded up to the next multiple of eight: what every array inside a leaf starts at.
func alignedToEight(_ length: Int) -> Int { (length + 7) & ~7 }
