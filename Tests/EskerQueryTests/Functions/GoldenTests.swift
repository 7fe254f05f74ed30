import EskerQuery
import Glibc
import Testing

// Unsafe: reads the golden files through C's stdio.

@Suite("Functions against PostgreSQL's answers")
struct GoldenTests {
    /// Files under Fixtures/Functions; `regenerate.sh` there asks PostgreSQL again.
    static let files = ["arithmetic", "arrays", "datetime", "json", "numeric", "text"]

    @Test("every golden expression has PostgreSQL's type, value or error in every encoding", arguments: files)
    func goldens(_ file: String) throws {
        let lines = try Self.read(file)
        #expect(!lines.isEmpty)
        let evaluation = GoldenEvaluation()
        for line in lines where !line.isEmpty && !line.hasPrefix("#") {
            let expression = try #require(GoldenExpression(line), "unreadable: \(line)")
            for shape in GoldenEvaluation.Shape.allCases {
                let outcome = evaluation.outcome(expression, shape)
                #expect(outcome == expression.expected, "\(line) as \(shape)")
            }
        }
    }

    private static func read(_ name: String) throws -> [String] {
        let root = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(4).joined(separator: "/")
        let path = "\(root)/Fixtures/Functions/\(name).txt"
        let file = unsafe try #require(fopen(path, "r"), "no file \(path)")
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress!, 1, $0.count, file) }
        return String(decoding: bytes[..<count], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
    }
}
