#define _GNU_SOURCE
#include "search.h"
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static size_t find_plain(const uint8_t *text, size_t text_length, const uint8_t *needle, size_t needle_length) {
    const uint8_t *found = memmem(text, text_length, needle, needle_length);
    return found ? (size_t)(found - text) : text_length;
}

static void contains_plain(const uint8_t *bytes, const int32_t *offsets, size_t rows, const uint8_t *needle,
                           size_t needle_length, uint8_t *flags) {
    for (size_t row = 0; row < rows; row++) {
        const size_t length = (size_t)(offsets[row + 1] - offsets[row]);
        flags[row] = length >= needle_length &&
                     find_plain(bytes + offsets[row], length, needle, needle_length) != length;
    }
}

#if defined(__x86_64__)
// Whether the needle stands at a place where its first and last byte do.
static inline int is_rest_equal(const uint8_t *place, const uint8_t *needle, size_t needle_length) {
    for (size_t i = 1; i + 1 < needle_length; i++)
        if (place[i] != needle[i]) return 0;
    return 1;
}

// One bit a place where the needle's first and last byte match; reads up to place + needle_length + 31.
__attribute__((target("avx2"))) static inline uint32_t candidates_at(const uint8_t *place, size_t needle_length,
                                                                     __m256i first, __m256i last) {
    const __m256i heads = _mm256_loadu_si256((const __m256i *)place);
    const __m256i tails = _mm256_loadu_si256((const __m256i *)(place + needle_length - 1));
    return (uint32_t)_mm256_movemask_epi8(
        _mm256_and_si256(_mm256_cmpeq_epi8(heads, first), _mm256_cmpeq_epi8(tails, last)));
}

__attribute__((target("avx2"))) static size_t find_avx2(const uint8_t *text, size_t text_length,
                                                        const uint8_t *needle, size_t needle_length) {
    const __m256i first = _mm256_set1_epi8((char)needle[0]);
    const __m256i last = _mm256_set1_epi8((char)needle[needle_length - 1]);
    const size_t last_block = text_length - needle_length - 31; // where the last load may start
    size_t place = 0;
    while (1) {
        uint32_t candidates = candidates_at(text + place, needle_length, first, last);
        while (candidates != 0) {
            const size_t at = place + (size_t)__builtin_ctz(candidates);
            if (is_rest_equal(text + at, needle, needle_length)) return at;
            candidates &= candidates - 1;
        }
        if (place == last_block) return text_length;
        // The last block overlaps the one before: what both see has no match.
        place = place + 32 < last_block ? place + 32 : last_block;
    }
}

__attribute__((target("avx2"))) static void contains_avx2(const uint8_t *bytes, const int32_t *offsets, size_t rows,
                                                          const uint8_t *needle, size_t needle_length,
                                                          uint8_t *flags) {
    const __m256i first = _mm256_set1_epi8((char)needle[0]);
    const __m256i last = _mm256_set1_epi8((char)needle[needle_length - 1]);
    const size_t end = (size_t)offsets[rows];
    const size_t last_block = end - needle_length - 31;
    size_t place = (size_t)offsets[0];
    size_t row = 0, seen = 0;
    memset(flags, 0, rows);
    while (1) {
        uint32_t candidates = candidates_at(bytes + place, needle_length, first, last) & (uint32_t)(~0ull << seen);
        while (candidates != 0) {
            const size_t at = place + (size_t)__builtin_ctz(candidates);
            candidates &= candidates - 1;
            if (!is_rest_equal(bytes + at, needle, needle_length)) continue;
            while ((size_t)offsets[row + 1] <= at) row++;
            if (at + needle_length <= (size_t)offsets[row + 1]) flags[row] = 1; // else it reaches into the next row
        }
        if (place == last_block) return;
        const size_t next = place + 32;
        place = next < last_block ? next : last_block;
        seen = next - place; // places of the last block that the one before has answered
    }
}
#endif

size_t esker_find(const uint8_t *text, size_t text_length, const uint8_t *needle, size_t needle_length) {
    if (needle_length > text_length) return text_length;
#if defined(__x86_64__)
    if (text_length >= needle_length + 31 && __builtin_cpu_supports("avx2"))
        return find_avx2(text, text_length, needle, needle_length);
#endif
    return find_plain(text, text_length, needle, needle_length);
}

void esker_contains(const uint8_t *bytes, const int32_t *offsets, size_t rows, const uint8_t *needle,
                    size_t needle_length, uint8_t *flags) {
#if defined(__x86_64__)
    const size_t total = (size_t)(offsets[rows] - offsets[0]);
    if (total >= needle_length + 31 && __builtin_cpu_supports("avx2")) {
        contains_avx2(bytes, offsets, rows, needle, needle_length, flags);
        return;
    }
#endif
    contains_plain(bytes, offsets, rows, needle, needle_length, flags);
}
