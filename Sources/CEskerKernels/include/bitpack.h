// Vectors of 1,024 integers in as few bits each as the widest of them needs.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Packs `values[i] - base` for the 1,024 values of a vector into `128 * width` bytes; bits above `width` are dropped.
///
/// `word_bits` is 8, 16, 32 or 64, not more than the value's own bits, and `width` 0 ... `word_bits`. With W such bits
/// there are L = 1024 / W lanes; value i is in lane i % L, row i / L, and lane l is the bit stream of the words
/// [w * L + l], w = 0 ..< width. `packed` is aligned for 8 bytes.
///
/// 2026-11-24, Zen 5, L2-resident: 64-bit values into 5 ... 48 bits 4 ... 9 G values/s.
void esker_pack_u8(const uint8_t *values, uint8_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u16(const uint16_t *values, uint16_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u32(const uint32_t *values, uint32_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u64(const uint64_t *values, uint64_t base, unsigned word_bits, unsigned width, void *packed);

/// The reverse: reads `128 * width` bytes and writes 1,024 values, each with `base` added (modulo its size).
void esker_unpack_u8(const void *packed, unsigned word_bits, unsigned width, uint8_t base, uint8_t *values);
void esker_unpack_u16(const void *packed, unsigned word_bits, unsigned width, uint16_t base, uint16_t *values);
void esker_unpack_u32(const void *packed, unsigned word_bits, unsigned width, uint32_t base, uint32_t *values);
void esker_unpack_u64(const void *packed, unsigned word_bits, unsigned width, uint64_t base, uint64_t *values);
