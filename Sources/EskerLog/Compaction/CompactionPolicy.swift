package import EskerFormat

/// Decides which segments of a partition are rewritten next, from their lines in the manifest alone.
///
/// ```
/// offsets   [ 40 MB ][ 40 ][ 38 ][6][5][7][6]│ journal
///                                 └─ merge ─┘       four neighbours, none with more than a quarter of their rows
///           └ recode ────┘                           old enough for the compact tier: as many as fit one segment
/// ```
///
/// Two rules give reasons to rewrite a segment, and both are bounded:
/// - *Merge*: a run of neighbours becomes one when together they have at least ``growth`` times the rows of the greatest
///   of them, and fit the target length. Each time a row is rewritten so, the segment it stands in has grown at least
///   fourfold: at most log₄(rows of a full segment / rows of a sealed one) times. Seals by size (20–60 MB) are merged at
///   most once; seals by age, of a hundredth of the target, at most four times, and a stream that seals by age brings
///   less than 0.1 MB/s. Any number of neighbours may take part up to ``maximumFanIn``: more make it cheaper.
/// - *Recode*: a segment of the standard tier whose newest row is old goes to the compact tier, together with such
///   neighbours as fit. Once in the life of a row. A merge of old segments recodes them on the way.
///
/// So all that compaction ever writes is at most (levels + 1) times what was sealed; levels as above, 1 by default.
/// Of four neighbours of like size that fit the target none stay, so that the files left over are few.
///
/// The first rule is size-tiered compaction over neighbours only, because offsets must ascend. Source: "The Log-Structured
/// Merge-Tree" (O'Neil, Cheng, Gawlick, O'Neil, 1996) for the levels, Bigtable's merging compactions (2006) for bounded
/// numbers of files.
package struct CompactionPolicy {
    /// Segments to be rewritten as one, or as few as the limit on a segment's length allows.
    package struct Job: Equatable {
        /// Places in the partition's list of segments.
        package let range: Range<Int>
        package let tier: Tier

        package init(range: Range<Int>, tier: Tier) {
            self.range = range
            self.tier = tier
        }
    }

    /// How many times the rows of its greatest segment a merge must have.
    package static let growth: Int64 = 4
    /// The most segments merged at once: bounds open files and mappings.
    package static let maximumFanIn = 64

    /// Bytes that merged segments may have together.
    let targetLength: Int64
    /// Time since the newest arrival after which a segment goes to the compact tier, µs.
    let compactAge: Int64

    package init(_ options: LogOptions) {
        // Half of the limit: a merge that grew beyond the limit then leaves segments that are not merged again.
        targetLength = Int64(min(options.compactedLength, options.maximumSegmentLength / 2))
        compactAge = options.compactAge
    }

    /// The next job of a partition; `nil` when nothing is worth it. O(segments × ``maximumFanIn``).
    ///
    /// - Parameter segments: in offset order.
    package func nextJob(_ segments: [SegmentRecord], now: Int64) -> Job? {
        for start in segments.indices {
            if let end = mergeEnd(segments, from: start, now) {
                let run = segments[start..<end]
                return Job(range: start..<end, tier: run.allSatisfy { isOld($0, now) } ? .compact : .standard)
            }
        }
        guard let start = segments.firstIndex(where: { $0.tier == .standard && isOld($0, now) }) else { return nil }
        let end = fittingEnd(segments, from: start) { $0.tier == .standard && isOld($0, now) }
        return Job(range: start..<end, tier: .compact)
    }

    /// The jobs that bring a whole partition into a tier and as few segments as the target allows.
    package func allJobs(_ segments: [SegmentRecord], tier: Tier = .compact) -> [Job] {
        var jobs: [Job] = []
        var start = 0
        while start < segments.count {
            let end = fittingEnd(segments, from: start) { _ in true }
            if end - start > 1 || segments[start].tier != tier {
                jobs.append(Job(range: start..<end, tier: tier))
            }
            start = end
        }
        return jobs
    }

    /// The end of the longest run from `start` that is worth merging.
    private func mergeEnd(_ segments: [SegmentRecord], from start: Int, _ now: Int64) -> Int? {
        var length: Int64 = 0
        var rows: Int64 = 0
        var greatest: Int64 = 0
        var hasCompact = false
        var hasYoung = false
        var found: Int?
        for index in start..<min(segments.count, start + Self.maximumFanIn) {
            let segment = segments[index]
            length &+= segment.fileLength
            rows &+= segment.rowCount
            greatest = max(greatest, segment.rowCount)
            if segment.tier == .compact { hasCompact = true } else if !isOld(segment, now) { hasYoung = true }
            // What is compact must not become standard again, and what is young must not become compact.
            if length > targetLength || hasCompact && hasYoung { break }
            if index > start, greatest <= rows / Self.growth { found = index + 1 }
        }
        return found
    }

    /// The end of the segments from `start` on that fit the target together; one at least.
    private func fittingEnd(_ segments: [SegmentRecord], from start: Int, where isWanted: (SegmentRecord) -> Bool)
        -> Int
    {
        var length: Int64 = 0
        for index in start..<min(segments.count, start + Self.maximumFanIn) {
            length &+= segments[index].fileLength
            if index > start, length > targetLength || !isWanted(segments[index]) { return index }
        }
        return min(segments.count, start + Self.maximumFanIn)
    }

    private func isOld(_ segment: SegmentRecord, _ now: Int64) -> Bool {
        segment.tier == .compact || now.subtractingReportingOverflow(segment.maximumArrival).partialValue >= compactAge
    }
}
