#include "text_hex.h"
#include "text_levels.h"

// Plain loops over bytes, written so that the compiler turns them into vector code: no table, no branch.

static inline uint8_t digit_of(uint8_t nibble, uint8_t base) {
    return (uint8_t)(nibble + (nibble > 9 ? base - 10 : '0'));
}

ESKER_LEVELS void esker_hex_write(const uint8_t *bytes, size_t count, uint8_t base, uint8_t *out) {
    for (size_t i = 0; i < count; i++) {
        const uint8_t byte = bytes[i];
        out[2 * i] = digit_of(byte >> 4, base);
        out[2 * i + 1] = digit_of(byte & 15, base);
    }
}

// 0 … 15, or 16 and more for a byte that is no digit.
static inline uint8_t nibble_of(uint8_t digit, uint8_t base) {
    const uint8_t number = (uint8_t)(digit - '0');
    const uint8_t letter = (uint8_t)(digit - base);
    return number < 10 ? number : letter < 6 ? (uint8_t)(letter + 10) : 255;
}

ESKER_LEVELS int esker_hex_read(const uint8_t *digits, size_t count, uint8_t base, uint8_t *out) {
    uint8_t seen = 0;
    for (size_t i = 0; i < count; i++) {
        const uint8_t high = nibble_of(digits[2 * i], base);
        const uint8_t low = nibble_of(digits[2 * i + 1], base);
        seen |= high | low;
        out[i] = (uint8_t)(high << 4 | low);
    }
    return seen < 16;
}

enum { UUIDS = 64 };  // at a time, through digits on the stack

static const uint8_t group_digits[5] = {8, 4, 4, 4, 12};

void esker_uuids_write(const uint8_t *bytes, size_t uuids, uint8_t base, uint8_t *out) {
    uint8_t digits[32 * UUIDS];
    while (uuids > 0) {
        const size_t count = uuids < UUIDS ? uuids : UUIDS;
        esker_hex_write(bytes, 16 * count, base, digits);
        for (size_t i = 0; i < count; i++) {
            const uint8_t *from = digits + 32 * i;
            __builtin_memcpy(out, from, 8);
            out[8] = '-';
            __builtin_memcpy(out + 9, from + 8, 4);
            out[13] = '-';
            __builtin_memcpy(out + 14, from + 12, 4);
            out[18] = '-';
            __builtin_memcpy(out + 19, from + 16, 4);
            out[23] = '-';
            __builtin_memcpy(out + 24, from + 20, 12);
            out += 36;
        }
        bytes += 16 * count;
        uuids -= count;
    }
}

int esker_uuids_read(const uint8_t *text, size_t uuids, uint8_t base, uint8_t *out) {
    uint8_t digits[32 * UUIDS];
    while (uuids > 0) {
        const size_t count = uuids < UUIDS ? uuids : UUIDS;
        int good = 1;
        for (size_t i = 0; i < count; i++) {
            const uint8_t *from = text + 36 * i;
            uint8_t *to = digits + 32 * i;
            for (int group = 0; group < 5; group++) {
                if (group > 0) good &= *from++ == '-';
                for (int digit = 0; digit < group_digits[group]; digit++) *to++ = *from++;
            }
        }
        if (!good || !esker_hex_read(digits, 16 * count, base, out)) return 0;
        text += 36 * count;
        out += 16 * count;
        uuids -= count;
    }
    return 1;
}
