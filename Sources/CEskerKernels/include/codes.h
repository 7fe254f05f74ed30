// Dictionary codes and run lengths spread out into values.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// `output[i] = values[codes[i]]` for values of 1, 2, 4, 8 or 16 bytes and codes of 1, 2 or 4. Codes were checked.
void esker_gather(
    const void *values, uint32_t value_width, const void *codes, uint32_t code_width, size_t count, void *output);

/// Offsets of the strings that codes stand for: `count + 1` of them, the first 0. Returns the last, or -1 beyond 2^31-1.
int64_t esker_gathered_offsets(
    const int32_t *starts, const void *codes, uint32_t code_width, size_t count, int32_t *offsets);

/// The bytes of those strings, one after another. `output` has 64 bytes of room behind the last.
void esker_gather_strings(
    const int32_t *starts, const void *bytes, const void *codes, uint32_t code_width, size_t count, void *output);

/// Writes the number of the run for each row; returns the rows covered, or a number other than `rows` when the runs
/// cover more or fewer.
size_t esker_spread_runs(const uint32_t *lengths, size_t runs, uint32_t *output, size_t rows);

/// Offsets from lengths, `count + 1` of them; returns the sum (offsets wrap beyond 2^31-1, which the caller refuses).
int64_t esker_sum_lengths(const uint32_t *lengths, size_t count, int32_t *offsets);

/// Greatest of `count` codes; 0 of none.
uint32_t esker_maximum_code(const void *codes, uint32_t code_width, size_t count);

/// Numbers of four bytes in 1, 2, 4 or 8; the high bits are cut.
void esker_resize_u32(const uint32_t *values, size_t count, uint32_t width, void *output);

/// Codes of 1, 2 or 4 bytes as four.
void esker_widen_codes(const void *codes, uint32_t code_width, size_t count, uint32_t *output);

/// `output[i] = targets[starts[codes[i]] + selector[i]]`; `selector` may be null. Returns 0 when a selector reaches
/// beyond its code's targets, else 1.
int esker_map_codes(
    const uint32_t *starts, const uint32_t *targets, const void *codes, uint32_t code_width, const uint8_t *selector,
    size_t count, uint32_t *output);

/// The rows of the least and the greatest of `count` strings in byte order; `count` is at least 1.
///
/// Compares 8-byte prefixes first: 2 ns a string where a call of memcmp for each bound takes 9 (Zen 5, 2026-11-24).
void esker_string_bounds(
    const int32_t *starts, const uint8_t *bytes, size_t count, const uint8_t *validity, size_t *least,
    size_t *greatest);

/// Runs of equal values of 1, 2, 4 or 8 bytes; 0 without values.
size_t esker_count_runs(const void *values, uint32_t width, size_t count);

/// `output[i] = table[codes[i]]` for codes of four bytes.
void esker_remap_codes(const uint32_t *codes, const uint32_t *table, size_t count, uint32_t *output);

/// Length and first row of each run of equal values; the caller counted them.
void esker_find_runs(const void *values, uint32_t width, size_t count, uint32_t *lengths, uint32_t *rows);
