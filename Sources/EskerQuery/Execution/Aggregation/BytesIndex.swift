// Unsafe: an open-addressing table in raw memory; probes are masked to its capacity, which is never full, and keys
// are read through offsets this file wrote.

import EskerFormat
import Glibc

/// Gives each distinct byte string a number: 0, 1, 2 … in the order of first sight. Not thread-safe.
@safe
final class BytesIndex {
    private struct Slot {
        var hash: UInt32
        /// `UInt32.max`: empty.
        var id: UInt32
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private let bytes = GroupArray<UInt8>(initial: 0)
    /// End of each key in `bytes`.
    private let ends = GroupArray<Int>(initial: 0)
    private let hashes = GroupArray<UInt32>(initial: 0)
    /// Number of distinct keys.
    private(set) var count = 0

    init() {
        mask = 63
        unsafe slots = .allocate(capacity: 64)
        unsafe slots.update(repeating: Slot(hash: 0, id: .max), count: 64)
    }

    deinit { unsafe slots.deallocate() }

    /// The number of a key; a new one is copied.
    @unsafe
    func assign(_ key: UnsafeRawBufferPointer) -> UInt32 {
        if (count + 1) * 2 > mask { grow() }
        let hash = unsafe Self.hash(key)
        var place = Int(hash) & mask
        while true {
            let slot = unsafe slots[place]
            if slot.id == .max { break }
            if slot.hash == hash, unsafe isEqual(Int(slot.id), key) { return slot.id }
            place = (place &+ 1) & mask
        }
        let id = UInt32(count)
        unsafe slots[place] = Slot(hash: hash, id: id)
        let start = bytes.count
        bytes.grow(to: start + key.count)
        if let source = key.baseAddress { unsafe memcpy(bytes.base + start, source, key.count) }
        count += 1
        ends.grow(to: count)
        hashes.grow(to: count)
        ends[count - 1] = bytes.count
        hashes[count - 1] = hash
        return id
    }

    /// Appends the key with that number to a builder.
    func append(_ id: Int, to builder: ColumnBuilder) {
        let start = id == 0 ? 0 : ends[id - 1]
        unsafe builder.append(bytes: UnsafeRawBufferPointer(start: bytes.base + start, count: ends[id] - start))
    }

    @unsafe
    private func isEqual(_ id: Int, _ key: UnsafeRawBufferPointer) -> Bool {
        let start = unsafe id == 0 ? 0 : ends.base[id - 1]
        guard unsafe ends.base[id] - start == key.count else { return false }
        return unsafe key.isEmpty || memcmp(bytes.base + start, key.baseAddress!, key.count) == 0
    }

    private func grow() {
        let capacity = (mask + 1) * 2
        unsafe slots.deallocate()
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.update(repeating: Slot(hash: 0, id: .max), count: capacity)
        mask = capacity - 1
        for id in 0..<count {
            var place = Int(hashes[id]) & mask
            while unsafe slots[place].id != .max { place = (place &+ 1) & mask }
            unsafe slots[place] = Slot(hash: hashes[id], id: UInt32(id))
        }
    }

    /// 32 bits from multiply-and-fold over 8-byte words; not stable between versions, never stored.
    @unsafe
    @inline(__always)
    static func hash(_ key: UnsafeRawBufferPointer) -> UInt32 {
        var state = UInt64(truncatingIfNeeded: key.count) &* 0x9E37_79B9_7F4A_7C15
        var offset = 0
        while offset &+ 8 <= key.count {
            let word = unsafe key.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            state = fold(state ^ word)
            offset &+= 8
        }
        if offset < key.count {
            var word: UInt64 = 0
            var shift: UInt64 = 0
            while offset < key.count {
                word |= unsafe UInt64(key[offset]) &<< shift
                shift &+= 8
                offset &+= 1
            }
            state = fold(state ^ word)
        }
        return UInt32(truncatingIfNeeded: state ^ (state >> 32))
    }

    @inline(__always)
    private static func fold(_ value: UInt64) -> UInt64 {
        let product = value.multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
        return product.high ^ product.low
    }
}
