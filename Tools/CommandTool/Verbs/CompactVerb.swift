import ArgumentParser
import Esker

/// `esker compact`: makes sealed rows as small as they get, now.
struct CompactVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compact",
        abstract: "Merge sealed segments and recode them to be small, now instead of in the background.",
        discussion: """
            Rows that are still in the journal are sealed first. Nothing is lost when it is interrupted or the disk is \
            full: the old files stay until the new ones are on disk. No other process may write the store meanwhile; \
            readers may go on.

            Examples:
              esker compact --data trades
              esker compact --data trades --stream trades --json
            """
    )

    @Option(help: "The store's directory.") var data: String
    @Option(help: ArgumentHelp("Only this stream.", valueName: "NAME")) var stream: String?
    @Option(help: "compact is smaller, standard is read and written faster.") var tier = TierName.compact
    @Flag(help: "Print JSON.") var json = false

    /// The tiers' names on the command line.
    enum TierName: String, ExpressibleByArgument, CaseIterable {
        case standard, compact

        var tier: Tier {
            switch self {
            case .standard: .standard
            case .compact: .compact
            }
        }
    }

    mutating func run() async throws {
        var options = LogOptions()
        options.compactsInBackground = false
        let store = try await StoreOpening.forWriting(data, mayCreate: false, options: options)
        if let stream { _ = try StoreOpening.stream(stream, in: store.streams, data) }
        let start = ContinuousClock.now
        let summary: CompactionSummary
        do {
            summary = try await store.compact(stream: stream, tier: tier.tier)
        } catch {
            await store.close()
            throw error
        }
        let seconds = SecondsText.thousandths(ContinuousClock.now - start)
        await store.close()
        let output = StandardOutput()
        if json { printJSON(summary, seconds, output) } else { printText(summary, seconds, output) }
        output.flush()
    }

    private func printText(_ summary: CompactionSummary, _ seconds: String, _ output: StandardOutput) {
        for stream in summary.streams where stream.before.files > 0 {
            output.write("\(stream.name): \(Self.text(stream.before, stream.after))\n")
        }
        output.write("\(Self.text(summary.before, summary.after)), \(summary.after.rows) rows in \(seconds) s\n")
    }

    private static func text(_ before: CompactionSummary.Size, _ after: CompactionSummary.Size) -> String {
        "\(before.files) -> \(after.files) files, \(before.bytes) -> \(after.bytes) bytes"
    }

    private func printJSON(_ summary: CompactionSummary, _ seconds: String, _ output: StandardOutput) {
        output.write { out in
            out += Array("{\"streams\":[".utf8)
            for (index, stream) in summary.streams.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                out += Array("{\"stream\":".utf8)
                JSONText.appendString(stream.name, to: &out)
                out += Array(",\(Self.members(stream.before, stream.after))}".utf8)
            }
            out += Array("],\(Self.members(summary.before, summary.after)),\"seconds\":\(seconds)}\n".utf8)
        }
    }

    private static func members(_ before: CompactionSummary.Size, _ after: CompactionSummary.Size) -> String {
        "\"before\":\(object(before)),\"after\":\(object(after))"
    }

    private static func object(_ size: CompactionSummary.Size) -> String {
        "{\"files\":\(size.files),\"bytes\":\(size.bytes),\"rows\":\(size.rows)}"
    }
}
