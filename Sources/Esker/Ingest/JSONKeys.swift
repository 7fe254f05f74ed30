// Unsafe: compares keys with the columns' names through pointers into one array that lives as long as this.

internal import EskerFormat

/// Which column a key names.
///
/// Objects of one producer have their keys in one order: the column of the n-th key of the line before is tried first,
/// which costs one comparison of bytes. Otherwise the key is looked up.
@safe
final class JSONKeys {
    private let names: UnsafeMutablePointer<UInt8>
    private let starts: [Int]
    private let lengths: [Int]
    private let columns: [[UInt8]: Int]
    /// The column of the n-th key of the line before; −1 when it named none.
    private var order: [Int] = []
    private var scratch: [UInt8] = []

    /// Keys after these are always looked up, so that no line can make the memory of the order grow.
    private static let longestOrder = 4096

    init(_ schema: Schema) {
        let texts = schema.columns.map { Array($0.name.utf8) }
        lengths = texts.map(\.count)
        var starts: [Int] = []
        var total = 0
        for text in texts {
            starts.append(total)
            total += text.count
        }
        self.starts = starts
        columns = Dictionary(uniqueKeysWithValues: texts.enumerated().map { ($0.element, $0.offset) })
        unsafe names = .allocate(capacity: max(total, 1))
        unsafe names.initialize(repeating: 0, count: max(total, 1))
        for (place, byte) in texts.joined().enumerated() { unsafe names[place] = byte }
    }

    deinit { unsafe names.deallocate() }

    /// The column that the key behind the cursor (after its opening quote) names, or −1; passes over the key and its
    /// closing quote.
    ///
    /// - Parameter number: how many keys of the line came before.
    /// - Returns: nil when the key is broken.
    @inline(__always)
    func column(_ cursor: inout JSONCursor, number: Int, in window: ByteWindow, before end: Int) -> Int? {
        if number < order.count {
            let guess = order[number]
            if guess >= 0, unsafe cursor.pass(names + starts[guess], lengths[guess], before: end) { return guess }
        }
        return lookUp(&cursor, number, window)
    }

    @inline(never)
    private func lookUp(_ cursor: inout JSONCursor, _ number: Int, _ window: ByteWindow) -> Int? {
        let start = cursor.position
        guard let hasEscapes = cursor.string() else { return nil }
        var key = window.copy(start..<(cursor.position - 1))
        if hasEscapes {
            // A key that is no text names no column.
            let fault = JSONString.decode(key.span, into: &scratch)
            key = fault == nil ? scratch : []
        }
        let column = columns[key] ?? -1
        if number < order.count {
            order[number] = column
        } else if number == order.count && number < Self.longestOrder {
            order.append(column)
        }
        return column
    }
}
