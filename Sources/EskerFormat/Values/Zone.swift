internal import Glibc
internal import Synchronization

// Unsafe: reads files of the system's time zone database through C's stdio.

/// A time zone: a fixed offset from UTC, or a place in the system's time zone database.
///
/// The one thing this room reads from outside is that database (`/usr/share/zoneinfo`), once a zone and process: what
/// a zone's clocks do is part of what a timestamp's text means.
package struct Zone: Hashable, Sendable {
    /// The name it was asked for by: `UTC`, `Europe/Berlin`, `<+02>-02`.
    package let name: String
    /// Seconds east of UTC, if that never changes.
    package let fixedOffset: Int32?
    private let rules: ZoneRules?
    /// The abbreviation it was asked for by, if what that means depends on the place and the time.
    private var abbreviation: String?

    package static let utc = Zone(name: "UTC", fixedOffset: 0, rules: nil)

    package init(secondsEast: Int32) {
        self.init(name: Self.posixName(secondsEast), fixedOffset: secondsEast, rules: nil)
    }

    private init(name: String, fixedOffset: Int32?, rules: ZoneRules?) {
        self.name = name
        self.fixedOffset = fixedOffset
        self.rules = rules
    }

    /// A zone by its name in the database (in any case) or in POSIX notation.
    ///
    /// - Throws: 22023 if there is no such zone.
    package init(named name: String) throws(ValueError) {
        guard let zone = Self.find(name) else {
            throw ValueError(sqlState: "22023", message: "time zone \"\(name)\" not recognized")
        }
        self = zone
    }

    package static func == (a: Zone, b: Zone) -> Bool {
        a.name == b.name && a.fixedOffset == b.fixedOffset && a.abbreviation == b.abbreviation
    }
    package func hash(into hasher: inout Hasher) { hasher.combine(name) }

    /// Seconds east of UTC at a moment, given in seconds since 1970 UTC.
    @inline(__always)
    package func offset(atSeconds seconds: Int64) -> Int32 {
        fixedOffset ?? changingOffset(seconds)
    }

    /// Whether the offset cannot be told without a date.
    var needsDate: Bool { fixedOffset == nil && abbreviation == nil }

    private func changingOffset(_ seconds: Int64) -> Int32 {
        guard let rules else { return 0 }
        if let abbreviation, let kind = rules.kind(named: abbreviation, at: seconds) { return kind.offset }
        return rules.offset(at: seconds)
    }

    /// The same place, but with the offset that one of its abbreviations means around the time.
    func meaning(_ abbreviation: String) -> Zone {
        var zone = Zone(name: name, fixedOffset: nil, rules: rules)
        zone.abbreviation = abbreviation
        return zone
    }

    /// Seconds east of UTC at a timestamp in microseconds.
    @inline(__always)
    package func offset(at timestamp: Int64) -> Int32 {
        if let fixedOffset { return fixedOffset }
        return offset(atSeconds: timestamp >= 0 ? timestamp / 1_000_000 : (timestamp - 999_999) / 1_000_000)
    }

    /// Seconds east of UTC when the zone's clocks show `local` (seconds since 1970 as if they were UTC).
    ///
    /// A time that the clocks skip is read with the offset before the skip, a time they show twice with the offset
    /// after, which is standard time: PostgreSQL's rule.
    package func offset(atLocalSeconds local: Int64) -> Int32 {
        if let fixedOffset { return fixedOffset }
        guard let rules else { return 0 }
        if let abbreviation { return offset(named: abbreviation, atLocalSeconds: local, rules) }
        let earlier = local - 86_400
        guard let boundary = rules.boundary(after: earlier) else { return rules.offset(at: earlier) }
        let before = local - Int64(boundary.before)
        let after = local - Int64(boundary.after)
        if before < boundary.at && after < boundary.at { return boundary.before }
        if before > boundary.at && after >= boundary.at { return boundary.after }
        return before > after ? boundary.before : boundary.after
    }

    /// The offset that an abbreviation means in this zone around a local time.
    private func offset(named abbreviation: String, atLocalSeconds local: Int64, _ rules: ZoneRules) -> Int32 {
        let usual = Zone(name: name, fixedOffset: fixedOffset, rules: rules).offset(atLocalSeconds: local)
        return rules.kind(named: abbreviation, at: local - Int64(usual))?.offset ?? usual
    }

    private static func posixName(_ east: Int32) -> String {
        let sign = east < 0 ? "-" : "+"
        let (hours, rest) = (Int(east.magnitude) / 3_600, Int(east.magnitude) % 3_600)
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        var text = two(hours)
        if rest != 0 { text += ":" + two(rest / 60) }
        if rest % 60 != 0 { text += ":" + two(rest % 60) }
        return "<\(sign)\(text)>\(east < 0 ? "+" : "-")\(text)"
    }
}

extension Zone {
    /// Zones found before, by the name asked for; as many as a database has names, with room for spellings.
    private static let cache = Mutex<[String: Zone]>([:])
    private static let cacheLimit = 4_096
    private static let directory = "/usr/share/zoneinfo"
    /// The largest TZif file that is read; real ones have less than 4 KB.
    private static let fileLimit = 256 * 1_024

    static func find(_ name: String) -> Zone? {
        if let known = cache.withLock({ $0[name] }) { return known }
        guard let zone = load(name) else { return nil }
        cache.withLock { if $0.count < cacheLimit { $0[name] = zone } }
        return zone
    }

    private static func load(_ name: String) -> Zone? {
        guard name.utf8.count <= 255 else { return nil }
        if name.lowercased() == "utc" { return .utc }
        if isFileName(name), let path = databaseName(name), let bytes = read(directory + "/" + path),
            let rules = ZoneRules(tzif: bytes)
        {
            let fixed = rules.transitions.isEmpty && rules.rule?.daylight == nil
            return Zone(name: path, fixedOffset: fixed ? rules.kind(at: 0).offset : nil, rules: rules)
        }
        guard let rule = PosixZone(name) else { return nil }
        return Zone(name: name, fixedOffset: rule.daylight == nil ? rule.standard.offset : nil, rules: ZoneRules(rule))
    }

    private static func isFileName(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard let first = bytes.first, ASCII.isAlpha(first) else { return false }
        return bytes.allSatisfy { ASCII.isAlphanumeric($0) || [0x5F, 0x2D, 0x2B, 0x2F].contains($0) }
    }

    /// The database's own spelling of a name: itself if there is such a file, else found directory by directory.
    private static func databaseName(_ name: String) -> String? {
        if unsafe access(directory + "/" + name, R_OK) == 0 { return name }
        var found = ""
        for part in name.split(separator: "/") {
            guard let entry = entries(directory + "/" + found).first(where: { $0.lowercased() == part.lowercased() })
            else { return nil }
            found += found.isEmpty ? entry : "/" + entry
        }
        return found
    }

    private static func entries(_ path: String) -> [String] {
        guard let handle = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rbe") else { return nil }
        defer { unsafe fclose(file) }
        var bytes = [UInt8](repeating: 0, count: fileLimit)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe fread($0.baseAddress, 1, $0.count, file) }
        guard count > 0 && count < fileLimit else { return nil }
        return Array(bytes[..<count])
    }
}
