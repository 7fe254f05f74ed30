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

size_t esker_places(const uint32_t *values, size_t count, uint32_t wanted, uint32_t *restrict places) {
    enum { stretch = 64 };
    size_t found = 0, i = 0;
    for (; i + stretch <= count; i += stretch) {
        uint32_t any = 0;
        for (size_t k = 0; k < stretch; k++) any |= values[i + k] == wanted;
        if (!any) continue;
        for (size_t k = 0; k < stretch; k++) {
            places[found] = (uint32_t)(i + k);
            found += values[i + k] == wanted;
        }
    }
    for (; i < count; i++) {
        if (values[i] == wanted) places[found++] = (uint32_t)i;
    }
    return found;
}
