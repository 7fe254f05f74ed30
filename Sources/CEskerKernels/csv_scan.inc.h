// The scan itself, compiled once a level of vector instructions. The including file defines
// FN(name), and `struct esker_block` with esker_load(), esker_equal() and esker_high() for that level.

static inline uint32_t FN(trailing)(uint64_t bits) { return bits ? (uint32_t)__builtin_ctzll(bits) : 64; }

// Bit i of the result: parity of the bits 0 … i.
static inline uint64_t FN(prefix_parity)(uint64_t bits) {
    bits ^= bits << 1;
    bits ^= bits << 2;
    bits ^= bits << 4;
    bits ^= bits << 8;
    bits ^= bits << 16;
    bits ^= bits << 32;
    return bits;
}

// Quotes that open or close, in a block where an escape byte other than the quote stands. `inside` and `pending` are
// the state before the block and are moved on by `count` bytes.
static uint64_t FN(unescaped_quotes)(
    const uint8_t *bytes, uint32_t count, uint8_t quote, uint8_t escape, uint64_t inside, uint64_t *pending) {
    uint64_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint8_t byte = bytes[i];
        if (*pending) {
            *pending = 0;
            if (byte == quote || byte == escape) continue;
        }
        if (inside && byte == escape) {
            *pending = 1;
        } else if (byte == quote) {
            found |= 1ull << i;
            inside = ~inside;
        }
    }
    return found;
}

static void FN(csv_scan)(
    const uint8_t *bytes, size_t length, struct esker_csv_scan *scan, uint32_t *ends, uint32_t *row_ends) {
    const uint64_t quoting = scan->quoting ? ~0ull : 0;
    const int has_escape = scan->quoting && scan->escape != scan->quote;
    uint64_t inside = 0;    // all ones between quotes
    uint64_t pending = 0;   // 1 after an escape byte
    uint64_t after_cr = 0;  // 1 when the block before ended with a CR that ended a row
    uint64_t carried = 0;   // 1 when a quote stands between the last end and this block
    uint64_t high = 0, zero = 0;
    uint32_t count = 0, rows = 0;
    size_t at = 0;
    while (at < length && count + 64 <= scan->max_ends && rows < scan->max_rows) {
        const size_t rest = length - at;
        const uint64_t valid = rest >= 64 ? ~0ull : (1ull << rest) - 1;
        const struct FN(block) block = FN(load)(bytes + at);
        uint64_t quotes = FN(equal)(block, scan->quote) & valid & quoting;
        const uint64_t feeds = FN(equal)(block, '\n') & valid;
        const uint64_t returns = FN(equal)(block, '\r') & valid;
        high |= FN(high)(block) & valid;
        zero |= FN(equal)(block, 0) & valid;
        if (has_escape && (pending | (FN(equal)(block, scan->escape) & valid))) {
            const uint32_t size = rest >= 64 ? 64 : (uint32_t)rest;
            quotes = FN(unescaped_quotes)(bytes + at, size, scan->quote, scan->escape, inside, &pending);
        }
        uint64_t quoted = inside;
        if (quotes) {
            quoted = FN(prefix_parity)(quotes) ^ inside;
            inside = (uint64_t)((int64_t)quoted >> 63);
        }
        const uint64_t outside = ~quoted & valid;
        const uint64_t turns = returns & outside;
        const uint64_t lines = turns | (feeds & outside & ~((turns << 1) | after_cr));
        const uint64_t found = lines | (FN(equal)(block, scan->delimiter) & outside);
        after_cr = turns >> 63;

        for (uint64_t left = lines; left; left &= left - 1) {
            row_ends[rows++] = count + (uint32_t)__builtin_popcountll(found & ((left & -left) - 1));
        }
        const uint32_t number = (uint32_t)__builtin_popcountll(found);
        uint32_t *out = ends + count;
        uint64_t left = found;
        if (!(quotes | carried)) {
            // Eight at a time without looking: most blocks hold fewer, and `max_ends` leaves room for 64.
            for (uint32_t done = 0; done < number; done += 8) {
                for (int i = 0; i < 8; i++) {
                    out[done + i] = (uint32_t)at + FN(trailing)(left);
                    left &= left - 1;
                }
            }
        } else {
            uint64_t unclaimed = quotes;
            for (; left; left &= left - 1) {
                const uint64_t below = (left & -left) - 1;
                carried |= (unclaimed & below) != 0;
                unclaimed &= ~below;
                *out++ = ((uint32_t)at + FN(trailing)(left)) | (uint32_t)(carried << 31);
                carried = 0;
            }
            carried |= unclaimed != 0;
        }
        count += number;
        at += 64;
    }
    scan->ends = count;
    scan->rows = rows;
    scan->open_quote = inside != 0;
    scan->non_ascii = high != 0;
    scan->zero = zero != 0;
}

static size_t FN(count_lines)(const uint8_t *bytes, size_t length) {
    size_t total = 0;
    uint64_t after_cr = 0;
    for (size_t at = 0; at < length; at += 64) {
        const size_t rest = length - at;
        const uint64_t valid = rest >= 64 ? ~0ull : (1ull << rest) - 1;
        const struct FN(block) block = FN(load)(bytes + at);
        const uint64_t returns = FN(equal)(block, '\r') & valid;
        const uint64_t feeds = FN(equal)(block, '\n') & valid & ~((returns << 1) | after_cr);
        after_cr = returns >> 63;
        total += (size_t)__builtin_popcountll(returns) + (size_t)__builtin_popcountll(feeds);
    }
    return total;
}
