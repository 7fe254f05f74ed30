import EskerQuery
import Testing

@Suite("Parsing an expression")
struct ExpressionParsingTests {
    @Test("gives the tree that is meant", arguments: SyntaxScript(Self.script).cases)
    func tree(_ example: SyntaxScript.Case) throws {
        #expect(try parseExpression(example.sql).description == example.tree)
    }

    /// A statement, then indented the tree it gives; see ``SyntaxScript``.
    private static let script = #"""
        a
            a

        s.t.a
            s.t.a

        ''
            ''

        'it''s'
            'it's'

        1
            1

        -1
            -1

        - - 1
            1

        -(1)
            -1

        -( /* c */ - /* d */ (2147483647))
            2147483647

        0
            0

        -0
            0

        2147483647
            2147483647

        -2147483648
            -2147483648

        1.5
            1.5n

        -1.5e3
            -1.5e3n

        12345678901
            12345678901n

        b'101'
            bits:b101

        x'1f'
            bits:x1f

        true
            true

        false
            false

        null
            null

        $1
            $1

        -a
            (unary - a)

        @ a
            (unary @ a)

        not a
            (not a)

        a + b * c
            (binary + a (binary * b c))

        a - b - c
            (binary - (binary - a b) c)

        a || 'x'
            (binary || a 'x')

        a operator(pg_catalog.+) b
            (binary pg_catalog.+ a b)

        a != b
            (binary <> a b)

        a ->> 'k'
            (binary ->> a 'k')

        a and b and c or d
            (or [(and [a b c]) d])

        a is null
            (isNull a)

        a notnull
            (isNull a negated: true)

        a is true
            (booleanTest a isTrue)

        a is not false
            (booleanTest a isFalse negated: true)

        a is not unknown
            (booleanTest a isUnknown negated: true)

        a is distinct from b
            (distinctFrom a b)

        a is not distinct from b
            (distinctFrom a b negated: true)

        a between 1 and 2
            (between a low: 1 high: 2)

        a not between 1 and 2
            (between a low: 1 high: 2 negated: true)

        a between symmetric 1 and 2
            (between a low: 1 high: 2 symmetric: true)

        a not between symmetric 1 and 2
            (between a low: 1 high: 2 symmetric: true negated: true)

        a in (1, 2)
            (inList a [1 2])

        a not in (1, 2)
            (inList a [1 2] negated: true)

        a in (select 1)
            (subquery use: (quantified a any) query: (body: (select targets: [(value: 1)])))

        a not in (select 1)
            (not (subquery use: (quantified a any) query: (body: (select targets: [(value: 1)]))))

        a like 'x%'
            (match syntax: like value: a pattern: 'x%')

