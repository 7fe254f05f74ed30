// Unsafe: reads the caller's values and writes planes into room that was made for them, through pointers.

extension IntegerPlanes {
    /// Zstandard's level for planes: 38 ns a byte on numbers of two bits with a few wild ones, 20 % above their entropy.
    /// Level 15 takes 135 ns, ends 9 % above it, and is read twice as fast (2026-11-24, Zen 5, zstd 1.5.4).
    package static let standardLevel: Int32 = 9
    /// The level that tells the two modes apart.
    private static let trialLevel: Int32 = 1
    /// Planes are compressed when that saves one byte in so many.
    private static let leastSaving = 64

    /// Appends a leaf of all values; `output` stands at a multiple of 8. With `allowingDelta` both modes are tried, at a
    /// low level of compression, and the smaller one is taken.
    package static func encode<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: Span<T>, allowingDelta: Bool, level: Int32 = standardLevel, into output: inout GrowableBuffer
    ) {
        precondition(output.byteCount % 8 == 0)
        unsafe values.withUnsafeBytes { bytes in
            let count = values.count
            let signed = T.isSigned
            switch MemoryLayout<T>.size {
            case 1: unsafe encode(bytes, count, signed, allowingDelta, level, UInt8.self, into: &output)
            case 2: unsafe encode(bytes, count, signed, allowingDelta, level, UInt16.self, into: &output)
            case 4: unsafe encode(bytes, count, signed, allowingDelta, level, UInt32.self, into: &output)
            default: unsafe encode(bytes, count, signed, allowingDelta, level, UInt64.self, into: &output)
            }
        }
    }

    /// About how many bytes `encode` would append: compresses, at a low level, a stretch of at most `vectors` vectors
    /// from the middle. It has few repeats to find there, so the truth is rather less.
    package static func estimatedBytes<T: FixedWidthInteger & BitwiseCopyable>(
        of values: Span<T>, allowingDelta: Bool, sampling vectors: Int = 8
    ) -> Int {
        guard values.count > 0 else { return headerLength + planeLength * MemoryLayout<T>.size }
        let length = min(values.count, vectors * Vector.length)
        let start = (values.count - length) / 2
        return unsafe values.withUnsafeBytes { bytes in
            let width = MemoryLayout<T>.size
            let sample = unsafe UnsafeRawBufferPointer(rebasing: bytes[(start * width)..<((start + length) * width)])
            let stored =
                switch width {
                case 1: unsafe best(sample, length, T.isSigned, allowingDelta, UInt8.self).storedBytes
                case 2: unsafe best(sample, length, T.isSigned, allowingDelta, UInt16.self).storedBytes
                case 4: unsafe best(sample, length, T.isSigned, allowingDelta, UInt32.self).storedBytes
                default: unsafe best(sample, length, T.isSigned, allowingDelta, UInt64.self).storedBytes
                }
            return headerLength + planeLength * width + stored * values.count / length
        }
    }

    private static func encode<Number: PackableInteger>(
        _ values: UnsafeRawBufferPointer, _ count: Int, _ isSigned: Bool, _ allowsDelta: Bool, _ level: Int32,
        _: Number.Type, into output: inout GrowableBuffer
    ) {
        guard count > 0 else {
            output.appendZeros(headerLength)
            for _ in 0..<MemoryLayout<Number>.size {
                append(Plane(kind: .repeated, repeated: 0, stored: .empty), &output)
            }
            return
        }
        let residuals = unsafe best(values, count, isSigned, allowsDelta, Number.self)
        let planes = residuals.planes(level: level)
        output.append(UInt64(residuals.base))
        output.append(residuals.least.extended(isSigned: isSigned))
        output.append(residuals.greatest.extended(isSigned: isSigned))
        output.append(residuals.mode.rawValue)
        output.appendZeros(7)
        for plane in planes { append(plane, &output) }
        for plane in planes {
            output.append(plane.stored)
            output.pad(to: 8)
        }
    }

    private static func append(_ plane: Plane, _ output: inout GrowableBuffer) {
        output.append(UInt32(plane.stored.byteCount))
        output.append(plane.kind.rawValue)
        output.append(plane.repeated)
        output.append(UInt16(0))
    }

    /// The residuals of the mode whose planes compress better.
    private static func best<Number: PackableInteger>(
        _ values: UnsafeRawBufferPointer, _ count: Int, _ isSigned: Bool, _ allowsDelta: Bool, _: Number.Type
    ) -> Residuals<Number> {
        let start = unsafe values.baseAddress!.assumingMemoryBound(to: Number.self)
        let distances = unsafe Residuals(start, count: count, mode: .reference, isSigned: isSigned)
        guard allowsDelta, count > 1, distances.least != distances.greatest else { return distances }
        let differences = unsafe Residuals(start, count: count, mode: .delta, isSigned: isSigned)
        return differences.storedBytes < distances.storedBytes ? differences : distances
    }

    /// What is left of the values in one mode.
    @safe
    private struct Residuals<Number: PackableInteger> {
        let mode: PackedIntegers.Mode
        let base: Number
        let least: Number
        let greatest: Number
        private let count: Int
        private let room: Allocation

        init(_ values: UnsafePointer<Number>, count: Int, mode: PackedIntegers.Mode, isSigned: Bool) {
            self.mode = mode
            self.count = count
            room = Allocation(capacity: count * MemoryLayout<Number>.size)
            (least, greatest) = unsafe Number.range(values, count: count, flip: Number.flip(isSigned: isSigned))
            let numbers = unsafe room.base.assumingMemoryBound(to: Number.self)
            switch mode {
            case .reference:
                base = least
                var index = 0
                while index < count {
                    unsafe numbers[index] = unsafe values[index] &- least
                    index &+= 1
                }
            case .delta:
                base = unsafe values[0]
                unsafe Number.differences(of: values, count: count, before: base, into: numbers)
                unsafe Number.foldSigns(numbers, count: count)
            }
        }

        /// Bytes of all planes at a low level of compression.
        var storedBytes: Int { planes(level: trialLevel).reduce(0) { $0 + alignedToEight($1.stored.byteCount) } }

        /// All planes as they would be stored.
        func planes(level: Int32) -> [Plane] {
            let numbers = unsafe UnsafePointer(room.base.assumingMemoryBound(to: Number.self))
            return (0..<MemoryLayout<Number>.size).map { index in
                var greatest: UInt8 = 0
                var least: UInt8 = 0
                let plane = unsafe Buffer.make(byteCount: count) { room in
                    let bytes = unsafe room.baseAddress!.assumingMemoryBound(to: UInt8.self)
                    unsafe Number.take(plane: index, of: numbers, count: count, into: bytes)
                    (least, greatest) = unsafe UInt8.range(bytes, count: count, flip: 0)
                }
                if least == greatest { return Plane(kind: .repeated, repeated: least, stored: .empty) }
                if let stored = Codec.zstd.compress(plane, level: level, leastSaving: leastSaving) {
                    return Plane(kind: .zstd, repeated: 0, stored: stored)
                }
                return Plane(kind: .plain, repeated: 0, stored: plane)
            }
        }
    }
}
