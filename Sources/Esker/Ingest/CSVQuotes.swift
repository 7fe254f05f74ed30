/// The quotes of one row, byte by byte: only for rows that are given up.
enum CSVQuotes {
    /// The position of the quote that opened the quotes in which the window's first `length` bytes end. They begin
    /// outside quotes and end inside.
    static func lastOpening(_ window: ByteWindow, length: Int, quote: UInt8, escape: UInt8) -> Int {
        var opening = 0
        var isInside = false
        var index = 0
        while index < length {
            let byte = window[index]
            if isInside && byte == escape && index + 1 < length,
                window[index + 1] == quote || window[index + 1] == escape
            {
                index += 2
                continue
            }
            if byte == quote {
                isInside.toggle()
                if isInside { opening = index }
            }
            index += 1
        }
        return opening
    }
}
