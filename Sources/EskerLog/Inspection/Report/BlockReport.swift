package import EskerFormat

/// A block as its header describes it, or a place where one should be and cannot be read.
package struct BlockReport: Sendable {
    /// Where the block begins in its file.
    package let position: Int
    /// The header; `nil` when it cannot be read.
    package let header: BlockHeader?
    /// Why the block cannot be read.
    package let problem: String?
    /// Its columns, user's and system's, in the order they are stored; empty unless asked for.
    package let columns: [ColumnReport]

    init(_ block: BlockHeader, at position: Int, columns: [ColumnReport]) {
        self.position = position
        header = block
        problem = nil
        self.columns = columns
    }

    init(problem: String, at position: Int) {
        self.position = position
        header = nil
        self.problem = problem
        columns = []
    }

    /// - Parameter tellsTrees: says how each tree is built, which reads the columns.
    static func columns(_ block: Block, _ names: ColumnNames, tellsTrees: Bool) -> [ColumnReport] {
        let header = block.header
        return header.columns.map { entry in
            let tree =
                tellsTrees && entry.encoding == .tree
                ? try? block.describe(entry) { names.column($0, in: header) } : nil
            return ColumnReport(
                entry, name: names.column(entry.id, in: header), rowCount: header.rowCount, tree: tree?.text)
        }
    }
}

extension BlockHeader {
    var arrivals: TimeRange { rowCount == 0 ? TimeRange() : TimeRange(arrival, lastArrival) }
    var eventTimes: TimeRange { TimeRange(minimumEventTime, maximumEventTime) }

    /// The words for what is special about a block.
    var remarks: String {
        var words: [String] = []
        if isCommitMark { words.append("mark") }
        if isLastOfCommit { words.append("last of commit") }
        if hasOffsetColumn { words.append("listed offsets") }
        if !producers.isEmpty { words.append("\(producers.count) producers") }
        if !bookmarks.isEmpty { words.append("bookmarks " + bookmarks.map(\.name).joined(separator: ", ")) }
        return words.joined(separator: ", ")
    }
}
