import EskerFiles
import Synchronization

/// Removes segment files that no manifest names any more, once nobody can want to open them.
///
/// In this process the last user of a ``SegmentFile`` hands its path in. Readers in other processes hold locks for the
/// editions that they look at (``EditionPins``): a file stays for as long as there is one of an edition that named it.
/// What still waits when the store is closed is removed after the next opening, in the same way.
final class SegmentRemovals: Sendable {
    private struct Waiting {
        let path: String
        /// The first edition that does not name the file.
        let edition: UInt64
    }

    private struct State {
        /// Only while the store is open: nobody else may touch its files.
        var isOpen = true
        var readers: (any File)?
        var waiting: [Waiting] = []
    }

    private let files: any FileSystem
    private let state = Mutex(State())

    init(files: any FileSystem) { self.files = files }

    /// Opens the file in which readers lock. Before that, and after an error, removals wait.
    func open(_ readers: String) throws(StoreError) {
        let file = try storing { () throws(FileError) in try files.open(readers, .createOrOpen) }
        state.withLock { $0.readers = file }
    }

    /// Removes a file that manifests do not name from `edition` on, now or when its last reader has gone.
    func remove(_ path: String, unnamedSince edition: UInt64) {
        state.withLock { state in
            guard state.isOpen else { return }
            state.waiting.append(Waiting(path: path, edition: edition))
            settle(&state)
        }
    }

    /// Looks again for what waits.
    func retry() { state.withLock { settle(&$0) } }

    /// From now on nothing is removed.
    func close() {
        state.withLock { state in
            state.isOpen = false
            state.readers?.close()
            state.readers = nil
            state.waiting = []
        }
    }

    private func settle(_ state: inout State) {
        guard state.isOpen, !state.waiting.isEmpty, let readers = state.readers else { return }
        state.waiting.removeAll { entry in
            guard !Self.isRead(before: entry.edition, readers) else { return false }
            try? files.remove(entry.path)
            return true
        }
    }

    /// Whether a reader looks at an edition below that one.
    private static func isRead(before edition: UInt64, _ readers: any File) -> Bool {
        let count = max(1, EditionPins.bytes(before: edition))
        guard (try? readers.lockRange(EditionPins.firstByte, count, .exclusive)) == true else { return true }
        _ = try? readers.lockRange(EditionPins.firstByte, count, .unlock)
        return false
    }
}
