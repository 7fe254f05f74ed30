import EskerFiles
import EskerFormat

/// The directory where a repair puts damaged files: their bytes stay, beside a note that says what, why and when.
///
/// A file first gets its second name here and loses its old one only after the manifest no longer needs it: at every
/// moment its bytes have a name.
struct Quarantine {
    let layout: StoreLayout
    let files: any FileSystem
    let time: Int64

    /// Gives files a second name in the directory, durably.
    func keep(_ items: [RepairPlan.Quarantined]) throws(StoreError) {
        guard !items.isEmpty else { return }
        try storing { () throws(FileError) in
            try files.makeDirectory(layout.quarantine)
            try files.syncDirectory(layout.directory)
            for item in items { try keep(item) }
            try files.syncDirectory(layout.quarantine)
        }
    }

    private func keep(_ item: RepairPlan.Quarantined) throws(FileError) {
        let name = item.path.split(separator: "/").last.map(String.init) ?? item.path
        let target = try freeName(name)
        try files.link(item.path, to: target)
        let note = try files.open(target + ".txt", .createOrOpen)
        defer { note.close() }
        let reasons = item.reasons.map { "  \($0)\n" }.joined()
        let text = "\(item.path)\nmoved here by esker repair at \(ReadableText.time(time)), because:\n\(reasons)"
        try note.truncate(to: 0)
        try note.write(Array(text.utf8), at: 0)
        try note.sync()
    }

    /// The name itself, or with a number when an earlier repair took it.
    private func freeName(_ name: String) throws(FileError) -> String {
        var candidate = layout.quarantine + "/" + name
        var number = 2
        while try files.exists(candidate) {
            candidate = layout.quarantine + "/\(name).\(number)"
            number += 1
        }
        return candidate
    }

    /// Takes the old names away, durably.
    func removeOldNames(_ items: [RepairPlan.Quarantined]) throws(StoreError) {
        try storing { () throws(FileError) in
            for item in items where item.path != layout.manifest { try files.remove(item.path) }
            for directory in Set(items.compactMap(\.path.parentPath)) { try files.syncDirectory(directory) }
        }
    }
}
