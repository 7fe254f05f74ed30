import EskerFormat

/// A column in a block, or in all blocks of a file, as it is stored.
package struct ColumnReport: Sendable {
    package let id: UInt32
    package private(set) var name: String
    /// PostgreSQL's name of the type.
    package let type: String
    /// How the values are written: of a block a word or its tree, over a file the words joined by `+`.
    package private(set) var encoding: String
    package private(set) var codec: String
    /// Bytes in the file.
    package private(set) var storedLength: Int
    /// Bytes once decompressed.
    package private(set) var plainLength: Int
    package private(set) var rowCount: Int
    package private(set) var nullCount: Int
    /// Values in the dictionary, or runs; summed over a file.
    package private(set) var dictionaryCount: Int
    /// Blocks that have the column.
    package private(set) var blockCount = 1
    private var bounds: ColumnBounds

    init(_ entry: ColumnEntry, name: String, rowCount: Int, tree: String? = nil) {
        id = entry.id
        self.name = name
        let known = try? entry.type.dataType()
        type = known?.name ?? "type code \(entry.type.code)"
        encoding = tree ?? "\(entry.encoding)"
        codec = "\(entry.codec)"
        storedLength = entry.storedLength
        plainLength = entry.plainLength
        self.rowCount = rowCount
        nullCount = entry.nullCount
        dictionaryCount = entry.dictionaryCount
        bounds = ColumnBounds(type: known, statistics: entry.statistics)
    }

    /// Least value as text, from the statistics; a text cut after 15 bytes ends with `…`. `nil` when none is kept.
    package var minimum: String? { bounds.minimum }
    /// Greatest value.
    package var maximum: String? { bounds.maximum }

    /// Plain bytes a stored byte.
    package var ratio: Double? { storedLength == 0 ? nil : Double(plainLength) / Double(storedLength) }
    package var bytesPerRow: Double? { rowCount == 0 ? nil : Double(storedLength) / Double(rowCount) }

    /// The same under another name.
    func named(_ name: String) -> ColumnReport {
        var copy = self
        copy.name = name
        return copy
    }

    /// Takes in the same column of another block.
    mutating func add(_ other: ColumnReport) {
        encoding = Self.joined(encoding, other.encoding)
        codec = Self.joined(codec, other.codec)
        storedLength += other.storedLength
        plainLength += other.plainLength
        rowCount += other.rowCount
        nullCount += other.nullCount
        dictionaryCount += other.dictionaryCount
        blockCount += other.blockCount
        bounds.include(other.bounds)
    }

    private static func joined(_ words: String, _ word: String) -> String {
        words.split(separator: "+").contains(word[...]) ? words : words + "+" + word
    }
}

/// The bounds of a column's values with their type, so that they can be shown and joined.
struct ColumnBounds: Sendable {
    let type: DataType?
    private var statistics: ColumnStatistics?

    init(type: DataType?, statistics: ColumnStatistics?) {
        self.type = type
        self.statistics = statistics
    }

    var minimum: String? { statistics.flatMap { text($0.minimum) } }
    var maximum: String? { statistics.flatMap { text($0.maximum) } }

    mutating func include(_ other: ColumnBounds) {
        guard let mine = statistics, let theirs = other.statistics, type == other.type else {
            statistics = statistics ?? other.statistics
            return
        }
        statistics = ColumnStatistics(
            minimum: precedes(theirs.minimum, mine.minimum) ? theirs.minimum : mine.minimum,
            maximum: precedes(mine.maximum, theirs.maximum) ? theirs.maximum : mine.maximum)
    }

    private func precedes(_ left: StatisticValue, _ right: StatisticValue) -> Bool {
        switch type {
        case .float4, .float8: left.number < right.number || (right.number.isNaN && !left.number.isNaN)
        case .text, .varchar, .char, .bytea, .json: left.prefix.bytes.lexicographicallyPrecedes(right.prefix.bytes)
        default: left.integer < right.integer
        }
    }

    private func text(_ value: StatisticValue) -> String? {
        let integer = value.integer
        switch type {
        case .int2, .int4, .int8: return String(integer)
        case .float4: return Value.float4(Float(value.number)).text()
        case .float8: return Value.float8(value.number).text()
        case .date: return Value.date(Int32(truncatingIfNeeded: integer)).text()
        case .time: return (0...86_400_000_000).contains(integer) ? Value.time(integer).text() : String(integer)
        case .timestamp: return Value.timestamp(integer).text()
        case .timestamptz: return Value.timestamptz(integer).text()
        case .bytea: return Value.bytea(value.prefix.bytes).text() + (value.prefix.isWhole ? "" : "…")
        case .text, .varchar, .char, .json:
            return String(decoding: value.prefix.bytes, as: UTF8.self) + (value.prefix.isWhole ? "" : "…")
        default: return nil
        }
    }
}
