#include "planes.h"
#include "vector_level.h"

#define PLANES(LEVEL, W)                                                                                           \
    static void take_plane_u##W##_##LEVEL(                                                                         \
        const uint##W##_t *restrict values, size_t count, unsigned plane, uint8_t *restrict bytes) {               \
        for (size_t i = 0; i < count; i++) bytes[i] = (uint8_t)(values[i] >> (8 * plane));                         \
    }                                                                                                              \
    static void add_plane_u##W##_##LEVEL(                                                                          \
        const uint8_t *restrict bytes, size_t count, unsigned plane, uint##W##_t *restrict values) {               \
        for (size_t i = 0; i < count; i++)                                                                         \
            values[i] = (uint##W##_t)(values[i] + (uint##W##_t)((uint##W##_t)bytes[i] << (8 * plane)));            \
    }                                                                                                              \
    static void fold_signs_u##W##_##LEVEL(uint##W##_t *values, size_t count) {                                     \
        for (size_t i = 0; i < count; i++)                                                                         \
            values[i] = (uint##W##_t)(values[i] << 1) ^ (uint##W##_t)((int##W##_t)values[i] >> (W - 1));           \
    }                                                                                                              \
    static void unfold_signs_u##W##_##LEVEL(uint##W##_t *values, size_t count) {                                   \
        for (size_t i = 0; i < count; i++)                                                                         \
            values[i] = (uint##W##_t)(values[i] >> 1) ^ (uint##W##_t)(0 - (values[i] & 1));                        \
    }

PLANES(plain, 8)
PLANES(plain, 16)
PLANES(plain, 32)
PLANES(plain, 64)

#if HAS_V3_LEVEL
BEGIN_V3
PLANES(v3, 8)
PLANES(v3, 16)
PLANES(v3, 32)
PLANES(v3, 64)
END_V3
#endif

#define CHOSEN(W)                                                                                              \
    void esker_take_plane_u##W(const uint##W##_t *values, size_t count, unsigned plane, uint8_t *bytes) {      \
        BEST(take_plane_u##W, values, count, plane, bytes);                                                    \
    }                                                                                                          \
    void esker_add_plane_u##W(const uint8_t *bytes, size_t count, unsigned plane, uint##W##_t *values) {       \
        BEST(add_plane_u##W, bytes, count, plane, values);                                                     \
    }                                                                                                          \
    void esker_fold_signs_u##W(uint##W##_t *values, size_t count) { BEST(fold_signs_u##W, values, count); }    \
    void esker_unfold_signs_u##W(uint##W##_t *values, size_t count) { BEST(unfold_signs_u##W, values, count); }

CHOSEN(8)
CHOSEN(16)
CHOSEN(32)
CHOSEN(64)
