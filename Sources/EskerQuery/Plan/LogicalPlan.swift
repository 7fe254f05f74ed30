package import EskerFormat

/// What a query computes, operator by operator; how is decided when it is run.
///
/// Expressions of a node name columns of its input by place.
package indirect enum LogicalPlan: Sendable {
    case scan(Scan)
    /// Constant rows: VALUES, and SELECT without FROM as one row of no columns.
    case values(Values)
    /// Rows for which every condition holds.
    case filter(LogicalPlan, [BoundExpression])
    case project(LogicalPlan, [ProjectedColumn])
    case aggregate(Aggregate)
    case sort(Sort)
    case limit(LogicalPlan, count: BoundExpression?, offset: BoundExpression?)
    /// Rows without repetition.
    case distinct(LogicalPlan)
    /// The first row of each combination of values in the key columns.
    case firstOfEach(LogicalPlan, keys: [Int])
    case unionAll([LogicalPlan])

    /// Blocks of a table.
    package struct Scan: Sendable {
        package var table: any TableSource
        /// Places in the table's columns: the output in order, then what only the filters read.
        package var columns: [Int]
        /// How many of `columns` are output.
        package var outputCount: Int
        /// Conditions over `columns`: applied while scanning, and used to skip blocks.
        package var filters: [BoundExpression]

        package init(
            table: any TableSource, columns: [Int], outputCount: Int? = nil, filters: [BoundExpression] = []
        ) {
            self.table = table
            self.columns = columns
            self.outputCount = outputCount ?? columns.count
            self.filters = filters
        }
    }

    package struct Values: Sendable {
        package var columns: [PlanColumn]
        package var rows: [[BoundExpression]]

        package init(columns: [PlanColumn], rows: [[BoundExpression]]) {
            self.columns = columns
            self.rows = rows
        }
    }

    package struct ProjectedColumn: Sendable {
        package var name: String
        package var expression: BoundExpression

        package init(name: String, expression: BoundExpression) {
            self.name = name
            self.expression = expression
        }
    }

    /// Groups by keys; output is the keys, then one column an aggregate. Without keys: one row, also for no input.
    package struct Aggregate: Sendable {
        package var input: LogicalPlan
        package var keys: [ProjectedColumn]
        package var calls: [AggregateCall]

        package init(input: LogicalPlan, keys: [ProjectedColumn], calls: [AggregateCall]) {
            self.input = input
            self.keys = keys
            self.calls = calls
        }
    }

    /// Orders rows; equal ones keep the input's order.
    package struct Sort: Sendable {
        package var input: LogicalPlan
        package var keys: [SortKey]
        /// Only the first rows are wanted; set by the optimizer from a limit above.
        package var limit: Int?

        package init(input: LogicalPlan, keys: [SortKey], limit: Int? = nil) {
            self.input = input
            self.keys = keys
            self.limit = limit
        }
    }
}

/// One output column of a plan.
package struct PlanColumn: Sendable, Equatable {
    package var name: String
    package var type: DataType

    package init(name: String, type: DataType) {
        self.name = name
        self.type = type
    }
}

/// One key of ORDER BY.
package struct SortKey: Sendable {
    package var expression: BoundExpression
    package var isDescending: Bool
    package var nullsFirst: Bool

    package init(expression: BoundExpression, isDescending: Bool = false, nullsFirst: Bool? = nil) {
        self.expression = expression
        self.isDescending = isDescending
        self.nullsFirst = nullsFirst ?? isDescending
    }
}

/// One call of an aggregate function.
package struct AggregateCall: Sendable {
    package enum Function: String, Sendable, Equatable {
        /// `count(*)`.
        case countRows
        case count, sum, avg, min, max
        case boolAnd = "bool_and"
        case boolOr = "bool_or"
    }

    package var function: Function
    /// nil for ``Function/countRows``.
    package var argument: BoundExpression?
    package var isDistinct: Bool
    /// Only rows for which it is true are counted.
    package var filter: BoundExpression?
    package var resultType: DataType

    package init(
        function: Function, argument: BoundExpression?, isDistinct: Bool = false, filter: BoundExpression? = nil,
        resultType: DataType
    ) {
        self.function = function
        self.argument = argument
        self.isDistinct = isDistinct
        self.filter = filter
        self.resultType = resultType
    }

    package var name: String { function == .countRows ? "count" : function.rawValue }
}

extension LogicalPlan {
    /// Names and types of the output.
    package var columns: [PlanColumn] {
        switch self {
        case .scan(let scan):
            scan.columns.prefix(scan.outputCount).map {
                PlanColumn(name: scan.table.columns[$0].name, type: scan.table.columns[$0].type)
            }
        case .values(let values): values.columns
        case .filter(let input, _), .limit(let input, _, _), .distinct(let input), .firstOfEach(let input, _):
            input.columns
        case .sort(let sort): sort.input.columns
        case .project(_, let outputs): outputs.map { PlanColumn(name: $0.name, type: $0.expression.type) }
        case .aggregate(let aggregate):
            aggregate.keys.map { PlanColumn(name: $0.name, type: $0.expression.type) }
                + aggregate.calls.map { PlanColumn(name: $0.name, type: $0.resultType) }
        case .unionAll(let inputs): inputs[0].columns
        }
    }
}
