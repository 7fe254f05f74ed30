public import EskerFormat

// In formats other than Esker's own, values that no standard type stands for are strings in PostgreSQL's text form.

/// A value that is coded as a string.
protocol TextCoded {
    var columnValue: Value { get }
    init(coded text: String) throws(ValueError)
}

extension TextCoded {
    func encodeText(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(columnValue.text())
    }

    init(textFrom decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        do {
            try self.init(coded: text)
        } catch {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: error.message)
        }
    }
}

extension Timestamp: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { try self.init(text) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension Day: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { try self.init(text) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension TimeOfDay: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { try self.init(text) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension Numeric: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { try self.init(text) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension Interval: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { self = try ValueParser.interval(text.utf8.span) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension TimeWithZone: Codable, TextCoded {
    init(coded text: String) throws(ValueError) {
        self = try ValueParser.timetz(text.utf8.span, TextSettings(now: Timestamp.now.microseconds))
    }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}

extension UUIDBytes: Codable, TextCoded {
    init(coded text: String) throws(ValueError) { self = try ValueParser.uuid(text.utf8.span) }
    public init(from decoder: any Decoder) throws { try self.init(textFrom: decoder) }
    public func encode(to encoder: any Encoder) throws { try encodeText(to: encoder) }
}
