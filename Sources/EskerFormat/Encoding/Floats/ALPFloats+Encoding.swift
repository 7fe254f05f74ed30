// Unsafe: reads the caller's numbers and writes vectors into room that was made for them, through pointers.

extension ALPFloats {
    /// Powers of ten that the vectors of a leaf choose from, and the vectors sampled to find them.
    private static let mostDecimals = 4
    private static let sampledVectors = 8

    /// Appends a leaf of all numbers; `output` stands at a multiple of 8.
    package static func encode<T: BinaryFloatingPoint & BitwiseCopyable>(
        _ values: Span<T>, into output: inout GrowableBuffer
    ) {
        precondition(output.byteCount % 8 == 0)
        unsafe values.withUnsafeBytes { bytes in
            if MemoryLayout<T>.size == 8 {
                unsafe Encoder<Double>(bytes, count: values.count).encode(into: &output)
            } else {
                unsafe Encoder<Float>(bytes, count: values.count).encode(into: &output)
            }
        }
    }

    /// About how many bytes `encode` would append: drafts at most `vectors` of the vectors, evenly spread, in full.
    package static func estimatedBytes<T: BinaryFloatingPoint & BitwiseCopyable>(
        of values: Span<T>, sampling vectors: Int = 4
    ) -> Int {
        unsafe values.withUnsafeBytes { bytes in
            MemoryLayout<T>.size == 8
                ? unsafe Encoder<Double>(bytes, count: values.count).estimate(sampling: vectors)
                : unsafe Encoder<Float>(bytes, count: values.count).estimate(sampling: vectors)
        }
    }

    /// One run of numbers on its way into a leaf.
    @safe
    private struct Encoder<Number: PackableFloat> {
        private let values: UnsafeRawBufferPointer
        private let count: Int
        /// What vectors choose from.
        private let decimals: [DecimalScale]

        init(_ values: UnsafeRawBufferPointer, count: Int) {
            unsafe self.values = unsafe values
            self.count = count
            decimals = unsafe Self.findDecimals(values, count: count)
        }

        func encode(into output: inout GrowableBuffer) {
            let start = output.byteCount
            let vectors = Vector.count(of: count)
            let part = alignedToEight(MemoryLayout<Number>.size * vectors)
            output.appendZeros(3 * part + alignedToEight(Entry.length * vectors))
            let scratch = Scratch<Number.Bits>()
            for vector in 0..<vectors {
                let draft = draft(vector, scratch)
                let offset = output.byteCount - start
                precondition(offset <= Int(UInt32.max), "a leaf of decimal numbers reaches 4 GiB")
                draft.append(scratch, to: &output)
                let place = start + MemoryLayout<Number>.size * vector
                output.store(draft.range.least, at: place)
                output.store(draft.range.greatest, at: place + part)
                output.store(draft.base, at: place + 2 * part)
                let entry = start + 3 * part + Entry.length * vector
                output.store(UInt32(offset), at: entry)
                output.store(UInt16(draft.patches), at: entry + 4)
                output.store(UInt8(draft.width), at: entry + 6)
                let flags = (draft.range.hasNaN ? Entry.hasNaN : 0) | (draft.isPlain ? Entry.isPlain : 0)
                output.store(flags, at: entry + 7)
                output.store(draft.decimal.power, at: entry + 8)
                output.store(draft.decimal.operation.rawValue, at: entry + 9)
            }
        }

        func estimate(sampling wanted: Int) -> Int {
            let vectors = Vector.count(of: count)
            guard vectors > 0 else { return 0 }
            let samples = min(wanted, vectors)
            let scratch = Scratch<Number.Bits>()
            let bytes = (0..<samples).reduce(0) { $0 + draft($1 * vectors / samples, scratch).byteCount }
            return bytes * vectors / samples + vectors * (3 * MemoryLayout<Number>.size + Entry.length)
        }

        // MARK: Powers of ten

        /// The decimals that were best for most of the sampled vectors.
        private static func findDecimals(_ values: UnsafeRawBufferPointer, count: Int) -> [DecimalScale] {
            let vectors = Vector.count(of: count)
            let samples = min(sampledVectors, vectors)
            var found: [(decimal: DecimalScale, times: Int)] = []
            for sample in 0..<samples {
                let vector = sample * vectors / samples
                let decimal = unsafe choose(from: DecimalScale.all, vector, values, count: count)
                if let known = found.firstIndex(where: { $0.decimal == decimal }) {
                    found[known].times += 1
                } else {
                    found.append((decimal, 1))
                }
            }
            let most = found.sorted { $0.times > $1.times }.prefix(mostDecimals).map(\.decimal)
            return most.isEmpty ? [DecimalScale.one] : most
        }

        /// The cheapest decimal for a vector, by a sample of 32 of its numbers.
        private static func choose(
            from decimals: [DecimalScale], _ vector: Int, _ values: UnsafeRawBufferPointer, count: Int
        ) -> DecimalScale {
            let start = unsafe values.baseAddress!.assumingMemoryBound(to: Number.self) + vector * Vector.length
            let fill = Vector.fill(vector, of: count)
            let length = min(fill, DecimalScale.sampleLength)
            return unsafe withUnsafeTemporaryAllocation(of: Number.self, capacity: DecimalScale.sampleLength) {
                sample in
                for index in 0..<length {
                    unsafe sample[index] = unsafe start[sampledRow(index, of: length, among: fill)]
                }
                return unsafe DecimalScale.best(of: decimals, for: sample.baseAddress!, count: length)
            }
        }

        // MARK: Vectors

