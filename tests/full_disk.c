/* A disk that is full for some files: loaded before libc (LD_PRELOAD), it refuses each write to a file whose path
   matches the pattern in the file that FULL_WHILE names, as long as that file is there. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static ssize_t text_of(const char *path, int is_link, char *text, size_t most) {
    ssize_t length = -1;
    if (is_link) {
        length = readlink(path, text, most - 1);
    } else {
        int sign = open(path, O_RDONLY | O_CLOEXEC);
        if (sign >= 0) {
            length = read(sign, text, most - 1);
            close(sign);
        }
    }
    text[length > 0 ? length : 0] = 0;
    return length;
}

static int is_full(int file) {
    char pattern[PATH_MAX], link[64], path[PATH_MAX];
    const char *sign = getenv("FULL_WHILE");
    if (!sign || access(sign, F_OK) || text_of(sign, 0, pattern, sizeof pattern) <= 0) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    return text_of(link, 1, path, sizeof path) > 0 && fnmatch(pattern, path, 0) == 0;
}

#define REFUSING(name, given, passed)                                   \
    ssize_t name given {                                                \
        static ssize_t (*real) given;                                   \
        int before = errno;                                             \
        if (!real) real = (ssize_t(*) given)dlsym(RTLD_NEXT, #name);    \
        if (is_full(file)) {                                            \
            errno = ENOSPC;                                             \
            return -1;                                                  \
        }                                                               \
        errno = before;                                                 \
        return real passed;                                             \
    }

REFUSING(write, (int file, const void *bytes, size_t count), (file, bytes, count))
REFUSING(pwrite, (int file, const void *bytes, size_t count, off_t at), (file, bytes, count, at))
REFUSING(pwrite64, (int file, const void *bytes, size_t count, off64_t at), (file, bytes, count, at))
