// The kernels of alp.h for one vector level; FN(name) names them. Plain loops that the compiler vectorises.

// 2^52 + 2^51: adding it leaves a double rounded to an integer in the lower bits of its mantissa.
#define ROUNDER 6755399441055744.0
#define ROUNDER_BITS 0x4338000000000000u

static inline uint64_t FN(bits_of)(double value) {
    uint64_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double FN(double_of)(uint64_t bits) {
    double value;
    __builtin_memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t FN(bits_of_float)(float value) {
    uint32_t bits;
    __builtin_memcpy(&bits, &value, sizeof bits);
    return bits;
}

// Positions of the bytes that are not zero, without a branch for each.
static size_t FN(positions)(const uint8_t *flags, size_t start, size_t count, uint16_t *positions, size_t found) {
    for (size_t i = 0; i < count; i++) {
        positions[found] = (uint16_t)(start + i);
        found += flags[i];
    }
    return found;
}

// Calls BODY for stretches of at most 256 values, which sets flags, and lists the positions of the flags set.
#define IN_STRETCHES(BODY)                                                                \
    size_t found = 0;                                                                     \
    for (size_t start = 0; start < count; start += 256) {                                 \
        const size_t length = count - start < 256 ? count - start : 256;                  \
        uint8_t flags[256];                                                               \
        uint8_t any = 0;                                                                  \
        for (size_t i = 0; i < length; i++) BODY                                          \
        for (size_t i = 0; i < length; i++) any |= flags[i];                              \
        if (any) found = FN(positions)(flags, start, length, exceptions, found);          \
    }                                                                                     \
    return found;

#define DIVIDED(whole) ((whole) / operand)
#define MULTIPLIED(whole) ((whole) * operand)

#define DECIMAL(NAME, BACK)                                                                                         \
    static size_t FN(alp_encode_f64_##NAME)(const double *restrict values, size_t count, double scale,              \
                                            double operand, uint64_t *restrict integers,                            \
                                            uint16_t *restrict exceptions) {                                        \
        IN_STRETCHES({                                                                                              \
            const double value = values[start + i];                                                                 \
            const double scaled = value * scale;                                                                    \
            const double rounded = scaled + ROUNDER;                                                                \
            const double whole = rounded - ROUNDER;                                                                 \
            integers[start + i] = FN(bits_of)(rounded) - ROUNDER_BITS;                                              \
            flags[i] = !((FN(bits_of)(BACK(whole)) == FN(bits_of)(value)) &                                         \
                         (__builtin_fabs(scaled) < 2251799813685248.0));                                            \
        })                                                                                                          \
    }                                                                                                               \
    static size_t FN(alp_encode_f32_##NAME)(const float *restrict values, size_t count, double scale,               \
                                            double operand, uint32_t *restrict integers,                            \
                                            uint16_t *restrict exceptions) {                                        \
        IN_STRETCHES({                                                                                              \
            const float value = values[start + i];                                                                  \
            const double scaled = (double)value * scale;                                                            \
            const double rounded = scaled + ROUNDER;                                                                \
            const double whole = rounded - ROUNDER;                                                                 \
            integers[start + i] = (uint32_t)(FN(bits_of)(rounded) - ROUNDER_BITS);                                  \
            flags[i] = !((FN(bits_of_float)((float)BACK(whole)) == FN(bits_of_float)(value)) &                      \
                         (whole >= -2147483648.0) & (whole <= 2147483647.0));                                       \
        })                                                                                                          \
    }                                                                                                               \
    static void FN(alp_decode_f64_##NAME)(uint64_t *values, size_t count, double operand) {                         \
        for (size_t i = 0; i < count; i++) {                                                                        \
            const double whole = FN(double_of)(values[i] + ROUNDER_BITS) - ROUNDER;                                 \
            values[i] = FN(bits_of)(BACK(whole));                                                                   \
        }                                                                                                           \
    }                                                                                                               \
    static void FN(alp_decode_f32_##NAME)(uint32_t *values, size_t count, double operand) {                         \
        for (size_t i = 0; i < count; i++)                                                                          \
            values[i] = FN(bits_of_float)((float)BACK((double)(int32_t)values[i]));                                 \
    }

DECIMAL(divided, DIVIDED)
DECIMAL(multiplied, MULTIPLIED)

#define CHOOSE(W, TYPE)                                                                                             \
    static size_t FN(alp_encode_f##W)(const TYPE *values, size_t count, const struct esker_decimal *decimal,        \
                                      uint##W##_t *integers, uint16_t *exceptions) {                                \
        const double scale = decimal->scale, operand = decimal->operand;                                            \
        return decimal->divides                                                                                     \
                   ? FN(alp_encode_f##W##_divided)(values, count, scale, operand, integers, exceptions)             \
                   : FN(alp_encode_f##W##_multiplied)(values, count, scale, operand, integers, exceptions);         \
    }                                                                                                               \
    static void FN(alp_decode_f##W)(uint##W##_t *values, size_t count, const struct esker_decimal *decimal) {       \
        if (decimal->divides) FN(alp_decode_f##W##_divided)(values, count, decimal->operand);                       \
        else FN(alp_decode_f##W##_multiplied)(values, count, decimal->operand);                                     \
    }

CHOOSE(64, double)
CHOOSE(32, float)

#define SPLIT(W)                                                                                                   \
    static size_t FN(alprd_split_u##W)(const uint##W##_t *restrict values, size_t count, unsigned right_width,     \
                                       const uint16_t *restrict dictionary, unsigned size, uint8_t *restrict codes, \
                                       uint16_t *restrict exceptions) {                                            \
        uint16_t entries[8];                                                                                       \
        for (unsigned k = 0; k < 8; k++) entries[k] = dictionary[k < size ? k : 0];                                \
        IN_STRETCHES({                                                                                             \
            const uint16_t left = (uint16_t)(values[start + i] >> right_width);                                    \
            uint8_t code = 8;                                                                                      \
            for (unsigned k = 8; k-- > 0;) code = left == entries[k] ? (uint8_t)k : code;                          \
            flags[i] = code >> 3;                                                                                  \
            codes[start + i] = code & 7;                                                                           \
        })                                                                                                         \
    }                                                                                                              \
    static void FN(alprd_join_u##W)(                                                                               \
        uint##W##_t *restrict values, size_t count, const uint8_t *restrict codes, const uint##W##_t *restrict lefts) { \
        for (size_t i = 0; i < count; i++) values[i] |= lefts[codes[i]];                                           \
    }

SPLIT(64)
SPLIT(32)

// Sixteen ranges side by side: a single one would not be vectorised, for the sake of zeros' signs.
#define RANGE(W, TYPE)                                                                                            \
    static int FN(range_f##W)(const TYPE *values, size_t count, TYPE *least, TYPE *greatest) {                    \
        TYPE low[16], high[16];                                                                                   \
        uint##W##_t none[16] = {0};                                                                               \
        for (int k = 0; k < 16; k++) low[k] = (TYPE)__builtin_inf(), high[k] = -(TYPE)__builtin_inf();            \
        size_t i = 0;                                                                                             \
        for (; i + 16 <= count; i += 16)                                                                          \
            for (int k = 0; k < 16; k++) {                                                                        \
                const TYPE value = values[i + k];                                                                 \
                low[k] = value < low[k] ? value : low[k];                                                         \
                high[k] = value > high[k] ? value : high[k];                                                      \
                none[k] |= value != value;                                                                        \
            }                                                                                                     \
        for (; i < count; i++) {                                                                                  \
            const TYPE value = values[i];                                                                         \
            low[0] = value < low[0] ? value : low[0];                                                             \
            high[0] = value > high[0] ? value : high[0];                                                          \
            none[0] |= value != value;                                                                            \
        }                                                                                                         \
        for (int k = 1; k < 16; k++) {                                                                            \
            low[0] = low[k] < low[0] ? low[k] : low[0];                                                           \
            high[0] = high[k] > high[0] ? high[k] : high[0];                                                      \
            none[0] |= none[k];                                                                                   \
        }                                                                                                         \
        *least = low[0];                                                                                          \
        *greatest = high[0];                                                                                      \
        return (int)none[0];                                                                                      \
    }

RANGE(64, double)
RANGE(32, float)
#undef ROUNDER
#undef ROUNDER_BITS
#undef IN_STRETCHES
#undef DIVIDED
#undef MULTIPLIED
#undef DECIMAL
#undef CHOOSE
#undef SPLIT
#undef RANGE
