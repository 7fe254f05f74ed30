#include "bitpack.h"
#include "vector_level.h"

#define FN(name) name##_plain
#include "bitpack.inc.h"
#undef FN

#if HAS_V3_LEVEL
BEGIN_V3
#define FN(name) name##_v3
#include "bitpack.inc.h"
#undef FN
END_V3
#endif

#define WIDE(OUT)                                                                                           \
    void esker_pack_u##OUT(                                                                                 \
        const uint##OUT##_t *values, uint##OUT##_t base, unsigned word_bits, unsigned width, void *packed) { \
        if (width != 0) BEST(pack_u##OUT, values, base, word_bits, width, packed);                          \
    }                                                                                                       \
    void esker_unpack_u##OUT(                                                                               \
        const void *packed, unsigned word_bits, unsigned width, uint##OUT##_t base, uint##OUT##_t *values) { \
        if (width != 0) return BEST(unpack_u##OUT, packed, word_bits, width, base, values);                 \
        for (unsigned i = 0; i < 1024; i++) values[i] = base;                                               \
    }

WIDE(8)
WIDE(16)
WIDE(32)
WIDE(64)
