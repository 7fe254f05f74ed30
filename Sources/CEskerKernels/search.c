#define _GNU_SOURCE
#include "search.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static size_t find_rest(const uint8_t *text, size_t text_length, const uint8_t *needle, size_t needle_length) {
    const uint8_t *found = memmem(text, text_length, needle, needle_length);
    return found ? (size_t)(found - text) : text_length;
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) static size_t find_avx2(const uint8_t *text, size_t text_length,
                                                        const uint8_t *needle, size_t needle_length) {
    const __m256i first = _mm256_set1_epi8((char)needle[0]);
    const __m256i last = _mm256_set1_epi8((char)needle[needle_length - 1]);
    size_t place = 0;
    // Both loads stay inside the text: the last one reads up to place + needle_length - 1 + 32.
    while (place + needle_length + 31 <= text_length) {
        const __m256i heads = _mm256_loadu_si256((const __m256i *)(text + place));
        const __m256i tails = _mm256_loadu_si256((const __m256i *)(text + place + needle_length - 1));
        const __m256i both = _mm256_and_si256(_mm256_cmpeq_epi8(heads, first), _mm256_cmpeq_epi8(tails, last));
        uint32_t candidates = (uint32_t)_mm256_movemask_epi8(both);
        while (candidates != 0) {
            const size_t at = place + (size_t)__builtin_ctz(candidates);
            if (needle_length <= 2 || memcmp(text + at + 1, needle + 1, needle_length - 2) == 0) return at;
            candidates &= candidates - 1;
        }
        place += 32;
    }
    return place + find_rest(text + place, text_length - place, needle, needle_length);
}
#endif

size_t esker_find(const uint8_t *text, size_t text_length, const uint8_t *needle, size_t needle_length) {
    if (needle_length > text_length) return text_length;
#if defined(__x86_64__)
    if (text_length >= needle_length + 31 && __builtin_cpu_supports("avx2"))
        return find_avx2(text, text_length, needle, needle_length);
#endif
    return find_rest(text, text_length, needle, needle_length);
}

void esker_contains(const uint8_t *bytes, const int32_t *offsets, size_t rows, const uint8_t *needle,
                    size_t needle_length, uint8_t *flags) {
    memset(flags, 0, rows);
    if (rows == 0) return;
    size_t place = (size_t)offsets[0];
    const size_t end = (size_t)offsets[rows];
    size_t row = 0;
    while (place < end) {
        place += esker_find(bytes + place, end - place, needle, needle_length);
        if (place >= end) return;
        while ((size_t)offsets[row + 1] <= place) row++;
        const size_t row_end = (size_t)offsets[row + 1];
        if (place + needle_length <= row_end) {
            flags[row] = 1;
            place = row_end;
        } else {
            place++; // the find reaches into the next row
        }
    }
}
