// Unsafe: lends arrays to a kernel that writes only as far as it is told they reach.
import CEskerKernels

/// Collects the distinct values of a column over a whole segment and numbers them by first use.
///
/// Open addressing over 8-byte slots (half hash, half number), at most half full; values lie one after another, so that
/// the finished dictionary is a column already. O(1) a value.
final class PoolBuilder {
    /// Strings, or numbers of 2, 4 or 8 bytes.
    let form: PlainValues.Form
    /// Most values: beyond it the column is not one that repeats, and a reader should not have to hold it.
    static let maximumCount = 1 << 20
    /// Most bytes of strings.
    static let maximumByteCount = 32 << 20

    private(set) var count = 0
    private var slots: [UInt64]
    private var starts: [Int32] = []
    private var bytes: [UInt8] = []
    private var words: [UInt64] = []

    init(_ form: PlainValues.Form) {
        self.form = form
        slots = [UInt64](repeating: 0, count: 1024)
        makeRoom(values: 512, bytes: 8192)
    }

    private func makeRoom(values: Int, bytes byteCount: Int) {
        if form == .strings {
            starts += [Int32](repeating: 0, count: values + 1 - min(starts.count, values + 1))
            bytes += [UInt8](repeating: 0, count: byteCount - min(bytes.count, byteCount))
        } else {
            words += [UInt64](repeating: 0, count: values - min(words.count, values))
        }
    }

    /// The numbers of the values, four bytes each; `nil` when there are too many distinct ones.
    func intern(_ values: PlainValues) -> Buffer? {
        precondition(values.form == form)
        let codes = FilledBuffer(byteCount: values.count * 4)
        var done = 0
        while true {
            done += unsafe internSome(values.slice(done..<values.count), codes.pointer(as: UInt32.self) + done)
            if done == values.count { return codes.buffer }
            guard grow(for: values, at: done) else { return nil }
        }
    }

    private func internSome(_ values: PlainValues, _ codes: UnsafeMutablePointer<UInt32>) -> Int {
        unsafe withState { state in
            switch values.form {
            case .strings:
                unsafe esker_intern_strings(
                    state, values.offsets.base.assumingMemoryBound(to: Int32.self),
                    values.buffer.base.assumingMemoryBound(to: UInt8.self), values.count, codes)
            default:
                unsafe esker_intern_numbers(state, values.buffer.base, UInt32(form.width!), values.count, codes)
            }
        }
    }

    private func withState<Result>(_ body: (UnsafeMutablePointer<esker_intern>) -> Result) -> Result {
        let (slotCount, byteLimit) = (slots.count, bytes.count)
        let isText = form == .strings
        var known = count
        defer { count = known }
        return unsafe slots.withUnsafeMutableBufferPointer { slots in
            unsafe starts.withUnsafeMutableBufferPointer { starts in
                unsafe bytes.withUnsafeMutableBufferPointer { bytes in
                    unsafe words.withUnsafeMutableBufferPointer { words in
                        var state = unsafe esker_intern(
                            slots: slots.baseAddress, mask: UInt64(slotCount - 1), count: UInt32(known),
                            limit: UInt32(slotCount / 2), starts: isText ? starts.baseAddress : nil,
                            bytes: isText ? bytes.baseAddress : nil, byte_limit: byteLimit,
                            words: isText ? nil : words.baseAddress)
                        let result = unsafe body(&state)
                        known = unsafe Int(state.count)
                        return result
                    }
                }
            }
        }
    }

    /// More room, for the value at `row` above all; `false` at the limits.
    private func grow(for values: PlainValues, at row: Int) -> Bool {
        if count == slots.count / 2 {
            guard count < Self.maximumCount else { return false }
            slots = [UInt64](repeating: 0, count: slots.count * 4)
            makeRoom(values: slots.count / 2, bytes: bytes.count)
            unsafe withState { unsafe esker_intern_rehash($0) }
            return true
        }
        let offsets = values.offsets.span(as: Int32.self)
        let needed = Int(starts[count]) + Int(offsets[row + 1] - offsets[row])
        guard needed <= Self.maximumByteCount else { return false }
        makeRoom(values: slots.count / 2, bytes: max(needed, bytes.count * 2))
        return true
    }

    /// Bytes of the distinct values so far.
    var byteCount: Int { form == .strings ? (count == 0 ? 0 : Int(starts[count])) : count * form.width! }

    /// The distinct values in the order of first use, or in another.
    func values(in order: [UInt32]? = nil) -> PlainValues {
        if form == .strings {
            if count == 0 { return PlainValues(count: 0, offsets: Buffer(copying: [Int32(0)]), bytes: .empty) }
            let used = Buffer(copying: Array(bytes[0..<Int(starts[count])]))
            let all = PlainValues(count: count, offsets: Buffer(copying: Array(starts[0...count])), bytes: used)
            return order.map { Self.reordered(all, $0) } ?? all
        }
        let numbers = order.map { $0.map { words[Int($0)] } } ?? Array(words[0..<count])
        switch form.width! {
        case 2: return PlainValues(form, count: count, Buffer(copying: numbers.map { UInt16(truncatingIfNeeded: $0) }))
        case 4: return PlainValues(form, count: count, Buffer(copying: numbers.map { UInt32(truncatingIfNeeded: $0) }))
        default: return PlainValues(form, count: count, Buffer(copying: numbers))
        }
    }

    private static func reordered(_ values: PlainValues, _ order: [UInt32]) -> PlainValues {
        let codes = DictionaryCodes(buffer: Buffer(copying: order), width: 4, count: order.count)
        do { return try NodeDecoder.gather(values, codes) } catch { preconditionFailure("\(error)") }
    }

    /// The numbers of the values in ascending order: of bytes for strings, else as signed numbers of the form.
    func sortedOrder() -> [UInt32] {
        var order = Array(UInt32(0)..<UInt32(count))
        switch form {
        case .strings:
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe starts.withUnsafeBufferPointer { starts in
                    order.sort { left, right in
                        let (a, b) = (Int(left), Int(right))
                        let (aStart, bStart) = unsafe (Int(starts[a]), Int(starts[b]))
                        let (aLength, bLength) = unsafe (Int(starts[a + 1]) - aStart, Int(starts[b + 1]) - bStart)
                        let order = unsafe esker_compare_bytes(
                            bytes.baseAddress! + aStart, bytes.baseAddress! + bStart, min(aLength, bLength))
                        return order == 0 ? aLength < bLength : order < 0
                    }
                }
            }
        default:
            let shift = UInt64(64 - form.width! * 8)
            order.sort { Int64(bitPattern: words[Int($0)] << shift) < Int64(bitPattern: words[Int($1)] << shift) }
        }
        return order
    }
}
