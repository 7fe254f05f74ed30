/// Measures Esker as its peers are measured: one operation a run, one JSON line a result.
///
///     esker-bench ingest --dir D --data events.csv --rows N --batch B --sync each|1s|none --threads T
///     esker-bench append --dir D --rows N --tasks T
///     esker-bench compact --dir D --data events.csv --rows N --repeat R [--rate BYTES] [--backlog ROWS]
///     esker-bench load   --dir D --data events.csv --format csv|ndjson
///     esker-bench scan   --dir D
///     esker-bench query  --dir D --meta meta.json --name Q1,Q2 | --sql STATEMENT --repeat R
///     esker-bench count  --dir D
///     esker-bench kill   --dir D --loops 1000
///     esker-bench rows   --dir D --data events.csv --rows N --form typed|encodable
///     esker-bench recovery --dir D --data events.csv
///     esker-bench generate --out events.csv --rows N
///     esker-bench limits --dir D
///     esker-bench decode [--repeat R] [--only WORDS]
///     esker-bench strings --data events.csv --rows N
@main
struct Main {
    static func main() async throws {
        let arguments = Arguments(CommandLine.arguments)
        switch arguments.operation {
        case "ingest": try await IngestBenchmark(arguments).run()
        case "append": try await AppendBenchmark(arguments).run()
        case "compact": try await CompactBenchmark(arguments).run()
        case "load": try await LoadBenchmark(arguments).run()
        case "scan": try await ScanBenchmark(arguments).run()
        case "query": try await QueryBenchmark(arguments).run()
        case "count": try await CountBenchmark(arguments).run()
        case "crash": try await CrashLoop(arguments).child()
        case "kill": try await CrashLoop(arguments).run()
        case "generate": try WorkloadGenerator(arguments).run()
        case "rows": try await RowsBenchmark(arguments).run()
        case "tail": try await RecoveryBenchmark(arguments).child()
        case "recovery": try await RecoveryBenchmark(arguments).run()
        case "limits": try LimitBenchmark(arguments).run()
        case "decode": try DecodeBenchmark(arguments).run()
        case "strings": try StringsBenchmark(arguments).run()
        default: Arguments.usage()
        }
    }
}
