import Foundation

/// Writes workload W1, events of a shop, as CSV without a header: `ts, user_id, event_type, product, price, qty, session, url`.
///
/// 48 hours of events, 1 % of them up to five seconds late; users and products by Zipf's law; the same rows for the same
/// seed on every machine.
struct WorkloadGenerator {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    private static let start = 1_767_225_600_000_000.0  // 2026-01-01, µs
    private static let span = 48 * 3600 * 1e6
    private static let types: [(String, Double)] = [
        ("view", 38), ("click", 22), ("search", 12), ("cart_add", 8), ("cart_remove", 2.5), ("checkout", 4),
        ("purchase", 3), ("refund", 0.5), ("login", 4), ("logout", 3), ("review", 1.5), ("share", 1.5),
    ]
    private static let pages: [(String, Double)] = [
        ("details", 30), ("reviews", 14), ("gallery", 10), ("checkout/step", 4), ("compare", 8), ("cart/items", 9),
        ("offers", 7), ("spec-sheet", 5), ("related", 6), ("questions", 2), ("checkout/pay", 3), ("stock", 2),
    ]

    func run() throws {
        let rows = arguments.number("rows", 10_000_000)
        let path = arguments.text("out")
        try Data().write(to: URL(fileURLWithPath: path))
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        defer { try? file.close() }
        var random = SeededGenerator(state: 20_260_101)
        let users = Ranks(1_000_000, exponent: 1.02)
        let products = Ranks(50_000, exponent: 1.05)
        let types = Ranks(weights: Self.types.map(\.1))
        let pages = Ranks(weights: Self.pages.map(\.1))
        let prices = (0..<50_000).map { _ in min(max(exp(3.6 + 0.9 * random.normal()), 0.5), 5000) }
        var time = Self.start
        var buffer = Data(capacity: 5 << 20)
        for row in 0..<rows {
            time -= log(1 - random.fraction()) * Self.span / Double(rows)
            let late = random.fraction() < 0.01 ? random.fraction() * 5e6 : 0
            let product = products.pick(&random)
            let discount = [1.0, 1.0, 1.0, 0.9, 0.75][Int(random.next() % 5)]
            let price = (prices[product] * discount * 100).rounded() / 100
            var quantity = 1
            while random.fraction() > 0.6 { quantity += 1 }
            var session = SeededGenerator(state: UInt64(row / 5) + random.next() % 2000)
            let hexadecimal = String(session.next(), radix: 16)
            let name = Self.padded(product, 5)
            let line =
                "\(Int(time - late)),\(Self.scatter(users.pick(&random))),\(Self.types[types.pick(&random)].0),p\(name),"
                + "\(price),\(quantity),\(String(repeating: "0", count: 16 - hexadecimal.count))\(hexadecimal),"
                + "https://shop.example/category-\(Self.padded(product % 40, 2))/p\(name)/"
                + "\(Self.pages[pages.pick(&random)].0)?ref=\(1000 + random.next() % 998_999)\n"
            buffer.append(contentsOf: line.utf8)
            if buffer.count > 4 << 20 {
                try file.write(contentsOf: buffer)
                buffer.removeAll(keepingCapacity: true)
            }
        }
        try file.write(contentsOf: buffer)
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    /// Spreads ranks over the ids, so that frequent users are not neighbours.
    private static func scatter(_ rank: Int) -> Int { (rank * 611_953) % 1_000_000 + 1 }
}

/// Picks ranks by their weights: binary search in the running sums.
private struct Ranks {
    private var sums: [Double]

    init(weights: [Double]) {
        var total = 0.0
        sums = weights.map { weight in
            total += weight
            return total
        }
        sums = sums.map { $0 / total }
    }

    /// Zipf's law: the weight of rank r is 1 / r^exponent.
    init(_ count: Int, exponent: Double) {
        self.init(weights: (1...count).map { pow(Double($0), -exponent) })
    }

    func pick(_ random: inout SeededGenerator) -> Int {
        let value = random.fraction()
        var low = 0
        var high = sums.count - 1
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] <= value { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension SeededGenerator {
    /// Evenly in 0 ..< 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// Normally distributed (Box and Muller).
    mutating func normal() -> Double { (-2 * log(1 - fraction())).squareRoot() * cos(2 * .pi * fraction()) }
}
