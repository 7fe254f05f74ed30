internal import EskerFormat

extension FunctionList {
    /// `=`, `<>`, `<`, `<=`, `>`, `>=` for every type.
    mutating func addComparisons() {
        for comparison in ComparisonOperator.allCases {
            addComparison(comparison, .bool, ComparisonKernels.booleans(comparison))
            addComparison(comparison, .int2, ComparisonKernels.kernel(comparison, Int16.self))
            addComparison(comparison, .int4, ComparisonKernels.kernel(comparison, Int32.self))
            addComparison(comparison, .int8, ComparisonKernels.kernel(comparison, Int64.self))
            addComparison(comparison, .float4, ComparisonKernels.kernel(comparison, Float.self))
            let doubles = ComparisonKernels.kernel(comparison, Double.self)
            addComparison(comparison, .float8, doubles)
            addMixed(comparison, .float4, .float8, as: .float8, doubles)
            addComparison(comparison, .date, ComparisonKernels.kernel(comparison, Int32.self))
            let moments = ComparisonKernels.kernel(comparison, Int64.self)
            addComparison(comparison, .time, moments)
            addComparison(comparison, .timestamp, moments)
            addComparison(comparison, .timestamptz, moments)
            addMixed(comparison, .date, .timestamp, as: .timestamp, moments)
            addMixed(comparison, .date, .timestamptz, as: .timestamptz, moments)
            addMixed(comparison, .timestamp, .timestamptz, as: .timestamptz, moments)
            addComparison(comparison, .timetz, ComparisonKernels.kernel(comparison, StoredTimeTZ.self))
            addComparison(comparison, .interval, ComparisonKernels.kernel(comparison, StoredInterval.self))
            addComparison(comparison, .uuid, ComparisonKernels.kernel(comparison, StoredUUID.self))
        }
    }

    mutating func addComparison(_ comparison: ComparisonOperator, _ kind: TypeKind, _ kernel: @escaping Kernel) {
        addOperator(
            FunctionEntry(
                comparison.rawValue, [.kind(kind), .kind(kind)], .type(.bool), comparison: comparison, kernel: kernel))
    }

    /// A comparison between two types, both ways round, that is made in one of them.
    private mutating func addMixed(
        _ comparison: ComparisonOperator, _ a: TypeKind, _ b: TypeKind, as common: DataType, _ kernel: @escaping Kernel
    ) {
        for (left, right) in [(a, b), (b, a)] {
            addOperator(
                FunctionEntry(
                    comparison.rawValue, [.kind(left), .kind(right)], .type(.bool), callTypes: [common, common],
                    comparison: comparison, kernel: kernel))
        }
    }
}
