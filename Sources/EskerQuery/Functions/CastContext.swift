internal import EskerFormat

/// Where a conversion is asked for: the wider the context, the more conversions it allows.
package enum CastContext: Int, Comparable, Sendable {
    /// In an expression, to make an argument fit.
    case implicit
    /// Where a value is stored in a column.
    case assignment
    /// By `CAST` or `::`.
    case explicit

    package static func < (a: CastContext, b: CastContext) -> Bool { a.rawValue < b.rawValue }
}

extension CastContext {
    /// The narrowest context that converts one type to another, or nil when none does.
    ///
    /// Source: PostgreSQL 15's `pg_cast`, and its rule that a conversion through text is an assignment towards a
    /// string type and explicit away from one.
    static func required(from source: DataType, to target: DataType) -> CastContext? {
        if let from = source.element, let to = target.element {
            return from.kind == to.kind ? .implicit : required(from: from, to: to)
        }
        let from = source.kind
        let to = target.kind
        if from == to { return .implicit }
        if let context = listed(from, to) { return context }
        if to.category == .string { return .assignment }
        if from.category == .string { return .explicit }
        return nil
    }

    private static func listed(_ from: TypeKind, _ to: TypeKind) -> CastContext? {
        switch (from, to) {
        case (.int2, .int4), (.int2, .int8), (.int4, .int8): .implicit
        case (.int2, .float4), (.int2, .float8), (.int2, .numeric): .implicit
        case (.int4, .float4), (.int4, .float8), (.int4, .numeric): .implicit
        case (.int8, .float4), (.int8, .float8), (.int8, .numeric): .implicit
        case (.numeric, .float4), (.numeric, .float8), (.float4, .float8): .implicit
        case (.text, .varchar), (.text, .char), (.varchar, .text), (.varchar, .char): .implicit
        case (.char, .text), (.char, .varchar): .implicit
        case (.date, .timestamp), (.date, .timestamptz), (.timestamp, .timestamptz): .implicit
        case (.time, .interval), (.time, .timetz): .implicit
        case (.int8, .int4), (.int8, .int2), (.int4, .int2), (.float8, .float4): .assignment
        case (.float4, .int2), (.float4, .int4), (.float4, .int8), (.float4, .numeric): .assignment
        case (.float8, .int2), (.float8, .int4), (.float8, .int8), (.float8, .numeric): .assignment
        case (.numeric, .int2), (.numeric, .int4), (.numeric, .int8): .assignment
        case (.timestamp, .date), (.timestamp, .time), (.timestamptz, .date): .assignment
        case (.timestamptz, .time), (.timestamptz, .timestamp), (.timestamptz, .timetz): .assignment
        case (.timetz, .time), (.interval, .time), (.json, .jsonb), (.jsonb, .json): .assignment
        case (.bool, .int4), (.int4, .bool): .explicit
        case (.jsonb, .bool), (.jsonb, .int2), (.jsonb, .int4), (.jsonb, .int8): .explicit
        case (.jsonb, .float4), (.jsonb, .float8), (.jsonb, .numeric): .explicit
        default: nil
        }
    }
}
