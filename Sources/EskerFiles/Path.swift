/// Paths are plain strings; these are the two questions asked of them.
extension String {
    /// The path up to its last component: "a" for "a/b", "/" for "/a", "." for "a"; nil for "/" and "".
    package var parentPath: String? {
        var bytes = Substring(self).utf8
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard !bytes.isEmpty, !bytes.elementsEqual("/".utf8) else { return nil }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == bytes.startIndex ? "/" : String(Substring(bytes[..<slash]))
    }

    /// The components of the path without empty ones and ".".
    var pathComponents: [String] {
        split(separator: "/").filter { $0 != "." }.map(String.init)
    }
}

extension [String] {
    /// In the order of their UTF-8 bytes, which does not depend on any locale or Unicode version.
    func sortedByBytes() -> [String] {
        sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
