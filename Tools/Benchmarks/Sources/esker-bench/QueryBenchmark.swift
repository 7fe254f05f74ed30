import Esker
import Foundation

/// The named queries over W1, or the one statement of `--sql`: one warm-up and `--repeat` runs each, with a digest that must equal the peers'.
struct QueryBenchmark {
    let arguments: Arguments

    init(_ arguments: Arguments) { self.arguments = arguments }

    func run() async throws {
        let store = try await Store.open(at: arguments.text("dir"))
        let statement = arguments.text("sql", "")
        let queries = statement.isEmpty ? try Self.queries(arguments.text("meta")) : [statement: statement]
        let named = arguments.text("name", "Q1,Q2,Q3,Q4,Q5,Q6,Q7,Q8,Q10,Q12").split(separator: ",").map(String.init)
        let wanted = statement.isEmpty ? named : [statement]
        for name in wanted {
            guard let sql = queries[name] else { continue }
            do {
                var seconds: [Double] = []
                var rows: [[Value]] = []
                for _ in 0...arguments.number("repeat", 5) {
                    let (result, timing) = try await Timing.measure { try await store.query(sql).values() }
                    seconds.append(timing.seconds)
                    rows = result
                }
                emit([
                    ("name", name), ("seconds", Array(seconds.dropFirst())), ("first", seconds[0]),
                    ("rows", rows.count), ("digest", try await Self.digest(rows, store)),
                ])
            } catch { emit([("name", name), ("error", "\(error)")]) }
        }
        await store.close()
    }

    static func queries(_ path: String) throws -> [String: String] {
        let data = try Data(contentsOf: URL(fileURLWithPath: path))
        let meta = (try JSONSerialization.jsonObject(with: data) as! [String: Any])["w1"] as! [String: Any]
        let twoHours = meta["last_2h"]!
        let day = meta["last_day"]!
        let session = (meta["sessions"] as! [String])[0]
        let users = (meta["users"] as! [Any]).map { "\($0)" }.joined(separator: ",")
        return [
            "Q1": "SELECT count(*) FROM events",
            "Q2": """
            SELECT product, count(*) AS c FROM events WHERE ts > \(twoHours) GROUP BY product
            ORDER BY c DESC, product LIMIT 10
            """,
            "Q3": """
            SELECT event_type, avg(price) AS a FROM events WHERE ts > \(day) GROUP BY event_type ORDER BY event_type
            """,
            "Q4": "SELECT product, sum(price*qty) AS s FROM events GROUP BY product ORDER BY s DESC LIMIT 10",
            "Q5": "SELECT count(DISTINCT user_id) FROM events",
            "Q6": """
            SELECT ts, user_id, event_type, product, price, qty, session, url FROM events
            WHERE session = '\(session)' ORDER BY ts
            """,
            "Q7": "SELECT count(*) FROM events WHERE url LIKE '%checkout%' AND price > 90",
            "Q8": "SELECT ts / 60000000 AS m, count(*) AS c FROM events GROUP BY m ORDER BY m",
            "Q10": """
            SELECT DISTINCT ON (user_id) user_id, ts, event_type, price FROM events WHERE user_id IN (\(users))
            ORDER BY user_id, ts DESC
            """,
            "Q12": """
            SELECT product, event_type, count(*) AS c FROM events WHERE qty >= 2 GROUP BY product, event_type
            ORDER BY c DESC, product, event_type LIMIT 10
            """,
        ]
    }

    /// The peers' digest: MD5 of rows with floating-point numbers cut to five digits, ten hexadecimal digits of it.
    static func digest(_ rows: [[Value]], _ store: Store) async throws -> String {
        let text = rows.map { row in row.map(Self.form).joined(separator: "|") }.joined(separator: "\n")
        let quoted = text.replacingOccurrences(of: "'", with: "''")
        return String(try await store.query("SELECT md5('\(quoted)')").values()[0][0].description.prefix(10))
    }

    private static func form(_ value: Value) -> String {
        switch value {
        case .null: return "null"
        case .float8(let number): return form(number)
        case .numeric(let number):
            let text = Value.numeric(number).description
            return text.contains(".") ? form(Double(text)!) : text
        default: return value.description
        }
    }

    private static func form(_ number: Double) -> String {
        if number == number.rounded(), abs(number) < 1e5 { return String(Int(number)) }
        return python(number)
    }

    /// Python's `format(number, '.5g')`.
    private static func python(_ number: Double) -> String {
        String(format: "%.5g", number)
    }
}
