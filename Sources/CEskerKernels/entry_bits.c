#include "entry_bits.h"

#define EACH_CODE(body)                                                                                                \
    switch (code_width) {                                                                                              \
    case 1: { const uint8_t *code = codes; body } break;                                                               \
    case 2: { const uint16_t *code = codes; body } break;                                                              \
    default: { const uint32_t *code = codes; body } break;                                                             \
    }

void esker_entry_bits(
    const uint8_t *flags, const void *codes, uint32_t code_width, size_t count, uint8_t *restrict output) {
    EACH_CODE({
        size_t i = 0;
        for (; i + 8 <= count; i += 8) {
            const uint32_t low = (uint32_t)(flags[code[i]] | flags[code[i + 1]] << 1 | flags[code[i + 2]] << 2
                                            | flags[code[i + 3]] << 3);
            const uint32_t high = (uint32_t)(flags[code[i + 4]] | flags[code[i + 5]] << 1 | flags[code[i + 6]] << 2
                                             | flags[code[i + 7]] << 3);
            output[i >> 3] = (uint8_t)(low | high << 4);
        }
        if (i < count) {
            uint32_t last = 0;
            for (size_t bit = 0; i < count; i++, bit++) last |= (uint32_t)flags[code[i]] << bit;
            output[(count - 1) >> 3] = (uint8_t)last;
        }
    })
}
