// Unsafe: reads the bytes of constants to show them.

import EskerFormat

/// A plan as EXPLAIN shows it: an operator a line, its input indented below it, in PostgreSQL's words.
package enum PlanText {
    /// Lines without their ends.
    package static func lines(_ plan: LogicalPlan) -> [String] {
        var lines: [String] = []
        write(plan, indent: 0, isRoot: true, to: &lines)
        return lines
    }

    private static func write(_ plan: LogicalPlan, indent: Int, isRoot: Bool, to lines: inout [String]) {
        let blank = String(repeating: " ", count: indent)
        let detail = blank + (isRoot ? "  " : "      ")
        let below = indent + (isRoot ? 2 : 6)
        func title(_ text: String) { lines.append(blank + (isRoot ? "" : "->  ") + text) }
        func note(_ name: String, _ texts: [String]) {
            if !texts.isEmpty { lines.append("\(detail)\(name): \(texts.joined(separator: ", "))") }
        }
        switch plan {
        case .scan(let scan):
            title("Seq Scan on \(scan.table.name)")
            let names = scan.columns.map { scan.table.columns[$0].name }
            note("Columns", Array(names.prefix(scan.outputCount)))
            note("Filter", conjunction(scan.filters, names))
        case .values(let values): title(values.columns.isEmpty ? "Result" : "Values Scan (\(values.rows.count) rows)")
        case .filter(let input, let conditions):
            title("Filter")
            note("Filter", conjunction(conditions, names(input)))
            write(input, indent: below, isRoot: false, to: &lines)
        case .project(let input, let outputs):
            title("Project")
            note("Output", outputs.map { ExpressionText.of($0.expression, names(input)) })
            write(input, indent: below, isRoot: false, to: &lines)
        case .aggregate(let aggregate):
            title(aggregate.keys.isEmpty ? "Aggregate" : "HashAggregate")
            let inner = names(aggregate.input)
            note("Group Key", aggregate.keys.map { ExpressionText.of($0.expression, inner) })
            note("Aggregates", aggregate.calls.map { ExpressionText.of($0, inner) })
            write(aggregate.input, indent: below, isRoot: false, to: &lines)
        case .sort(let sort):
            title(sort.limit.map { "Top-N Sort (\($0) rows)" } ?? "Sort")
            note(
                "Sort Key",
                sort.keys.map { key in
                    let nulls =
                        key.nullsFirst == key.isDescending ? "" : key.nullsFirst ? " NULLS FIRST" : " NULLS LAST"
                    return ExpressionText.of(key.expression, names(sort.input)) + (key.isDescending ? " DESC" : "")
                        + nulls
                })
            write(sort.input, indent: below, isRoot: false, to: &lines)
        case .limit(let input, let count, let offset):
            title("Limit")
            note("Rows", count.map { [ExpressionText.of($0, [])] } ?? [])
            note("Offset", offset.map { [ExpressionText.of($0, [])] } ?? [])
            write(input, indent: below, isRoot: false, to: &lines)
        case .distinct(let input):
            title("Distinct")
            write(input, indent: below, isRoot: false, to: &lines)
        case .firstOfEach(let input, let keys):
            title("Unique")
            let columns = names(input)
            note("Keys", keys.map { columns[$0] })
            write(input, indent: below, isRoot: false, to: &lines)
        case .unionAll(let inputs):
            title("Append")
            for input in inputs { write(input, indent: below, isRoot: false, to: &lines) }
        }
    }

    private static func names(_ plan: LogicalPlan) -> [String] { plan.columns.map(\.name) }

    private static func conjunction(_ conditions: [BoundExpression], _ names: [String]) -> [String] {
        if conditions.isEmpty { return [] }
        return [conditions.map { ExpressionText.of($0, names) }.joined(separator: " AND ")]
    }
}

/// A bound expression as text, for people.
enum ExpressionText {
    static func of(_ call: AggregateCall, _ names: [String]) -> String {
        let argument = call.argument.map { (call.isDistinct ? "DISTINCT " : "") + of($0, names) } ?? "*"
        let filter = call.filter.map { " FILTER (WHERE \(of($0, names)))" } ?? ""
        return "\(call.name)(\(argument))\(filter)"
    }

    static func of(_ expression: BoundExpression, _ names: [String]) -> String {
        func text(_ part: BoundExpression) -> String { of(part, names) }
        func list(_ parts: [BoundExpression]) -> String { parts.map(text).joined(separator: ", ") }
        switch expression.kind {
        case .column(let place): return place < names.count ? names[place] : "column \(place + 1)"
        case .constant(let value): return constant(value)
        case .call(let function, let arguments):
            let isOperator = function.name.unicodeScalars.allSatisfy { "+-*/<>=~!@#%^&|`?".unicodeScalars.contains($0) }
            if isOperator && arguments.count == 2 {
                return "(\(text(arguments[0])) \(function.name) \(text(arguments[1])))"
            }
            if isOperator, let operand = arguments.first { return "(\(function.name) \(text(operand)))" }
            return "\(function.name)(\(list(arguments)))"
        case .distinctFrom(let left, let right, let negated, _):
            return "(\(text(left)) IS \(negated ? "NOT " : "")DISTINCT FROM \(text(right)))"
        case .and(let parts): return "(\(parts.map(text).joined(separator: " AND ")))"
        case .or(let parts): return "(\(parts.map(text).joined(separator: " OR ")))"
        case .not(let part): return "(NOT \(text(part)))"
        case .isNull(let part, let negated): return "(\(text(part)) IS \(negated ? "NOT " : "")NULL)"
        case .isTruth(let part, let truth, let negated):
            return "(\(text(part)) IS \(negated ? "NOT " : "")\(truth ? "TRUE" : "FALSE"))"
        case .inList(let value, let items, let negated, _):
            let shown = items.count > 8 ? list(Array(items.prefix(8))) + ", …" : list(items)
            return "(\(text(value)) \(negated ? "NOT " : "")IN (\(shown)))"
        case .caseWhen(let branches, let otherwise):
            let shown = branches.map { "WHEN \(text($0.condition)) THEN \(text($0.result)) " }.joined()
            return "CASE \(shown)\(otherwise.map { "ELSE \(text($0)) " } ?? "")END"
        case .coalesce(let parts): return "COALESCE(\(list(parts)))"
        case .extremum(let parts, let greatest, _): return "\(greatest ? "GREATEST" : "LEAST")(\(list(parts)))"
        case .scalarSubquery: return "(SubPlan)"
        case .existsSubquery: return "EXISTS(SubPlan)"
        case .inSubquery(let value, _, let negated, _):
            return "(\(text(value)) \(negated ? "NOT " : "")IN (SubPlan))"
        }
    }

    private static func constant(_ value: Column) -> String {
        if value.nullCount > 0 { return "NULL" }
        let cast = try? FunctionRegistry.builtin.cast(from: value.type, to: .text, context: .explicit)
        let shown = cast.flatMap { try? $0.evaluate([value], 1, EvaluationContext(now: 0)) } ?? value
        guard case .variable = shown.type.layout else { return "?" }
        let text = unsafe String(decoding: shown.bytes(at: 0), as: UTF8.self)
        switch value.type {
        case .int2, .int4, .int8, .float4, .float8, .numeric, .bool: return text
        default: return "'\(text)'::\(value.type.name)"
        }
    }
}
