/// Examples of SQL and the trees they give, as text.
///
/// A line that is not indented is SQL, an indented one the tree; a line break within either stands for one space, an
/// empty line parts two examples.
struct SyntaxScript {
    struct Case: Sendable, CustomStringConvertible {
        var sql = ""
        var tree = ""

        var description: String { sql }
    }

    let cases: [Case]

    init(_ script: String) {
        var cases: [Case] = []
        for block in script.split(separator: "\n\n") {
            let lines = block.split(separator: "\n")
            let sql = lines.filter { !$0.hasPrefix(" ") }.joined(separator: " ")
            let tree = lines.filter { $0.hasPrefix(" ") }.map { $0.drop { $0 == " " } }.joined(separator: " ")
            cases.append(Case(sql: sql, tree: tree))
        }
        precondition(cases.allSatisfy { !$0.sql.isEmpty && !$0.tree.isEmpty }, "an example has SQL and a tree")
        self.cases = cases
    }
}
