// Unsafe: reads and writes codes through typed pointers of buffers whose lengths were checked.
import CEskerKernels

/// The codes of a dictionary: one unsigned number of 1, 2 or 4 bytes a row.
@safe
struct DictionaryCodes: Sendable {
    let buffer: Buffer
    let width: Int
    let count: Int

    init(buffer: Buffer, width: Int, count: Int) {
        precondition(buffer.byteCount >= count * width)
        self.buffer = buffer
        self.width = width
        self.count = count
    }

    /// Codes of four bytes in the fewest whole bytes that hold every code below `limit`; greater ones are cut.
    init(narrowing values: PlainValues, limit: Int) {
        precondition(values.form == .counts)
        let width = Self.width(limit)
        if width == 4 {
            self.init(buffer: values.buffer, width: 4, count: values.count)
            return
        }
        let output = FilledBuffer(byteCount: values.count * width)
        unsafe esker_resize_u32(
            values.buffer.base.assumingMemoryBound(to: UInt32.self), values.count, UInt32(width), output.base)
        self.init(buffer: output.buffer, width: width, count: values.count)
    }

    /// Bytes of a code in a dictionary of `count` values.
    static func width(_ count: Int) -> Int { count <= 256 ? 1 : count <= 65_536 ? 2 : 4 }

    /// The greatest code; 0 without rows. O(rows).
    var maximum: Int {
        unsafe Int(esker_maximum_code(buffer.base, UInt32(width), count))
    }

    /// Each code as four bytes. O(rows).
    var widened: Buffer {
        if width == 4 { return buffer }
        let output = FilledBuffer(byteCount: count * 4)
        unsafe esker_widen_codes(buffer.base, UInt32(width), count, output.pointer(as: UInt32.self))
        return output.buffer
    }
}
