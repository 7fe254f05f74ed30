import EskerLog
import EskerQuery

extension Store {
    /// A session of its own: settings of one do not show in another.
    public func session() -> Session { Session(self, engine: engine) }

    /// Runs one query and gives its rows.
    ///
    /// ```swift
    /// for try await batch in try await store.query("SELECT word, count(*) FROM words GROUP BY word") { … }
    /// ```
    ///
    /// - Throws: ``QueryError`` with SQLSTATE and position, ``StoreError``.
    public func query(_ sql: String) async throws -> ResultRows { try await session().query(sql) }

    /// Carries out statements and gives the result of each.
    @discardableResult
    public func execute(_ sql: String) async throws -> [StatementResult] { try await session().execute(sql) }
}

extension Store: StoreAccess {
    func snapshots() throws -> StoreSnapshot {
        return log.snapshots()
    }

    func writable() throws -> StoreLog { log }
}
