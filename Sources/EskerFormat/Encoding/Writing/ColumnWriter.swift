// Unsafe: hands typed pointers of buffers that were just made to kernels.
import CEskerKernels

/// Writes one column, or one part of a column of strings, over all blocks of a segment.
///
/// Blocks are encoded as they come, but for those whose values go to a pool: their codes wait until the end, when the
/// order of the pool is known and whether another column gives the codes for nothing.
final class ColumnWriter {
    let form: PlainValues.Form
    private let chooser: NodeChooser
    private let plan: Plan
    private(set) var blocks: [PendingBlock] = []
    /// Set by ``orderPool()`` where the column has a pool.
    private(set) var pool: FinishedPool?
    /// Set where the codes follow from another column's.
    var derivation: CodeDerivation?
    /// Set where another column's codes follow from this one's.
    var isSource = false
    /// Set by ``settle(_:_:)``: the pool is written under this number.
    private var poolNumber: Int?

    enum Plan {
        case direct
        case pooled(PoolBuilder)
        case template(StringTemplate, parts: [ColumnWriter])
    }

    /// A block of the column.
    enum PendingBlock {
        case done(EncodingNode)
        /// Numbers of first use, four bytes each.
        case codes(Buffer, count: Int)
        /// The parts hold the rows; some rows are told whole.
        case template(exceptions: Buffer, whole: EncodingNode, count: Int)
    }

    /// A pool with its final numbering.
    struct FinishedPool {
        let order: PoolOrder
        let count: Int
        let node: EncodingNode
    }

    init(_ form: PlainValues.Form, plan: Plan, chooser: NodeChooser) {
        self.form = form
        self.plan = plan
        self.chooser = chooser
    }

    /// The parts, when the column's strings follow a template.
    var parts: [ColumnWriter] { if case .template(_, let parts) = plan { parts } else { [] } }

    // MARK: Taking blocks in

    /// Takes in the values of the next block. Returns about how many bytes they will take.
    @discardableResult
    func write(_ values: PlainValues) -> Int {
        let before = blocks.count
        append(values)
        switch blocks[before] {
        case .done(let node): return node.storedLength
        case .codes(_, let count): return count * 2
        case .template(_, let whole, let count): return whole.storedLength + count * parts.count * 2
        }
    }

    private func append(_ values: PlainValues) {
        switch plan {
        case .direct: blocks.append(.done(chooser.node(values)))
        case .pooled(let builder):
            if let codes = builder.intern(values) {
                blocks.append(.codes(codes, count: values.count))
            } else {
                // Too many different values: what is pooled stays so, the rest is written block by block.
                blocks.append(.done(chooser.node(values)))
            }
        case .template(let template, let parts): write(values, template, parts)
        }
    }

    private func write(_ values: PlainValues, _ template: StringTemplate, _ parts: [ColumnWriter]) {
        let split = template.split(ByteStrings(values))
        guard split.exceptions.rows.count <= values.count / 8 else {
            for part in parts { part.write(PlainValues(ByteStrings([]))) }
            blocks.append(.done(chooser.node(values)))
            return
        }
        for (part, strings) in zip(parts, split.parts) { part.write(PlainValues(strings)) }
        blocks.append(
            .template(
                exceptions: Buffer(copying: split.exceptions.rows),
                whole: chooser.node(PlainValues(split.exceptions.strings)), count: values.count))
    }

    // MARK: Pool

    /// Fixes the order of the pool, if there is one, and of those of the parts.
    func orderPool() {
        for part in parts { part.orderPool() }
        guard case .pooled(let builder) = plan, builder.count > 0 else { return }
        let order = PoolOrder.choose(builder, codeBlocks.map(\.codes), chooser)
        let node = chooser.poolNode(builder.values(in: order.order), isSorted: order.kind == .sorted)
        pool = FinishedPool(order: order, count: builder.count, node: node)
    }

    /// The blocks whose codes wait, as numbers of first use.
    private var codeBlocks: [(block: Int, codes: DictionaryCodes)] {
        blocks.enumerated().compactMap { block, pending in
            guard case .codes(let buffer, let count) = pending else { return nil }
            return (block, DictionaryCodes(buffer: buffer, width: 4, count: count))
        }
    }

