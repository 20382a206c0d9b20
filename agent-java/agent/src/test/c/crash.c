// SPDX-License-Identifier: Apache-2.0
//
// Preloaded into a process (LD_PRELOAD), it counts the system calls that change files below a directory, and
// ends the process, or lets the call fail, at one of them.
//
//   CRASH_UNDER  the directory, as an absolute path without symbolic links
//   CRASH_AT     at which call, from 1; 0 for none
//   CRASH_HOW    kill: end instead of the call; half: end after half of what a write was to write;
//                fail: the call returns ENOSPC, and those after it are carried out
//   CRASH_LOG    a file for a line a call: its number, what it does, and to which path

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

static int is_under(const char *path)
{
    const char *under = getenv("CRASH_UNDER");
    size_t length = under ? strlen(under) : 0;

    return length && !strncmp(path, under, length) && (path[length] == '/' || !path[length]);
}

static void note(long number, const char *what, const char *path, const char *to)
{
    const char *name = getenv("CRASH_LOG");
    char line[2 * PATH_MAX + 64];
    int log;
    int length;

    if (!name)
        return;
    length = snprintf(line, sizeof(line), "%ld %s %s%s%s\n", number, what, path, to ? " " : "", to ? to : "");
    log = syscall(SYS_openat, AT_FDCWD, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (log < 0 || syscall(SYS_write, log, line, length) != length)
        _exit(99);
    syscall(SYS_close, log);
}

// Whether it is this call's turn to fail; does not return if it is the turn to end.
static int turn(const char *what, const char *path, const char *to, int fd, const void *bytes, size_t length)
{
    const char *at = getenv("CRASH_AT");
    const char *how = getenv("CRASH_HOW");
    long number;

    if (!is_under(path))
        return 0;
    pthread_mutex_lock(&lock);
    number = ++calls;
    note(number, what, path, to);
    pthread_mutex_unlock(&lock);
    if (!at || number != atol(at))
        return 0;
    if (how && !strcmp(how, "fail")) {
        errno = ENOSPC;
        return 1;
    }
    if (how && !strcmp(how, "half") && bytes)
        syscall(SYS_write, fd, bytes, length / 2);
    _exit(137);
}

static int turn_of(const char *what, int fd, const void *bytes, size_t length)
{
    char link[64];
    char path[PATH_MAX];
    ssize_t end;
    int error = errno;

    snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    end = readlink(link, path, sizeof(path) - 1);
    errno = error;
    if (end < 0)
        return 0;
    path[end] = 0;
    return turn(what, path, NULL, fd, bytes, length);
}

#define HAS_MODE(flags) ((flags)&O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE)
#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// Opening changes something only where it may make or cut a file.
#define OPEN(name)                                                                \
    int name(const char *path, int flags, ...)                                    \
    {                                                                             \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        mode_t mode = HAS_MODE(flags) ? va_arg(more, mode_t) : 0;                 \
        va_end(more);                                                             \
        if (flags & (O_CREAT | O_TRUNC) && turn("open", path, NULL, -1, NULL, 0)) \
            return -1;                                                            \
        return NEXT(name)(path, flags, mode);                                     \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                              \
    int name(int directory, const char *path, int flags, ...)                     \
    {                                                                             \
        va_list more;                                                             \
        va_start(more, flags);                                                    \
        mode_t mode = HAS_MODE(flags) ? va_arg(more, mode_t) : 0;                 \
        va_end(more);                                                             \
        if (flags & (O_CREAT | O_TRUNC) && turn("open", path, NULL, -1, NULL, 0)) \
            return -1;                                                            \
        return NEXT(name)(directory, path, flags, mode);                          \
    }
OPENAT(openat)
OPENAT(openat64)

ssize_t write(int fd, const void *bytes, size_t length)
{
    return turn_of("write", fd, bytes, length) ? -1 : NEXT(write)(fd, bytes, length);
}

#define PWRITE(name, offset_type)                                                                \
    ssize_t name(int fd, const void *bytes, size_t length, offset_type offset)                   \
    {                                                                                            \
        return turn_of("write", fd, bytes, length) ? -1 : NEXT(name)(fd, bytes, length, offset); \
    }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

int fsync(int fd)
{
    return turn_of("fsync", fd, NULL, 0) ? -1 : NEXT(fsync)(fd);
}

int fdatasync(int fd)
{
    return turn_of("fsync", fd, NULL, 0) ? -1 : NEXT(fdatasync)(fd);
}

int ftruncate(int fd, off_t length)
{
    return turn_of("truncate", fd, NULL, 0) ? -1 : NEXT(ftruncate)(fd, length);
}

int ftruncate64(int fd, off64_t length)
{
    return turn_of("truncate", fd, NULL, 0) ? -1 : NEXT(ftruncate64)(fd, length);
}

int rename(const char *from, const char *to)
{
    return turn("rename", from, to, -1, NULL, 0) ? -1 : NEXT(rename)(from, to);
}

int renameat(int from_directory, const char *from, int to_directory, const char *to)
{
    return turn("rename", from, to, -1, NULL, 0) ? -1 : NEXT(renameat)(from_directory, from, to_directory, to);
}

int unlink(const char *path)
{
    return turn("unlink", path, NULL, -1, NULL, 0) ? -1 : NEXT(unlink)(path);
}

int unlinkat(int directory, const char *path, int flags)
{
    return turn("unlink", path, NULL, -1, NULL, 0) ? -1 : NEXT(unlinkat)(directory, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
    return turn("mkdir", path, NULL, -1, NULL, 0) ? -1 : NEXT(mkdir)(path, mode);
}
