// Unsafe: hands bytes to the C kernel, which reads only inside them.
import CEskerKernels

/// XXH3-64 with seed 0: the frozen hash of partition keys.
package enum KeyHash {
    /// The hash of no bytes, which stands for a missing value.
    package static let ofNothing: UInt64 = of([])

    package static func of(_ bytes: [UInt8]) -> UInt64 {
        unsafe bytes.withUnsafeBytes { unsafe esker_xxh3($0.baseAddress, $0.count) }
    }

    @unsafe
    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        unsafe esker_xxh3(bytes.baseAddress, bytes.count)
    }

    /// The hash of each integer's eight bytes.
    package static func ofIntegers(_ values: Span<Int64>) -> [UInt64] {
        let count = values.count
        return unsafe values.withUnsafeBufferPointer { values in
            unsafe [UInt64](unsafeUninitializedCapacity: count) { hashes, initialized in
                unsafe esker_xxh3_int64(values.baseAddress, count, hashes.baseAddress)
                initialized = count
            }
        }
    }
}
