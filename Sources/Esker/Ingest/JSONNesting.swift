extension JSONCursor {
    /// Objects and arrays within each other in one value: deeper ones are refused, so that nobody who reads the value
    /// later can be made to run out of stack.
    static let deepestNesting = 512

    /// One bit a level, set for objects.
    private typealias Levels = InlineArray<8, UInt64>

    /// An object or array, whose opening brace or bracket is next: passes over it, checking its grammar.
    mutating func nested() -> Bool {
        var levels = Levels(repeating: 0)
        var depth = 0
        repeat {
            guard let isObject = open(depth, &levels) else { return false }
            depth += 1
            passBlanks()
            if byte == (isObject ? 0x7D : 0x5D) {
                step()
                depth -= 1
                guard closeAll(&depth, &levels) else { return false }
            } else if isObject && !key() {
                return false
            }
            guard scalars(&depth, &levels) else { return false }
        } while depth > 0
        return true
    }

    /// Passes over an opening brace or bracket.
    private mutating func open(_ depth: Int, _ levels: inout Levels) -> Bool? {
        if depth == Self.deepestNesting {
            _ = fail("more than \(Self.deepestNesting) objects and arrays within each other")
            return nil
        }
        let isObject = byte == 0x7B
        let (word, bit) = (depth / 64, UInt64(1) << UInt64(depth % 64))
        if isObject { levels[word] |= bit } else { levels[word] &= ~bit }
        step()
        return isObject
    }

    private func isObject(_ depth: Int, _ levels: Levels) -> Bool {
        levels[(depth - 1) / 64] >> UInt64((depth - 1) % 64) & 1 != 0
    }

    private mutating func key() -> Bool {
        passBlanks()
        guard byte == 0x22 else { return fail("expected a key in quotes") }
        step()
        guard string() != nil else { return false }
        passBlanks()
        guard byte == 0x3A else { return fail("expected \":\" after a key") }
        step()
        return true
    }

    /// Passes over values up to the next that is nested, or to the end of the outermost.
    private mutating func scalars(_ depth: inout Int, _ levels: inout Levels) -> Bool {
        while depth > 0 {
            passBlanks()
            switch byte {
            case 0x7B, 0x5B: return true
            case 0x22:
                step()
                guard string() != nil else { return false }
            case 0x2D, 0x30...0x39: guard number() else { return false }
            default: guard word() else { return false }
            }
            guard closeAll(&depth, &levels) else { return false }
        }
        return true
    }

    /// After a value: passes over closing braces and brackets, and over the comma (and key) before the next value.
    private mutating func closeAll(_ depth: inout Int, _ levels: inout Levels) -> Bool {
        while depth > 0 {
            passBlanks()
            let isObject = isObject(depth, levels)
            if byte == 0x2C {
                step()
                passBlanks()
                return isObject ? key() : true
            }
            guard byte == (isObject ? 0x7D : 0x5D) else {
                return fail(isObject ? "expected \",\" or \"}\"" : "expected \",\" or \"]\"")
            }
            step()
            depth -= 1
        }
        return true
    }
}
