internal import EskerFormat
internal import Glibc

/// Mathematical functions on `double precision`, with PostgreSQL's errors instead of C's special results.
enum FloatFunctions {
    /// A function of one number, as a type, so that its loop is compiled for it alone.
    protocol Function: SendableMetatype {
        static func value(_ x: Double) throws(QueryError) -> Double
    }

    static func kernel<F: Function>(_: F.Type) -> Kernel {
        { (call) throws(QueryError) in
            let values = call.values(0, as: Double.self)
            return try call.writeValues { row throws(QueryError) in try F.value(values[row]) }
        }
    }

    enum Ceiling: Function { static func value(_ x: Double) -> Double { x.rounded(.up) } }
    enum Floor: Function { static func value(_ x: Double) -> Double { x.rounded(.down) } }
    /// Half to even, as C's `rint` does.
    enum Round: Function { static func value(_ x: Double) -> Double { x.rounded(.toNearestOrEven) } }
    enum Truncate: Function { static func value(_ x: Double) -> Double { x.rounded(.towardZero) } }
    enum Sign: Function { static func value(_ x: Double) -> Double { x > 0 ? 1 : x < 0 ? -1 : 0 } }

    enum SquareRoot: Function {
        static func value(_ x: Double) throws(QueryError) -> Double {
            if x < 0 {
                throw QueryError(
                    .invalidArgumentForPowerFunction, "cannot take square root of a negative number")
            }
            return x.squareRoot()
        }
    }

    enum CubeRoot: Function { static func value(_ x: Double) -> Double { cbrt(x) } }

    enum Exponential: Function {
        static func value(_ x: Double) throws(QueryError) -> Double {
            if x.isNaN { return x }
            if x.isInfinite { return x > 0 ? x : 0 }
            let result = exp(x)
            if result.isInfinite { throw .floatOverflow }
            if result == 0 { throw .floatUnderflow }
            return result
        }
    }

    enum NaturalLogarithm: Function {
        static func value(_ x: Double) throws(QueryError) -> Double { log(try logarithmic(x)) }
    }

    enum DecimalLogarithm: Function {
        static func value(_ x: Double) throws(QueryError) -> Double { log10(try logarithmic(x)) }
    }

    /// An argument that has a logarithm.
    private static func logarithmic(_ x: Double) throws(QueryError) -> Double {
        if x == 0 { throw QueryError(.invalidArgumentForLogarithm, "cannot take logarithm of zero") }
        if x < 0 { throw QueryError(.invalidArgumentForLogarithm, "cannot take logarithm of a negative number") }
        return x
    }

    enum Degrees: Function {
        static func value(_ x: Double) throws(QueryError) -> Double {
            let result = x / (Double.pi / 180)
            if result.isInfinite && !x.isInfinite { throw .floatOverflow }
            return result
        }
    }

    enum Radians: Function { static func value(_ x: Double) -> Double { x * (Double.pi / 180) } }
    enum Sine: Function { static func value(_ x: Double) throws(QueryError) -> Double { sin(try finite(x)) } }
    enum Cosine: Function { static func value(_ x: Double) throws(QueryError) -> Double { cos(try finite(x)) } }
    enum Tangent: Function { static func value(_ x: Double) throws(QueryError) -> Double { tan(try finite(x)) } }
    enum ArcTangent: Function { static func value(_ x: Double) -> Double { atan(x) } }
    enum ArcSine: Function { static func value(_ x: Double) throws(QueryError) -> Double { asin(try unit(x)) } }
    enum ArcCosine: Function { static func value(_ x: Double) throws(QueryError) -> Double { acos(try unit(x)) } }

    private static let outOfRange = QueryError(.numericValueOutOfRange, "input is out of range")

    private static func finite(_ x: Double) throws(QueryError) -> Double {
        if x.isInfinite { throw outOfRange }
        return x
    }

