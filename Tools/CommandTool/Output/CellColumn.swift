// Unsafe: reads the bytes of variable-width values in place, while their column lives.

import EskerFormat

/// A column of a result as text, ready to be put into rows.
///
/// A column is rendered whole, in one loop for its type; each distinct value of a dictionary is rendered and quoted
/// once. Texts that stand in the row as they stand in the column are not rendered at all. Putting rows together is then
/// only copying: see ``RowAssembly``.
struct CellColumn {
    /// What stands around a value, and in place of a missing one.
    struct Dress {
        var before: [UInt8] = []
        var after: [UInt8] = []
        var null: [UInt8] = []
    }

    /// The text of every value, one behind the other.
    let texts: Texts
    /// The value of each row; nil when row and value are the same number.
    let places: [UInt32]?
    let validity: Bitmap?
    let dress: Dress

    enum Texts {
        /// Value `i` stands at `starts[i]..<starts[i + 1]`.
        case rendered(bytes: [UInt8], starts: [UInt32])
        /// The values of a column themselves, behind Int32 offsets.
        case inPlace(offsets: Buffer, bytes: Buffer)
    }

    /// Renders all rows of a column. O(rows + bytes of text).
    init(_ column: Column, style: CellStyle, settings: TextSettings, dress: Dress = Dress()) {
        validity = column.validity
        let values: Column
        switch column.values {
        case .bits, .fixed, .variable:
            values = column
            places = nil
        default:
            if column.physical.count <= column.count {
                values = column.physical
                places = (0..<column.count).map { UInt32(column.isValid($0) ? column.physicalRow($0) : 0) }
            } else {
                // A few rows of a large dictionary: only their values.
                values = column.plain
                places = nil
            }
        }
        if case .variable(let offsets, let bytes) = values.values, style.keeps(values, of: column.type) {
            texts = .inPlace(offsets: offsets.slice(0..<((values.count + 1) * 4)), bytes: bytes)
            self.dress = style == .json ? dress.quoted : dress
            return
        }
        self.dress = dress
        var text: [UInt8] = []
        var starts: [UInt32] = [0]
        starts.reserveCapacity(values.count + 1)
        text.reserveCapacity(values.count * 8)
        let writer = CellWriter(type: column.type, style: style, settings: settings)
        writer.write(values, to: &text) { starts.append(UInt32($0)) }
        texts = .rendered(bytes: text, starts: starts)
    }

    /// Whether the row has a value.
    func isValid(_ row: Int) -> Bool { validity.map { $0[row] } ?? true }

    /// The text of a row; unspecified without a value.
    func text(_ row: Int) -> [UInt8] {
        let place = places.map { Int($0[row]) } ?? row
        switch texts {
        case .rendered(let bytes, let starts): return Array(bytes[Int(starts[place])..<Int(starts[place + 1])])
        case .inPlace(let offsets, let bytes):
            let starts = offsets.span(as: Int32.self)
            return unsafe Array(bytes.unsafeBytes[Int(starts[place])..<Int(starts[place + 1])])
        }
    }
}

extension CellColumn.Dress {
    /// With quotes around the value.
    fileprivate var quoted: CellColumn.Dress {
        CellColumn.Dress(before: before + [0x22], after: [0x22] + after, null: null)
    }
}

/// How the text of a value is dressed.
enum CellStyle: Sendable {
    /// PostgreSQL's text form as it is.
    case plain
    /// In quotes where comma-separated text needs them.
    case csv
    /// As a JSON value, the way PostgreSQL's `row_to_json` writes it.
    case json

    /// Whether the values of a variable-width column stand in a row byte for byte (in JSON: with quotes around them).
    fileprivate func keeps(_ values: Column, of type: DataType) -> Bool {
        switch (type, self) {
        case (.text, .plain), (.varchar, .plain), (.char, .plain), (.json, .plain), (.jsonb, .plain): true
        case (.text, .csv), (.varchar, .csv), (.char, .csv): CSVText.keepsAll(values)
        case (.text, .json), (.varchar, .json), (.char, .json): JSONText.keepsAll(values)
        default: false
        }
    }
}
