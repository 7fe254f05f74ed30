// Columns of strings that are decimal numbers. Swift writes them just as fast (3.3 ns for six digits, Zen 5): they are
// in C because joined strings take their digits from the same code, which there works on vectors.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// What the strings of a column have in common as numbers.
struct esker_decimal_form {
    uint8_t minimum_digits;  ///< numbers of fewer digits stand behind zeros
    uint8_t is_signed;       ///< 1 when some begin with '-'; values are then two's complement
};

/// Reads `rows` strings as numbers and finds the one form that writes every one of them again as it was. 0 when there
/// is none: a string is empty, longer than 19 digits, no number, `-0`, or has zeros in front that others lack.
/// Reads only bytes between the first and the last offset.
int esker_decimals_read(const uint8_t *bytes, const int32_t *offsets, size_t rows, uint64_t *values,
                        struct esker_decimal_form *form);

/// Writes numbers as strings one after another; `ends[i]` is where string i ends, counted from `out`. `out` has room
/// for 21 bytes a number and 8 more. Returns the bytes written.
size_t esker_decimals_write(const uint64_t *values, size_t rows, struct esker_decimal_form form, uint8_t *out,
                            int32_t *ends);
