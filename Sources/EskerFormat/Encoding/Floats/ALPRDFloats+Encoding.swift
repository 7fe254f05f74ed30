// Unsafe: reads the caller's numbers and writes vectors into room that was made for them, through pointers.

extension ALPRDFloats {
    /// Appends a leaf of all numbers; `output` stands at a multiple of 8.
    package static func encode<T: BinaryFloatingPoint & BitwiseCopyable>(
        _ values: Span<T>, into output: inout GrowableBuffer
    ) {
        precondition(output.byteCount % 8 == 0)
        unsafe values.withUnsafeBytes { bytes in
            if MemoryLayout<T>.size == 8 {
                unsafe encode(bytes, values.count, Double.self, into: &output)
            } else {
                unsafe encode(bytes, values.count, Float.self, into: &output)
            }
        }
    }

    /// About how many bytes `encode` would append, by a sample of 1,024 numbers.
    package static func estimatedBytes<T: BinaryFloatingPoint & BitwiseCopyable>(of values: Span<T>) -> Int {
        let vectors = Vector.count(of: values.count)
        guard vectors > 0 else { return headerLength }
        let bits = unsafe values.withUnsafeBytes { bytes in
            let start = bytes.baseAddress!
            return MemoryLayout<T>.size == 8
                ? unsafe LeftParts(sampling: start.assumingMemoryBound(to: UInt64.self), count: values.count)
                    .bitsPerNumber
                : unsafe LeftParts(sampling: start.assumingMemoryBound(to: UInt32.self), count: values.count)
                    .bitsPerNumber
        }
        return headerLength + vectors * (2 * MemoryLayout<T>.size + Entry.length)
            + Int(bits * Double(vectors * Vector.length) / 8)
    }

    private static func encode<Number: PackableFloat>(
        _ values: UnsafeRawBufferPointer, _ count: Int, _: Number.Type, into output: inout GrowableBuffer
    ) {
        let start = output.byteCount
        let vectors = Vector.count(of: count)
        let part = alignedToEight(MemoryLayout<Number>.size * vectors)
        output.appendZeros(headerLength + 2 * part + Entry.length * vectors)
        guard count > 0 else {
            output.store(UInt8(Number.Bits.bitWidth - 1), at: start)
            output.store(UInt8(1), at: start + 1)
            return
        }
        let numbers = unsafe values.baseAddress!.assumingMemoryBound(to: Number.self)
        let bits = unsafe values.baseAddress!.assumingMemoryBound(to: Number.Bits.self)
        let parts = unsafe LeftParts(sampling: bits, count: count)
        output.store(UInt8(parts.rightWidth), at: start)
        output.store(UInt8(parts.dictionary.count), at: start + 1)
        for (index, left) in parts.dictionary.enumerated() { output.store(left, at: start + 8 + 2 * index) }
        for vector in 0..<vectors {
            let fill = Vector.fill(vector, of: count)
            let range = unsafe Number.range(numbers + vector * Vector.length, count: fill)
            let offset = output.byteCount - start
            precondition(offset <= Int(UInt32.max), "a leaf of split numbers reaches 4 GiB")
            let patches = unsafe append(
                bits + vector * Vector.length, fill: fill, parts, Number.self, to: &output)
            let place = start + headerLength + MemoryLayout<Number>.size * vector
            output.store(range.least, at: place)
            output.store(range.greatest, at: place + part)
            let entry = start + headerLength + 2 * part + Entry.length * vector
            output.store(UInt32(offset), at: entry)
            output.store(UInt16(patches), at: entry + 4)
            output.store(range.hasNaN ? Entry.hasNaN : 0, at: entry + 6)
        }
    }

    /// Appends one vector; gives back its patches.
    private static func append<Number: PackableFloat>(
        _ bits: UnsafePointer<Number.Bits>, fill: Int, _ parts: LeftParts, _: Number.Type,
        to output: inout GrowableBuffer
    ) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: Number.Bits.self, capacity: Vector.length) { padded in
            if fill == Vector.length {
                return unsafe appendWhole(bits, fill: fill, parts, Number.self, to: &output)
            }
            unsafe padded.initialize(repeating: 0)
            unsafe padded.baseAddress!.update(from: bits, count: fill)
            return unsafe appendWhole(
                UnsafePointer(padded.baseAddress!), fill: fill, parts, Number.self, to: &output)
        }
    }

    /// Appends a vector of 1,024 numbers, of which `fill` may be patches.
    private static func appendWhole<Number: PackableFloat>(
        _ bits: UnsafePointer<Number.Bits>, fill: Int, _ parts: LeftParts, _: Number.Type,
        to output: inout GrowableBuffer
    ) -> Int {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Vector.length) { codes in
            unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 2 * Vector.length) { scratch in
                unsafe codes.initialize(repeating: 0)
                let positions = scratch.baseAddress!
                let patches = unsafe Number.split(
                    bits, count: fill, rightWidth: parts.rightWidth, dictionary: parts.dictionary,
                    size: parts.dictionary.count, codes: codes.baseAddress!, exceptions: positions)
                let codeWidth = codeWidth(size: parts.dictionary.count)
                unsafe output.append(upTo: Vector.length / 8 * (parts.rightWidth + codeWidth)) { room in
                    let packed = room.baseAddress!
                    unsafe Number.Bits.pack(bits, base: 0, width: parts.rightWidth, into: packed)
                    let packedCodes = unsafe packed + Vector.length / 8 * parts.rightWidth
                    unsafe UInt8.pack(UnsafePointer(codes.baseAddress!), base: 0, width: codeWidth, into: packedCodes)
                    return room.count
                }
                let lefts = unsafe positions + Vector.length
                for index in 0..<patches {
                    let position = unsafe Int(positions[index])
                    unsafe lefts[position] = UInt16(
                        truncatingIfNeeded: bits[position] >> Number.Bits(parts.rightWidth))
                }
                unsafe Patches.append(positions, count: patches, of: UnsafePointer(lefts), to: &output)
                return patches
            }
        }
    }
}
