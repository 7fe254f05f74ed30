// Pieces of a JSON reader that look at many bytes at once.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Bytes before the first that a JSON string cannot hold as it is: a quote, a backslash or a control character.
///
/// There must be one, such as the LF after the line, and 15 readable bytes behind it. Short: inlined into its caller.
static inline size_t esker_json_plain_length(const uint8_t *bytes) {
#if defined(__SSE2__)
    // Vector types of the compiler instead of <emmintrin.h>, which would come into every importer of this module.
    typedef unsigned char vector __attribute__((vector_size(16)));
    typedef char mask_vector __attribute__((vector_size(16)));
    for (size_t at = 0;; at += 16) {
        vector part;
        __builtin_memcpy(&part, bytes + at, sizeof part);
        const mask_vector special = (mask_vector)((part == '"') | (part == '\\') | (part < 0x20));
        const int mask = __builtin_ia32_pmovmskb128(special);
        if (mask) return at + (size_t)__builtin_ctz((unsigned)mask);
    }
#else
    size_t at = 0;
    while (bytes[at] != '"' && bytes[at] != '\\' && bytes[at] >= 0x20) at++;
    return at;
#endif
}

/// Whether a byte of 0x80 or more is among the bytes.
int esker_has_non_ascii(const uint8_t *bytes, size_t length);
