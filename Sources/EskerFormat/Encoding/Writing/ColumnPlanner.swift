/// Plans the columns of a segment from its first rows: what goes to a pool, what is taken apart, what is written block
/// by block.
struct ColumnPlanner {
    let chooser: NodeChooser

    /// Rows sampled of the first block.
    static let sampleLength = 4096
    /// A column of strings goes to a pool when its sample repeats at least so much. A pool that grows too large all the
    /// same is given up by ``PoolBuilder``.
    private static let distinctShare = 0.6
    /// Floats of the standard tier go to a pool only where they repeat much: they are read faster as they are.
    private static let standardFloatShare = 0.2
    /// Fewer rows are not worth a pool of their own.
    private static let leastRows = 256
    /// A template must make the sample this much shorter than whole strings would be.
    private static let templateShare = 0.8

    /// A writer for values like these.
    func writer(_ values: PlainValues) -> ColumnWriter {
        ColumnWriter(values.form, plan: plan(values), chooser: chooser)
    }

    private func plan(_ values: PlainValues) -> ColumnWriter.Plan {
        switch values.form {
        case .bits, .opaque: return .direct
        case .integers(let width, _): return width > 1 && repeats(values, share: 0.5) ? poolPlan(values) : .direct
        case .floats:
            let share = chooser.tier == .compact ? 0.5 : Self.standardFloatShare
            return repeats(values, share: share) ? poolPlan(values) : .direct
        case .strings: return stringPlan(values)
        }
    }

    private func poolPlan(_ values: PlainValues) -> ColumnWriter.Plan { .pooled(PoolBuilder(values.form)) }

    private func stringPlan(_ values: PlainValues) -> ColumnWriter.Plan {
        if repeats(values, share: Self.distinctShare) { return poolPlan(values) }
        let sample = Self.sample(values)
        guard sample.count >= 64, let template = StringTemplate.find(in: ByteStrings(sample)) else { return .direct }
        let split = template.split(ByteStrings(sample))
        let parts = split.parts.map { PlainValues($0) }
        // Parts that repeat will share a pool: here they count what their codes alone take.
        let together = parts.reduce(split.exceptions.strings.byteCount) { $0 + estimate($1) }
        guard Double(together) < Double(estimate(sample)) * Self.templateShare else { return .direct }
        return .template(template, parts: parts.map { writer($0) })
    }

    private func estimate(_ values: PlainValues) -> Int {
        if values.form == .strings, repeats(values, share: Self.distinctShare) {
            let builder = PoolBuilder(.strings)
            if let codes = builder.intern(values) {
                let counts = PlainValues(.counts, count: values.count, codes)
                return chooser.codesNode(DictionaryCodes(narrowing: counts, limit: builder.count)).storedLength
            }
        }
        return chooser.node(values).storedLength
    }

    private func repeats(_ values: PlainValues, share: Double) -> Bool {
        let sample = Self.sample(values)
        guard sample.count >= Self.leastRows else { return false }
        let builder = PoolBuilder(values.form)
        guard builder.intern(sample) != nil else { return false }
        return Double(builder.count) <= Double(sample.count) * share
    }

    /// A stretch from the middle: neighbours show what repeats near itself, too.
    private static func sample(_ values: PlainValues) -> PlainValues {
        let length = min(values.count, sampleLength)
        let start = ((values.count - length) / 2) & ~7
        return values.slice(start..<(start + length))
    }
}
