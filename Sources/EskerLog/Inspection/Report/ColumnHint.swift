import EskerFormat

extension ColumnCost {
    /// Why the column is as large as it is, and what could change that: from its most frequent tree. `nil` when there is
    /// nothing to say.
    package var hint: String? {
        guard let weight = trees.first?.weight, rowCount > 0 else { return nil }
        if poolLength > storedLength {
            return "its dictionary of \(ReadableText.count(pooledValueCount)) values is most of it"
        }
        let part = trees.first?.text.hasPrefix("template") == true ? "one of its parts has " : ""
        return words(weight).map { part + $0 }
    }

    private func words(_ weight: TreeDescription.Weight) -> String? {
        let numbers = type.hasPrefix("timestamp") ? "timestamps" : "numbers"
        switch weight {
        case .strings: return "random strings: no encoding makes them shorter"
        case .compressed: return "no order found: only the general codec makes it shorter"
        case .symbols: return "text that hardly repeats: only its common pieces are shorter"
        case .hexadecimal: return "random hexadecimal: half a byte a digit is the least; store it as bytea or uuid"
        case .frontCoded: return "sorted strings that differ near their beginnings"
        case .floats: return "numbers that use all bits of a float: rounded ones take less"
        case .codedFloats: return "decimals in no order, \(bits) bits a row"
        case .distances: return "\(numbers) in no order, \(bits) bits a row"
        case .steps: return "\(numbers) in order at irregular distances, \(bits) bits a row"
        case .unorderedSteps: return "\(numbers) out of order, \(bits) bits a row"
        case .planes: return "numbers in no order whose lower bytes are random"
        case .codes: return "different values in no order, \(bits) bits a row"
        case .choices: return "one of several values beside each of another column, \(bits) bits a row"
        case .bits: return type == "boolean" ? "booleans in no order" : "values of 16 bytes stay as they are"
        case .nothing: return nil
        }
    }

    /// Stored bits of a row.
    private var bits: String { ReadableText.tenths(Double(storedLength) * 8 / Double(rowCount)) }
}
