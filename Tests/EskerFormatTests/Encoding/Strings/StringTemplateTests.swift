import EskerFormat
import Foundation
import Testing

@Suite("String templates")
struct StringTemplateTests {
    /// A template as text, parts as stars.
    private func text(_ template: StringTemplate?) -> String? {
        template?.literals.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "*")
    }

    private func find(_ texts: [String]) -> String? { text(StringTemplate.find(in: StringModels.strings(texts))) }

    @Test("the parts of URLs are told from what they share")
    func findsURLs() {
        var generator = StringModels.generator()
        let urls = (0..<1000).map { _ in StringModels.url(using: &generator) }
        #expect(find(urls) == "https://shop.example/category-*/p*/*?ref=*")
    }

    @Test("mail addresses, timestamps and product numbers have their templates")
    func findsOthers() {
        var generator = StringModels.generator()
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        #expect(find((0..<300).map { _ in "user-\(number(1...99_999))@host.example" }) == "user-*@host.example")
        #expect(find((0..<300).map { _ in "p\(StringModels.padded(number(0...50_000), 5))" }) == "p*")
        let stamps = (0..<300).map { _ in
            let date = "2026-\(StringModels.padded(number(1...12), 2))-\(StringModels.padded(number(1...28), 2))"
            let minute = "\(StringModels.padded(number(0...23), 2)):\(StringModels.padded(number(0...59), 2))"
            let second = "\(StringModels.padded(number(0...59), 2)).\(StringModels.padded(number(0...999_999), 6))"
            return "\(date)T\(minute):\(second)Z"
        }
        #expect(find(stamps) == "2026-*-*T*:*:*.*Z")
    }

    @Test("log lines have a template that nearly all of them match")
    func findsLogLines() throws {
        var generator = StringModels.generator()
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
        let agents = [
            "Mozilla/5.0 (X11; Linux x86_64)", "curl/7.88.1", "-", "Opera/9.80 (Windows NT 6.1; U) Presto/2.9",
        ]
        let lines = (0..<1000).map { row in
            if row % 100 == 50 { return "server restarted" }
            let host = "10.0.\(number(0...255)).\(number(0...255))"
            let time = "10:\(StringModels.padded(number(0...59), 2)):\(StringModels.padded(number(0...59), 2))"
            let request = "GET /p/\(number(1...999_999)) HTTP/1.1"
            let agent = agents[number(0...3)]
            return "\(host) - - [17/May/2015:\(time) +0000] \"\(request)\" 200 \(number(100...99_999)) \"\(agent)\""
        }
        let found = "10.0.*.* - - [17/May/2015:10:*:* +0000] \"GET /p/* HTTP/1.1\" 200 * \"*\""
        #expect(find(lines) == found)
    }

    @Test("strings that share nothing, or everything, have no template")
    func findsNothing() {
        var generator = StringModels.generator()
        #expect(find([]) == nil)
        #expect(find([String](repeating: "same as ever", count: 200)) == nil)
        #expect(find([String](repeating: "", count: 200)) == nil)
        let noise = (0..<200).map { _ in String(UInt64.random(in: 0...UInt64.max, using: &generator), radix: 16) }
        #expect(find(noise) == nil)
        for (_, arrays) in StringModels.hard(using: &generator) {
            if let template = StringTemplate.find(in: ByteStrings(arrays)) { checkSplit(template, arrays, "found") }
        }
    }

    /// The parts of one string as the definition says, or nil.
    private func model(_ template: StringTemplate, _ string: [UInt8]) -> [[UInt8]]? {
        let (head, foot) = (template.literals[0], template.literals[template.partCount])
        guard string.count >= head.count + foot.count, string.starts(with: head),
            string.suffix(foot.count) == foot[...]
        else { return nil }
        var rest = string[head.count..<(string.count - foot.count)]
        var parts: [[UInt8]] = []
        for literal in template.literals[1..<template.partCount] {
            guard let place = rest.indices.first(where: { rest[$0...].starts(with: literal) }) else { return nil }
            parts.append(Array(rest[..<place]))
            rest = rest[(place + literal.count)...]
        }
        return parts + [Array(rest)]
    }

    /// Splits as the model does, and joins to the same strings.
    private func checkSplit(_ template: StringTemplate, _ arrays: [[UInt8]], _ name: String) {
        let split = template.split(StringModels.shifted(ByteStrings(arrays)))
        let expected = arrays.map { model(template, $0) }
        #expect(split.exceptions.rows == arrays.indices.filter { expected[$0] == nil }.map { UInt32($0) }, "\(name)")
        let whole = arrays.indices.filter { expected[$0] == nil }.map { arrays[$0] }
        #expect(StringModels.arrays(split.exceptions.strings) == whole)
        let first = expected.compactMap { $0 }.first ?? [[UInt8]](repeating: [], count: template.partCount)
        for part in 0..<template.partCount {
            var before = first[part]
            let values = expected.map { parts in
                before = parts?[part] ?? before
                return before
            }
            #expect(StringModels.arrays(split.parts[part]) == values, "\(name) part \(part)")
        }
        let limit = arrays.reduce(0) { $0 + $1.count }
        let joined = try? template.join(
            split.parts.map { .strings($0) }, count: arrays.count, exceptions: split.exceptions, byteLimit: limit)
        #expect(joined.map(StringModels.arrays) == arrays, "\(name)")
    }

    @Test("any strings are split at the leftmost places of any literals and joined again")
    func splitsAndJoins() {
        var generator = StringModels.generator()
        for (name, arrays) in StringModels.hard(using: &generator) {
            checkSplit(StringTemplate(literals: [[], []]), arrays, name)
            for _ in 0..<4 {
                let parts = Int.random(in: 1...5, using: &generator)
                let literals = (0...parts).map { index -> [UInt8] in
                    let source = arrays.randomElement(using: &generator) ?? []
                    let length = Int.random(in: (index == 0 || index == parts ? 0 : 1)...9, using: &generator)
                    let start = source.isEmpty ? 0 : Int.random(in: 0..<source.count, using: &generator)
                    let part = Array(source.dropFirst(start).prefix(length))
                    return part.isEmpty && index > 0 && index < parts ? [0] : part
                }
                checkSplit(StringTemplate(literals: literals), arrays, name)
            }
        }
        for _ in 0..<200 {
            // Few different bytes: literals overlap each other and themselves.
            let literals = (0...Int.random(in: 1...4, using: &generator)).map { _ in
                StringModels.random(Int.random(in: 1...3, using: &generator), below: 1, using: &generator)
            }
            let arrays = (0..<100).map { _ in
                StringModels.random(Int.random(in: 0...40, using: &generator), below: 1, using: &generator)
            }
            checkSplit(StringTemplate(literals: literals), arrays, "\(literals)")
        }
    }

    @Test("the worked example is what is written and read")
    func example() throws {
        let template = StringTemplate(literals: ["user-", "@host.", ""].map(StringModels.bytes))
        var output = GrowableBuffer()
        template.encode(into: &output)
        #expect(output.byteCount == template.byteCount)
        try LayoutExample.check(
            .comment(of: "struct StringTemplate", in: "Encoding/Strings/StringTemplate.swift"), written: output.finish()
        ) { bytes, annotated in
            let read = try StringTemplate(parsing: bytes)
            #expect(read == template)
            annotated.take(1, "parts \(read.partCount)")
            annotated.takeZeros(1)
            for literal in read.literals { annotated.take(2, "length \(literal.count)") }
            for literal in read.literals {
                annotated.take(literal.count, "\"\(String(decoding: literal, as: UTF8.self))\"")
            }
            annotated.takeZeros(read.byteCount - annotated.position)
        }
    }

    @Test("damaged templates give an error or some template")
    func survivesDamage() {
        var output = GrowableBuffer()
        StringTemplate(literals: ["user-", "@host.", ""].map(StringModels.bytes)).encode(into: &output)
        let taken = DamagedLeaf.tryAll(output.finish()) { damaged throws(FormatError) in
            let template = try StringTemplate(parsing: damaged)
            #expect(template.byteCount <= damaged.byteCount)
        }
        #expect(taken > 0)
    }
}
