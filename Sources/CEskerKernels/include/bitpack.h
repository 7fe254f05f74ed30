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
/// 2026-11-24, Zen 5, L2-resident, AVX2: 64-bit values 10 ... 16 G values/s, 32-bit ones 21 ... 26. Compiled for AVX-512
/// it packs wide values into few bits up to 1.5 times as fast, which is not worth a third level: planning costs more.
void esker_pack_u8(const uint8_t *values, uint8_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u16(const uint16_t *values, uint16_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u32(const uint32_t *values, uint32_t base, unsigned word_bits, unsigned width, void *packed);
void esker_pack_u64(const uint64_t *values, uint64_t base, unsigned word_bits, unsigned width, void *packed);

/// The reverse: reads `128 * width` bytes and writes 1,024 values, each with `base` added (modulo its size).
///
/// 2026-11-24, Zen 5, L2-resident, AVX2: into 64-bit values 9 ... 15 G values/s, into 32-bit ones 17 ... 26, with a width
/// known at run time only; compiled for AVX-512 it is not faster. The same loop at the baseline, all that Swift code of a
/// baseline build could use, is half as fast or less.
void esker_unpack_u8(const void *packed, unsigned word_bits, unsigned width, uint8_t base, uint8_t *values);
void esker_unpack_u16(const void *packed, unsigned word_bits, unsigned width, uint16_t base, uint16_t *values);
void esker_unpack_u32(const void *packed, unsigned word_bits, unsigned width, uint32_t base, uint32_t *values);
void esker_unpack_u64(const void *packed, unsigned word_bits, unsigned width, uint64_t base, uint64_t *values);
