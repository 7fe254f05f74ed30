#define XXH_INLINE_ALL
#include "hash.h"
#include <xxhash.h>

uint64_t esker_xxh3(const void *bytes, size_t length) { return XXH3_64bits(bytes, length); }

void esker_xxh3_int64(const int64_t *values, size_t count, uint64_t *hashes) {
    for (size_t i = 0; i < count; i++) hashes[i] = XXH3_64bits(&values[i], 8);
}
