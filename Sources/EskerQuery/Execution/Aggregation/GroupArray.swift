// Unsafe: owns raw memory; every access goes through a pointer handed out after `grow` made it long enough.

/// One fixed-size state a group, zero at first; grows with the number of groups.
@safe
final class GroupArray<Element: BitwiseCopyable> {
    private(set) var base: UnsafeMutablePointer<Element>
    private(set) var count = 0
    private var capacity: Int
    private let initial: Element

    init(initial: Element) {
        self.initial = initial
        capacity = 16
        unsafe base = .allocate(capacity: capacity)
    }

    deinit { unsafe base.deallocate() }

    /// Makes room for `wanted` groups.
    func grow(to wanted: Int) {
        if wanted <= count { return }
        if wanted > capacity {
            let larger = max(wanted, capacity * 2)
            let moved = UnsafeMutablePointer<Element>.allocate(capacity: larger)
            unsafe moved.update(from: base, count: count)
            unsafe base.deallocate()
            unsafe base = moved
            capacity = larger
        }
        unsafe (base + count).update(repeating: initial, count: wanted - count)
        count = wanted
    }

    /// Traps outside the groups.
    subscript(index: Int) -> Element {
        get {
            precondition(index >= 0 && index < count)
            return unsafe base[index]
        }
        set {
            precondition(index >= 0 && index < count)
            unsafe base[index] = newValue
        }
    }
}
