// Unsafe: fills buffers that were just made through typed pointers.
import CEskerKernels

/// Turns encoding trees back into values. Whatever a node says is checked before it is relied on.
struct NodeDecoder {
    /// The segment's shared dictionaries; `nil` where a block stands alone.
    let pools: SegmentPools?
    /// The codes of another column of the block, for nodes that are derived from it.
    let siblingCodes: (UInt32) throws(FormatError) -> DictionaryCodes

    /// All values of a node, spread out. O(values).
    func plain(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        switch node.kind {
        case .raw: return try raw(node, form)
        case .constant: return try Self.repeating(try constant(node, form), count: node.count)
        case .runs: return try runs(node, form)
        case .dictionary, .pooled:
            let (codes, values) = try dictionary(node, form)
            return try Self.gather(values, codes)
        case .packed, .planes: return try integers(node, form)
        case .decimalFloats, .splitFloats: return try floats(node, form)
        case .symbols, .frontCoded, .hexadecimal, .decimalText, .template:
            guard form == .strings else { throw Self.malformed(node, "numbers encoded as strings") }
            return try strings(node)
        case .mapped:
            let values = try mapped(node)
            return try Self.resized(values, form)
        case .nullable: throw Self.malformed(node, "values without values")
        }
    }

    // MARK: Raw, constant, runs

    private func raw(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard node.parts.count == 1 else { throw Self.malformed(node, "\(node.parts.count) buffers") }
        let bytes = try node.parts[0].plain()
        if form == .strings {
            let lengths = try child(node, 0, .counts, count: node.count)
            return PlainValues(
                count: node.count, offsets: try Self.offsets(lengths, total: bytes.byteCount), bytes: bytes)
        }
        let needed = form.width.map { $0 * node.count } ?? Bitmap.byteCount(node.count)
        guard bytes.byteCount >= needed else { throw Self.malformed(node, "\(bytes.byteCount) bytes, not \(needed)") }
        return PlainValues(form, count: node.count, Self.aligned(bytes, form))
    }

    /// The one value of a constant.
    func constant(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard node.parts.count == 1 else { throw Self.malformed(node, "\(node.parts.count) buffers") }
        let bytes = try node.parts[0].plain()
        if form == .strings {
            let offsets = Buffer(copying: [Int32(0), Int32(clamping: bytes.byteCount)])
            return PlainValues(count: 1, offsets: offsets, bytes: bytes)
        }
        guard bytes.byteCount >= form.width ?? 1 else { throw Self.malformed(node, "too few bytes") }
        return PlainValues(form, count: 1, Self.aligned(bytes, form))
    }

    /// Values of 16 bytes are copied where they do not start at a multiple of 16: buffers of a region lie at multiples
    /// of 8.
    private static func aligned(_ bytes: Buffer, _ form: PlainValues.Form) -> Buffer {
        guard form.width == 16, unsafe UInt(bitPattern: bytes.base) % 16 != 0 else { return bytes }
        let output = FilledBuffer(byteCount: bytes.byteCount)
        unsafe output.base.copyMemory(from: bytes.base, byteCount: bytes.byteCount)
        return output.buffer
    }

    private static func repeating(_ value: PlainValues, count: Int) throws(FormatError) -> PlainValues {
        if value.form == .bits {
            let bit = Bitmap(value.buffer, count: 1)[0]
            return PlainValues(.bits, count: count, Bitmap(repeating: bit, count: count).buffer)
        }
        let codes = Buffer(copying: [UInt8](repeating: 0, count: count))
        return try gather(value, DictionaryCodes(buffer: codes, width: 1, count: count))
    }

    private func runs(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard node.children.count == 2 else { throw Self.malformed(node, "\(node.children.count) children") }
        let runCount = node.children[0].count
        let lengths = try child(node, 0, .counts, count: runCount)
        let values = try child(node, 1, form, count: runCount)
        let codes = FilledBuffer(byteCount: node.count * 4)
        let spread = unsafe esker_spread_runs(
            lengths.buffer.base.assumingMemoryBound(to: UInt32.self), runCount, codes.pointer(as: UInt32.self),
            node.count)
        guard spread == node.count else { throw Self.malformed(node, "runs that do not cover its rows") }
        return try Self.gather(values, DictionaryCodes(buffer: codes.buffer, width: 4, count: node.count))
    }

