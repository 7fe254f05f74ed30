import Foundation

/// The command line: an operation and `--name value` pairs.
struct Arguments {
    let operation: String
    private var values: [String: String] = [:]

    init(_ arguments: [String]) {
        operation = arguments.count > 1 ? arguments[1] : ""
        var index = 2
        while index + 1 < arguments.count {
            values[arguments[index]] = arguments[index + 1]
            index += 2
        }
    }

    func text(_ name: String, _ standard: String? = nil) -> String {
        if let value = values["--" + name] ?? standard { return value }
        FileHandle.standardError.write(Data("missing --\(name)\n".utf8))
        exit(64)
    }

    func number(_ name: String, _ standard: Int) -> Int { values["--" + name].flatMap { Int($0) } ?? standard }

    static func usage() -> Never {
        FileHandle.standardError.write(
            Data("usage: esker-bench ingest|append|compact|load|scan|query|count|limits --dir D …\n".utf8))
        exit(64)
    }
}
