#include "text_decimal.h"
#include "text_digits.h"
#include "text_levels.h"

ESKER_LEVELS size_t esker_decimals_write(const uint64_t *values, size_t rows, struct esker_decimal_form form,
                                         uint8_t *out, int32_t *ends) {
    uint8_t *const start = out;
    size_t row = 0;
    if (!form.is_signed && form.minimum_digits <= 8) {
        // Short numbers in a loop of their own, up to the first long one.
        const uint32_t least = form.minimum_digits;
        for (; row < rows && values[row] < EIGHT_DIGITS; row++) {
            out += write_eight(out, digits_of((uint32_t)values[row]), least);
            ends[row] = (int32_t)(out - start);
        }
    }
    for (; row < rows; row++) {
        out += write_decimal(out, values[row], form);
        ends[row] = (int32_t)(out - start);
    }
    return (size_t)(out - start);
}

// Up to 19 digits that end at `end`, of which at least eight bytes before the end may be read when `roomy`. Returns 0
// when one is no digit.
static inline int read_unsigned(const uint8_t *end, uint32_t count, int roomy, uint64_t *value) {
    if (roomy && count <= 8) {
        uint64_t word;
        __builtin_memcpy(&word, end - 8, 8);
        // The digits stand in the upper bytes; zeros take the place of what is before them.
        const uint32_t others = 8 * (8 - count);
        word = count == 8 ? word : (word >> others << others) | eight_zeros >> (8 * count);
        *value = number_of(word);
        return strangers_in(word) == 0;
    }
    uint64_t sum = 0;
    uint32_t strange = 0;
    for (const uint8_t *at = end - count; at < end; at++) {
        const uint32_t digit = (uint32_t)*at - '0';
        strange |= digit > 9;
        sum = sum * 10 + digit;
    }
    *value = sum;
    return !strange;
}

ESKER_LEVELS int esker_decimals_read(const uint8_t *bytes, const int32_t *offsets, size_t rows, uint64_t *values,
                        struct esker_decimal_form *form) {
    uint32_t shortest = 20;   // digits of the shortest
    uint32_t padded = 0;      // digits of those with zeros in front; 0 when there are none yet
    uint32_t is_signed = 0;
    uint64_t greatest = 0;    // magnitude
    const uint8_t *const roomy = bytes + offsets[0] + 8;
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *start = bytes + offsets[row];
        const uint8_t *const end = bytes + offsets[row + 1];
        if (start == end) return 0;
        const uint32_t minus = *start == '-';
        start += minus;
        const size_t count = (size_t)(end - start);
        if (count == 0 || count > 19) return 0;
        uint64_t value;
        if (!read_unsigned(end, (uint32_t)count, end >= roomy, &value)) return 0;
        if (minus) {
            if (value == 0) return 0;
            is_signed = 1;
        }
        if (*start == '0' && count > 1) {
            if (padded != 0 && padded != count) return 0;
            padded = (uint32_t)count;
        }
        shortest = count < shortest ? (uint32_t)count : shortest;
        greatest = value > greatest ? value : greatest;
        values[row] = minus ? 0 - value : value;
    }
    if (padded != 0 && padded != shortest) return 0;
    if (is_signed && greatest >> 63) return 0;
    form->minimum_digits = (uint8_t)(padded != 0 ? padded : 1);
    form->is_signed = (uint8_t)is_signed;
    return 1;
}
