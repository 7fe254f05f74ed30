// The kernels of bitpack.h for one vector level; FN(name) names them.

// A row of packed words: 128 bytes, whatever the word. Only 8-byte alignment is promised.
typedef uint8_t FN(row8) __attribute__((vector_size(128), aligned(8), may_alias));
typedef uint16_t FN(row16) __attribute__((vector_size(128), aligned(8), may_alias));
typedef uint32_t FN(row32) __attribute__((vector_size(128), aligned(8), may_alias));
typedef uint64_t FN(row64) __attribute__((vector_size(128), aligned(8), may_alias));

// Rows start at a bit of their lane's stream that is the same for all lanes, so that shifts are uniform.
#define UNPACK(W, OUT)                                                                                               \
    static void FN(unpack_##W##_##OUT)(                                                                              \
        const void *restrict packed, unsigned width, uint##OUT##_t base, uint##OUT##_t *restrict values) {           \
        const FN(row##W) *words = packed;                                                                            \
        const uint##W##_t mask = (uint##W##_t)((uint##W##_t)~(uint##W##_t)0 >> (W - width));                         \
        for (unsigned row = 0, bit = 0; row < W; row++, bit += width, values += 1024 / W) {                          \
            const unsigned word = bit / W, shift = bit % W;                                                          \
            FN(row##W) bits = words[word] >> (uint##W##_t)shift;                                                     \
            if (shift + width > W) bits |= words[word + 1] << (uint##W##_t)(W - shift);                              \
            bits &= mask;                                                                                            \
            uint##W##_t narrow[1024 / W];                                                                             \
            __builtin_memcpy(narrow, &bits, 128);                                                                    \
            for (unsigned lane = 0; lane < 1024 / W; lane++) values[lane] = (uint##OUT##_t)(base + narrow[lane]);    \
        }                                                                                                            \
    }

#define PACK(W, IN)                                                                                                  \
    static void FN(pack_##W##_##IN)(                                                                                 \
        const uint##IN##_t *restrict values, uint##IN##_t base, unsigned width, void *restrict packed) {             \
        FN(row##W) *words = packed;                                                                                  \
        const uint##W##_t mask = (uint##W##_t)((uint##W##_t)~(uint##W##_t)0 >> (W - width));                         \
        FN(row##W) gathered = {0};                                                                                   \
        for (unsigned row = 0, shift = 0; row < W; row++, values += 1024 / W) {                                      \
            FN(row##W) bits;                                                                                         \
            uint##W##_t narrow[1024 / W];                                                                             \
            for (unsigned lane = 0; lane < 1024 / W; lane++) narrow[lane] = (uint##W##_t)(values[lane] - base);      \
            __builtin_memcpy(&bits, narrow, 128);                                                                    \
            bits &= mask;                                                                                            \
            gathered |= bits << (uint##W##_t)shift;                                                                  \
            shift += width;                                                                                          \
            if (shift < W) continue;                                                                                 \
            *words++ = gathered;                                                                                     \
            shift -= W;                                                                                              \
            gathered = shift ? bits >> (uint##W##_t)(width - shift) : (FN(row##W)){0};                               \
        }                                                                                                            \
    }

UNPACK(8, 8)
UNPACK(8, 16)
UNPACK(8, 32)
UNPACK(8, 64)
UNPACK(16, 16)
UNPACK(16, 32)
UNPACK(16, 64)
UNPACK(32, 32)
UNPACK(32, 64)
UNPACK(64, 64)
PACK(8, 8)
PACK(8, 16)
PACK(8, 32)
PACK(8, 64)
PACK(16, 16)
PACK(16, 32)
PACK(16, 64)
PACK(32, 32)
PACK(32, 64)
PACK(64, 64)

// The kernels of one value width, chosen by the word.
#define CHOOSE(OUT, ...)                                                                                             \
    static void FN(pack_u##OUT)(                                                                                     \
        const uint##OUT##_t *values, uint##OUT##_t base, unsigned word_bits, unsigned width, void *packed) {         \
        switch (word_bits) { __VA_ARGS__(PACK_CASE, OUT) }                                                           \
    }                                                                                                                \
    static void FN(unpack_u##OUT)(                                                                                   \
        const void *packed, unsigned word_bits, unsigned width, uint##OUT##_t base, uint##OUT##_t *values) {         \
        switch (word_bits) { __VA_ARGS__(UNPACK_CASE, OUT) }                                                         \
    }
#define PACK_CASE(W, OUT) \
    case W: FN(pack_##W##_##OUT)(values, base, width, packed); break;
#define UNPACK_CASE(W, OUT) \
    case W: FN(unpack_##W##_##OUT)(packed, width, base, values); break;
#define WORDS_8(CASE, OUT) CASE(8, OUT)
#define WORDS_16(CASE, OUT) WORDS_8(CASE, OUT) CASE(16, OUT)
#define WORDS_32(CASE, OUT) WORDS_16(CASE, OUT) CASE(32, OUT)
#define WORDS_64(CASE, OUT) WORDS_32(CASE, OUT) CASE(64, OUT)

CHOOSE(8, WORDS_8)
CHOOSE(16, WORDS_16)
CHOOSE(32, WORDS_32)
CHOOSE(64, WORDS_64)
#undef UNPACK
#undef PACK
#undef CHOOSE
#undef PACK_CASE
#undef UNPACK_CASE
#undef WORDS_8
#undef WORDS_16
#undef WORDS_32
#undef WORDS_64
