#include "fsst.h"
#include "fsst_lookup.h"
#include <stdlib.h>
#include <string.h>

// Encoding and decoding. Both are chains of dependent loads, so they are written to have no branch that data decides.
//
// P. Boncz, T. Neumann, V. Leis, "FSST: Fast Random Access String Compression", VLDB 2020.

size_t esker_fsst_symbols_read(const uint8_t *table, size_t room, struct esker_fsst_symbols *symbols) {
    memset(symbols, 0, sizeof *symbols);
    if (room < 8) return 0;
    size_t taken = 8;
    for (uint32_t length = 1; length <= 8; length++) {
        const uint32_t number = table[length - 1];
        if (symbols->count + number > 255 || room - taken < (size_t)number * length) return 0;
        for (uint32_t i = 0; i < number; i++) {
            memcpy(&symbols->bytes[symbols->count], table + taken, length);
            symbols->lengths[symbols->count++] = (uint8_t)length;
            taken += length;
        }
    }
    return taken;
}

size_t esker_fsst_symbols_write(const struct esker_fsst_symbols *symbols, uint8_t *table) {
    size_t taken = 8;
    memset(table, 0, 8);
    for (uint32_t code = 0; code < symbols->count; code++) {
        const uint32_t length = symbols->lengths[code];
        table[length - 1]++;
        memcpy(table + taken, &symbols->bytes[code], length);
        taken += length;
    }
    return taken;
}

struct esker_fsst_encoder *esker_fsst_encoder_create(const struct esker_fsst_symbols *symbols) {
    struct esker_fsst_encoder *encoder = malloc(sizeof *encoder);
    if (!encoder) return NULL;
    fsst_clear(encoder);
    for (uint32_t code = 0; code < symbols->count; code++)
        fsst_add(encoder, symbols->bytes[code], symbols->lengths[code], code);
    fsst_finish(encoder);
    return encoder;
}

void esker_fsst_encoder_destroy(struct esker_fsst_encoder *encoder) { free(encoder); }

static inline uint8_t *emit(uint8_t *out, uint32_t found, uint64_t word) {
    // The byte itself follows in case the code is the escape; else the next code is written over it.
    const uint16_t both = (uint16_t)((found & 0xff) | word << 8);
    __builtin_memcpy(out, &both, 2);
    return out + 1 + (found >> 12);
}

size_t esker_fsst_encode(const struct esker_fsst_encoder *encoder, const uint8_t *bytes, const int32_t *offsets,
                         size_t rows, uint8_t *out, uint32_t *lengths) {
    uint8_t *const start = out;
    const uint8_t *const limit = bytes + offsets[rows];
    for (size_t row = 0; row < rows; row++) {
        const uint8_t *in = bytes + offsets[row];
        const uint8_t *const end = bytes + offsets[row + 1];
        uint8_t *const first = out;
        while (end - in >= 8) {
            uint64_t word;
            __builtin_memcpy(&word, in, 8);
            const uint32_t found = fsst_longest(encoder, word);
            out = emit(out, found, word);
            in += (found >> 8) & 15;
        }
        while (in < end) {
            const size_t rest = (size_t)(end - in);
            const uint64_t word = fsst_load_rest(in, rest, limit);
            const uint32_t found = fsst_longest_within(encoder, word, rest);
            out = emit(out, found, word);
            in += (found >> 8) & 15;
        }
        lengths[row] = (uint32_t)(out - first);
    }
    return (size_t)(out - start);
}

// High bit of each byte that is 255.
static inline uint64_t escapes_in(uint64_t codes) {
    const uint64_t high = 0x8080808080808080;
    return ((codes & ~high) + 0x0101010101010101) & codes & high;
}

// Writes the symbols of eight codes; a code of 255 writes nothing that stays.
static inline uint8_t *write_symbols(const struct esker_fsst_symbols *symbols, uint64_t codes, uint8_t *out) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 8; i++) {
        const uint8_t code = (uint8_t)(codes >> (8 * i));
        __builtin_memcpy(out, &symbols->bytes[code], 8);
        out += symbols->lengths[code];
    }
    return out;
}

size_t esker_fsst_decode(const struct esker_fsst_symbols *symbols, const uint8_t *codes, const uint32_t *lengths,
                         size_t rows, uint8_t *out, size_t limit, int32_t *ends) {
    uint8_t *const start = out;
    uint8_t *const last = out + limit;
    for (size_t row = 0; row < rows; row++) {
        size_t rest = lengths[row];
        while (rest > 0) {
            // At most eight codes of at most eight bytes a turn: 64 bytes of slack are enough.
            if (__builtin_expect(out > last, 0)) return SIZE_MAX;
            uint64_t word;
            __builtin_memcpy(&word, codes, 8);
            // Codes after the string's end become 255, whose length is 0.
            const uint64_t beyond = rest >= 8 ? 0 : ~0ull << (8 * rest);
            const uint64_t escapes = escapes_in(word) & ~beyond;
            size_t taken = rest >= 8 ? 8 : rest;
            if (__builtin_expect(escapes != 0, 0)) {
                const int before = __builtin_ctzll(escapes) >> 3;
                if (rest < (size_t)before + 2) return SIZE_MAX;
                const uint64_t kept = before == 0 ? ~0ull : ~0ull << (8 * before);
                out = write_symbols(symbols, word | kept, out);
                *out++ = codes[before + 1];
                taken = (size_t)before + 2;
            } else {
                out = write_symbols(symbols, word | beyond, out);
            }
            codes += taken;
            rest -= taken;
        }
        if (__builtin_expect(out > last, 0)) return SIZE_MAX;
        ends[row] = (int32_t)(out - start);
    }
    return (size_t)(out - start);
}
