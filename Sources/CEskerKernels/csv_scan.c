#include "csv_scan.h"

// Three levels on x86-64 (SSE2, AVX2, AVX-512), chosen once at run time; plain C elsewhere.
#if defined(__x86_64__)
#include <immintrin.h>

#define FN(name) name##_sse2
struct FN(block) { __m128i part[4]; };
static inline struct FN(block) FN(load)(const uint8_t *bytes) {
    struct FN(block) block;
    for (int i = 0; i < 4; i++) block.part[i] = _mm_loadu_si128((const __m128i *)(bytes + 16 * i));
    return block;
}
static inline uint64_t FN(equal)(struct FN(block) block, uint8_t byte) {
    const __m128i wanted = _mm_set1_epi8((char)byte);
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) {
        mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(_mm_cmpeq_epi8(block.part[i], wanted)) << (16 * i);
    }
    return mask;
}
static inline uint64_t FN(high)(struct FN(block) block) {
    uint64_t mask = 0;
    for (int i = 0; i < 4; i++) mask |= (uint64_t)(uint16_t)_mm_movemask_epi8(block.part[i]) << (16 * i);
    return mask;
}
#include "csv_scan.inc.h"
#undef FN

#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define FN(name) name##_avx2
struct FN(block) { __m256i low, high; };
static inline struct FN(block) FN(load)(const uint8_t *bytes) {
    return (struct FN(block)){_mm256_loadu_si256((const __m256i *)bytes), _mm256_loadu_si256((const __m256i *)(bytes + 32))};
}
static inline uint64_t FN(equal)(struct FN(block) block, uint8_t byte) {
    const __m256i wanted = _mm256_set1_epi8((char)byte);
    const uint32_t low = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.low, wanted));
    const uint32_t high = (uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(block.high, wanted));
    return (uint64_t)high << 32 | low;
}
static inline uint64_t FN(high)(struct FN(block) block) {
    return (uint64_t)(uint32_t)_mm256_movemask_epi8(block.high) << 32 | (uint32_t)_mm256_movemask_epi8(block.low);
}
#include "csv_scan.inc.h"
#undef FN
#pragma clang attribute pop

#pragma clang attribute push(__attribute__((target("arch=x86-64-v4"))), apply_to = function)
#define FN(name) name##_avx512
struct FN(block) { __m512i all; };
static inline struct FN(block) FN(load)(const uint8_t *bytes) {
    return (struct FN(block)){_mm512_loadu_si512(bytes)};
}
static inline uint64_t FN(equal)(struct FN(block) block, uint8_t byte) {
    return _mm512_cmpeq_epi8_mask(block.all, _mm512_set1_epi8((char)byte));
}
static inline uint64_t FN(high)(struct FN(block) block) { return _mm512_movepi8_mask(block.all); }
#include "csv_scan.inc.h"
#undef FN
#pragma clang attribute pop

enum level { unknown, sse2, avx2, avx512 };

// Reading and writing the answer twice at the same time is harmless: every thread finds the same.
static enum level vector_level(void) {
    static _Atomic int known = unknown;
    if (known == unknown) {
        known = __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") ? avx512
                : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")       ? avx2
                                                                                          : sse2;
    }
    return known;
}

#define DISPATCH(name, ...)                                  \
    switch (vector_level()) {                                \
        case avx512: return name##_avx512(__VA_ARGS__);      \
        case avx2: return name##_avx2(__VA_ARGS__);          \
        default: return name##_sse2(__VA_ARGS__);            \
    }

#else

#define FN(name) name##_plain
struct FN(block) { const uint8_t *bytes; };
static inline struct FN(block) FN(load)(const uint8_t *bytes) { return (struct FN(block)){bytes}; }
static inline uint64_t FN(equal)(struct FN(block) block, uint8_t byte) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= (uint64_t)(block.bytes[i] == byte) << i;
    return mask;
}
static inline uint64_t FN(high)(struct FN(block) block) {
    uint64_t mask = 0;
    for (int i = 0; i < 64; i++) mask |= (uint64_t)(block.bytes[i] >> 7) << i;
    return mask;
}
#include "csv_scan.inc.h"
#undef FN
#define DISPATCH(name, ...) return name##_plain(__VA_ARGS__);

#endif

void esker_csv_scan(
    const uint8_t *bytes, size_t length, struct esker_csv_scan *scan, uint32_t *ends, uint32_t *row_ends) {
    DISPATCH(csv_scan, bytes, length, scan, ends, row_ends)
}

size_t esker_count_lines(const uint8_t *bytes, size_t length) {
    DISPATCH(count_lines, bytes, length)
}