    private static func unit(_ x: Double) throws(QueryError) -> Double {
        if x < -1 || x > 1 { throw outOfRange }
        return x
    }

    static let power: Kernel = { (call) throws(QueryError) in
        let (bases, exponents) = (call.values(0, as: Double.self), call.values(1, as: Double.self))
        return try call.writeValues { row throws(QueryError) in try power(bases[row], exponents[row]) }
    }

    private static func power(_ x: Double, _ y: Double) throws(QueryError) -> Double {
        if x.isNaN || y.isNaN { return x == 1 || y == 0 ? 1 : .nan }
        if x == 0 && y < 0 {
            throw QueryError(.invalidArgumentForPowerFunction, "zero raised to a negative power is undefined")
        }
        if x < 0 && !y.isInfinite && y.rounded(.down) != y {
            throw QueryError(
                .invalidArgumentForPowerFunction,
                "a negative number raised to a non-integer power yields a complex result")
        }
        let result = pow(x, y)
        if x.isInfinite || y.isInfinite { return result }
        if result.isInfinite { throw .floatOverflow }
        if result == 0 && x != 0 { throw .floatUnderflow }
        return result
    }

    static let arcTangent2: Kernel = { (call) throws(QueryError) in
        let (ys, xs) = (call.values(0, as: Double.self), call.values(1, as: Double.self))
        return try call.writeValues { row in atan2(ys[row], xs[row]) }
    }

    static let pi: Kernel = { (call) throws(QueryError) in try call.writeValues { _ in Double.pi } }

    /// A uniform number in 0 ..< 1.
    static let random: Kernel = { (call) throws(QueryError) in
        var generator = SystemRandomNumberGenerator()
        return try call.writeValues { _ in Double.random(in: 0..<1, using: &generator) }
    }
}

extension FunctionList {
    mutating func addFloatFunctions() {
        typealias Math = FloatFunctions
        let functions: [(String, Kernel)] = [
            ("ceil", Math.kernel(Math.Ceiling.self)), ("ceiling", Math.kernel(Math.Ceiling.self)),
            ("floor", Math.kernel(Math.Floor.self)), ("round", Math.kernel(Math.Round.self)),
            ("trunc", Math.kernel(Math.Truncate.self)), ("sign", Math.kernel(Math.Sign.self)),
            ("sqrt", Math.kernel(Math.SquareRoot.self)), ("cbrt", Math.kernel(Math.CubeRoot.self)),
            ("exp", Math.kernel(Math.Exponential.self)), ("ln", Math.kernel(Math.NaturalLogarithm.self)),
            ("log", Math.kernel(Math.DecimalLogarithm.self)), ("log10", Math.kernel(Math.DecimalLogarithm.self)),
            ("degrees", Math.kernel(Math.Degrees.self)), ("radians", Math.kernel(Math.Radians.self)),
            ("sin", Math.kernel(Math.Sine.self)), ("cos", Math.kernel(Math.Cosine.self)),
            ("tan", Math.kernel(Math.Tangent.self)), ("atan", Math.kernel(Math.ArcTangent.self)),
            ("asin", Math.kernel(Math.ArcSine.self)), ("acos", Math.kernel(Math.ArcCosine.self)),
        ]
        for (name, kernel) in functions { addFunction(name, [.float8], .float8, kernel) }
        addPrefixOperator("|/", .float8, .float8, Math.kernel(Math.SquareRoot.self))
        addPrefixOperator("||/", .float8, .float8, Math.kernel(Math.CubeRoot.self))
        for name in ["power", "pow"] { addFunction(name, [.float8, .float8], .float8, Math.power) }
        addOperator("^", .float8, .float8, .float8, Math.power)
        addFunction("atan2", [.float8, .float8], .float8, Math.arcTangent2)
        addFunction("pi", [], .float8, Math.pi)
        addFunction(FunctionEntry("random", [], .type(.float8), volatility: .volatile, kernel: Math.random))
    }
}
