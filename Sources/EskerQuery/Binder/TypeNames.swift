import EskerFormat

extension Binder {
    /// The type that a written name means.
    func type(_ name: TypeName) throws(QueryError) -> DataType {
        if name.isSet { throw QueryError.unsupported("SETOF", at: name.location) }
        let element = try elementType(name)
        return name.isArray ? .array(of: element) : element
    }

    private func elementType(_ name: TypeName) throws(QueryError) -> DataType {
        let modifiers = try name.modifiers.map { modifier throws(QueryError) in try integerModifier(modifier) }
        if name.names.count > 1, name.names[0] != "pg_catalog" && name.names[0] != "public" {
            throw undefinedType(name)
        }
        switch name.name {
        case "numeric", "decimal": return try numericType(modifiers, name)
        case "varchar": return .varchar(length: try length(modifiers, name))
        case "bpchar", "char":
            guard let length = try length(modifiers, name) else { return .text }
            return .char(length: length)
        case "interval":
            // The first modifier is a mask of fields; all of them is no restriction.
            if let fields = modifiers.first, fields != Int(IntervalFields.all.rawValue) || modifiers.count > 1 {
                throw QueryError.unsupported("interval with fields or precision", at: name.location)
            }
            return .interval
        case let plain:
            guard let type = Self.plainTypes[plain] else { throw undefinedType(name) }
            if !modifiers.isEmpty {
                switch type {
                case .time, .timetz, .timestamp, .timestamptz:
                    // Six digits of seconds are what the types have anyway.
                    if modifiers == [6] { break }
                    throw QueryError.unsupported("precision of type \(type.name)", at: name.location)
                default:
                    throw QueryError(
                        .syntaxError, "type modifier is not allowed for type \"\(plain)\"", at: name.location)
                }
            }
            return type
        }
    }

    private static let plainTypes: [String: DataType] = [
        "bool": .bool, "boolean": .bool, "int2": .int2, "smallint": .int2, "int4": .int4, "int": .int4,
        "integer": .int4, "int8": .int8, "bigint": .int8, "float4": .float4, "real": .float4, "float8": .float8,
        "text": .text, "bytea": .bytea, "date": .date, "time": .time, "timetz": .timetz, "timestamp": .timestamp,
        "timestamptz": .timestamptz, "uuid": .uuid, "json": .json, "jsonb": .jsonb,
    ]

    private func undefinedType(_ name: TypeName) -> QueryError {
        QueryError(.undefinedObject, "type \"\(name.names.joined(separator: "."))\" does not exist", at: name.location)
    }

    private func integerModifier(_ expression: Expression) throws(QueryError) -> Int {
        if case .constant(.integer(let value)) = expression.kind { return Int(value) }
        throw QueryError(
            .syntaxError, "type modifiers must be simple constants or identifiers", at: expression.location)
    }

    private func length(_ modifiers: [Int], _ name: TypeName) throws(QueryError) -> Int? {
        guard let length = modifiers.first else { return nil }
        let shown = name.name == "varchar" ? "varchar" : "char"
        if length < 1 {
            throw QueryError(
                .invalidParameterValue, "length for type \(shown) must be at least 1", at: name.location)
        }
        if length > 10_485_760 {
            throw QueryError(
                .invalidParameterValue, "length for type \(shown) cannot exceed 10485760", at: name.location)
        }
        return length
    }

    private func numericType(_ modifiers: [Int], _ name: TypeName) throws(QueryError) -> DataType {
        guard let precision = modifiers.first else { return .numeric(precision: nil, scale: 0) }
        let scale = modifiers.count > 1 ? modifiers[1] : 0
        if precision < 1 || precision > 1000 {
            throw QueryError(
                .invalidParameterValue, "NUMERIC precision \(precision) must be between 1 and 1000", at: name.location)
        }
        if scale < -1000 || scale > 1000 {
            throw QueryError(
                .invalidParameterValue, "NUMERIC scale \(scale) must be between -1000 and 1000", at: name.location)
        }
        return .numeric(precision: precision, scale: scale)
    }
}
