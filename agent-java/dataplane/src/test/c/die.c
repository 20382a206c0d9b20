/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preloaded into a process (LD_PRELOAD), it counts bpf(2), and the calls that change a directory of pins, and ends
 * the process instead of one of them, as kill -9 would.
 *
 *   DIE_ARMED  counting begins once this file is there
 *   DIE_AT     at which call, from 1; 0 for none
 *   DIE_COUNT  a file for how many there were, when the process ends by itself
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static long calls;

static void count(void)
{
    const char *armed = getenv("DIE_ARMED");
    const char *at = getenv("DIE_AT");

    if (!armed || access(armed, F_OK))
        return;
    pthread_mutex_lock(&lock);
    if (++calls == (at ? atol(at) : 0))
        _exit(137);
    pthread_mutex_unlock(&lock);
}

__attribute__((destructor)) static void tell(void)
{
    const char *name = getenv("DIE_COUNT");
    FILE *file = name ? fopen(name, "w") : NULL;

    if (file) {
        fprintf(file, "%ld\n", calls);
        fclose(file);
    }
}

/* libbpf has no other way to make the call. */
long syscall(long number, ...)
{
    static long (*next)(long, ...);
    va_list arguments;
    long a[6];

    va_start(arguments, number);
    for (int i = 0; i < 6; i++)
        a[i] = va_arg(arguments, long);
    va_end(arguments);
    if (!next)
        next = (long (*)(long, ...))dlsym(RTLD_NEXT, "syscall");
    if (number == SYS_bpf)
        count();
    return next(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define COUNTED(name, parameters, ...)                         \
    int name parameters                                        \
    {                                                          \
        static int(*next) parameters;                          \
        if (!next)                                             \
            next = (int(*) parameters)dlsym(RTLD_NEXT, #name); \
        count();                                               \
        return next(__VA_ARGS__);                              \
    }

COUNTED(rename, (const char *from, const char *to), from, to)
COUNTED(mkdir, (const char *path, mode_t mode), path, mode)
COUNTED(rmdir, (const char *path), path)
COUNTED(unlink, (const char *path), path)
