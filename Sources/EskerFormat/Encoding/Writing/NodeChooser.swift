// Unsafe: hands typed pointers of checked buffers to kernels.
import CEskerKernels

/// Chooses the encoding of a run of values by what they are and by trying candidates on a sample of about 1 %.
struct NodeChooser: Sendable {
    let tier: Tier
    /// Last stage for bytes that are still compressible.
    let codec: Codec

    /// Runs must be at least this long on average to be kept as runs.
    static let leastRunLength = 8
    /// Trees are at most so deep below a column, and its part of a template.
    static let maximumDepth = 3

    /// The compact tier takes the byte planes of numbers where they save at least one part in so many: they are read ten
    /// times slower than packed vectors.
    static let leastPlaneSaving = 32

    func node(_ values: PlainValues, depth: Int = 0) -> EncodingNode {
        if values.count == 0 { return raw(values) }
        if values.isConstant { return constant(values) }
        switch values.form {
        case .bits: return raw(values)
        case .integers: return integers(values, depth: depth)
        case .floats: return floats(values, depth: depth)
        case .opaque: return raw(values)
        case .strings: return strings(values, depth: depth)
        }
    }

    /// A column's tree with its validity. `values` has some value in every row.
    static func nullable(_ values: EncodingNode, validity: Bitmap, count: Int, chooser: NodeChooser) -> EncodingNode {
        let bits = PlainValues(.bits, count: count, validity.buffer)
        return EncodingNode(.nullable, count: count, children: [chooser.node(bits), values])
    }

    // MARK: Any values

    /// The values as they are, with the last stage where it saves an eighth.
    func raw(_ values: PlainValues) -> EncodingNode {
        if values.form == .strings {
            let bytes = values.count == 0 ? Buffer.empty : values.buffer.slice(values.stringRange)
            return EncodingNode(
                .raw, count: values.count, parts: [part(bytes)], children: [lengthsNode(Self.lengths(values))])
        }
        return EncodingNode(.raw, count: values.count, parts: [part(values.buffer.slice(0..<values.byteCount))])
    }

    private func constant(_ values: PlainValues) -> EncodingNode {
        let bytes: Buffer
        switch values.form {
        case .bits: bytes = Buffer(copying: [UInt8(Bitmap(values.buffer, count: 1)[0] ? 1 : 0)])
        case .strings:
            let start = values.stringRange.lowerBound
            bytes = values.buffer.slice(start..<(start + values.stringRange.count / values.count))
        default: bytes = values.buffer.slice(0..<values.form.width!)
        }
        return EncodingNode(.constant, count: values.count, parts: [part(bytes)])
    }

    /// A buffer, compressed where that pays and a reader will accept it.
    func part(_ plain: Buffer) -> EncodingNode.Part {
        guard codec != .none, let stored = codec.compress(plain, level: tier.level, leastSaving: tier.leastSaving),
            plain.byteCount <= stored.byteCount * EncodingNode.maximumExpansion
        else { return EncodingNode.Part(plain) }
        return EncodingNode.Part(stored: stored, codec: codec, plainLength: plain.byteCount)
    }

    /// Lengths, run lengths and such: four-byte numbers.
    func lengthsNode(_ lengths: Buffer) -> EncodingNode {
        let values = PlainValues(.counts, count: lengths.byteCount / 4, lengths)
        return values.count == 0 ? EncodingNode(.raw, count: 0, parts: [.init(.empty)]) : node(values, depth: 1)
    }

    /// The length of each string.
    static func lengths(_ values: PlainValues) -> Buffer {
        let offsets = values.offsets.span(as: Int32.self)
        let output = FilledBuffer(byteCount: values.count * 4)
        let lengths = unsafe output.pointer(as: UInt32.self)
        var row = 0
        while row < values.count {
            unsafe lengths[row] = UInt32(bitPattern: offsets[row + 1] &- offsets[row])
            row &+= 1
        }
        return output.buffer
    }

    // MARK: Integers and codes

    private func integers(_ values: PlainValues, depth: Int) -> EncodingNode {
        if depth < Self.maximumDepth, let runs = runs(values, depth: depth) { return runs }
        let packed = packed(values)
        guard tier == .compact, codec != .none, values.count >= Vector.length / 4 else { return packed }
        let planes = planes(values)
        return planes.storedLength < packed.storedLength - packed.storedLength / Self.leastPlaneSaving
            ? planes : packed
    }

