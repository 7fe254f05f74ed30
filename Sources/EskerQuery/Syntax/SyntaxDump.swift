/// Writes a syntax tree as an S-expression: `(select targets: [a (binary + b 1)])`, for tests and debugging.
///
/// Fields come by reflection, so a new one cannot be forgotten. Left out: locations, and fields that are nil, false,
/// empty or at the value that means "not written".
package enum SyntaxDump {
    package static func text(_ value: Any) -> String {
        switch value {
        case let text as String: quoted(text)
        case let flag as Bool: flag ? "true" : "false"
        case let number as any BinaryInteger: "\(number)"
        case let constant as Constant: self.constant(constant)
        case let name as OperatorName: name.schema.map { "\($0).\(name.name)" } ?? name.name
        case let expression as Expression: self.expression(expression)
        case let name as TableName: [name.catalog, name.schema, name.name].compactMap { $0 }.joined(separator: ".")
        default: reflected(value)
        }
    }

    private static func expression(_ expression: Expression) -> String {
        switch expression.kind {
        case .constant(let constant): self.constant(constant)
        case .column(let names): names.map(quoted).joined(separator: ".")
        case .star(let names): (names + ["*"]).joined(separator: ".")
        case .parameter(let number): "$\(number)"
        case let kind: text(kind)
        }
    }

    private static func constant(_ constant: Constant) -> String {
        switch constant {
        case .null: "null"
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): "\(number)"
        case .numeric(let digits): "\(digits)n"
        case .string(let text): "'\(text)'"
        case .bitString(let digits): "bits:\(digits)"
        }
    }

    /// Names stand as they are when they look like names.
    private static func quoted(_ text: String) -> String {
        let isPlain = !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
        return isPlain ? text : "\"\(text)\""
    }

    private static func reflected(_ value: Any) -> String {
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional: return mirror.children.first.map { text($0.value) } ?? "nil"
        case .collection: return "[" + mirror.children.map { text($0.value) }.joined(separator: " ") + "]"
        case .enum:
            guard let payload = mirror.children.first else { return "\(value)" }
            return "(" + ([payload.label ?? ""] + arguments(payload.value)).joined(separator: " ") + ")"
        default:
            return "(" + fields(mirror).joined(separator: " ") + ")"
        }
    }

    /// The associated values of a case: one of them, or several as a tuple.
    private static func arguments(_ payload: Any) -> [String] {
        let mirror = Mirror(reflecting: payload)
        if mirror.displayStyle == .tuple { return fields(mirror) }
        let written = text(payload)
        return mirror.displayStyle == .struct && written.hasPrefix("(") && !(payload is Expression)
            ? fields(mirror) : [written]
    }

    private static func fields(_ mirror: Mirror) -> [String] {
        mirror.children.compactMap { child in
            let label = child.label ?? ""
            if label == "location" { return nil }
            let written = text(child.value)
            if defaults[label].map({ $0 == written }) ?? isUnwritten(child.value) { return nil }
            return label.isEmpty || label.hasPrefix(".") ? written : "\(label): \(written)"
        }
    }

    private static func isUnwritten(_ value: Any) -> Bool {
        if type(of: value) == Bool.self { return text(value) == "false" }
        let mirror = Mirror(reflecting: value)
        switch mirror.displayStyle {
        case .optional, .collection: return mirror.children.isEmpty
        case .struct: return !(value is Expression) && text(value) == "()"
        default: return false
        }
    }

    /// By field, the value that means "not written".
    private static let defaults = [
        "distinct": "all", "direction": "ascending", "persistence": "permanent", "onCommit": "none",
        "checkOption": "none", "overriding": "none", "exclusion": "none", "match": "simple", "onUpdate": "noAction",
        "onDelete": "noAction", "withData": "true", "wait": "block",
    ]
}

extension Statement: CustomStringConvertible {
    package var description: String { SyntaxDump.text(self) }
}

extension Expression: CustomStringConvertible {
    package var description: String { SyntaxDump.text(self) }
}
