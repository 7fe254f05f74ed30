// The kernels of sequence.h for one vector level; FN(name) names them. Plain loops that the compiler vectorises.

// Signed comparison after one more flip of the sign: the only 64-bit comparison that AVX2 has.
#define SEQUENCE(W)                                                                                                 \
    static void FN(range_u##W)(                                                                                     \
        const uint##W##_t *values, size_t count, uint##W##_t flip, uint##W##_t *least, uint##W##_t *greatest) {     \
        const uint##W##_t sign = (uint##W##_t)((uint##W##_t)1 << (W - 1)), both = flip ^ sign;                      \
        int##W##_t low = INT##W##_MAX, high = INT##W##_MIN;                                                         \
        for (size_t i = 0; i < count; i++) {                                                                        \
            const int##W##_t value = (int##W##_t)(values[i] ^ both);                                                \
            low = value < low ? value : low;                                                                        \
            high = value > high ? value : high;                                                                     \
        }                                                                                                           \
        *least = (uint##W##_t)low ^ both;                                                                           \
        *greatest = (uint##W##_t)high ^ both;                                                                       \
    }                                                                                                               \
    static void FN(differences_u##W)(                                                                               \
        const uint##W##_t *restrict values, size_t count, uint##W##_t before, uint##W##_t *restrict differences) {  \
        if (count == 0) return;                                                                                     \
        differences[0] = (uint##W##_t)(values[0] - before);                                                         \
        for (size_t i = 1; i < count; i++) differences[i] = (uint##W##_t)(values[i] - values[i - 1]);               \
    }

SEQUENCE(8)
SEQUENCE(16)
SEQUENCE(32)
SEQUENCE(64)
#undef SEQUENCE