    // MARK: Numbers

    private func integers(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard case .integers(let width, let isSigned) = form, node.parts.count == 1 else {
            throw Self.malformed(node, "packed integers as something else")
        }
        let bytes = try node.parts[0].plain()
        let output = FilledBuffer(byteCount: node.count * width)
        if node.kind == .planes {
            let leaf = try IntegerPlanes(parsing: bytes, count: node.count, valueWidth: width, isSigned: isSigned)
            switch width {
            case 1: try unsafe leaf.decode(into: output.pointer(as: UInt8.self))
            case 2: try unsafe leaf.decode(into: output.pointer(as: UInt16.self))
            case 4: try unsafe leaf.decode(into: output.pointer(as: UInt32.self))
            default: try unsafe leaf.decode(into: output.pointer(as: UInt64.self))
            }
            return PlainValues(form, count: node.count, output.buffer)
        }
        let leaf = try PackedIntegers(parsing: bytes, count: node.count, valueWidth: width, isSigned: isSigned)
        switch width {
        case 1: unsafe leaf.decode(into: output.pointer(as: UInt8.self))
        case 2: unsafe leaf.decode(into: output.pointer(as: UInt16.self))
        case 4: unsafe leaf.decode(into: output.pointer(as: UInt32.self))
        default: unsafe leaf.decode(into: output.pointer(as: UInt64.self))
        }
        return PlainValues(form, count: node.count, output.buffer)
    }

    private func floats(_ node: EncodingNode, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard case .floats(let width) = form, node.parts.count == 1 else {
            throw Self.malformed(node, "floats as something else")
        }
        let bytes = try node.parts[0].plain()
        let output = FilledBuffer(byteCount: node.count * width)
        switch (node.kind, width) {
        case (.decimalFloats, 8):
            let leaf = try ALPFloats(parsing: bytes, count: node.count, valueWidth: width)
            unsafe leaf.decode(into: output.pointer(as: Double.self))
        case (.decimalFloats, _):
            let leaf = try ALPFloats(parsing: bytes, count: node.count, valueWidth: width)
            unsafe leaf.decode(into: output.pointer(as: Float.self))
        case (_, 8):
            let leaf = try ALPRDFloats(parsing: bytes, count: node.count, valueWidth: width)
            unsafe leaf.decode(into: output.pointer(as: Double.self))
        default:
            let leaf = try ALPRDFloats(parsing: bytes, count: node.count, valueWidth: width)
            unsafe leaf.decode(into: output.pointer(as: Float.self))
        }
        return PlainValues(form, count: node.count, output.buffer)
    }

    // MARK: Codes

    /// The codes and the distinct values of a dictionary or pooled node.
    func dictionary(
        _ node: EncodingNode, _ form: PlainValues.Form
    ) throws(FormatError) -> (codes: DictionaryCodes, values: PlainValues) {
        let values: PlainValues
        if node.kind == .pooled {
            guard let pools else { throw Self.malformed(node, "a dictionary of a segment that is not there") }
            values = try pools.values(Int(truncatingIfNeeded: node.parameter), form)
        } else {
            guard node.children.count == 2 else { throw Self.malformed(node, "\(node.children.count) children") }
            values = try child(node, 1, form, count: node.children[1].count)
        }
        return (try codes(node, below: values.count), values)
    }

    /// The codes of a dictionary or pooled node, in the fewest whole bytes that hold every code below `limit`.
    func codes(_ node: EncodingNode, below limit: Int) throws(FormatError) -> DictionaryCodes {
        guard let first = node.children.first, first.count == node.count else {
            throw Self.malformed(node, "codes that are not there")
        }
        let codes: DictionaryCodes
        if first.kind == .mapped {
            let values = try mapped(first)
            codes = DictionaryCodes(narrowing: values, limit: limit)
        } else {
            let width = DictionaryCodes.width(limit)
            let values = try plain(first, .integers(width: width, isSigned: false))
            codes = DictionaryCodes(buffer: values.buffer, width: width, count: node.count)
        }
        let greatest = codes.maximum
        guard node.count == 0 || greatest < limit else {
            throw Self.malformed(node, "code \(greatest) in a dictionary of \(limit)")
        }
        return codes
    }

