#define _GNU_SOURCE
#include "CPlatform.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/statvfs.h>
#include <unistd.h>

int esker_allocate(int descriptor, int64_t offset, int64_t length) {
    int result;
    do {
        result = fallocate(descriptor, 0, offset, length);
    } while (result != 0 && errno == EINTR);
    return result == 0 ? 0 : errno;
}

int esker_lock_range(int descriptor, int64_t start, int64_t length, int kind) {
    struct flock request = {
        .l_type = kind == ESKER_UNLOCK ? F_UNLCK : kind == ESKER_LOCK_SHARED ? F_RDLCK : F_WRLCK,
        .l_whence = SEEK_SET,
        .l_start = start,
        .l_len = length,
        .l_pid = 0,  // must be 0 for open-file-description locks
    };
    if (fcntl(descriptor, F_OFD_SETLK, &request) == 0) return 0;
    return errno == EACCES ? EAGAIN : errno;  // POSIX allows either for a conflict
}

int esker_next_entry(DIR *directory, const char **name) {
    errno = 0;
    struct dirent *entry = readdir(directory);
    *name = entry ? entry->d_name : NULL;
    return entry ? 0 : errno;
}

int esker_free_space(const char *path, int64_t *bytes) {
    struct statvfs status;
    int result;
    do {
        result = statvfs(path, &status);
    } while (result != 0 && errno == EINTR);
    if (result != 0) return errno;
    int64_t product;
    *bytes = __builtin_mul_overflow(status.f_bavail, status.f_frsize, &product) ? INT64_MAX : product;
    return 0;
}