        /// Turns a vector's numbers into integers, in the scratch room, and decides how to pack them.
        private func draft(_ vector: Int, _ scratch: Scratch<Number.Bits>) -> Draft<Number> {
            let fill = Vector.fill(vector, of: count)
            let start = unsafe values.baseAddress!.assumingMemoryBound(to: Number.self) + vector * Vector.length
            let decimal = unsafe Self.choose(from: decimals, vector, values, count: count)
            let integers = unsafe scratch.integers
            let exceptions = unsafe Number.encode(
                start, count: fill, decimal, into: integers, exceptions: scratch.positions)
            unsafe scratch.keepBits(of: start, count: fill)
            scratch.fillExceptions(exceptions, count: fill)
            let range = unsafe Number.Bits.range(integers, count: fill, flip: Number.Bits.flip(isSigned: true))
            let patchBytes = 2 + MemoryLayout<Number>.size
            let plan = unsafe PackPlan(
                integers, count: fill, least: range.least, greatest: range.greatest, patchBytes: patchBytes)
            return unsafe Draft(
                range: Number.range(start, count: fill), decimal: decimal, plan: plan, exceptions: exceptions,
                fill: fill,
                scratch)
        }
    }

    /// A vector whose form is decided; its integers and bits are in the scratch room.
    private struct Draft<Number: PackableFloat> {
        let range: NumberRange<Number>
        let decimal: DecimalScale
        let base: Number.Bits
        let width: Int
        let patches: Int
        let isPlain: Bool

        init(
            range: NumberRange<Number>, decimal: DecimalScale, plan: PackPlan<Number.Bits>, exceptions: Int, fill: Int,
            _ scratch: Scratch<Number.Bits>
        ) {
            self.range = range
            let patches = scratch.addOutliers(of: plan, exceptions: exceptions, count: fill)
            let length = Vector.length / 8 * plan.width + Patches<Number.Bits>.byteCount(patches)
            isPlain = length >= Vector.length * MemoryLayout<Number>.size
            self.decimal = isPlain ? DecimalScale.one : decimal
            base = isPlain ? 0 : plan.base
            width = isPlain ? Number.Bits.bitWidth : plan.width
            self.patches = isPlain ? 0 : patches
            scratch.pad(from: fill, integer: base)
        }

        var byteCount: Int { Vector.length / 8 * width + Patches<Number.Bits>.byteCount(patches) }

        func append(_ scratch: Scratch<Number.Bits>, to output: inout GrowableBuffer) {
            if width > 0 {
                unsafe output.append(upTo: Vector.length / 8 * width) { room in
                    let numbers = unsafe UnsafePointer(isPlain ? scratch.bits : scratch.integers)
                    unsafe Number.Bits.pack(numbers, base: base, width: width, into: room.baseAddress!)
                    return room.count
                }
            }
            unsafe Patches.append(scratch.positions, count: patches, of: UnsafePointer(scratch.bits), to: &output)
        }
    }

    /// Room for one vector while it is encoded.
    @safe
    private final class Scratch<Bits: PackableInteger> {
        /// What the numbers became.
        let integers: UnsafeMutablePointer<Bits>
        /// The numbers' own bits.
        let bits: UnsafeMutablePointer<Bits>
        /// Positions of exceptions, later of all patches.
        let positions: UnsafeMutablePointer<UInt16>

        init() {
            unsafe integers = .allocate(capacity: Vector.length)
            unsafe bits = .allocate(capacity: Vector.length)
            unsafe positions = .allocate(capacity: Vector.length)
        }

        deinit {
            unsafe integers.deallocate()
            unsafe bits.deallocate()
            unsafe positions.deallocate()
        }

        func keepBits<Number: PackableFloat>(of values: UnsafePointer<Number>, count: Int) where Number.Bits == Bits {
            unsafe UnsafeMutableRawPointer(bits).copyMemory(
                from: UnsafeRawPointer(values), byteCount: count * MemoryLayout<Bits>.size)
        }

        /// Gives exceptions the integer of the first number that is none, so that they do not stretch the range.
        func fillExceptions(_ exceptions: Int, count: Int) {
            guard exceptions > 0 else { return }
            var first = 0
            while first < exceptions, unsafe Int(positions[first]) == first { first += 1 }
            let filler = first < count ? unsafe integers[first] : 0
            for index in 0..<exceptions { unsafe integers[Int(positions[index])] = filler }
        }

        /// Merges the positions of integers that the plan leaves out into those of the exceptions; gives back how many
        /// there are.
        func addOutliers(of plan: PackPlan<Bits>, exceptions: Int, count: Int) -> Int {
            guard plan.byteCount > Vector.length / 8 * plan.width else { return exceptions }
            let base = plan.base
            let mask = plan.mask
            return unsafe withUnsafeTemporaryAllocation(of: UInt16.self, capacity: Vector.length) { merged in
                var found = 0
                var next = 0
                var index = 0
                while index < count {
                    let isException = unsafe next < exceptions && Int(positions[next]) == index
                    next &+= isException ? 1 : 0
                    unsafe merged[found] = UInt16(truncatingIfNeeded: index)
                    found &+= unsafe isException || integers[index] &- base > mask ? 1 : 0
                    index &+= 1
                }
                unsafe positions.update(from: merged.baseAddress!, count: found)
                return found
            }
        }

        /// Fills a last vector up to its 1,024 numbers.
        func pad(from count: Int, integer: Bits) {
            unsafe (integers + count).update(repeating: integer, count: Vector.length - count)
            unsafe (bits + count).update(repeating: 0, count: Vector.length - count)
        }
    }
}
