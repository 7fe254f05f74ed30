// Unsafe: writes positions and values into room that was made for them, and reads those that a leaf's parser bounded.

/// The values of a vector that its packed words do not hold: positions and whole values.
///
/// | part | size |
/// |---|---|
/// | positions in the vector, ascending | UInt16 each |
/// | zeros up to a multiple of 8 | |
/// | values | value width each |
/// | zeros up to a multiple of 8 | |
///
/// Readers take a position modulo 1,024, so that damaged ones reach nothing outside of their vector.
@safe
struct Patches<Number: PackableInteger> {
    private let base: UnsafeRawPointer
    private let count: Int

    /// Bytes that `count` patches take.
    static func byteCount(_ count: Int) -> Int {
        alignedToEight(count * 2) + alignedToEight(count * MemoryLayout<Number>.size)
    }

    /// Patches at an address that is a multiple of 8, with `byteCount(count)` bytes behind it.
    init(_ base: UnsafeRawPointer, count: Int) {
        unsafe self.base = unsafe base
        self.count = count
    }

    private var values: UnsafePointer<Number> {
        unsafe (base + alignedToEight(count * 2)).assumingMemoryBound(to: Number.self)
    }

    private var positions: UnsafePointer<UInt16> { unsafe base.assumingMemoryBound(to: UInt16.self) }

    /// Puts the values into their vector of 1,024.
    func apply(to target: UnsafeMutablePointer<Number>) {
        let positions = unsafe self.positions
        let values = unsafe self.values
        var index = 0
        while index < count {
            unsafe target[Int(positions[index] & 1023)] = unsafe values[index]
            index &+= 1
        }
    }

    /// One patch: its position in the vector, below 1,024, and its value.
    @inline(__always)
    func patch(_ index: Int) -> (position: Int, value: Number) {
        (unsafe Int(positions[index] & 1023), unsafe values[index])
    }

    /// The value at a position of the vector, if it is a patch. O(log count).
    func value(at position: Int) -> Number? {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if unsafe Int(positions[middle]) < position { low = middle + 1 } else { high = middle }
        }
        guard low < count, unsafe Int(positions[low]) == position else { return nil }
        return unsafe values[low]
    }

    /// Appends the patches at `count` positions of a vector.
    static func append(
        _ positions: UnsafePointer<UInt16>, count: Int, of values: UnsafePointer<Number>,
        to output: inout GrowableBuffer
    ) {
        guard count > 0 else { return }
        unsafe output.append(bytes: UnsafeRawBufferPointer(start: positions, count: count * 2))
        output.pad(to: 8)
        var index = 0
        while index < count {
            unsafe output.append(values[Int(positions[index])])
            index &+= 1
        }
        output.pad(to: 8)
    }
}
