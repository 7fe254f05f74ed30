// Unsafe: hands typed pointers of checked buffers to a kernel.
import CEskerKernels

/// For each code of a source column, the codes of another column that occur beside it: one, or a few to choose from.
///
/// Correlated columns are common in events: a product has one category and a handful of prices. Where the source is
/// stored anyway, the other costs nothing, or the choice's few bits (after "Correlation-aware compression", Liu et al.,
/// C3, 2024, and the hash functions of Corra, Liu et al., 2024).
@safe
struct CodeMap: Sendable {
    /// Codes of the source.
    let sourceCount: Int
    private let starts: Buffer
    private let targets: Buffer

    init(choices: PlainValues, targets: PlainValues) throws(FormatError) {
        sourceCount = choices.count
        let starts = FilledBuffer(byteCount: (choices.count + 1) * 4)
        let sum = unsafe esker_sum_lengths(
            choices.buffer.base.assumingMemoryBound(to: UInt32.self), choices.count, starts.pointer(as: Int32.self))
        guard sum == targets.count, sum < Int(Int32.max) else {
            throw FormatError(.malformed, "a map with \(sum) choices but \(targets.count) targets")
        }
        self.starts = starts.buffer
        self.targets = targets.buffer
    }

    /// The target of each row, four bytes each; `nil` when a selector reaches beyond its code's choices. Codes must be
    /// below ``sourceCount``.
    func apply(_ codes: DictionaryCodes, _ selector: PlainValues?) -> Buffer? {
        let output = FilledBuffer(byteCount: codes.count * 4)
        let isInside = unsafe esker_map_codes(
            starts.base.assumingMemoryBound(to: UInt32.self), targets.base.assumingMemoryBound(to: UInt32.self),
            codes.buffer.base, UInt32(codes.width), selector?.buffer.base.assumingMemoryBound(to: UInt8.self),
            codes.count, output.pointer(as: UInt32.self))
        return isInside != 0 ? output.buffer : nil
    }
}
