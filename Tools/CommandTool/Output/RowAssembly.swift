// Unsafe: copies the texts of values into rows, sixteen bytes at a time, within bounds that are computed before.

import EskerFormat

/// Rows of text, put together from the texts of their columns.
struct RowAssembly {
    let cells: [CellColumn]
    /// What a row without columns is.
    let emptyRow: [UInt8]

    /// The bytes that each copy takes at least. So much room is left behind the last row, and nothing is read that many
    /// bytes beyond its memory.
    private static let step = 16
    /// Longer texts are left to memcpy.
    private static let longText = 256

    /// Rows from `row` on, until they have `limit` bytes or `end` is reached; moves `row` behind the last of them.
    func text(from row: inout Int, to end: Int, limit: Int) -> [UInt8] {
        if cells.isEmpty {
            let rows = min(end - row, max(1, limit / emptyRow.count))
            row += rows
            return Array(repeatElement(emptyRow, count: rows).joined())
        }
        return unsafe withSources(cells[...], []) { sources in
            let longest = unsafe sources.reduce(0) { unsafe $0 + $1.longest }
            let capacity = limit + longest + Self.step
            return unsafe [UInt8](unsafeUninitializedCapacity: capacity) { out, count in
                let start = UnsafeMutableRawPointer(out.baseAddress!)
                var target = unsafe start
                while row < end, unsafe target - start < limit {
                    for index in unsafe sources.indices { unsafe sources[index].append(row, to: &target) }
                    row += 1
                }
                count = unsafe target - start
                precondition(count + Self.step <= capacity, "a row is longer than its columns' longest texts")
            }
        }
    }

    /// Pins the memory of all columns, one after the other.
    private func withSources<R>(
        _ rest: ArraySlice<CellColumn>, _ sources: [Source], _ body: ([Source]) -> R
    ) -> R {
        guard let cell = rest.first else { return unsafe body(sources) }
        return unsafe Self.withSource(cell) { unsafe withSources(rest.dropFirst(), sources + [$0], body) }
    }

    private static func withSource<R>(_ cell: CellColumn, _ body: (Source) -> R) -> R {
        // One allocation for the three small texts, with room to read beyond the last.
        let dress = cell.dress.before + cell.dress.after + cell.dress.null + [UInt8](repeating: 0, count: step)
        return unsafe dress.withUnsafeBytes { dress in
            unsafe withPlaces(cell.places) { places in
                switch cell.texts {
                case .rendered(let bytes, let starts):
                    unsafe bytes.withUnsafeBytes { bytes in
                        unsafe starts.withUnsafeBufferPointer { starts in
                            unsafe body(Source(cell, dress, places, starts, bytes))
                        }
                    }
                case .inPlace(let offsets, let bytes):
                    // Offsets of a column are never negative.
                    unsafe offsets.unsafeBytes.withMemoryRebound(to: UInt32.self) { starts in
                        unsafe body(Source(cell, dress, places, starts, bytes.unsafeBytes))
                    }
                }
            }
        }
    }

    private static func withPlaces<R>(_ places: [UInt32]?, _ body: (UnsafePointer<UInt32>?) -> R) -> R {
        guard let places else { return body(nil) }
        return unsafe places.withUnsafeBufferPointer { unsafe body($0.baseAddress) }
    }

    /// Where the texts of a column lie.
    @unsafe
    private struct Source {
        private let before: UnsafeRawBufferPointer
        private let after: UnsafeRawBufferPointer
        private let null: UnsafeRawBufferPointer
        private let places: UnsafePointer<UInt32>?
        private let starts: UnsafePointer<UInt32>
        private let bytes: UnsafeRawPointer
        private let byteCount: Int
        private let validity: UnsafeRawPointer?
        /// Bytes of the longest text and what stands around it.
        let longest: Int

        init(
            _ cell: CellColumn, _ dress: UnsafeRawBufferPointer, _ places: UnsafePointer<UInt32>?,
            _ starts: UnsafeBufferPointer<UInt32>, _ bytes: UnsafeRawBufferPointer
        ) {
            let (first, second) = (cell.dress.before.count, cell.dress.before.count + cell.dress.after.count)
            let third = second + cell.dress.null.count
            unsafe before = UnsafeRawBufferPointer(rebasing: dress[0..<first])
            unsafe after = UnsafeRawBufferPointer(rebasing: dress[first..<second])
            unsafe null = UnsafeRawBufferPointer(rebasing: dress[second..<third])
            unsafe self.places = unsafe places
            unsafe self.starts = starts.baseAddress!
            // A column of empty texts has no bytes, and may have no address; nothing is read of it then.
            unsafe self.bytes = bytes.baseAddress ?? dress.baseAddress!
            unsafe byteCount = bytes.count
            unsafe validity = cell.validity?.buffer.base
            var longest: UInt32 = 0
            for index in 1..<max(starts.count, 1) { longest = unsafe max(longest, starts[index] &- starts[index - 1]) }
            unsafe self.longest = max(Int(longest) + second, cell.dress.null.count)
        }

        @inline(__always)
        func append(_ row: Int, to target: inout UnsafeMutableRawPointer) {
            if let validity = unsafe validity {
                let bits = unsafe validity.load(fromByteOffset: row >> 3, as: UInt8.self)
                if bits >> UInt8(row & 7) & 1 == 0 { return unsafe Self.copy(null, &target) }
            }
            if unsafe before.count > 0 { unsafe Self.copy(before, &target) }
            let place = unsafe places.map { unsafe Int($0[row]) } ?? row
            let start = unsafe Int(starts[place])
            let length = unsafe Int(starts[place + 1]) &- start
            if unsafe length > longText || start &+ length &+ step > byteCount {
                unsafe target.copyMemory(from: bytes + start, byteCount: length)
            } else {
                unsafe Self.copySteps(bytes + start, target, length)
            }
            unsafe target += length
            unsafe Self.copy(after, &target)
        }

        /// What stands around a value: there is room to read beyond it.
        @inline(__always)
        private static func copy(_ text: UnsafeRawBufferPointer, _ target: inout UnsafeMutableRawPointer) {
            unsafe copySteps(text.baseAddress!, target, text.count)
            unsafe target += text.count
        }

        @inline(__always)
        private static func copySteps(_ source: UnsafeRawPointer, _ target: UnsafeMutableRawPointer, _ length: Int) {
            var done = 0
            while done < length {
                let piece = unsafe source.loadUnaligned(fromByteOffset: done, as: SIMD16<UInt8>.self)
                unsafe target.storeBytes(of: piece, toByteOffset: done, as: SIMD16<UInt8>.self)
                done &+= step
            }
        }
    }
}
