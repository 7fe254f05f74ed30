/// SQL's words for the node types of PostgreSQL's parse tree, for messages.
enum NodeNames {
    /// An expression, a table or a part of a statement: "XML expression".
    static func construct(_ type: String) -> String {
        constructs[type] ?? words(type, dropping: ["Expr", "Clause"])
    }

    /// The command words of a statement: `CreateRoleStmt` is "CREATE ROLE".
    static func statement(_ type: String) -> String {
        statements[type] ?? words(type, dropping: ["Stmt"]).uppercased()
    }

    /// `OBJECT_FOREIGN_TABLE` is "FOREIGN TABLE".
    static func object(_ type: String) -> String {
        objects[type] ?? spaced(type.dropFirst("OBJECT_".count))
    }

    /// `AT_SetStorage` is "SET STORAGE".
    static func alterCommand(_ type: String) -> String {
        words(String(type.dropFirst("AT_".count)), dropping: []).uppercased()
    }

    private static let constructs = [
        "XmlExpr": "XML expression", "XmlSerialize": "XMLSERIALIZE", "RangeTableSample": "TABLESAMPLE",
        "RangeTableFunc": "XMLTABLE", "TableLikeClause": "LIKE in CREATE TABLE", "A_Expr": "operator",
        "A_Const": "constant", "ColumnRef": "column reference", "FuncCall": "function call", "TypeCast": "cast",
        "SubLink": "sub-query", "ParamRef": "parameter", "SetToDefault": "DEFAULT", "MinMaxExpr": "GREATEST or LEAST",
        "CoalesceExpr": "COALESCE", "RowExpr": "row", "A_ArrayExpr": "ARRAY", "A_Indirection": "subscript",
        "MultiAssignRef": "assignment of a row", "CurrentOfExpr": "CURRENT OF",
    ]

    private static let statements = [
        "AlterDefaultPrivilegesStmt": "ALTER DEFAULT PRIVILEGES", "AlterFunctionStmt": "ALTER FUNCTION",
        "AlterObjectSchemaStmt": "ALTER … SET SCHEMA", "AlterOwnerStmt": "ALTER … OWNER TO",
        "AlterSeqStmt": "ALTER SEQUENCE", "AlterTableMoveAllStmt": "ALTER … ALL IN TABLESPACE",
        "AlterEnumStmt": "ALTER TYPE", "CheckPointStmt": "CHECKPOINT", "CommentStmt": "COMMENT ON",
        "CompositeTypeStmt": "CREATE TYPE", "ConstraintsSetStmt": "SET CONSTRAINTS", "CreateEnumStmt": "CREATE TYPE",
        "CreateRangeStmt": "CREATE TYPE", "CreateSeqStmt": "CREATE SEQUENCE", "CreateTrigStmt": "CREATE TRIGGER",
        "CreatedbStmt": "CREATE DATABASE", "DiscardStmt": "DISCARD", "DropdbStmt": "DROP DATABASE",
        "RuleStmt": "CREATE RULE", "CreatePLangStmt": "CREATE LANGUAGE",
        "CreateFdwStmt": "CREATE FOREIGN DATA WRAPPER", "CreateStatsStmt": "CREATE STATISTICS",
        "ReturnStmt": "RETURN", "PLAssignStmt": "assignment", "SecLabelStmt": "SECURITY LABEL",
        "SelectStmt": "SELECT", "CreateStmt": "CREATE TABLE", "ViewStmt": "CREATE VIEW",
        "ClosePortalStmt": "CLOSE", "DeclareCursorStmt": "DECLARE CURSOR", "IndexStmt": "CREATE INDEX",
    ]

    private static let objects = [
        "OBJECT_MATVIEW": "MATERIALIZED VIEW", "OBJECT_FDW": "FOREIGN DATA WRAPPER",
        "OBJECT_FOREIGN_SERVER": "SERVER", "OBJECT_TABCONSTRAINT": "CONSTRAINT", "OBJECT_DOMCONSTRAINT": "CONSTRAINT",
        "OBJECT_TSCONFIGURATION": "TEXT SEARCH CONFIGURATION", "OBJECT_TSDICTIONARY": "TEXT SEARCH DICTIONARY",
        "OBJECT_TSPARSER": "TEXT SEARCH PARSER", "OBJECT_TSTEMPLATE": "TEXT SEARCH TEMPLATE",
        "OBJECT_STATISTIC_EXT": "STATISTICS", "OBJECT_OPCLASS": "OPERATOR CLASS", "OBJECT_OPFAMILY": "OPERATOR FAMILY",
    ]

    private static func spaced(_ name: Substring) -> String {
        String(name.map { $0 == "_" ? " " : $0 })
    }

    /// `CreateForeignTableStmt` without `Stmt` is "create foreign table".
    private static func words(_ type: String, dropping suffixes: [String]) -> String {
        var name = Substring(type)
        for suffix in suffixes where name.hasSuffix(suffix) { name = name.dropLast(suffix.count) }
        var words = ""
        for character in name {
            if character.isUppercase, !words.isEmpty { words.append(" ") }
            words.append(contentsOf: character.lowercased())
        }
        return words
    }
}
