// Unsafe: owns the memory that text is read into; positions are checked at the door.

internal import CEskerKernels
internal import Glibc

/// The part of a source's text that is in memory: what was read and not yet turned into rows.
///
/// Behind the last byte are always ``padding`` readable and writable bytes, so that wide loads near the end are safe.
/// Not thread-safe: one reader owns it.
@safe
final class ByteWindow {
    /// Bytes of room behind the text: the widest load of the kernels.
    static let padding = 64
    /// Bytes of room at first: half of a common second-level cache, so that text is scanned and converted while warm.
    static let firstCapacity = 256 << 10

    private var memory: UnsafeMutablePointer<UInt8>
    private var capacity: Int
    private var source: any ByteSource
    private var start = 0
    private var end = 0
    /// Bytes of the source before the window.
    private(set) var offset = 0
    /// Whether the source has ended; the window may still hold text.
    private(set) var isComplete = false

    init(_ source: any ByteSource, capacity: Int = ByteWindow.firstCapacity) {
        self.source = source
        self.capacity = capacity
        unsafe memory = .allocate(capacity: capacity + Self.padding)
        unsafe memory.initialize(repeating: 0, count: capacity + Self.padding)
    }

    deinit { unsafe memory.deallocate() }

    /// Bytes in the window.
    var count: Int { end - start }

    /// The first byte; valid until the next ``fill(atLeast:)``, for ``count`` bytes and the padding.
    var bytes: UnsafePointer<UInt8> {
        @unsafe get { unsafe UnsafePointer(memory + start) }
    }

    /// One byte of the window. Traps outside.
    subscript(index: Int) -> UInt8 {
        precondition(index >= 0 && index < count)
        return unsafe memory[start + index]
    }

    /// A copy of some bytes. Traps outside the window.
    func copy(_ range: Range<Int>) -> [UInt8] {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        return unsafe Array(UnsafeBufferPointer(start: memory + start + range.lowerBound, count: range.count))
    }

    /// The position of the next LF.
    func firstLineFeed(from position: Int) -> Int? {
        precondition(position >= 0 && position <= count)
        let first = unsafe memory + start
        guard let found = unsafe memchr(first + position, 0x0A, count - position) else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(first)
    }

    /// Whether there are only blanks.
    func isBlank(_ range: Range<Int>) -> Bool {
        precondition(range.lowerBound >= 0 && range.upperBound <= count)
        for position in range {
            let byte = unsafe memory[start + position]
            if byte != 0x20 && byte != 0x09 && byte != 0x0D { return false }
        }
        return true
    }

    /// Whether the first `length` bytes hold one of 0x80 or more.
    func hasNonASCII(before length: Int) -> Bool {
        precondition(length >= 0 && length <= count)
        return unsafe esker_has_non_ascii(memory + start, length) != 0
    }

    /// Whether reading more would have to wait.
    var wouldWait: Bool { !isComplete && source.wouldWait }

    /// Drops bytes from the front.
    func consume(_ length: Int) {
        precondition(length >= 0 && length <= count)
        start += length
        offset += length
    }

    /// Reads at least `wanted` more bytes, or all that is left; makes room for them by moving and growing.
    func fill(atLeast wanted: Int) throws {
        makeRoom(wanted)
        let goal = end + wanted
        while end < goal && !isComplete {
            let free = unsafe UnsafeMutableRawBufferPointer(start: memory + end, count: capacity - end)
            let got = unsafe try source.read(into: free)
            precondition(got >= 0 && got <= free.count, "a byte source said it read more than it was given room for")
            if got == 0 { isComplete = true }
            end += got
        }
    }

    /// Passes over a byte order mark at the beginning of the text.
    func passByteOrderMark() throws {
        while count < 3 && !isComplete { try fill(atLeast: 1) }
        if count >= 3, self[0] == 0xEF, self[1] == 0xBB, self[2] == 0xBF { consume(3) }
    }

    /// Ends a last line that has no line end, so that no reader needs to treat it apart. Once, when complete.
    func terminate() {
        precondition(isComplete)
        makeRoom(1)
        unsafe memory[end] = 0x0A
        end += 1
    }

    private func makeRoom(_ wanted: Int) {
        if capacity - end >= wanted && start == 0 { return }
        let length = count
        if length + wanted <= capacity {
            unsafe memory.update(from: memory + start, count: length)
        } else {
            let larger = max(capacity * 2, length + wanted)
            let fresh = UnsafeMutablePointer<UInt8>.allocate(capacity: larger + Self.padding)
            unsafe fresh.initialize(repeating: 0, count: larger + Self.padding)
            unsafe fresh.update(from: memory + start, count: length)
            unsafe memory.deallocate()
            unsafe memory = fresh
            capacity = larger
        }
        start = 0
        end = length
    }
}
