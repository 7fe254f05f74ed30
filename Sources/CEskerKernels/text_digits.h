// Eight decimal digits in one register, both ways.
//
// D. Lemire, "Quickly parsing eight digits" (2018), and its inverse by multiplications with reciprocals.
#pragma once
#include "text_decimal.h"

enum { EIGHT_DIGITS = 100000000 };

static const uint64_t eight_zeros = 0x3030303030303030;  // as characters

static inline void store_eight(uint8_t *out, uint64_t word) { __builtin_memcpy(out, &word, 8); }

// The eight digits of a number below 10^8, most significant in the lowest byte, each 0 … 9.
static inline uint64_t digits_of(uint32_t value) {
    const uint32_t high = value / 10000;
    const uint64_t fours = high | (uint64_t)(value - high * 10000) << 32;
    const uint64_t hundreds = ((fours * 10486) >> 20) & 0x0000007f0000007f;
    const uint64_t twos = hundreds | (fours - hundreds * 100) << 16;
    const uint64_t tens = ((twos * 103) >> 10) & 0x000f000f000f000f;
    return tens | (twos - tens * 10) << 8;
}

// The number that eight digits spell. Their low nibbles count; whether they are digits is for the caller to know.
static inline uint32_t number_of(uint64_t digits) {
    const uint64_t pairs = ((digits & 0x0f0f0f0f0f0f0f0f) * 2561) >> 8;
    const uint64_t fours = ((pairs & 0x00ff00ff00ff00ff) * 6553601) >> 16;
    return (uint32_t)(((fours & 0x0000ffff0000ffff) * 42949672960001) >> 32);
}

// Not zero when one of eight bytes is no digit.
static inline uint64_t strangers_in(uint64_t bytes) {
    const uint64_t high = 0xf0f0f0f0f0f0f0f0;
    return ((bytes & high) ^ eight_zeros) | (((bytes + 0x0606060606060606) & high) ^ eight_zeros);
}

// Writes eight digits without the zeros that lead, but at least `least` digits (1 … 8). Returns how many; stores eight
// bytes in any case.
static inline uint32_t write_eight(uint8_t *out, uint64_t digits, uint32_t least) {
    // The set bit keeps the last digit of a zero.
    const uint32_t zeros = (uint32_t)__builtin_ctzll(digits | 1ull << 63) >> 3;
    const uint32_t spare = 8 - least;
    const uint32_t dropped = zeros < spare ? zeros : spare;
    store_eight(out, (digits | eight_zeros) >> (8 * dropped));
    return 8 - dropped;
}

// Writes a number in at least `least` digits (1 … 20).
static inline uint32_t write_unsigned(uint8_t *out, uint64_t value, uint32_t least) {
    if (value < EIGHT_DIGITS && least <= 8) return write_eight(out, digits_of((uint32_t)value), least);
    const uint64_t square = (uint64_t)EIGHT_DIGITS * EIGHT_DIGITS;
    uint32_t written = 0;
    if (value >= square || least > 16) {
        written = write_eight(out, digits_of((uint32_t)(value / square)), least > 16 ? least - 16 : 1);
        value %= square;
        least = 16;
    }
    written += write_eight(out + written, digits_of((uint32_t)(value / EIGHT_DIGITS)), least > 8 ? least - 8 : 1);
    store_eight(out + written, digits_of((uint32_t)(value % EIGHT_DIGITS)) | eight_zeros);
    return written + 8;
}

// Writes a number in a form: at most 21 bytes, and up to eight more that do not count.
static inline uint32_t write_decimal(uint8_t *out, uint64_t value, struct esker_decimal_form form) {
    if (!form.is_signed || !(value >> 63)) return write_unsigned(out, value, form.minimum_digits);
    *out = '-';
    return 1 + write_unsigned(out + 1, 0 - value, form.minimum_digits);
}
