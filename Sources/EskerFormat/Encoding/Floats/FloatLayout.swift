/// The ways a column of floats or doubles can be held, and which of them pays.
package enum FloatLayout: Sendable {
    /// As it is: 4 or 8 bytes a number.
    case plain
    /// ``ALPFloats``: decimal numbers.
    case decimal
    /// ``ALPRDFloats``: numbers of similar size.
    case split

    /// A layout must save one byte in so many, or numbers stay plain: those are read without any work.
    private static let leastSaving = 32

    /// The smallest layout for these numbers and about how many bytes it takes. Every operation with a power of ten
    /// is tried on 256 of the numbers: 30 µs a block, 65 µs where none helps (2026-11-24, Zen 5).
    package static func best<T: BinaryFloatingPoint & BitwiseCopyable>(
        for values: Span<T>
    ) -> (layout: FloatLayout, estimatedBytes: Int) {
        let plain = values.count * MemoryLayout<T>.size
        let limit = plain - plain / leastSaving
        let decimal = ALPFloats.estimatedBytes(of: values)
        // Splitting never gets below right parts of 48 or 16 bits.
        let fewest = plain * (MemoryLayout<T>.size * 8 - 16) / (MemoryLayout<T>.size * 8)
        if decimal < min(limit, fewest) { return (.decimal, decimal) }
        let split = ALPRDFloats.estimatedBytes(of: values)
        if decimal <= split, decimal < limit { return (.decimal, decimal) }
        return split < limit ? (.split, split) : (.plain, plain)
    }
}
