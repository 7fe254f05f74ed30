import EskerFormat

/// Runs of floats and doubles that encodings find hard, or easy: each shape by its name.
enum FloatCases {
    static let names = [
        "prices", "wide decimals", "integers", "random bits", "unit", "specials", "payloads", "denormals", "all equal",
        "prices with specials", "mixed vectors", "huge",
    ]

    static func make<T: BinaryFloatingPoint>(_ name: String, _: T.Type, count: Int, _ random: inout SeededRandom) -> [T]
    where T.RawSignificand: FixedWidthInteger {
        (0..<count).map { make(name, index: $0, &random) }
    }

    private static func make<T: BinaryFloatingPoint>(_ name: String, index: Int, _ random: inout SeededRandom) -> T
    where T.RawSignificand: FixedWidthInteger {
        switch name {
        case "prices": price(&random)
        case "wide decimals": T(Double(Int64(random.next() % 1_000_000_000)) / 1e6)
        case "integers": T(Int(random.next() % 200_000) - 100_000) * 100
        case "random bits": bits(&random)
        case "unit": T(random.next() >> 11) / T(1 << 53)
        case "specials": special(&random)
        case "payloads": nan(payload: T.RawSignificand(truncatingIfNeeded: random.next()), random.next() % 2 == 0)
        case "denormals": T.leastNonzeroMagnitude * T(random.next() % 1000)
        case "all equal": 12.5
        case "prices with specials": random.next() % 100 == 0 ? special(&random) : price(&random)
        case "mixed vectors": index / 1024 % 2 == 0 ? price(&random) : bits(&random)
        default: random.next() % 2 == 0 ? T.greatestFiniteMagnitude : -T.greatestFiniteMagnitude / 3
        }
    }

    private static func price<T: BinaryFloatingPoint>(_ random: inout SeededRandom) -> T {
        T(Double(random.next() % 20_000) / 100)
    }

    private static func bits<T: BinaryFloatingPoint>(_ random: inout SeededRandom) -> T
    where T.RawSignificand: FixedWidthInteger {
        T(
            sign: random.next() % 2 == 0 ? .plus : .minus,
            exponentBitPattern: T.RawExponent(
                truncatingIfNeeded: random.next() & (UInt64(1) << UInt64(T.exponentBitCount) - 1)),
            significandBitPattern: T.RawSignificand(truncatingIfNeeded: random.next())
                & (1 << T.RawSignificand(T.significandBitCount) - 1))
    }

    private static func special<T: BinaryFloatingPoint>(_ random: inout SeededRandom) -> T
    where T.RawSignificand: FixedWidthInteger {
        [
            0, -0.0, .infinity, -.infinity, .nan, -.nan, nan(payload: 77, false), .signalingNaN, .leastNonzeroMagnitude,
            .greatestFiniteMagnitude, .leastNormalMagnitude, .pi, 0.1, -1, 1e15, 1e22, -1e-9,
        ][Int(random.next() % 17)]
    }

    private static func nan<T: BinaryFloatingPoint>(payload: T.RawSignificand, _ isNegative: Bool) -> T
    where T.RawSignificand: FixedWidthInteger {
        T(
            sign: isNegative ? .minus : .plus, exponentBitPattern: T.infinity.exponentBitPattern,
            significandBitPattern: max(1, payload & (1 << T.RawSignificand(T.significandBitCount) - 1)))
    }
}
