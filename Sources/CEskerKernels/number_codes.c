#include "number_codes.h"

#define NUMBER(type)                                                                                                   \
    {                                                                                                                  \
        const type *code = codes;                                                                                      \
        _Pragma("clang loop vectorize(disable) unroll_count(4)") for (size_t i = 0; i < count; i++) {                                                                           \
            const uint32_t number = table[code[i]];                                                                    \
            output[i] = number;                                                                                        \
            seen |= number;                                                                                            \
        }                                                                                                              \
    }

uint32_t esker_number_codes(
    const uint32_t *table, const void *codes, uint32_t code_width, size_t count, uint32_t *restrict output) {
    uint32_t seen = 0;
    switch (code_width) {
    case 1: NUMBER(uint8_t) break;
    case 2: NUMBER(uint16_t) break;
    default: NUMBER(uint32_t) break;
    }
    return seen;
}
