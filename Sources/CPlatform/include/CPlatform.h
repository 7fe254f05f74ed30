#pragma once
// The Linux calls that Swift's Glibc module does not show, as plain functions.
//
// Every function returns 0 when it succeeded and the errno value when it failed, so that no caller has to
// read the thread's errno between two lines of Swift.

#include <dirent.h>
#include <stdint.h>

// Allocates blocks for [offset, offset + length) and grows the file to that end. Bytes that are there stay.
int esker_allocate(int descriptor, int64_t offset, int64_t length);

// Kinds of range lock.
enum { ESKER_UNLOCK = 0, ESKER_LOCK_SHARED = 1, ESKER_LOCK_EXCLUSIVE = 2 };

// Takes or gives back an open-file-description lock on [start, start + length), without waiting.
// EAGAIN: another open file description holds a conflicting lock.
int esker_lock_range(int descriptor, int64_t start, int64_t length, int kind);

// Puts the next entry's name into *name, NULL at the end. The name lives until the next call.
int esker_next_entry(DIR *directory, const char **name);

// Puts the bytes that this process may still write on the disk that holds `path` into *bytes.
int esker_free_space(const char *path, int64_t *bytes);
