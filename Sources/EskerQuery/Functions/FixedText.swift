internal import EskerFormat

/// PostgreSQL's text form of a fixed-width type.
protocol FixedText: SendableMetatype {
    associatedtype Stored: BitwiseCopyable
    static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Stored
    static func write(_ value: Stored, _ settings: TextSettings, to out: inout [UInt8])
}

/// One type each, named as in SQL.
enum FixedTexts {
    enum Int2: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int16 {
            try ValueParser.int2(bytes)
        }
        static func write(_ value: Int16, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.integer(Int64(value), to: &out)
        }
    }

    enum Int4: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int32 {
            try ValueParser.int4(bytes)
        }
        static func write(_ value: Int32, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.integer(Int64(value), to: &out)
        }
    }

    enum Int8: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
            try ValueParser.int8(bytes)
        }
        static func write(_ value: Int64, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.integer(value, to: &out)
        }
    }

    enum Float4: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Float {
            try ValueParser.float4(bytes)
        }
        static func write(_ value: Float, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.float4(value, to: &out)
        }
    }

    enum Float8: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Double {
            try ValueParser.float8(bytes)
        }
        static func write(_ value: Double, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.float8(value, to: &out)
        }
    }

    enum Date: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int32 {
            try ValueParser.date(bytes, settings)
        }
        static func write(_ value: Int32, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.date(value, to: &out)
        }
    }

    enum Time: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
            try ValueParser.time(bytes, settings)
        }
        static func write(_ value: Int64, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.time(value, to: &out)
        }
    }

    enum TimeTZ: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> StoredTimeTZ {
            StoredTimeTZ(try ValueParser.timetz(bytes, settings))
        }
        static func write(_ value: StoredTimeTZ, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.timetz(value.time, to: &out)
        }
    }

    enum Timestamp: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
            try ValueParser.timestamp(bytes, settings)
        }
        static func write(_ value: Int64, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.timestamp(value, to: &out)
        }
    }

    enum TimestampTZ: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> Int64 {
            try ValueParser.timestamptz(bytes, settings)
        }
        static func write(_ value: Int64, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.timestamptz(value, settings.zone, to: &out)
        }
    }

    enum IntervalText: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> StoredInterval {
            StoredInterval(try ValueParser.interval(bytes))
        }
        static func write(_ value: StoredInterval, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.interval(value.interval, to: &out)
        }
    }

    enum UUID: FixedText {
        static func parse(_ bytes: Span<UInt8>, _ settings: TextSettings) throws(ValueError) -> StoredUUID {
            StoredUUID(try ValueParser.uuid(bytes))
        }
        static func write(_ value: StoredUUID, _ settings: TextSettings, to out: inout [UInt8]) {
            ValueWriter.uuid(value.uuid, to: &out)
        }
    }
}
