/// A type as blocks and manifests write it. The numbers are frozen: they are never reused or renumbered.
///
/// | field | size | meaning |
/// |---|---|---|
/// | code | UInt16 | 1 bool · 2 int2 · 3 int4 · 4 int8 · 5 float4 · 6 float8 · 7 numeric · 8 text · 9 varchar · 10 char · 11 bytea · 12 date · 13 time · 14 timetz · 15 timestamp · 16 timestamptz · 17 interval · 18 uuid · 19 json · 20 jsonb · 64 array |
/// | element | UInt16 | code of an array's element, else 0 |
/// | modifier | Int32 | −1 none; varchar, char: length in characters; numeric: precision × 65,536 + scale as an unsigned 16-bit number |
///
/// Example, five types one after another:
///
/// ```hex
///    0  04 00 00 00 ff ff ff ff                          bigint: code 4, element 0, modifier -1
///    8  09 00 00 00 14 00 00 00                          character varying(20): code 9, element 0, modifier 20
///   16  0c 00 00 00 ff ff ff ff                          date: code 12, element 0, modifier -1
///   24  07 00 00 00 02 00 0a 00                          numeric(10,2): code 7, element 0, modifier 655362
///   32  40 00 08 00 ff ff ff ff                          text[]: code 64, element 8, modifier -1
/// ```
package struct TypeCode: Hashable, Sendable {
    package let code: UInt16
    package let element: UInt16
    package let modifier: Int32

    package init(code: UInt16, element: UInt16, modifier: Int32) {
        self.code = code
        self.element = element
        self.modifier = modifier
    }

    static let array: UInt16 = 64

    /// The frozen form of a type. Arrays of arrays do not exist: an array has any number of dimensions.
    package init(_ type: DataType) {
        switch type {
        case .array(let elementType):
            let inner = TypeCode(elementType)
            self.init(code: Self.array, element: inner.code, modifier: inner.modifier)
        case .varchar(let length): self.init(code: 9, element: 0, modifier: length.map { Int32($0) } ?? -1)
        case .char(let length): self.init(code: 10, element: 0, modifier: Int32(length))
        case .numeric(let precision?, let scale):
            let packed = Int32(precision) << 16 | Int32(UInt16(bitPattern: Int16(scale)))
            self.init(code: 7, element: 0, modifier: packed)
        default: self.init(code: Self.plainCode(type), element: 0, modifier: -1)
        }
    }

    private static func plainCode(_ type: DataType) -> UInt16 {
        switch type {
        case .bool: 1
        case .int2: 2
        case .int4: 3
        case .int8: 4
        case .float4: 5
        case .float8: 6
        case .numeric: 7
        case .text: 8
        case .varchar: 9
        case .char: 10
        case .bytea: 11
        case .date: 12
        case .time: 13
        case .timetz: 14
        case .timestamp: 15
        case .timestamptz: 16
        case .interval: 17
        case .uuid: 18
        case .json: 19
        case .jsonb: 20
        case .array: array
        }
    }

    /// The type that the code stands for, or an error when this version does not know it.
    package func dataType() throws(FormatError) -> DataType {
        if code == Self.array {
            guard element != Self.array else { throw FormatError(.malformed, "an array of arrays is no type") }
            return .array(of: try TypeCode(code: element, element: 0, modifier: modifier).dataType())
        }
        guard element == 0 else { throw FormatError(.malformed, "type code \(code) has an element type") }
        switch code {
        case 7:
            if modifier == -1 { return .numeric(precision: nil, scale: 0) }
            let precision = Int(modifier >> 16)
            guard (1...1000).contains(precision) else {
                throw FormatError(.malformed, "numeric precision \(precision) is not in 1...1000")
            }
            return .numeric(precision: precision, scale: Int(Int16(truncatingIfNeeded: modifier)))
        case 9: return .varchar(length: modifier < 0 ? nil : Int(modifier))
        case 10:
            guard modifier > 0 else { throw FormatError(.malformed, "char length \(modifier) is not positive") }
            return .char(length: Int(modifier))
        case 1...20: return Self.plainTypes[Int(code)]
        default: throw FormatError(.newerVersion, "type code \(code) is unknown to this version")
        }
    }

    /// Types without a modifier by their code; the places of those with one hold a stand-in that is never read.
    private static let plainTypes: [DataType] = [
        .bool, .bool, .int2, .int4, .int8, .float4, .float8, .text, .text, .text, .text, .bytea, .date, .time, .timetz,
        .timestamp, .timestamptz, .interval, .uuid, .json, .jsonb,
    ]
}
