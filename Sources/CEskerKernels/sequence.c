#include "sequence.h"
#include "vector_level.h"

#define FN(name) name##_plain
#include "sequence.inc.h"
#undef FN

#define RUNNING_SUMS(W)                                                                                    \
    static inline uint##W##_t running_sums_u##W##_plain(uint##W##_t *sums, size_t count, uint##W##_t before) { \
        for (size_t i = 0; i < count; i++) sums[i] = before = (uint##W##_t)(before + sums[i]);             \
        return before;                                                                                     \
    }
RUNNING_SUMS(8)
RUNNING_SUMS(16)
RUNNING_SUMS(32)
RUNNING_SUMS(64)

#if HAS_V3_LEVEL
#include <immintrin.h>

BEGIN_V3
#define FN(name) name##_v3
#include "sequence.inc.h"
#undef FN

// Sums inside a register by shifted additions; only one addition a register waits for the register before.
static uint64_t running_sums_u64_v3(uint64_t *sums, size_t count, uint64_t before) {
    __m256i carry = _mm256_set1_epi64x((long long)before);
    size_t i = 0;
    for (; i + 4 <= count; i += 4) {
        __m256i part = _mm256_loadu_si256((const __m256i *)(sums + i));
        part = _mm256_add_epi64(part, _mm256_slli_si256(part, 8));
        const __m256i ends = _mm256_shuffle_epi32(part, 0xee);
        part = _mm256_add_epi64(part, _mm256_permute2x128_si256(ends, ends, 0x08));
        _mm256_storeu_si256((__m256i *)(sums + i), _mm256_add_epi64(part, carry));
        carry = _mm256_add_epi64(carry, _mm256_permute4x64_epi64(part, 0xff));
    }
    return running_sums_u64_plain(sums + i, count - i, (uint64_t)_mm256_extract_epi64(carry, 0));
}

static uint32_t running_sums_u32_v3(uint32_t *sums, size_t count, uint32_t before) {
    const __m256i last = _mm256_set1_epi32(7);
    __m256i carry = _mm256_set1_epi32((int)before);
    size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        __m256i part = _mm256_loadu_si256((const __m256i *)(sums + i));
        part = _mm256_add_epi32(part, _mm256_slli_si256(part, 4));
        part = _mm256_add_epi32(part, _mm256_slli_si256(part, 8));
        const __m256i ends = _mm256_shuffle_epi32(part, 0xff);
        part = _mm256_add_epi32(part, _mm256_permute2x128_si256(ends, ends, 0x08));
        _mm256_storeu_si256((__m256i *)(sums + i), _mm256_add_epi32(part, carry));
        carry = _mm256_add_epi32(carry, _mm256_permutevar8x32_epi32(part, last));
    }
    return running_sums_u32_plain(sums + i, count - i, (uint32_t)_mm256_extract_epi32(carry, 0));
}
END_V3
#endif

#define SEQUENCE(W)                                                                                                   \
    void esker_range_u##W(                                                                                            \
        const uint##W##_t *values, size_t count, uint##W##_t flip, uint##W##_t *least, uint##W##_t *greatest) {       \
        BEST(range_u##W, values, count, flip, least, greatest);                                                       \
    }                                                                                                                 \
    void esker_differences_u##W(                                                                                      \
        const uint##W##_t *values, size_t count, uint##W##_t before, uint##W##_t *differences) {                      \
        BEST(differences_u##W, values, count, before, differences);                                                   \
    }
SEQUENCE(8)
SEQUENCE(16)
SEQUENCE(32)
SEQUENCE(64)

uint8_t esker_running_sums_u8(uint8_t *differences, size_t count, uint8_t before) {
    return running_sums_u8_plain(differences, count, before);
}
uint16_t esker_running_sums_u16(uint16_t *differences, size_t count, uint16_t before) {
    return running_sums_u16_plain(differences, count, before);
}
uint32_t esker_running_sums_u32(uint32_t *differences, size_t count, uint32_t before) {
    return BEST(running_sums_u32, differences, count, before);
}
uint64_t esker_running_sums_u64(uint64_t *differences, size_t count, uint64_t before) {
    return BEST(running_sums_u64, differences, count, before);
}
