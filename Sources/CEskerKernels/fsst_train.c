#include "fsst_lookup.h"
#include <stdlib.h>

// Bottom-up training: encode the sample with the symbols so far, count codes and pairs of neighbouring codes, and keep
// the symbols and joined pairs that save most. Five rounds over growing parts of the sample.
//
// P. Boncz, T. Neumann, V. Leis, "FSST: Fast Random Access String Compression", VLDB 2020, section 4.

enum {
    CODES = 512,            // 0–254 symbols, 256 + b the byte b without a symbol
    CANDIDATE_BITS = 14,
    CANDIDATES = 1 << CANDIDATE_BITS,
    ROUNDS = 5,
    KEPT = 255,
};

struct candidate {
    uint64_t bytes;
    uint32_t length;  // 0: empty place
    uint32_t gain;
};

struct training {
    struct esker_fsst_encoder encoder;
    uint64_t bytes[CODES];
    uint8_t lengths[CODES];
    uint32_t count;
    uint32_t singles[CODES];
    uint16_t pairs[CODES][CODES];
    struct candidate candidates[CANDIDATES];
    uint32_t candidate_count;
    struct candidate sorted[CANDIDATES];
};

static void count_codes(struct training *t, const uint8_t *in, const uint8_t *end, const uint8_t *limit) {
    uint32_t before = CODES;
    while (in < end) {
        const size_t rest = (size_t)(end - in);
        uint64_t word;
        uint32_t found;
        if (rest >= 8) {
            __builtin_memcpy(&word, in, 8);
            found = fsst_longest(&t->encoder, word);
        } else {
            word = fsst_load_rest(in, rest, limit);
            found = fsst_longest_within(&t->encoder, word, rest);
        }
        const uint32_t length = found >> 8 & 15;
        const uint32_t code = found >> 12 ? 256 + (word & 0xff) : found & 0xff;
        t->singles[code]++;
        // A long symbol's first byte stays a candidate too, so that its pairs can grow anew.
        if (length > 1) t->singles[256 + (word & 0xff)]++;
        if (before < CODES) {
            if (t->pairs[before][code] != UINT16_MAX) t->pairs[before][code]++;
            if (length > 1 && t->pairs[before][256 + (word & 0xff)] != UINT16_MAX)
                t->pairs[before][256 + (word & 0xff)]++;
        }
        before = code;
        in += length;
    }
}

static void offer(struct training *t, uint64_t bytes, uint32_t length, uint32_t gain) {
    uint32_t place = (uint32_t)(((bytes ^ (uint64_t)length << 59) * 0x9E3779B97F4A7C15ull) >> (64 - CANDIDATE_BITS));
    while (t->candidates[place].length != 0) {
        struct candidate *known = &t->candidates[place];
        if (known->bytes == bytes && known->length == length) {
            known->gain += gain;
            return;
        }
        place = (place + 1) & (CANDIDATES - 1);
    }
    if (t->candidate_count == CANDIDATES * 3 / 4) return;
    t->candidate_count++;
    t->candidates[place] = (struct candidate){bytes, length, gain};
}

static void offer_all(struct training *t, uint32_t least, int joins) {
    memset(t->candidates, 0, sizeof t->candidates);
    t->candidate_count = 0;
    for (uint32_t code = 0; code < CODES; code++) {
        const uint32_t count = t->singles[code];
        if (count < least) continue;
        // One byte without a symbol costs two: a symbol of one byte saves as much as one of two.
        offer(t, t->bytes[code], t->lengths[code], count * (t->lengths[code] == 1 ? 8 : t->lengths[code]));
        if (!joins || t->lengths[code] == 8) continue;
        for (uint32_t next = 0; next < CODES; next++) {
            const uint32_t both = t->pairs[code][next];
            if (both < least) continue;
            const uint32_t sum = (uint32_t)t->lengths[code] + t->lengths[next];
            const uint32_t length = sum > 8 ? 8 : sum;
            offer(t, t->bytes[code] | t->bytes[next] << (8 * t->lengths[code]), length, both * length);
        }
    }
}

static int by_gain(const void *left, const void *right) {
    const struct candidate *a = left, *b = right;
    if (a->gain != b->gain) return a->gain < b->gain ? 1 : -1;
    if (a->length != b->length) return a->length < b->length ? 1 : -1;
    return a->bytes < b->bytes ? -1 : a->bytes > b->bytes;
}

static void keep_best(struct training *t) {
    uint32_t number = 0;
    for (uint32_t i = 0; i < CANDIDATES; i++)
        if (t->candidates[i].length != 0) t->sorted[number++] = t->candidates[i];
    qsort(t->sorted, number, sizeof t->sorted[0], by_gain);
    fsst_clear(&t->encoder);
    t->count = 0;
    for (uint32_t i = 0; i < number && t->count < KEPT; i++) {
        const struct candidate *best = &t->sorted[i];
        if (!fsst_add(&t->encoder, best->bytes, best->length, t->count)) continue;
        t->bytes[t->count] = best->bytes;
        t->lengths[t->count++] = (uint8_t)best->length;
    }
    fsst_finish(&t->encoder);
}

void esker_fsst_train(const uint8_t *bytes, const int32_t *offsets, size_t rows, struct esker_fsst_symbols *symbols) {
    memset(symbols, 0, sizeof *symbols);
    struct training *t = malloc(sizeof *t);
    if (!t) return;
    for (uint32_t byte = 0; byte < 256; byte++) {
        t->bytes[256 + byte] = byte;
        t->lengths[256 + byte] = 1;
    }
    t->count = 0;
    fsst_clear(&t->encoder);
    fsst_finish(&t->encoder);
    const uint8_t *limit = bytes + offsets[rows];
    for (uint32_t round = 1; round <= ROUNDS; round++) {
        memset(t->singles, 0, sizeof t->singles);
        memset(t->pairs, 0, sizeof t->pairs);
        // A pseudo-random part of the strings, different in each round; all in the last, or when they are few.
        for (size_t row = 0; row < rows; row++) {
            const uint32_t dice = (uint32_t)((row + 1) * 0x9E3779B97F4A7C15ull >> 40) + round * 7;
            if (rows < 64 || dice % ROUNDS < round) count_codes(t, bytes + offsets[row], bytes + offsets[row + 1], limit);
        }
        // What is seen rarely in a large sample is not worth its place in the table.
        offer_all(t, round == ROUNDS && offsets[rows] - offsets[0] > 8192 ? 4 : 2, round < ROUNDS);
        keep_best(t);
    }
    for (uint32_t length = 1; length <= 8; length++) {
        for (uint32_t code = 0; code < t->count; code++) {
            if (t->lengths[code] != length) continue;
            symbols->bytes[symbols->count] = t->bytes[code];
            symbols->lengths[symbols->count++] = (uint8_t)length;
        }
    }
    free(t);
}
