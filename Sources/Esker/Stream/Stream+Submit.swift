package import EskerFormat
package import EskerLog

extension Stream {
    /// Puts the rows of a batch in line and returns at once: for threads that keep several batches on their way.
    /// Batches that one thread submits one after the other keep their order.
    ///
    /// - Parameters:
    ///   - batch: columns of the types of ``schema``, in its order, without a missing value where it allows none.
    ///   - completion: called once, on the journal's thread: must not block.
    package func submit(
        _ batch: Batch, acknowledgement: Acknowledgement,
        completion: @escaping @Sendable (Result<AppendReceipt, StoreError>) -> Void
    ) {
        let parts = parts(batch)
        guard !parts.isEmpty else { return completion(.success(AppendReceipt(placements: []))) }
        log.submit(AppendRequest(parts: parts, acknowledgement: acknowledgement, completion: completion))
    }
}