    /// Numbers that a map of the segment gives for the codes of another column.
    private func mapped(_ node: EncodingNode) throws(FormatError) -> PlainValues {
        guard let pools else { throw Self.malformed(node, "a map of a segment that is not there") }
        let map = try pools.map(Int(truncatingIfNeeded: node.parameter >> 32))
        let codes = try siblingCodes(UInt32(truncatingIfNeeded: node.parameter))
        guard codes.count == node.count, codes.count == 0 || codes.maximum < map.sourceCount else {
            throw Self.malformed(node, "a map of other codes")
        }
        let selector =
            node.children.isEmpty
            ? nil : try child(node, 0, .integers(width: 1, isSigned: false), count: node.count)
        guard let values = map.apply(codes, selector) else { throw Self.malformed(node, "a choice outside its map") }
        return PlainValues(.counts, count: node.count, values)
    }

    // MARK: Parts

    /// The values of a child that must be there and have `count` values.
    func child(
        _ node: EncodingNode, _ index: Int, _ form: PlainValues.Form, count: Int
    ) throws(FormatError) -> PlainValues {
        guard index < node.children.count, node.children[index].count == count else {
            throw Self.malformed(node, "child \(index) missing or of another length")
        }
        return try plain(node.children[index], form)
    }

    static func malformed(_ node: EncodingNode, _ what: String) -> FormatError {
        FormatError(.malformed, "node \(node.kind) of \(node.count) values has \(what)")
    }

    /// Offsets of strings from their lengths, which must add up to the bytes.
    static func offsets(_ lengths: PlainValues, total: Int) throws(FormatError) -> Buffer {
        let output = FilledBuffer(byteCount: (lengths.count + 1) * 4)
        let sum = unsafe esker_sum_lengths(
            lengths.buffer.base.assumingMemoryBound(to: UInt32.self), lengths.count, output.pointer(as: Int32.self))
        guard sum == total, sum <= Int(Int32.max) else {
            throw FormatError(.malformed, "strings of \(sum) bytes in \(total) bytes")
        }
        return output.buffer
    }

    /// The values that codes stand for. Codes were checked.
    static func gather(_ values: PlainValues, _ codes: DictionaryCodes) throws(FormatError) -> PlainValues {
        if values.form == .bits { throw FormatError(.malformed, "a dictionary of booleans") }
        if values.form == .strings { return try gatherStrings(values, codes) }
        let width = values.form.width!
        let output = FilledBuffer(byteCount: codes.count * width)
        unsafe esker_gather(
            values.buffer.base, UInt32(width), codes.buffer.base, UInt32(codes.width), codes.count, output.base)
        return PlainValues(values.form, count: codes.count, output.buffer)
    }

    private static func gatherStrings(
        _ values: PlainValues, _ codes: DictionaryCodes
    ) throws(FormatError) -> PlainValues {
        let offsets = FilledBuffer(byteCount: (codes.count + 1) * 4)
        let starts = unsafe values.offsets.base.assumingMemoryBound(to: Int32.self)
        let total = unsafe esker_gathered_offsets(
            starts, codes.buffer.base, UInt32(codes.width), codes.count, offsets.pointer(as: Int32.self))
        guard total >= 0 else { throw FormatError(.malformed, "strings of more than 2 GiB in one block") }
        let bytes = FilledBuffer(byteCount: Int(total))
        unsafe esker_gather_strings(
            starts, values.buffer.base, codes.buffer.base, UInt32(codes.width), codes.count, bytes.base)
        return PlainValues(count: codes.count, offsets: offsets.buffer, bytes: bytes.buffer)
    }

    /// Unsigned numbers of 4 bytes in the width that `form` asks for.
    private static func resized(_ values: PlainValues, _ form: PlainValues.Form) throws(FormatError) -> PlainValues {
        guard case .integers(let width, _) = form else {
            throw FormatError(.malformed, "a map to something other than numbers")
        }
        if width == 4 { return PlainValues(form, count: values.count, values.buffer) }
        let output = FilledBuffer(byteCount: values.count * width)
        unsafe esker_resize_u32(
            values.buffer.base.assumingMemoryBound(to: UInt32.self), values.count, UInt32(width), output.base)
        return PlainValues(form, count: values.count, output.buffer)
    }
}
