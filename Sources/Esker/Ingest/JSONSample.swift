// Unsafe: starts a cursor at the lines of a window, which all end in LF.

/// The keys of some JSON objects and what their values are like.
struct JSONSample {
    /// The keys, in the order in which they were first seen.
    private(set) var names: [String] = []
    /// What each key's values are like.
    private(set) var guesses: [TypeGuess] = []
    private var places: [String: Int] = [:]

    /// Looks at the line at `range`, whose end is an LF; a line that is no object adds what stands before the mistake.
    mutating func add(_ range: Range<Int>, _ window: ByteWindow) {
        var cursor = unsafe JSONCursor(window.bytes, at: range.lowerBound)
        cursor.passBlanks()
        guard cursor.byte == 0x7B else { return }
        repeat {
            cursor.step()
            cursor.passBlanks()
            guard let name = string(&cursor, window) else { return }
            cursor.passBlanks()
            guard cursor.byte == 0x3A else { return }
            cursor.step()
            cursor.passBlanks()
            guard value(&cursor, window, of: String(decoding: name, as: UTF8.self)) else { return }
            cursor.passBlanks()
        } while cursor.byte == 0x2C
    }

    private mutating func value(_ cursor: inout JSONCursor, _ window: ByteWindow, of name: String) -> Bool {
        var guess = places[name].map { guesses[$0] } ?? TypeGuess()
        let start = cursor.position
        switch cursor.byte {
        case 0x22:
            guard let text = string(&cursor, window) else { return false }
            guess.add(quoted: text)
        case 0x7B, 0x5B:
            guard cursor.nested() else { return false }
            guess.addNested()
        case 0x2D, 0x30...0x39:
            guard cursor.number() else { return false }
            guess.add(window.copy(start..<cursor.position))
        default:
            let isNull = cursor.byte == 0x6E
            guard cursor.word() else { return false }
            if !isNull { guess.add(window.copy(start..<cursor.position)) }
        }
        if let place = places[name] {
            guesses[place] = guess
        } else {
            places[name] = names.count
            names.append(name)
            guesses.append(guess)
        }
        return true
    }

    /// A string with its quotes: its content.
    private func string(_ cursor: inout JSONCursor, _ window: ByteWindow) -> [UInt8]? {
        guard cursor.byte == 0x22 else { return nil }
        cursor.step()
        let start = cursor.position
        guard cursor.string() != nil else { return nil }
        var content: [UInt8] = []
        let fault = JSONString.decode(window.copy(start..<(cursor.position - 1)).span, into: &content)
        return fault == nil ? content : nil
    }
}
