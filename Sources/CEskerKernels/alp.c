#include "alp.h"
#include "vector_level.h"

// Every operation is rounded by itself on every processor: the numbers on disk depend on it.
#pragma STDC FP_CONTRACT OFF

#define FN(name) name##_plain
#include "alp.inc.h"
#undef FN

#if HAS_V3_LEVEL
BEGIN_V3
#define FN(name) name##_v3
#include "alp.inc.h"
#undef FN
END_V3
#endif

size_t esker_alp_encode_f64(const double *values, size_t count, const struct esker_decimal *decimal,
                            uint64_t *integers, uint16_t *exceptions) {
    return BEST(alp_encode_f64, values, count, decimal, integers, exceptions);
}

size_t esker_alp_encode_f32(const float *values, size_t count, const struct esker_decimal *decimal,
                            uint32_t *integers, uint16_t *exceptions) {
    return BEST(alp_encode_f32, values, count, decimal, integers, exceptions);
}

void esker_alp_decode_f64(uint64_t *values, size_t count, const struct esker_decimal *decimal) {
    BEST(alp_decode_f64, values, count, decimal);
}

void esker_alp_decode_f32(uint32_t *values, size_t count, const struct esker_decimal *decimal) {
    BEST(alp_decode_f32, values, count, decimal);
}

size_t esker_alprd_split_u64(const uint64_t *values, size_t count, unsigned right_width, const uint16_t *dictionary,
                             unsigned size, uint8_t *codes, uint16_t *exceptions) {
    return BEST(alprd_split_u64, values, count, right_width, dictionary, size, codes, exceptions);
}

size_t esker_alprd_split_u32(const uint32_t *values, size_t count, unsigned right_width, const uint16_t *dictionary,
                             unsigned size, uint8_t *codes, uint16_t *exceptions) {
    return BEST(alprd_split_u32, values, count, right_width, dictionary, size, codes, exceptions);
}

void esker_alprd_join_u64(uint64_t *values, size_t count, const uint8_t *codes, const uint64_t lefts[8]) {
    BEST(alprd_join_u64, values, count, codes, lefts);
}

void esker_alprd_join_u32(uint32_t *values, size_t count, const uint8_t *codes, const uint32_t lefts[8]) {
    BEST(alprd_join_u32, values, count, codes, lefts);
}

int esker_range_f64(const double *values, size_t count, double *least, double *greatest) {
    return BEST(range_f64, values, count, least, greatest);
}

int esker_range_f32(const float *values, size_t count, float *least, float *greatest) {
    return BEST(range_f32, values, count, least, greatest);
}
