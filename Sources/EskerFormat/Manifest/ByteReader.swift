/// Reads little-endian values one after another, never beyond the end: for manifests and footers, which are small.
struct ByteReader {
    private let buffer: Buffer
    private(set) var position = 0

    init(_ buffer: Buffer) { self.buffer = buffer }

    var remaining: Int { buffer.byteCount - position }

    mutating func read<T: FixedWidthInteger & BitwiseCopyable>(_ type: T.Type = T.self) throws(FormatError) -> T {
        let size = MemoryLayout<T>.size
        guard remaining >= size else { throw FormatError(.malformed, "record ends inside a value", at: position) }
        defer { position += size }
        return T(littleEndian: buffer.load(at: position, as: T.self))
    }

    /// A count read as UInt32, refused when that many items of `itemLength` bytes cannot follow.
    mutating func readCount(itemLength: Int) throws(FormatError) -> Int {
        let count = Int(try read(UInt32.self))
        guard count <= remaining / max(itemLength, 1) else {
            throw FormatError(.malformed, "record announces \(count) items but ends before", at: position)
        }
        return count
    }

    mutating func readBytes() throws(FormatError) -> [UInt8] {
        let count = try readCount(itemLength: 1)
        defer { position += count }
        return (position..<position + count).map { buffer.load(at: $0, as: UInt8.self) }
    }

    mutating func readString() throws(FormatError) -> String {
        let start = position
        guard let text = String(validating: try readBytes(), as: UTF8.self) else {
            throw FormatError(.malformed, "text is not UTF-8", at: start)
        }
        return text
    }

    mutating func readSlice(_ count: Int) throws(FormatError) -> Buffer {
        guard count >= 0, count <= remaining else {
            throw FormatError(.malformed, "record of \(count) bytes ends before", at: position)
        }
        defer { position += count }
        return buffer.slice(position..<position + count)
    }
}

extension GrowableBuffer {
    /// Appends a length as UInt32, then the bytes.
    mutating func append(counted bytes: some Collection<UInt8>) {
        append(UInt32(bytes.count))
        for byte in bytes { append(byte) }
    }

    /// Appends a string's UTF-8 bytes after their length.
    mutating func append(counted text: String) { append(counted: Array(text.utf8)) }
}
