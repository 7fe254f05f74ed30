/// Reads TZif files, versions 2 and later (RFC 8536); all integers big-endian.
///
/// | part | contents |
/// |---|---|
/// | header, 44 bytes | `TZif`, version, 15 unused, six UInt32 counts: UT flags, standard flags, leap seconds, transitions, kinds, name bytes |
/// | body with 4-byte times | skipped |
/// | header again | the counts of the second body |
/// | body with 8-byte times | transition times, a kind index each, kinds (Int32 offset, UInt8 daylight, UInt8 name position), names, leaps, flags |
/// | footer | newline, POSIX TZ text, newline |
extension ZoneRules {
    /// - Returns: nil if the bytes are no whole TZif file.
    convenience init?(tzif bytes: [UInt8]) {
        var reader = TZifReader(bytes: bytes)
        guard let first = reader.header(), first.version >= 0x32, reader.skip(first.bodyLength(timeWidth: 4)),
            let second = reader.header(), let body = reader.body(second), let footer = reader.footer()
        else { return nil }
        self.init(kinds: body.kinds, transitions: body.transitions, rule: PosixZone(footer))
    }
}

private struct TZifReader {
    struct Header {
        var version: UInt8
        var universalFlags, standardFlags, leaps, transitions, kinds, nameBytes: Int

        func bodyLength(timeWidth: Int) -> Int {
            transitions * (timeWidth + 1) + kinds * 6 + nameBytes + leaps * (timeWidth + 4) + standardFlags
                + universalFlags
        }
    }

    let bytes: [UInt8]
    private var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// A big-endian unsigned integer of `width` bytes, or nil at the end.
    private mutating func integer(_ width: Int) -> UInt64? {
        guard bytes.count - index >= width else { return nil }
        var value: UInt64 = 0
        for _ in 0..<width {
            value = value << 8 | UInt64(bytes[index])
            index += 1
        }
        return value
    }

    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.count - index else { return false }
        index += count
        return true
    }

    mutating func header() -> Header? {
        guard integer(4) == 0x545A_6966, let version = integer(1), skip(15) else { return nil }
        var counts: [Int] = []
        for _ in 0..<6 {
            // No count can exceed the file; so their sums cannot overflow either.
            guard let count = integer(4), count <= UInt64(bytes.count) else { return nil }
            counts.append(Int(count))
        }
        guard counts[4] > 0 else { return nil }
        return Header(
            version: UInt8(version), universalFlags: counts[0], standardFlags: counts[1], leaps: counts[2],
            transitions: counts[3], kinds: counts[4], nameBytes: counts[5])
    }

    mutating func body(_ header: Header) -> (kinds: [ZoneRules.Kind], transitions: [ZoneRules.Transition])? {
        guard header.bodyLength(timeWidth: 8) <= bytes.count - index else { return nil }
        var times: [Int64] = []
        for _ in 0..<header.transitions { times.append(Int64(bitPattern: integer(8) ?? 0)) }
        var transitions: [ZoneRules.Transition] = []
        for time in times {
            let kind = Int(integer(1) ?? 0)
            guard kind < header.kinds else { return nil }
            transitions.append(.init(at: time, kind: kind))
        }
        var kinds: [ZoneRules.Kind] = []
        let names = index + header.kinds * 6
        for _ in 0..<header.kinds {
            let offset = Int32(truncatingIfNeeded: integer(4) ?? 0)
            let isDaylight = integer(1) ?? 0
            let position = Int(integer(1) ?? 0)
            guard position < header.nameBytes, offset.magnitude < 86_400 * 7 else { return nil }
            let name = bytes[(names + position)..<(names + header.nameBytes)].prefix { $0 != 0 }
            kinds.append(
                .init(offset: offset, isDaylight: isDaylight != 0, abbreviation: String(decoding: name, as: UTF8.self)))
        }
        guard skip(header.nameBytes + header.leaps * 12 + header.standardFlags + header.universalFlags) else {
            return nil
        }
        return (kinds, transitions)
    }

    mutating func footer() -> String? {
        guard integer(1) == 0x0A else { return nil }
        return String(decoding: bytes[index...].prefix { $0 != 0x0A }, as: UTF8.self)
    }
}
