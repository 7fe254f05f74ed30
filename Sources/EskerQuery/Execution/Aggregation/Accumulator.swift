import EskerFormat

/// The state of one aggregate call for every group, fed a column at a time.
///
/// Each worker has its own and numbers its groups itself; at the end they are merged by a map of group numbers.
protocol Accumulator: AnyObject {
    /// Takes in rows.
    ///
    /// - Parameters:
    ///   - column: the argument; nil for `count(*)`.
    ///   - groups: the group of each row; `Groups.one` when there is only group 0.
    func add(_ column: Column?, _ groups: RowGroups) throws

    /// Takes in the state of another accumulator of the same kind; its group g is this one's group `map[g]`.
    func merge(_ other: any Accumulator, map: [UInt32], groupCount: Int) throws

    /// One value a group. Ends the use of this object.
    func finish(groupCount: Int) throws -> Column
}

/// Which group each row of a chunk is in.
struct RowGroups {
    /// nil: all rows are in group 0.
    let ids: [UInt32]?
    /// Rows of the chunk; `ids` may be longer.
    let rowCount: Int
    /// All numbers are below this.
    let groupCount: Int

    /// The same for some of the rows.
    func gather(_ rows: [UInt32]) -> RowGroups {
        RowGroups(ids: ids.map { ids in rows.map { ids[Int($0)] } }, rowCount: rows.count, groupCount: groupCount)
    }
}

extension AggregateCall {
    /// A fresh accumulator. The binder has checked that the function takes the argument's type.
    func makeAccumulator() throws -> any Accumulator {
        let plain = try makePlainAccumulator()
        guard isDistinct, let argument, function != .min, function != .max else { return plain }
        return DistinctAccumulator(argument.type, inner: function == .count ? nil : plain)
    }

    private func makePlainAccumulator() throws -> any Accumulator {
        guard let argument else { return CountAccumulator() }
        switch (function, argument.type) {
        case (.countRows, _), (.count, _): return CountAccumulator()
        case (.sum, .int2), (.avg, .int2), (.sum, .int4), (.avg, .int4), (.sum, .int8), (.avg, .int8):
            return IntegerSum(resultType, isAverage: function == .avg)
        case (.sum, .float4), (.avg, .float4), (.sum, .float8), (.avg, .float8):
            return FloatSum(resultType, isAverage: function == .avg)
        case (.sum, .numeric), (.avg, .numeric): return NumericSum(isAverage: function == .avg)
        case (.sum, .interval), (.avg, .interval): return IntervalSum(isAverage: function == .avg)
        case (.boolAnd, .bool): return BooleanAccumulator(isAnd: true)
        case (.boolOr, .bool): return BooleanAccumulator(isAnd: false)
        case (.min, let type), (.max, let type):
            guard let accumulator = Self.extremum(of: type, greatest: function == .max) else { break }
            return accumulator
        default: break
        }
        throw QueryError.unsupported("aggregate \(name)(\(argument.type.name))", at: argument.location)
    }

    private static func extremum(of type: DataType, greatest: Bool) -> (any Accumulator)? {
        switch ValueOrder(type) {
        case .int16?, .int32?, .int64?, .float32?, .float64?:
            ValueOrder(type).map { FixedExtremum(type, order: $0, greatest: greatest) }
        case let order?: RowExtremum(type, order: order, greatest: greatest)
        case nil: nil
        }
    }
}
