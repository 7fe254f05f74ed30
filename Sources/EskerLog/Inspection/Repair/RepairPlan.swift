import EskerFormat

/// Everything a repair is going to do, decided before anything is written.
struct RepairPlan {
    /// A partition of a stream.
    struct Place: Hashable, Comparable {
        let stream: UInt32
        let partition: UInt32

        static func < (left: Place, right: Place) -> Bool {
            (left.stream, left.partition) < (right.stream, right.partition)
        }
    }

    /// Good rows that must be written again: a block, or some of its rows.
    struct Piece {
        let block: Block
        /// `nil`: all rows.
        let rows: Range<Int>?
        let offsets: Range<Int64>

        var rowCount: Int { rows?.count ?? block.header.rowCount }
    }

    /// A segment to write.
    struct NewSegment {
        let id: UInt64
        let place: Place
        let pieces: [Piece]
    }

    /// A file to move to `quarantine/`.
    struct Quarantined {
        let path: String
        let reasons: [String]
    }

    /// The manifest as it will be, still without the new segments.
    var manifest: Manifest
    /// Whether the manifest on disk cannot be used.
    var rebuildsManifest = false
    var segments: [NewSegment] = []
    var quarantined: [Quarantined] = []
    /// The header of the empty journal file with which the journal begins anew; `nil` when the journal is good.
    var newJournal: JournalFileHeader?
    var lost: [RepairReport.LostRows] = []
    var notes: [String] = []

    /// The steps in words.
    func actions(_ layout: StoreLayout) -> [String] {
        var actions: [String] = []
        if rebuildsManifest { actions.append("make a new manifest from what segments and journal say") }
        for segment in segments {
            let rows = segment.pieces.reduce(0) { $0 + $1.rowCount }
            actions.append(
                "write \(ReadableText.count(rows)) good \(rows == 1 ? "row" : "rows") of \(name(segment.place.stream)), partition "
                    + "\(segment.place.partition), into \(layout.segment(segment.id))")
        }
        if let newJournal { actions.append("begin the journal anew with \(layout.journalFile(newJournal.number))") }
        for file in quarantined {
            actions.append("move \(file.path) to \(layout.quarantine): \(file.reasons.first ?? "damaged")")
        }
        return actions
    }

    func name(_ stream: UInt32) -> String {
        manifest.streams.first { $0.id == stream }?.name ?? "stream_\(stream)"
    }

    /// Whether there is anything to do.
    var isEmpty: Bool { !rebuildsManifest && segments.isEmpty && quarantined.isEmpty && newJournal == nil }
}
