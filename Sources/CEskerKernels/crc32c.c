#include "crc32c.h"
#include <pthread.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const uint32_t polynomial = 0x82f63b78; // Castagnoli, reflected

// A CRC register is a vector over GF(2); feeding N zero bytes is a linear map, kept as four tables of 256.
typedef struct { uint32_t part[4][256]; } zeros_map;

enum { long_stream = 4096, short_stream = 256 };

static uint32_t byte_table[256];
static zeros_map after_long, after_short;
// The linear map of 2^k zero bytes, column by column: combining two checksums then costs some 20 ns a set bit of the
// length, where squaring the map each time cost 10 us.
static uint32_t zero_runs[64][32];
static int has_sse42;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static uint32_t feed_zero_byte(uint32_t crc) {
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) ? polynomial : 0);
    return crc;
}

static void make_zeros_map(zeros_map *map, size_t zero_bytes) {
    uint32_t basis[32];
    for (int bit = 0; bit < 32; bit++) {
        uint32_t crc = (uint32_t)1 << bit;
        for (size_t i = 0; i < zero_bytes; i++) crc = feed_zero_byte(crc);
        basis[bit] = crc;
    }
    for (int part = 0; part < 4; part++)
        for (uint32_t value = 0; value < 256; value++) {
            uint32_t sum = 0;
            for (int bit = 0; bit < 8; bit++)
                if (value & (1u << bit)) sum ^= basis[part * 8 + bit];
            map->part[part][value] = sum;
        }
}

static inline uint32_t apply(const zeros_map *map, uint32_t crc) {
    return map->part[0][crc & 255] ^ map->part[1][(crc >> 8) & 255] ^ map->part[2][(crc >> 16) & 255] ^
           map->part[3][crc >> 24];
}

// Multiplies the 32 columns of a linear map with a vector.
static uint32_t multiply(const uint32_t columns[32], uint32_t vector) {
    uint32_t sum = 0;
    for (int bit = 0; vector; bit++, vector >>= 1)
        if (vector & 1) sum ^= columns[bit];
    return sum;
}

static void prepare(void) {
    for (uint32_t value = 0; value < 256; value++) byte_table[value] = feed_zero_byte(value);
    make_zeros_map(&after_long, long_stream);
    make_zeros_map(&after_short, short_stream);
    for (int bit = 0; bit < 32; bit++) zero_runs[0][bit] = feed_zero_byte((uint32_t)1 << bit);
    for (int power = 1; power < 64; power++)
        for (int bit = 0; bit < 32; bit++)
            zero_runs[power][bit] = multiply(zero_runs[power - 1], zero_runs[power - 1][bit]);
#if defined(__x86_64__)
    __builtin_cpu_init();
    has_sse42 = __builtin_cpu_supports("sse4.2");
#endif
}

static uint32_t update_by_table(uint32_t crc, const uint8_t *p, size_t length) {
    while (length--) crc = (crc >> 8) ^ byte_table[(crc ^ *p++) & 255];
    return crc;
}

#if defined(__x86_64__)
#define SSE42 __attribute__((target("sse4.2")))

SSE42 static inline uint64_t load(const uint8_t *p) {
    uint64_t word;
    memcpy(&word, p, 8);
    return word;
}

// Three streams of `stream` bytes side by side hide the instruction's latency of three cycles.
SSE42 static uint32_t update_three(uint32_t crc, const uint8_t *p, size_t stream, const zeros_map *after) {
    uint64_t a = crc, b = 0, c = 0;
    for (size_t i = 0; i < stream; i += 8) {
        a = _mm_crc32_u64(a, load(p + i));
        b = _mm_crc32_u64(b, load(p + stream + i));
        c = _mm_crc32_u64(c, load(p + 2 * stream + i));
    }
    return apply(after, apply(after, (uint32_t)a) ^ (uint32_t)b) ^ (uint32_t)c;
}

SSE42 static uint32_t update_sse42(uint32_t crc, const uint8_t *p, size_t length) {
    while (length >= 3 * long_stream) {
        crc = update_three(crc, p, long_stream, &after_long);
        p += 3 * long_stream, length -= 3 * long_stream;
    }
    while (length >= 3 * short_stream) {
        crc = update_three(crc, p, short_stream, &after_short);
        p += 3 * short_stream, length -= 3 * short_stream;
    }
    uint64_t wide = crc;
    for (; length >= 8; p += 8, length -= 8) wide = _mm_crc32_u64(wide, load(p));
    crc = (uint32_t)wide;
    for (; length; p++, length--) crc = _mm_crc32_u8(crc, *p);
    return crc;
}
#endif

uint32_t esker_crc32c(uint32_t crc, const void *bytes, size_t length) {
    pthread_once(&once, prepare);
    crc = ~crc;
#if defined(__x86_64__)
    if (has_sse42) return ~update_sse42(crc, bytes, length);
#endif
    return ~update_by_table(crc, bytes, length);
}

uint32_t esker_crc32c_combine(uint32_t crc_a, uint32_t crc_b, uint64_t length_b) {
    pthread_once(&once, prepare);
    for (int power = 0; length_b && crc_a; power++, length_b >>= 1)
        if (length_b & 1) crc_a = multiply(zero_runs[power], crc_a);
    return crc_a ^ crc_b;
}
