/// One thing that shall go wrong: which operations it hits, when, and how.
///
///     Fault(.fail(errno: EIO), on: [.sync], path: ".journal", after: 2)   // the third sync of a journal file
package struct Fault: Sendable {
    package enum Effect: Sendable {
        /// Nothing is done and this error comes back.
        case fail(errno: Int32)
        /// A write or fill stops after so many bytes with this error; other operations fail with nothing done.
        case shortWrite(bytes: Int, errno: Int32)
        /// Some of the write's 512-byte sectors are written, others not, then this error comes back.
        case tornWrite(seed: UInt64, errno: Int32)
        /// A sync fails and does this to the bytes it should have written; only over a ``MemoryFileSystem``.
        case failSync(errno: Int32, losing: SyncLoss)
        /// Nothing is done, and success is reported: a disk that lies. Only for operations without a result.
        case pretend
    }

    /// Operations that can be hit.
    package var operations: Set<FileOperation>
    /// The path (for two paths, either of them) ends so; "" is every path.
    package var pathSuffix: String
    /// How many matching operations go well first.
    package var skipped: Int
    /// How many then go wrong; `.max`: all of them.
    package var times: Int
    package var effect: Effect

    package init(
        _ effect: Effect, on operations: Set<FileOperation>, path pathSuffix: String = "", after skipped: Int = 0,
        times: Int = 1
    ) {
        precondition(skipped >= 0 && times > 0)
        self.effect = effect
        self.operations = operations
        self.pathSuffix = pathSuffix
        self.skipped = skipped
        self.times = times
    }
}

/// What a failed sync does to bytes that were not synced. They count as clean afterwards, as on Linux, except with
/// ``nothing``.
package enum SyncLoss: Sendable {
    /// The bytes are still dirty: a later sync writes them.
    case nothing
    /// Reads go back to the synced bytes at once (the pages were evicted).
    case atOnce
    /// Reads see the new bytes for as long as the power stays on, later syncs succeed, and yet the disk never gets
    /// them (the pages stay in memory, marked clean).
    case atPowerCut
}

/// The operations of ``FileSystem`` and ``File``. The raw value is the word used in recordings and errors.
package enum FileOperation: String, CaseIterable, Sendable {
    case open, rename, remove, link, list, exists, lock, size, write, read, sync, truncate, reserve, map, close
    case makeDirectory = "make-directory"
    case syncDirectory = "sync-directory"
    case freeSpace = "free-space"
    case fillWithZeros = "fill"
    case lockRange = "lock-range"
}

extension Set<FileOperation> {
    /// What can change the disk or what survives on it: the boundaries at which a power cut makes a difference.
    package static var changes: Self {
        [
            .open, .rename, .remove, .link, .lock, .write, .sync, .truncate, .reserve, .makeDirectory, .syncDirectory,
            .fillWithZeros,
        ]
    }

    package static var all: Self { Set(FileOperation.allCases) }
}
