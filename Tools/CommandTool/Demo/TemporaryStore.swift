// Unsafe: asks the C library for a new directory.

import EskerFiles
import Glibc

/// A directory for a store that is not kept.
struct TemporaryStore {
    let path: String

    /// Makes a new directory among the system's temporary ones.
    init() throws {
        let parent = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/esker-demo-XXXXXX".utf8CString)
        guard let made = unsafe mkdtemp(&template) else {
            throw Failure("esker: cannot make a directory in \(parent): \(unsafe String(cString: strerror(errno)))")
        }
        path = unsafe String(cString: made)
    }

    /// Removes the directory and what is in it.
    func remove() {
        let files = PosixFileSystem()
        func empty(_ directory: String) {
            for name in (try? files.list(directory)) ?? [] {
                let path = "\(directory)/\(name)"
                if (try? files.list(path)) != nil { empty(path) } else { try? files.remove(path) }
            }
            _ = unsafe rmdir(directory)
        }
        empty(path)
    }
}