        a not like 'x%' escape '\'
            (match syntax: like value: a pattern: 'x%' escape: '\' negated: true)

        a like 'x' escape ''
            (match syntax: like value: a pattern: 'x' escape: '')

        a ilike b
            (match syntax: caseInsensitiveLike value: a pattern: b)

        a not ilike b
            (match syntax: caseInsensitiveLike value: a pattern: b negated: true)

        a similar to b
            (match syntax: similar value: a pattern: b)

        a not similar to b escape 'c'
            (match syntax: similar value: a pattern: b escape: 'c' negated: true)

        a = any (array[1, 2])
            (quantified a = any array: (array [1 2]))

        a < all (b)
            (quantified a < all array: b)

        a <> some (select 1)
            (subquery use: (quantified a <> any) query: (body: (select targets: [(value: 1)])))

        a < all (select 1)
            (subquery use: (quantified a < all) query: (body: (select targets: [(value: 1)])))

        exists (select 1)
            (subquery use: exists query: (body: (select targets: [(value: 1)])))

        array(select 1)
            (subquery use: array query: (body: (select targets: [(value: 1)])))

        array[]::int[]
            (cast (array []) (names: [pg_catalog int4] arrayBounds: [nil]))

        array[array[1], array[2]]
            (array [(array [1]) (array [2])])

        (select 1) + 1
            (binary + (subquery use: scalar query: (body: (select targets: [(value: 1)]))) 1)

        nullif(a, b)
            (nullIf a b)

        coalesce(a, b, 1)
            (coalesce [a b 1])

        greatest(a, b)
            (greatest [a b])

        least(a, 1)
            (least [a 1])

        case when a then 1 end
            (caseWhen branches: [(when: a then: 1)])

        case a when 1 then 'x' when 2 then 'y' else 'z' end
            (caseWhen operand: a branches: [(when: 1 then: 'x') (when: 2 then: 'y')] otherwise: 'z')

        a::int
            (cast a (names: [pg_catalog int4]))

        a::numeric(10, -2)
            (cast a (names: [pg_catalog numeric] modifiers: [10 -2]))

        cast(a as character varying(10))
            (cast a (names: [pg_catalog varchar] modifiers: [10]))

        a::timestamp with time zone
            (cast a (names: [pg_catalog timestamptz]))

        a::double precision
            (cast a (names: [pg_catalog float8]))

        a::text[]
            (cast a (names: [text] arrayBounds: [nil]))

        a::int[3][4]
            (cast a (names: [pg_catalog int4] arrayBounds: [3 4]))

        date '2026-11-23'
            (cast '2026-11-23' (names: [date]))

        interval '1 day'
            (cast '1 day' (names: [pg_catalog interval]))

        interval '1' year to month
            (cast '1' (names: [pg_catalog interval] modifiers: [6]))

        interval(3) '1.5'
            (cast '1.5' (names: [pg_catalog interval] modifiers: [32767 3]))

        interval '1.5' day to second(2)
            (cast '1.5' (names: [pg_catalog interval] modifiers: [7176 2]))

        a collate "C"
            (collate a collation: [C])

        row(1, 2)
            (row [1 2] isExplicit: true)

        row()
            (row isExplicit: true)

        (1, 2) = (3, 4)
            (binary = (row [1 2]) (row [3 4]))

        a[1]
            (indirection a [(index 1)])

        a[1:2][:3]
            (indirection a [(slice lower: 1 upper: 2) (slice upper: 3)])

        (a).b
            (indirection a [(field b)])

        (f(x)).*
            (indirection (function name: [f] arguments: [(value: x)]) [allFields])

        a.b[1].c
            (indirection a.b [(index 1) (field c)])

        count(*)
            (function name: [count] isStar: true)

        count(distinct a)
            (function name: [count] arguments: [(value: a)] isDistinct: true)

        sum(a order by b desc nulls last, c using <)
            (function name: [sum] arguments: [(value: a)] orderBy: [(value: b direction: descending nulls: last) (value:
            c direction: (using <))])

        sum(a) filter (where b)
            (function name: [sum] arguments: [(value: a)] filter: b)

        rank() over w
            (function name: [rank] over: (named w))

        sum(a) over ()
            (function name: [sum] arguments: [(value: a)] over: (inline))

        sum(a) over (partition by b, c order by d)
            (function name: [sum] arguments: [(value: a)] over: (inline partitionBy: [b c] orderBy: [(value: d)]))

        sum(a) over (w rows 2 preceding)
            (function name: [sum] arguments: [(value: a)] over: (inline base: w frame: (units: rows start: (preceding 2)
            end: currentRow)))

        sum(a) over (order by a range between unbounded preceding and 1 following exclude current row)
            (function name: [sum] arguments: [(value: a)] over: (inline orderBy: [(value: a)] frame: (units: range
            start: unboundedPreceding end: (following 1) exclusion: currentRow)))

        sum(a) over (order by a groups between current row and unbounded following exclude group)
            (function name: [sum] arguments: [(value: a)] over: (inline orderBy: [(value: a)] frame: (units: groups
            start: currentRow end: unboundedFollowing exclusion: group)))

        sum(a) over (rows between 2 following and 3 following exclude ties)
            (function name: [sum] arguments: [(value: a)] over: (inline frame: (units: rows start: (following 2) end:
            (following 3) exclusion: ties)))

        percentile_cont(0.5) within group (order by x)
            (function name: [percentile_cont] arguments: [(value: 0.5n)] orderBy: [(value: x)] isWithinGroup: true)

        f(variadic a)
            (function name: [f] arguments: [(value: a)] isVariadic: true)

        f(1, x => 2)
            (function name: [f] arguments: [(value: 1) (name: x value: 2)])

        pg_catalog.now()
            (function name: [pg_catalog now])

        extract(year from a)
            (function name: [pg_catalog extract] arguments: [(value: 'year') (value: a)] isSQLSyntax: true)

        a at time zone 'UTC'
            (function name: [pg_catalog timezone] arguments: [(value: 'UTC') (value: a)] isSQLSyntax: true)

        overlay(a placing b from 1 for 2)
            (function name: [pg_catalog overlay] arguments: [(value: a) (value: b) (value: 1) (value: 2)] isSQLSyntax:
            true)

        position(a in b)
            (function name: [pg_catalog position] arguments: [(value: b) (value: a)] isSQLSyntax: true)

        substring(a from 2 for 3)
            (function name: [pg_catalog substring] arguments: [(value: a) (value: 2) (value: 3)] isSQLSyntax: true)

        substring(a similar 'x' escape '#')
            (function name: [pg_catalog substring] arguments: [(value: a) (value: 'x') (value: '#')] isSQLSyntax: true)

        trim(both 'x' from a)
            (function name: [pg_catalog btrim] arguments: [(value: a) (value: 'x')] isSQLSyntax: true)

        trim(a)
            (function name: [pg_catalog btrim] arguments: [(value: a)] isSQLSyntax: true)

        ltrim(a)
            (function name: [ltrim] arguments: [(value: a)])

        (a, b) overlaps (c, d)
            (function name: [pg_catalog overlaps] arguments: [(value: a) (value: b) (value: c) (value: d)] isSQLSyntax:
            true)

        a is normalized
            (function name: [pg_catalog is_normalized] arguments: [(value: a)] isSQLSyntax: true)

        current_date
            (sqlValue name: currentDate)

        current_timestamp(3)
            (sqlValue name: currentTimestamp precision: 3)

        localtime
            (sqlValue name: localTime)

        current_user
            (sqlValue name: currentUser)

        user
            (sqlValue name: user)

        grouping(a, b)
            (grouping [a b])

        date_trunc('hour', a) > now() - interval '2 hours'
            (binary > (function name: [date_trunc] arguments: [(value: 'hour') (value: a)]) (binary - (function name:
            [now]) (cast '2 hours' (names: [pg_catalog interval]))))
        """#
}