    private func runs(_ values: PlainValues, depth: Int) -> EncodingNode? {
        guard let width = values.form.width, width <= 8, values.count >= 64 else { return nil }
        let count = unsafe esker_count_runs(values.buffer.base, UInt32(width), values.count)
        guard count * Self.leastRunLength <= values.count else { return nil }
        let (lengths, firstRows) = Self.runLengths(values, width, count)
        let rows = DictionaryCodes(buffer: firstRows, width: 4, count: count)
        let table = PlainValues(values.form, count: values.count, values.buffer)
        guard let heads = try? NodeDecoder.gather(table, rows) else { return nil }
        let children = [lengthsNode(lengths), node(heads, depth: depth + 1)]
        return EncodingNode(.runs, count: values.count, children: children)
    }

    private static func runLengths(_ values: PlainValues, _ width: Int, _ count: Int) -> (Buffer, Buffer) {
        let lengths = FilledBuffer(byteCount: count * 4)
        let rows = FilledBuffer(byteCount: count * 4)
        unsafe esker_find_runs(
            values.buffer.base, UInt32(width), values.count, lengths.pointer(as: UInt32.self),
            rows.pointer(as: UInt32.self))
        return (lengths.buffer, rows.buffer)
    }

    /// Bit-packed vectors.
    func packed(_ values: PlainValues) -> EncodingNode {
        guard case .integers(let width, let isSigned) = values.form else { preconditionFailure() }
        var output = GrowableBuffer(capacity: 4096)
        switch (width, isSigned) {
        case (1, _): pack(values, UInt8.self, &output)
        case (2, false): pack(values, UInt16.self, &output)
        case (2, true): pack(values, Int16.self, &output)
        case (4, false): pack(values, UInt32.self, &output)
        case (4, true): pack(values, Int32.self, &output)
        default: pack(values, Int64.self, &output)
        }
        return EncodingNode(.packed, count: values.count, parts: [.init(output.finish())])
    }

    /// Byte planes under zstd.
    private func planes(_ values: PlainValues) -> EncodingNode {
        guard case .integers(let width, let isSigned) = values.form else { preconditionFailure() }
        var output = GrowableBuffer(capacity: 4096)
        switch (width, isSigned) {
        case (1, _): planes(values, UInt8.self, &output)
        case (2, false): planes(values, UInt16.self, &output)
        case (2, true): planes(values, Int16.self, &output)
        case (4, false): planes(values, UInt32.self, &output)
        case (4, true): planes(values, Int32.self, &output)
        default: planes(values, Int64.self, &output)
        }
        return EncodingNode(.planes, count: values.count, parts: [.init(output.finish())])
    }

    private func planes<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: PlainValues, _: T.Type, _ output: inout GrowableBuffer
    ) {
        let span = values.buffer.span(as: T.self).extracting(0..<values.count)
        IntegerPlanes.encode(span, allowingDelta: true, into: &output)
    }

    private func pack<T: FixedWidthInteger & BitwiseCopyable>(
        _ values: PlainValues, _: T.Type, _ output: inout GrowableBuffer
    ) {
        let span = values.buffer.span(as: T.self).extracting(0..<values.count)
        PackedIntegers.encode(span, allowingDelta: true, into: &output)
    }

    /// Dictionary codes.
    func codesNode(_ codes: DictionaryCodes) -> EncodingNode {
        node(
            PlainValues(.integers(width: codes.width, isSigned: false), count: codes.count, codes.buffer), depth: 1)
    }

    // MARK: Floats

    private func floats(_ values: PlainValues, depth: Int) -> EncodingNode {
        if depth < Self.maximumDepth, let runs = runs(values, depth: depth) { return runs }
        let node =
            values.form.width == 8 ? layout(values, Double.self) : layout(values, Float.self)
        // What zstd finds in the bytes as they are may be more: repeated measurements.
        guard tier == .compact || node == nil else { return node! }
        let plain = raw(values)
        guard let node else { return plain }
        return plain.storedLength < node.storedLength ? plain : node
    }

    /// The smaller of the layouts of floats; `nil` where neither pays.
    private func layout<T: BinaryFloatingPoint & BitwiseCopyable>(
        _ values: PlainValues, _: T.Type
    ) -> EncodingNode? {
        let span = values.buffer.span(as: T.self).extracting(0..<values.count)
        var output = GrowableBuffer(capacity: 4096)
        switch FloatLayout.best(for: span).layout {
        case .plain: return nil
        case .decimal:
            ALPFloats.encode(span, into: &output)
            return EncodingNode(.decimalFloats, count: values.count, parts: [.init(output.finish())])
        case .split:
            ALPRDFloats.encode(span, into: &output)
            return EncodingNode(.splitFloats, count: values.count, parts: [.init(output.finish())])
        }
    }
}
