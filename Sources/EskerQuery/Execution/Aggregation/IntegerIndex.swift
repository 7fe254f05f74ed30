// Unsafe: an open-addressing table in raw memory; probes are masked to its capacity, which is never full.

/// Gives each distinct 64-bit key a number: 0, 1, 2 … in the order of first sight.
///
/// Linear probing at a load of at most one half; about 2 ns a row while the table fits a cache. Not thread-safe.
@safe
final class IntegerIndex {
    private struct Slot {
        var key: UInt64
        /// `UInt32.max`: empty.
        var id: UInt32
    }

    private var slots: UnsafeMutablePointer<Slot>
    private var mask: Int
    private var shift: UInt64
    private let ids = GroupArray<UInt64>(initial: 0)
    /// Number of distinct keys; at most `UInt32.max - 1`.
    private(set) var count = 0

    init() {
        (mask, shift) = (0, 0)
        unsafe slots = .allocate(capacity: 1)
        allocate(capacity: 64)
    }

    deinit { unsafe slots.deallocate() }

    /// The key with that number.
    func key(_ id: Int) -> UInt64 { ids[id] }

    @inline(__always)
    private static func hash(_ key: UInt64) -> UInt64 { (key ^ (key >> 32)) &* 0x9E37_79B9_7F4A_7C15 }

    private func allocate(capacity: Int) {
        unsafe slots.deallocate()
        unsafe slots = .allocate(capacity: capacity)
        unsafe slots.update(repeating: Slot(key: 0, id: .max), count: capacity)
        mask = capacity - 1
        shift = UInt64(64 - capacity.trailingZeroBitCount)
    }

    /// Makes room for `additional` new keys, so that a loop needs no check.
    private func reserve(_ additional: Int) {
        let needed = (count + additional) * 2
        if needed <= mask { return }
        precondition(count + additional < Int(UInt32.max), "more than 4 billion distinct keys")
        var capacity = mask + 1
        while capacity <= needed { capacity *= 2 }
        allocate(capacity: capacity)
        for id in 0..<count {
            var place = Int(truncatingIfNeeded: Self.hash(ids[id]) >> shift)
            while unsafe slots[place].id != .max { place = (place &+ 1) & mask }
            unsafe slots[place] = Slot(key: ids[id], id: UInt32(truncatingIfNeeded: id))
        }
    }

    /// The number of one key.
    func assign(_ key: UInt64) -> UInt32 {
        var id: UInt32 = 0
        unsafe assign(count: 1, into: &id) { _ in key }
        return id
    }

    /// Writes the number of each row's key. `key` is inlined: pass a closure literal.
    @unsafe
    @inline(__always)
    func assign(count rows: Int, into output: UnsafeMutablePointer<UInt32>, _ key: (Int) -> UInt64) {
        var row = 0
        while row < rows {
            // Room is made a stretch ahead: doubling beyond need would cost caches more than the check.
            let end = min(rows, row &+ 1024)
            reserve(end &- row)
            let (slots, mask, shift) = unsafe (self.slots, self.mask, self.shift)
            var known = count
            ids.grow(to: known &+ (end &- row))
            let keys = unsafe ids.base
            var lastKey: UInt64 = 0
            var lastID = UInt32.max
            while row < end {
                let wanted = key(row)
                if wanted != lastKey || lastID == .max {
                    lastKey = wanted
                    var place = Int(truncatingIfNeeded: Self.hash(wanted) >> shift)
                    while true {
                        let slot = unsafe slots[place]
                        if slot.id == .max {
                            lastID = UInt32(truncatingIfNeeded: known)
                            unsafe slots[place] = Slot(key: wanted, id: lastID)
                            unsafe keys[known] = wanted
                            known &+= 1
                            break
                        }
                        if slot.key == wanted {
                            lastID = slot.id
                            break
                        }
                        place = (place &+ 1) & mask
                    }
                }
                unsafe output[row] = lastID
                row &+= 1
            }
            count = known
        }
    }
}
