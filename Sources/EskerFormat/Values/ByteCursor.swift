// Unsafe: writes digits through a pointer into room that was made for them; OutputSpan's check per byte cost more
// than the digits (53 against 25 ns a timestamp).

/// Writes bytes one after the other into room of a known size.
///
/// Made by ``append(to:atMost:_:)`` only, whose body must not write more than it asked for.
@safe
struct ByteCursor {
    private var next: UnsafeMutablePointer<UInt8>

    private init(next: UnsafeMutablePointer<UInt8>) { unsafe self.next = unsafe next }

    @inline(__always)
    mutating func append(_ byte: UInt8) {
        unsafe next.pointee = byte
        unsafe next += 1
    }

    /// Takes back the zeros at the end; there must be another byte before them.
    @inline(__always)
    mutating func removeZeros() {
        while unsafe next[-1] == 0x30 { unsafe next -= 1 }
    }

    /// Two digits of 0…99.
    @inline(__always)
    mutating func two(_ value: Int) {
        let byte = UInt8(truncatingIfNeeded: value)
        let tens = UInt8(truncatingIfNeeded: (UInt32(byte) &* 205) >> 11)
        append(0x30 &+ tens)
        append(0x30 &+ (byte &- tens &* 10))
    }

    /// All digits of a number, `width` at least.
    @inline(__always)
    mutating func digits(_ value: UInt64, width: Int = 1) {
        var count = 1
        var power: UInt64 = 10
        while count < 20 && (value >= power || count < width) {
            count &+= 1
            power = count < 20 ? power &* 10 : power
        }
        var rest = value
        var index = count
        while index > 0 {
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            index &-= 1
            unsafe next[index] = 0x30 &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        }
        unsafe next += count
    }

    /// Makes room for `limit` bytes at the end of `out` and lets `body` write into it.
    @inline(__always)
    static func append(to out: inout [UInt8], atMost limit: Int, _ body: (inout ByteCursor) -> Void) {
        // Grow by doubling: `append(addingCapacity:)` alone makes just the room it is asked for.
        if out.capacity &- out.count < limit { out.reserveCapacity(max(out.capacity &* 2, out.count &+ limit)) }
        out.append(addingCapacity: limit) { span in
            unsafe span.withUnsafeMutableBufferPointer { buffer, count in
                guard let base = buffer.baseAddress else { return }
                let start = unsafe base + count
                var cursor = unsafe ByteCursor(next: start)
                body(&cursor)
                let written = unsafe cursor.next - start
                precondition(written <= limit, "a writer wrote more than it made room for")
                count += written
            }
        }
    }
}
