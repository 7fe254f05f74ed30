import EskerFormat
import EskerQuery
import Testing

@Suite("How functions treat encodings, nulls and errors")
struct VectorCallTests {
    static let context = EvaluationContext(now: 0)
    let registry = FunctionRegistry.builtin

    private func ints(_ values: [Int32?]) -> Column {
        let builder = ColumnBuilder(.int4)
        for value in values { if let value { builder.append(fixed: value) } else { builder.appendNull() } }
        return builder.finish()
    }

    private func texts(_ values: [String]) -> Column {
        let builder = ColumnBuilder(.text)
        for value in values { builder.append(value) }
        return builder.finish()
    }

    private func constant(_ row: Column, rows: Int) -> Column {
        Column(type: row.type, count: rows, validity: nil, values: .constant(ColumnDictionary(row)))
    }

    private func dictionary(_ codes: [UInt8], _ entries: Column, validity: Bitmap? = nil) -> Column {
        Column(
            type: entries.type, count: codes.count, validity: validity,
            values: .dictionary(codes: Buffer(copying: codes), codeWidth: 1, values: ColumnDictionary(entries)))
    }

    @Test("an error counts only in rows that have a value")
    func errorsUnderNulls() throws {
        let divide = try registry.resolveOperator(name: "/", left: .int4, right: .int4)
        // Under the null stands a zero.
        let quotient = try divide.evaluate([ints([8, 9, 10]), ints([2, nil, 5])], 3, Self.context)
        #expect(quotient.value(at: 0, as: Int32.self) == 4)
        #expect(!quotient.isValid(1))
        #expect(quotient.value(at: 2, as: Int32.self) == 2)
        let error = #expect(throws: QueryError.self) {
            try divide.evaluate([ints([8, nil, 10]), ints([2, 1, 0])], 3, Self.context)
        }
        #expect(error?.sqlState.code == "22012")
    }

    @Test("constants give a constant, whatever the number of rows")
    func constants() throws {
        let add = try registry.resolveOperator(name: "+", left: .int4, right: .int4)
        let sum = try add.evaluate(
            [constant(ints([2]), rows: 1_000), constant(ints([3]), rows: 1_000)], 1_000, Self.context)
        guard case .constant = sum.values else {
            Issue.record("not a constant")
            return
        }
        #expect(sum.count == 1_000 && sum.value(at: 999, as: Int32.self) == 5)
    }

    @Test("a dictionary of strings is computed entry by entry and stays a dictionary")
    func dictionaryResult() throws {
        let upper = try registry.resolve(name: "upper", argumentTypes: [.text])
        let valid = Bitmap(count: 5) { $0 != 2 }
        let input = dictionary([0, 1, 0, 1, 1], texts(["a", "b"]), validity: valid)
        let result = try upper.evaluate([input], 5, Self.context)
        guard case .dictionary(_, 1, let entries) = result.values else {
            Issue.record("not a dictionary")
            return
        }
        #expect(entries.column.count == 2)
        #expect((0..<5).map { result.isValid($0) } == [true, true, false, true, true])
        #expect(result.string(at: 3) == "B")
    }

    @Test("an entry in error that no row names is no error")
    func unusedEntry() throws {
        let cast = try #require(try registry.cast(from: .text, to: .int4, context: .explicit))
        let input = dictionary([0, 2, 0], texts(["1", "not a number", "3"]))
        let result = try cast.evaluate([input], 3, Self.context)
        #expect((0..<3).map { result.value(at: $0, as: Int32.self) } == [1, 3, 1])
        #expect(throws: QueryError.self) {
            try cast.evaluate([dictionary([0, 1, 0], texts(["1", "not a number"]))], 3, Self.context)
        }
    }

    @Test("an argument that is null in every row makes the result null without computing it")
    func nullArgument() throws {
        let divide = try registry.resolveOperator(name: "/", left: .int4, right: .int4)
        let result = try divide.evaluate([ints([1, 2]), ints([nil, nil])], 2, Self.context)
        #expect(result.count == 2 && result.nullCount == 2)
    }

    @Test("no rows give no rows")
    func noRows() throws {
        let add = try registry.resolveOperator(name: "+", left: .int4, right: .int4)
        #expect(try add.evaluate([ints([]), ints([])], 0, Self.context).count == 0)
    }

    @Test("an overflow anywhere in a long vector is found", arguments: [0, 1, 63, 64, 1_000, 65_535])
    func overflowPlace(_ place: Int) throws {
        var values = [Int64](repeating: 1, count: 65_536)
        values[place] = .max
        let column = Column(type: .int8, count: values.count, validity: nil, values: .fixed(Buffer(copying: values)))
        let add = try registry.resolveOperator(name: "+", left: .int8, right: .int8)
        let error = #expect(throws: QueryError.self) {
            try add.evaluate([column, column], values.count, Self.context)
        }
        #expect(error?.message == "bigint out of range")
    }

    @Test("errors of choosing carry PostgreSQL's hints")
    func hints() {
        let missing = #expect(throws: QueryError.self) {
            try registry.resolve(name: "foo", argumentTypes: [.int4, nil, .varchar(length: 3)])
        }
        #expect(missing?.message == "function foo(integer, unknown, character varying) does not exist")
        #expect(
            missing?.hint
                == "No function matches the given name and argument types. You might need to add explicit type casts.")
        let ambiguous = #expect(throws: QueryError.self) {
            try registry.resolveOperator(name: "+", left: nil, right: nil)
        }
        #expect(ambiguous?.sqlState.code == "42725")
        #expect(
            ambiguous?.hint
                == "Could not choose a best candidate operator. You might need to add explicit type casts.")
    }

    @Test("a conversion that changes nothing is none")
    func relabel() throws {
        #expect(try registry.cast(from: .varchar(length: 5), to: .text, context: .implicit) == nil)
        #expect(try registry.cast(from: .text, to: .varchar(length: 5), context: .implicit) != nil)
        let error = #expect(throws: QueryError.self) {
            try registry.cast(from: .int8, to: .int4, context: .implicit)
        }
        #expect(error?.sqlState.code == "42846")
    }
}
