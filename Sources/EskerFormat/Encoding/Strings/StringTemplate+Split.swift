// Unsafe: hands pointers into checked buffers to the C kernels.
import CEskerKernels

extension StringTemplate {
    /// Strings taken apart.
    package struct Split: Sendable {
        /// One column a part, of as many strings as there were. Exceptions have the parts of the row before them, so that
        /// they do not disturb what a part looks like.
        package let parts: [ByteStrings]
        package let exceptions: Exceptions
    }

    /// Takes strings apart. About 5 ns a row and part.
    ///
    /// The strings must be less than 2 GiB, as their offsets say they are.
    package func split(_ strings: ByteStrings) -> Split {
        let rows = strings.count
        let places = PartPlaces(literals, strings)
        let parts = (0..<partCount).map { part in
            let starts = places.starts.span.extracting((part * rows)..<(part * rows + rows))
            let lengths = places.lengths.span.extracting((part * rows)..<(part * rows + rows))
            return Self.copy(strings, starts, lengths)
        }
        let exceptions = Exceptions(unchecked: places.exceptions, strings: strings.gather(places.exceptions.span))
        return Split(parts: parts, exceptions: exceptions)
    }

    private static func copy(_ strings: ByteStrings, _ starts: Span<UInt32>, _ lengths: Span<UInt32>) -> ByteStrings {
        var total = 0
        var index = 0
        while index < lengths.count {
            total &+= Int(lengths[index])
            index &+= 1
        }
        let copied = unsafe starts.withUnsafeBufferPointer { starts in
            unsafe lengths.withUnsafeBufferPointer { lengths in
                unsafe ByteStringsWriter.make(count: starts.count, limit: total) { ends, bytes in
                    unsafe esker_strings_copy(
                        strings.bytePointer, strings.bytes.byteCount, starts.baseAddress, lengths.baseAddress,
                        starts.count, bytes, ends)
                }
            }
        }
        guard let copied else { preconditionFailure("strings can always be copied") }
        return copied
    }
}

/// Where the parts of strings stand, before they are copied.
struct PartPlaces {
    /// Part p of row i starts, counted from the strings' first byte, at `starts[p * rows + i]`.
    let starts: [UInt32]
    let lengths: [UInt32]
    /// Rows that do not match.
    let exceptions: [UInt32]

    /// Literals of any number, as a ``StringTemplate`` has them.
    init(_ literals: [[UInt8]], _ strings: ByteStrings) {
        let rows = strings.count
        let parts = literals.count - 1
        let all = literals.flatMap { $0 }
        var ends: [UInt32] = [0]
        for literal in literals { ends.append(ends[ends.count - 1] + UInt32(literal.count)) }
        var lengths: [UInt32] = []
        var exceptions: [UInt32] = []
        starts = unsafe [UInt32](unsafeUninitializedCapacity: rows * parts) { starts, startCount in
            lengths = unsafe [UInt32](unsafeUninitializedCapacity: rows * parts) { lengths, lengthCount in
                exceptions = unsafe [UInt32](unsafeUninitializedCapacity: rows) { exceptions, exceptionCount in
                    unsafe all.withUnsafeBufferPointer { all in
                        unsafe ends.withUnsafeBufferPointer { ends in
                            var kernelTemplate = unsafe esker_split_template(
                                bytes: all.baseAddress, offsets: ends.baseAddress, parts: UInt32(parts))
                            exceptionCount = unsafe esker_split(
                                strings.bytePointer, strings.offsetPointer, rows, &kernelTemplate,
                                starts.baseAddress, lengths.baseAddress, exceptions.baseAddress)
                        }
                    }
                }
                lengthCount = rows * parts
            }
            startCount = rows * parts
        }
        self.lengths = lengths
        self.exceptions = exceptions
    }
}
