import EskerFormat

/// Runs of integers that encodings find hard, or easy: each shape by its name.
enum IntegerCases {
    static let counts = [0, 1, 2, 3, 1023, 1024, 1025, 5000, 65_536]

    static let names = [
        "all equal", "ascending", "descending", "small", "random bits", "extremes", "alternating extremes",
        "one wild value", "sorted with late ones", "two clusters", "wild on both sides", "times", "few bits",
    ]

    static func make<T: FixedWidthInteger>(
        _ name: String, _: T.Type, count: Int, _ random: inout SeededRandom
    ) -> [T] {
        var values: [T] = []
        values.reserveCapacity(count)
        var time = T(truncatingIfNeeded: random.next())
        for index in 0..<count {
            let bits = T(truncatingIfNeeded: random.next())
            let small = T(truncatingIfNeeded: random.next() % 100)
            let place = T(truncatingIfNeeded: index)
            let isRare = random.next() % 200 == 0
            time &+= T(truncatingIfNeeded: random.next() % 20)
            let value: T =
                switch name {
                case "all equal": 42
                case "ascending": place &+ T.min
                case "descending": T.max &- place
                case "small": small
                case "random bits": bits
                case "extremes": [T.min, T.max, 0, T.min &+ 1, T.max &- 1][Int(random.next() % 5)]
                case "alternating extremes": index % 2 == 0 ? T.min : T.max
                case "one wild value": index == count / 2 ? bits : 7
                case "sorted with late ones": isRare ? place &- small : place
                case "two clusters": (random.next() % 2 == 0 ? T.min : T.max / 2) &+ small % 8
                case "wild on both sides": isRare ? (index % 2 == 0 ? T.min : T.max) : small &- 50
                case "times": isRare ? time &- bits : time
                default: T(truncatingIfNeeded: random.next() % 2)
                }
            values.append(value)
        }
        return values
    }
}