    /// Bytes that the column takes when its codes are derived from nothing: strings keep their pool in any case, numbers
    /// would do without.
    var ownLength: Int {
        codeBlocks.reduce(0) { sum, entry in
            sum + (form == .strings ? codesNode(entry.block) : directNode(entry.codes)).storedLength
        }
    }

    /// Bytes of the pool that are only needed when the codes are derived.
    var derivedPoolLength: Int { form == .strings ? 0 : pool?.node.storedLength ?? 0 }

    /// Gives the pool its number among the segment's, or does without it.
    ///
    /// Numbers are pooled so that columns that follow from each other are found; where none was, they are better read
    /// as numbers. The pool stays where it is shorter, in the standard tier by a quarter at least.
    func settle(_ pools: PoolCollector, _ type: TypeCode) {
        for part in parts { part.settle(pools, TypeCode(.text)) }
        guard let pool else { return }
        let isNeeded = derivation != nil || isSource || form == .strings
        if !isNeeded {
            let direct = codeBlocks.map { (block: $0.block, node: directNode($0.codes)) }
            let pooledLength = codeBlocks.reduce(pool.node.storedLength) { $0 + codesNode($1.block).storedLength }
            let directLength = direct.reduce(0) { $0 + $1.node.storedLength }
            let limit = chooser.tier == .standard ? directLength - directLength / 4 : directLength
            if limit <= pooledLength {
                for entry in direct { blocks[entry.block] = .done(entry.node) }
                return
            }
        }
        poolNumber = pools.add(pool.node, count: pool.count, type: type, kind: pool.order.kind)
    }

    /// A block of the pool's values without the pool.
    private func directNode(_ codes: DictionaryCodes) -> EncodingNode {
        guard case .pooled(let builder) = plan, let values = try? NodeDecoder.gather(builder.values(), codes) else {
            preconditionFailure("codes name values of their pool")
        }
        return chooser.node(values)
    }

    /// The codes of a block in the final numbering; `nil` where the block does not use the pool.
    func finalCodes(_ block: Int) -> PlainValues? {
        guard let pool, case .codes(let codes, let count) = blocks[block] else { return nil }
        let output = FilledBuffer(byteCount: count * 4)
        unsafe pool.order.ranks.withUnsafeBufferPointer { ranks in
            unsafe esker_remap_codes(
                codes.base.assumingMemoryBound(to: UInt32.self), ranks.baseAddress, count,
                output.pointer(as: UInt32.self))
        }
        return PlainValues(.counts, count: count, output.buffer)
    }

    /// The codes of a block that uses the pool, when they are not derived.
    func codesNode(_ block: Int) -> EncodingNode {
        chooser.codesNode(DictionaryCodes(narrowing: finalCodes(block)!, limit: pool!.count))
    }

    // MARK: Trees

    /// The finished tree of a block.
    func node(_ block: Int) -> EncodingNode {
        switch blocks[block] {
        case .done(let node): return node
        case .codes(_, let count):
            var node = EncodingNode(
                .pooled, count: count, children: [derivation?.node(block) ?? codesNode(block)])
            node.parameter = UInt64(poolNumber!)
            return node
        case .template(let exceptions, let whole, let count):
            guard case .template(let template, let parts) = plan else { preconditionFailure() }
            var leaf = GrowableBuffer()
            template.encode(into: &leaf)
            return EncodingNode(
                .template, count: count, parts: [.init(leaf.finish()), .init(exceptions)],
                children: parts.map { $0.node(block) } + [whole])
        }
    }
}

/// Takes in the pools of a segment in the order in which they are numbered.
final class PoolCollector {
    private(set) var pools: [EncodedPool] = []

    /// Adds a pool and returns its number.
    func add(_ node: EncodingNode, count: Int, type: TypeCode?, kind: PoolPlace.Kind) -> Int {
        pools.append(EncodedPool(region: node.encode(), count: count, type: type, kind: kind))
        return pools.count - 1
    }
}

/// A pool ready to be written.
package struct EncodedPool: Sendable {
    package let region: Buffer
    let count: Int
    /// Type of the values; `nil` for a map.
    let type: TypeCode?
    let kind: PoolPlace.Kind

    /// Its line in the footer once its place in the file is known.
    package func place(at offset: Int) -> PoolPlace {
        PoolPlace(
            offset: offset, length: region.byteCount, checksum: Checksum.crc32c(region), count: count,
            type: type ?? TypeCode(code: 0, element: 0, modifier: 0), kind: kind)
    }
}
