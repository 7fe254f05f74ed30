import EskerFormat
import Testing

@Suite("Byte strings")
struct ByteStringsTests {
    private func fails(_ offsets: [Int32], bytes: Int, count: Int) -> Bool {
        do throws(FormatError) {
            _ = try ByteStrings(
                checking: Buffer(copying: offsets), bytes: Buffer(copying: [UInt8](repeating: 7, count: bytes)),
                count: count)
            return false
        } catch { return true }
    }

    @Test("offsets that descend, are too few or leave the bytes are refused")
    func checksOffsets() {
        #expect(!fails([0], bytes: 0, count: 0))
        #expect(!fails([2, 2, 5], bytes: 5, count: 2))
        #expect(fails([0, 2, 6], bytes: 5, count: 2))
        #expect(fails([-1, 2, 5], bytes: 5, count: 2))
        #expect(fails([0, 3, 2], bytes: 5, count: 2))
        #expect(fails([0, 3, 2, 5], bytes: 5, count: 3))
        #expect(fails([0, 2], bytes: 5, count: 2))
        #expect(fails([], bytes: 5, count: 0))
        #expect(fails([0], bytes: 5, count: -1))
        #expect(fails([Int32.max, Int32.min], bytes: 5, count: 1))
    }

    @Test("a slice and a gathering hold the strings of their rows")
    func rearranges() {
        let strings = StringModels.shifted(StringModels.strings(["a", "", "bc", "def"]))
        #expect(StringModels.texts(strings.slice(1..<3)) == ["", "bc"])
        let rows: [UInt32] = [3, 3, 0, 1]
        #expect(StringModels.texts(strings.gather(rows.span)) == ["def", "def", "a", ""])
        #expect(strings.byteCount == 6 && strings.length(2) == 2)
    }
}
