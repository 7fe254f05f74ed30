// String compression by a table of up to 255 symbols of one to eight bytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// Code of a byte that no symbol stands for; the byte follows it.
enum { ESKER_FSST_ESCAPE = 255 };

/// Symbols by code: the eight bytes of code c stand at bytes[8 * c], unused ones zero, their number in lengths[c].
/// `lengths[255]` is 0.
struct esker_fsst_symbols {
    uint64_t bytes[256];
    uint8_t lengths[256];
    uint32_t count;
};

/// Reads a table: how many symbols have 1, 2, … 8 bytes, one byte each, then their bytes in that order. Returns the
/// bytes it takes, or 0 when it has more than 255 symbols or does not end within `room` bytes.
size_t esker_fsst_symbols_read(const uint8_t *table, size_t room, struct esker_fsst_symbols *symbols);

/// Writes that table, of at most 2,048 bytes. The symbols must be ordered by length.
size_t esker_fsst_symbols_write(const struct esker_fsst_symbols *symbols, uint8_t *table);

struct esker_fsst_encoder;

/// Finds the symbols that shorten a sample of strings (`rows + 1` ascending offsets) the most, ordered by length.
void esker_fsst_train(const uint8_t *bytes, const int32_t *offsets, size_t rows, struct esker_fsst_symbols *symbols);

/// Makes the look-up tables for encoding with these symbols; 160 KiB. Null when there is no memory.
struct esker_fsst_encoder *esker_fsst_encoder_create(const struct esker_fsst_symbols *symbols);
void esker_fsst_encoder_destroy(struct esker_fsst_encoder *encoder);

/// Encodes strings one after another and says how many bytes each took. `out` has room for twice their bytes + 8.
///
/// 2026-11-24, Zen 5, URLs of 59 bytes: 0.78 GB/s of input, 0.69 in Swift over raw pointers.
///
size_t esker_fsst_encode(const struct esker_fsst_encoder *encoder, const uint8_t *bytes, const int32_t *offsets,
                         size_t rows, uint8_t *out, uint32_t *lengths);

/// Decodes `rows` strings whose codes stand one after another, `lengths[i]` bytes for string i.
///
/// The codes must be readable for 8 bytes after their end, `out` writable for 64 bytes after `limit`. Writes `rows`
/// string ends, counted from `out`, to `ends`. Returns the bytes written, or SIZE_MAX when they would be more than
/// `limit` or a string ends after an escape.
///
/// 2026-11-24, Zen 5, URLs of 59 bytes: 7.6 GB/s of output, 6.4 in Swift over raw pointers.
size_t esker_fsst_decode(const struct esker_fsst_symbols *symbols, const uint8_t *codes, const uint32_t *lengths,
                         size_t rows, uint8_t *out, size_t limit, int32_t *ends);
