package import EskerFiles
import EskerFormat

/// Makes a damaged store readable again, keeping every good row and deleting nothing.
///
/// Damaged files are moved to `quarantine/` with their bytes as they are. Good rows of damaged segments, and all rows
/// of a damaged journal, are written into new segments; a lost manifest is made anew. Afterwards the store verifies
/// clean and opens. A crash at any moment leaves a store that can be repaired again with nothing more lost.
package struct StoreRepair: Sendable {
    let files: any FileSystem
    let clock: any StoreClock
    let options: LogOptions

    package init(files: any FileSystem, clock: any StoreClock = SystemClock(), options: LogOptions = LogOptions()) {
        self.files = files
        self.clock = clock
        self.options = options
    }

    /// Repairs the store in `directory`, or says what it would do. O(bytes of the store).
    ///
    /// Errors: `.locked` while a writer has the store, `.notAStore`, `.newerVersion` (a newer Esker must repair it),
    /// `.diskFull` and `.io` when the new files cannot be written: then the store is as it was.
    package func run(_ directory: String, dryRun: Bool = false) throws(StoreError) -> RepairReport {
        let layout = StoreLayout(directory)
        guard StoreContents(layout: layout, files: files).isStore else {
            throw StoreError(.notAStore, "the directory holds neither a manifest nor data", file: directory)
        }
        let lock = try storing { () throws(FileError) in try files.lock(layout.lock) }
        defer { lock.release() }
        let before = StoreVerifier(files: files).verify(directory)
        if let newer = before.findings.first(where: { $0.severity >= .newer }) {
            throw StoreError(
                .newerVersion, "\(newer.what); use the version of Esker that wrote it to repair the store",
                file: newer.file, offset: newer.offset)
        }
        var report = RepairReport(path: directory, isDryRun: dryRun, before: before)
        guard before.severity > .clean else { return report }
        let plan = try makePlan(layout, before)
        report.actions = plan.actions(layout)
        report.quarantined = plan.quarantined.map(\.path)
        report.lost = plan.lost
        report.notes = plan.notes
        report.rewrittenRows = plan.segments.reduce(0) { total, segment in
            total + segment.pieces.reduce(0) { $0 + Int64($1.rowCount) }
        }
        if dryRun { return report }
        try RepairExecution(layout: layout, files: files, options: options, time: clock.now()).run(plan)
        report.after = StoreVerifier(files: files).verify(directory)
        return report
    }

    private func makePlan(_ layout: StoreLayout, _ before: Verification) throws(StoreError) -> RepairPlan {
        let manifestFile = ManifestFile(files: files, layout: layout)
        // What is wrong with the manifest is in the findings; here it only counts whether it can be used.
        let known = (try? manifestFile.read()) ?? nil
        var notes: [String] = []
        var manifest: Manifest
        if let known {
            manifest = known
        } else {
            var rebuilder = ManifestRebuilder(layout: layout, files: files)
            manifest = try rebuilder.rebuild()
            notes = rebuilder.notes
        }
        var planner = RepairPlanner(
            manifest, layout: layout, files: files, time: clock.now(), isRebuilt: known == nil)
        planner.run()
        var plan = planner.plan
        plan.notes = notes + plan.notes
        let hasFile = (try? files.exists(layout.manifest)) ?? false
        if known == nil, hasFile {
            let reasons = before.findings.filter { $0.file == layout.manifest }.map(\.reason)
            plan.quarantined.insert(RepairPlan.Quarantined(path: layout.manifest, reasons: reasons), at: 0)
        }
        return plan
    }
}
