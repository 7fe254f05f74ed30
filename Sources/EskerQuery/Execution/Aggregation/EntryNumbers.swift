import EskerFormat

/// The numbers that the entries of one dictionary have got so far.
///
/// All blocks of a segment share their dictionaries: an entry is looked up once a segment and worker, and a block costs
/// one load a row.
final class EntryNumbers {
    /// Held, so that no other dictionary can take its place in memory.
    let dictionary: ColumnDictionary
    /// One number an entry, at least one; ``unknown`` where no row named the entry yet.
    let table = GroupArray<UInt32>(initial: EntryNumbers.unknown)
    /// Scratch for the rows of a chunk whose entries have no number yet.
    let places = GroupArray<UInt32>(initial: 0)

    static let unknown = UInt32.max

    init(_ dictionary: ColumnDictionary) {
        self.dictionary = dictionary
        table.grow(to: max(1, dictionary.column.count))
    }
}

/// The dictionaries that a column came with last, told apart by identity.
struct RecentDictionaries {
    private var known: [EntryNumbers] = []
    /// A dictionary much larger than the rows that came with it; it gets a table when it comes again.
    private var candidate: ColumnDictionary?

    /// Two segments at once, and blocks of the journal between them.
    private static let capacity = 4

    /// - Returns: nil when spreading out `rows` values is cheaper than a table.
    mutating func numbers(of dictionary: ColumnDictionary, rows: Int) -> EntryNumbers? {
        for numbers in known where numbers.dictionary === dictionary { return numbers }
        if dictionary.column.count > rows * 2 && candidate !== dictionary {
            candidate = dictionary
            return nil
        }
        if known.count == Self.capacity { known.removeFirst() }
        let numbers = EntryNumbers(dictionary)
        known.append(numbers)
        return numbers
    }
}
