#include "text_join.h"
#include "text_digits.h"
#include "text_levels.h"

// Pieces are found column by column, where each loop does one simple thing, and copied row by row, so that a copy may
// write over what comes after it: the next piece is written later.

uint64_t esker_pieces_constant(struct esker_piece piece, size_t rows, struct esker_piece *pieces, size_t stride) {
    for (size_t row = 0; row < rows; row++) pieces[row * stride] = piece;
    return piece.length * rows;
}

static inline struct esker_piece piece_of(const struct esker_piece_strings *strings, size_t index) {
    const int32_t start = strings->offsets[index];
    const uintptr_t base = start < strings->safe ? (uintptr_t)strings->bytes : strings->tail;
    return (struct esker_piece){(const uint8_t *)(base + (uintptr_t)start),
                                (uint64_t)(strings->offsets[index + 1] - start)};
}

uint64_t esker_pieces_strings(const struct esker_piece_strings *strings, size_t first, size_t rows,
                              struct esker_piece *pieces, size_t stride) {
    const struct esker_piece_strings local = *strings;
    for (size_t row = 0; row < rows; row++) pieces[row * stride] = piece_of(&local, first + row);
    return (uint64_t)(local.offsets[first + rows] - local.offsets[first]);
}

#define FOR_CODES(type)                                                       \
    for (size_t row = 0; row < rows; row++) {                                 \
        const size_t code = ((const type *)codes)[row];                       \
        if (__builtin_expect(code >= count, 0)) return UINT64_MAX;            \
        const struct esker_piece piece = piece_of(&local, code);              \
        pieces[row * stride] = piece;                                         \
        sum += piece.length;                                                  \
    }

uint64_t esker_pieces_dictionary(const struct esker_piece_strings *strings, size_t count, const void *codes,
                                 size_t code_width, size_t rows, struct esker_piece *pieces, size_t stride) {
    const struct esker_piece_strings local = *strings;
    uint64_t sum = 0;
    switch (code_width) {
        case 1: FOR_CODES(uint8_t) break;
        case 2: FOR_CODES(uint16_t) break;
        default: FOR_CODES(uint32_t) break;
    }
    return sum;
}

typedef uint64_t vector __attribute__((vector_size(32)));
typedef uint16_t vector16 __attribute__((vector_size(32)));
typedef uint32_t vector16_wide __attribute__((vector_size(64)));

// The digits of four numbers below 10^8, in place, like digits_of(): after one division by 10,000 all products and
// quotients fit in 16-bit lanes.
#define DIGITS_OF_FOUR(numbers)                                                                          \
    do {                                                                                                 \
        const vector high = ((numbers & 0xffffffff) * 3518437209) >> 45; /* number / 10,000 */           \
        const vector16 fours = (vector16)(high | (numbers - ((high * 10000) & 0xffffffff)) << 32);       \
        const vector16_wide products = __builtin_convertvector(fours, vector16_wide) * 5243;             \
        const vector16 hundreds = __builtin_convertvector(products >> 16, vector16) >> 3;                \
        const vector16 twos = hundreds | (vector16)((vector)(fours - hundreds * 100) << 16);             \
        const vector16 tens = (twos * 103) >> 10;                                                        \
        numbers = (vector)(tens | (twos - tens * 10) << 8);                                              \
    } while (0)

enum { DECIMALS = 64 };  // at a time, through digits on the stack

ESKER_LEVELS uint64_t esker_pieces_decimal(const uint64_t *values, struct esker_decimal_form form, uint8_t *slots,
                                           size_t slot, size_t prefix, size_t rows, struct esker_piece *pieces,
                                           size_t stride) {
    uint64_t digits[DECIMALS] = {0};
    uint64_t sum = 0;
    for (size_t done = 0; done < rows; done += DECIMALS) {
        const size_t count = rows - done < DECIMALS ? rows - done : DECIMALS;
        uint64_t all = 0;
        for (size_t i = 0; i < count; i++) all |= values[done + i];
        if (all >= 1 << 26 || form.minimum_digits > 8) {
            for (size_t i = 0; i < count; i++) {
                const uint64_t length = prefix + write_decimal(slots + prefix, values[done + i], form);
                *pieces = (struct esker_piece){slots, length};
                sum += length;
                pieces += stride;
                slots += slot;
            }
            continue;
        }
        for (size_t i = 0; i < count; i++) digits[i] = values[done + i];
        for (size_t i = 0; i < count; i += 4) {
            vector four;
            __builtin_memcpy(&four, digits + i, sizeof four);
            DIGITS_OF_FOUR(four);
            __builtin_memcpy(digits + i, &four, sizeof four);
        }
        for (size_t i = 0; i < count; i++) {
            const uint64_t length = prefix + write_eight(slots + prefix, digits[i], form.minimum_digits);
            *pieces = (struct esker_piece){slots, length};
            sum += length;
            pieces += stride;
            slots += slot;
        }
    }
    return sum;
}

// More than 32 bytes: never reads or writes outside the piece.
static inline void copy_long(uint8_t *out, const uint8_t *bytes, uint64_t length) {
    uint64_t done = 0;
    for (; done + 32 < length; done += 32) __builtin_memcpy(out + done, bytes + done, 32);
    __builtin_memcpy(out + length - 32, bytes + length - 32, 32);
}

ESKER_LEVELS void esker_pieces_join(const struct esker_piece *pieces, size_t pieces_per_row, size_t rows, uint8_t *out,
                                    int32_t position, int32_t *ends) {
    uint8_t *const start = out;
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < pieces_per_row; i++) {
            const struct esker_piece piece = *pieces++;
            if (__builtin_expect(piece.length <= 32, 1)) {
                __builtin_memcpy(out, piece.bytes, 32);
            } else {
                copy_long(out, piece.bytes, piece.length);
            }
            out += piece.length;
        }
        ends[row] = position + (int32_t)(out - start);
    }
}
