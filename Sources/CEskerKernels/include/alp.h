// Floating-point numbers as integers times a power of ten, and as a frequent left and a packed right part.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// How integers become numbers: divided by `operand`, or multiplied with it. One operation, rounded once.
struct esker_decimal {
    double scale;    ///< what numbers are multiplied with to become integers
    double operand;
    int divides;
};

/// Turns doubles into integers d = round(value * scale), |d| < 2^51, which become the same double again, bit for bit.
/// Lists the positions of the others, at most `count` <= 65,535, whose integers mean nothing, and gives back how many
/// they are.
///
/// 2026-11-24, Zen 5: 1.9 ... 3 G values/s with AVX2.
size_t esker_alp_encode_f64(const double *values, size_t count, const struct esker_decimal *decimal,
                            uint64_t *integers, uint16_t *exceptions);
/// The same for floats: computed in double precision, -2^31 <= d < 2^31.
size_t esker_alp_encode_f32(const float *values, size_t count, const struct esker_decimal *decimal,
                            uint32_t *integers, uint16_t *exceptions);

/// Replaces integers by the bits of the doubles that they become. Those outside ±2^51, which no encoder writes, become
/// some number, the same on every processor.
///
/// 2026-11-24, Zen 5: 4.1 G values/s when it divides, 18 when it multiplies.
void esker_alp_decode_f64(uint64_t *values, size_t count, const struct esker_decimal *decimal);
/// The same for floats: computed in double precision and rounded once more.
void esker_alp_decode_f32(uint32_t *values, size_t count, const struct esker_decimal *decimal);

/// Splits bits after the lowest `right_width` ones; codes are indices of the left parts in a dictionary of `size` <= 8
/// entries, 0 for those that are in none, whose positions are listed. Gives back how many they are.
size_t esker_alprd_split_u64(const uint64_t *values, size_t count, unsigned right_width, const uint16_t *dictionary,
                             unsigned size, uint8_t *codes, uint16_t *exceptions);
size_t esker_alprd_split_u32(const uint32_t *values, size_t count, unsigned right_width, const uint16_t *dictionary,
                             unsigned size, uint8_t *codes, uint16_t *exceptions);

/// Puts the left parts before the right ones: `values[i] |= lefts[codes[i]]`, lefts already shifted. Codes are below 8.
void esker_alprd_join_u64(uint64_t *values, size_t count, const uint8_t *codes, const uint64_t lefts[8]);
void esker_alprd_join_u32(uint32_t *values, size_t count, const uint8_t *codes, const uint32_t lefts[8]);

/// The least and greatest of the values that are numbers (+infinity and -infinity when none is); gives back 1 when one
/// is no number.
int esker_range_f64(const double *values, size_t count, double *least, double *greatest);
int esker_range_f32(const float *values, size_t count, float *least, float *greatest);
