#define _GNU_SOURCE
#include "text_split.h"
#include "text_levels.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static inline int is_equal(const uint8_t *left, const uint8_t *right, size_t length) {
    if (length >= 8) {
        // Eight bytes at a time, the last ones overlapping: literals are too short for a call to memcmp to pay.
        uint64_t a, b;
        size_t at = 0;
        for (; at + 8 < length; at += 8) {
            __builtin_memcpy(&a, left + at, 8);
            __builtin_memcpy(&b, right + at, 8);
            if (a != b) return 0;
        }
        __builtin_memcpy(&a, left + length - 8, 8);
        __builtin_memcpy(&b, right + length - 8, 8);
        return a == b;
    }
    for (size_t i = 0; i < length; i++)
        if (left[i] != right[i]) return 0;
    return 1;
}

// The leftmost place of a literal of at least one byte between `at` and `end`; `end` when there is none. Bytes can be
// read up to `limit`.
static inline const uint8_t *find(const uint8_t *at, const uint8_t *end, const uint8_t *limit, const uint8_t *literal,
                                  size_t length) {
    if ((size_t)(end - at) < length) return end;
    const uint8_t *const last = end - length;  // where the literal may start at the latest
#if defined(__SSE2__)
    const __m128i first = _mm_set1_epi8((char)literal[0]);
    while (at <= last && limit - at >= 16) {
        const __m128i block = _mm_loadu_si128((const __m128i *)at);
        uint32_t found = (uint32_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block, first));
        while (found != 0) {
            const uint8_t *place = at + __builtin_ctz(found);
            if (place > last) return end;
            if (is_equal(place + 1, literal + 1, length - 1)) return place;
            found &= found - 1;
        }
        at += 16;
    }
#endif
    for (; at <= last; at++)
        if (*at == *literal && is_equal(at + 1, literal + 1, length - 1)) return at;
    return end;
}

// Where the parts of one string stand; 0 when it does not match.
static inline int match(const uint8_t *bytes, const uint8_t *at, const uint8_t *end, const uint8_t *limit,
                        const struct esker_split_template *template, size_t rows, uint32_t *starts,
                        uint32_t *lengths) {
    const uint32_t *const offsets = template->offsets;
    const uint32_t parts = template->parts;
    const size_t head = offsets[1] - offsets[0];
    const size_t foot = offsets[parts + 1] - offsets[parts];
    if ((size_t)(end - at) < head + foot) return 0;
    if (!is_equal(at, template->bytes + offsets[0], head)) return 0;
    if (!is_equal(end - foot, template->bytes + offsets[parts], foot)) return 0;
    at += head;
    end -= foot;
    for (uint32_t part = 0; part + 1 < parts; part++) {
        const size_t length = offsets[part + 2] - offsets[part + 1];
        const uint8_t *place = find(at, end, limit, template->bytes + offsets[part + 1], length);
        if (place == end) return 0;
        starts[part * rows] = (uint32_t)(at - bytes);
        lengths[part * rows] = (uint32_t)(place - at);
        at = place + length;
    }
    starts[(parts - 1) * rows] = (uint32_t)(at - bytes);
    lengths[(parts - 1) * rows] = (uint32_t)(end - at);
    return 1;
}

size_t esker_split(const uint8_t *bytes, const int32_t *offsets, size_t rows,
                   const struct esker_split_template *template, uint32_t *starts, uint32_t *lengths,
                   uint32_t *exceptions) {
    const uint8_t *const limit = bytes + offsets[rows];
    size_t missed = 0, matched = 0;
    for (size_t row = 0; row < rows; row++) {
        if (match(bytes, bytes + offsets[row], bytes + offsets[row + 1], limit, template, rows, starts + row,
                  lengths + row)) {
            if (matched++ == 0) {
                for (size_t part = 0; part < template->parts; part++) {
                    for (size_t before = 0; before < row; before++) {
                        starts[part * rows + before] = starts[part * rows + row];
                        lengths[part * rows + before] = lengths[part * rows + row];
                    }
                }
            }
            continue;
        }
        exceptions[missed++] = (uint32_t)row;
        for (size_t part = 0; part < template->parts; part++) {
            const size_t place = part * rows + row;
            starts[place] = matched == 0 ? 0 : starts[place - 1];
            lengths[place] = matched == 0 ? 0 : lengths[place - 1];
        }
    }
    return missed;
}

ESKER_LEVELS size_t esker_strings_copy(const uint8_t *from, size_t limit, const uint32_t *starts,
                                       const uint32_t *lengths, size_t rows, uint8_t *out, int32_t *ends) {
    uint8_t *const start = out;
    for (size_t row = 0; row < rows; row++) {
        const size_t length = lengths[row];
        const size_t place = starts[row];
        if (length <= 16 && place + 16 <= limit) {
            __builtin_memcpy(out, from + place, 16);
        } else {
            memcpy(out, from + place, length);
        }
        out += length;
        ends[row] = (int32_t)(out - start);
    }
    return (size_t)(out - start);
}
