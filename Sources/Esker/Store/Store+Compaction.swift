public import EskerFormat
public import EskerLog

extension Store {
    /// Seals durable rows, merges their segments and brings them into a tier: now, and as fast as it goes,
    /// instead of step by step in the background. Appends and queries go on meanwhile.
    ///
    /// - Parameters:
    ///   - stream: only the stream of that name.
    ///   - tier: how much work goes into being small; ``Tier/compact`` by default.
    /// - Throws: ``StoreError``: `.missing`, `.diskFull` (the old segments stay), `.corrupt` (names the damaged one).
    @discardableResult
    public func compact(stream name: String? = nil, tier: Tier = .compact) async throws -> CompactionSummary {
        let chosen = try name.map { try stream(named: $0).definition }
        return try await BlockingWork.run { [log] in
            if let chosen {
                for partition in 0..<chosen.partitionCount { try log.seal(stream: chosen.id, partition: partition) }
            } else {
                try log.sealAll()
            }
            return try log.compactAll(stream: name, tier: tier)
        }
    }
}
