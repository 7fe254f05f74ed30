// How the longest symbol at a place is found; shared by encoding and training.
#pragma once
#include "fsst.h"
#include <string.h>

// One symbol of three to eight bytes. `shift` takes the bytes after it out of a comparison.
struct fsst_long {
    uint64_t bytes;
    uint16_t found;
    uint8_t shift;
};

enum { FSST_SLOT_BITS = 11, FSST_SLOTS = 1 << FSST_SLOT_BITS };

// What a search finds is one number: code in bits 0–7, length in bits 8–11, bit 12 set for the escape.
enum { FSST_NOTHING = ESKER_FSST_ESCAPE | 1 << 8 | 1 << 12 };

struct esker_fsst_encoder {
    struct fsst_long longs[FSST_SLOTS];  // by a hash of three bytes; one symbol a slot
    uint16_t singles[256];               // by one byte
    uint16_t pairs[65536];               // the better of a symbol of two bytes and one of one byte
    uint16_t two[256];                   // symbols of two bytes until the pairs are filled
    uint32_t two_count;
    uint16_t two_bytes[256];
};

static inline uint32_t fsst_slot(uint64_t word) {
    return (uint32_t)(((word << 40) * 0x9E3779B97F4A7C15ull) >> (64 - FSST_SLOT_BITS));
}

static inline void fsst_clear(struct esker_fsst_encoder *encoder) {
    // An empty slot holds bytes that hash elsewhere, so that no word that comes here equals them.
    const uint32_t zero = fsst_slot(0);
    for (uint32_t slot = 0; slot < FSST_SLOTS; slot++)
        encoder->longs[slot] = (struct fsst_long){.bytes = slot == zero ? 1 : 0, .found = FSST_NOTHING, .shift = 0};
    for (uint32_t byte = 0; byte < 256; byte++) encoder->singles[byte] = FSST_NOTHING;
    encoder->two_count = 0;
}

// Adds a symbol; 0 when its slot is taken.
static inline int fsst_add(struct esker_fsst_encoder *encoder, uint64_t bytes, uint32_t length, uint32_t code) {
    const uint16_t found = (uint16_t)(code | length << 8);
    if (length == 1) {
        encoder->singles[bytes & 0xff] = found;
    } else if (length == 2) {
        encoder->two_bytes[encoder->two_count] = (uint16_t)bytes;
        encoder->two[encoder->two_count++] = found;
    } else {
        struct fsst_long *place = &encoder->longs[fsst_slot(bytes)];
        if (place->found != FSST_NOTHING) return 0;
        *place = (struct fsst_long){.bytes = bytes, .found = found, .shift = (uint8_t)(64 - 8 * length)};
    }
    return 1;
}

static inline void fsst_finish(struct esker_fsst_encoder *encoder) {
    for (uint32_t high = 0; high < 256; high++)
        memcpy(encoder->pairs + 256 * high, encoder->singles, sizeof encoder->singles);
    for (uint32_t i = 0; i < encoder->two_count; i++) encoder->pairs[encoder->two_bytes[i]] = encoder->two[i];
}

// The longest symbol at the start of eight bytes.
static inline uint32_t fsst_longest(const struct esker_fsst_encoder *encoder, uint64_t word) {
    const struct fsst_long *candidate = &encoder->longs[fsst_slot(word)];
    const uint32_t pair = encoder->pairs[word & 0xffff];
    return (word ^ candidate->bytes) << candidate->shift == 0 ? candidate->found : pair;
}

// The same among symbols of at most `rest` bytes.
static inline uint32_t fsst_longest_within(const struct esker_fsst_encoder *encoder, uint64_t word, size_t rest) {
    const struct fsst_long *candidate = &encoder->longs[fsst_slot(word)];
    if ((word ^ candidate->bytes) << candidate->shift == 0 && (size_t)(candidate->found >> 8 & 15) <= rest)
        return candidate->found;
    return rest >= 2 ? encoder->pairs[word & 0xffff] : encoder->singles[word & 0xff];
}

// The `rest` < 8 bytes at `in`, then zeros. Reads nothing at `limit` or after it.
static inline uint64_t fsst_load_rest(const uint8_t *in, size_t rest, const uint8_t *limit) {
    uint64_t word = 0;
    if (limit - in >= 8) {
        __builtin_memcpy(&word, in, 8);
        return word & ~(~0ull << (8 * rest));
    }
    for (size_t i = 0; i < rest; i++) word |= (uint64_t)in[i] << (8 * i);
    return word;
}
