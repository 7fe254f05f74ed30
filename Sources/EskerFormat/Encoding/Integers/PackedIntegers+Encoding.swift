// Unsafe: reads the caller's values and writes vectors into room that was made for them, through pointers.

extension PackedIntegers {
    /// Appends a leaf of all values; `output` stands at a multiple of 8. With `allowingDelta` vectors may hold
    /// differences, where that saves a sixteenth: they take longer to read, one row of them takes a whole vector.
    package static func encode<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: Span<T>, allowingDelta: Bool, into output: inout GrowableBuffer
    ) {
        precondition(output.byteCount % 8 == 0)
        unsafe values.withUnsafeBytes { bytes in
            let encoder = unsafe Encoder(
                values: bytes, count: values.count, allowsDelta: allowingDelta, isSigned: T.isSigned)
            switch MemoryLayout<T>.size {
            case 1: encoder.encode(UInt8.self, into: &output)
            case 2: encoder.encode(UInt16.self, into: &output)
            case 4: encoder.encode(UInt32.self, into: &output)
            default: encoder.encode(UInt64.self, into: &output)
            }
        }
    }

    /// About how many bytes `encode` would append: plans at most `vectors` of the vectors, evenly spread, in full.
    package static func estimatedBytes<T: FixedWidthInteger & BitwiseCopyable>(
        of values: Span<T>, allowingDelta: Bool, sampling vectors: Int = 4
    ) -> Int {
        unsafe values.withUnsafeBytes { bytes in
            let encoder = unsafe Encoder(
                values: bytes, count: values.count, allowsDelta: allowingDelta, isSigned: T.isSigned)
            return switch MemoryLayout<T>.size {
            case 1: encoder.estimate(UInt8.self, sampling: vectors)
            case 2: encoder.estimate(UInt16.self, sampling: vectors)
            case 4: encoder.estimate(UInt32.self, sampling: vectors)
            default: encoder.estimate(UInt64.self, sampling: vectors)
            }
        }
    }

    /// One run of values on its way into a leaf.
    @safe
    private struct Encoder {
        let values: UnsafeRawBufferPointer
        let count: Int
        let allowsDelta: Bool
        let isSigned: Bool

        func encode<Number: PackableInteger>(_: Number.Type, into output: inout GrowableBuffer) {
            let start = output.byteCount
            let vectors = Vector.count(of: count)
            let part = alignedToEight(MemoryLayout<Number>.size * vectors)
            output.appendZeros(3 * part + Entry.length * vectors)
            unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: 2 * Vector.length) { scratch in
                for vector in 0..<vectors {
                    let draft = unsafe draft(vector, scratch)
                    let offset = output.byteCount - start
                    precondition(offset <= Int(UInt32.max), "a leaf of packed integers reaches 4 GiB")
                    let patches = draft.append(to: &output)
                    let place = start + MemoryLayout<Number>.size * vector
                    output.store(draft.mode == .delta ? draft.first : draft.plan.base, at: place)
                    output.store(draft.least, at: place + part)
                    output.store(draft.greatest, at: place + 2 * part)
                    let entry = start + 3 * part + Entry.length * vector
                    output.store(UInt32(offset), at: entry)
                    output.store(UInt16(patches), at: entry + 4)
                    output.store(UInt8(draft.plan.width), at: entry + 6)
                    output.store(draft.mode.rawValue, at: entry + 7)
                }
            }
        }

        func estimate<Number: PackableInteger>(_: Number.Type, sampling wanted: Int) -> Int {
            let vectors = Vector.count(of: count)
            guard vectors > 0 else { return 0 }
            let samples = min(wanted, vectors)
            var bytes = 0
            unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: 2 * Vector.length) { scratch in
                for sample in 0..<samples {
                    let draft = unsafe draft(sample * vectors / samples, scratch)
                    bytes += draft.plan.byteCount + (draft.mode == .delta ? 8 : 0)
                }
            }
            return bytes * vectors / samples + vectors * (3 * MemoryLayout<Number>.size + Entry.length)
        }

        /// Looks at a vector and decides how to hold it. `scratch` has room for two vectors, which the draft points to.
        private func draft<Number: PackableInteger>(
            _ vector: Int, _ scratch: UnsafeMutableBufferPointer<Number>
        ) -> Draft<Number> {
            let fill = Vector.fill(vector, of: count)
            let start = unsafe values.baseAddress!.assumingMemoryBound(to: Number.self) + vector * Vector.length
            let (least, greatest) = unsafe Number.range(start, count: fill, flip: Number.flip(isSigned: isSigned))
            let patchBytes = 2 + MemoryLayout<Number>.size
            let plan = unsafe PackPlan(start, count: fill, least: least, greatest: greatest, patchBytes: patchBytes)
            var draft = unsafe Draft(
                mode: .reference, plan: plan, numbers: start, fill: fill, first: start[0], least: least,
                greatest: greatest)
            if allowsDelta, fill > 2, plan.byteCount > Vector.length / 8 {
                let deltas = scratch.baseAddress!
                unsafe Number.differences(of: start, count: fill, before: start[0], into: deltas)
                // The first difference is never used: it must not stretch the range, nor become a patch.
                unsafe deltas[0] = deltas[1]
                let range = unsafe Number.range(deltas, count: fill, flip: Number.flip(isSigned: true))
                let delta = unsafe PackPlan(
                    deltas, count: fill, least: range.least, greatest: range.greatest, patchBytes: patchBytes)
                if (delta.byteCount + 8) * 17 / 16 < plan.byteCount {
                    unsafe deltas[0] = delta.base
                    draft.mode = .delta
                    draft.plan = delta
                    unsafe draft.numbers = unsafe UnsafePointer(deltas)
                }
            }
            if fill < Vector.length { unsafe draft.pad(in: scratch.baseAddress! + Vector.length) }
            return draft
        }
    }

    /// A vector whose form is decided.
    @safe
    private struct Draft<Number: PackableInteger> {
        var mode: Mode
        var plan: PackPlan<Number>
        /// What is packed: values or differences.
        var numbers: UnsafePointer<Number>
        let fill: Int
        let first: Number
        let least: Number
        let greatest: Number

        /// Moves the numbers to where there is room for 1,024 of them, and fills up with the base.
        mutating func pad(in room: UnsafeMutablePointer<Number>) {
            unsafe room.update(from: numbers, count: fill)
            unsafe (room + fill).update(repeating: plan.base, count: Vector.length - fill)
            unsafe numbers = unsafe UnsafePointer(room)
        }

        /// Appends packed words and patches; gives back how many patches.
        func append(to output: inout GrowableBuffer) -> Int {
            if plan.width > 0 {
                unsafe output.append(upTo: Vector.length / 8 * plan.width) { room in
                    unsafe Number.pack(numbers, base: plan.base, width: plan.width, into: room.baseAddress!)
                    return room.count
                }
            }
            if mode == .delta {
                output.append(plan.base)
                output.pad(to: 8)
            }
            guard plan.byteCount > Vector.length / 8 * plan.width else { return 0 }
            return unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Vector.length) { positions in
                let patches = unsafe listPatches(positions)
                unsafe Patches.append(positions.baseAddress!, count: patches, of: numbers, to: &output)
                return patches
            }
        }

        private func listPatches(_ positions: UnsafeMutableBufferPointer<UInt16>) -> Int {
            let base = plan.base
            let mask = plan.mask
            var found = 0
            var index = 0
            while index < fill {
                unsafe positions[found] = UInt16(truncatingIfNeeded: index)
                found &+= unsafe numbers[index] &- base > mask ? 1 : 0
                index &+= 1
            }
            return found
        }
    }
}
