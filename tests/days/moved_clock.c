/* The wall clock of every process that starts with this library goes so many seconds ahead as CLOCK_AHEAD says: what
 * tells the time, files' times, and waits until a time. The monotonic clock stays.
 *
 * Debian's libfaketime 0.9.10 would do, were it safe beside threads: it reads the environment at each wait, and a test
 * that sets a variable at that moment ends the process. Nor does it know the names of `stat` since glibc 2.33. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <time.h>

static time_t ahead;

__attribute__((constructor)) static void begin(void) {
    const char *said = getenv("CLOCK_AHEAD");
    ahead = said ? atoll(said) : 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int is_wall(clockid_t clock) { return clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE; }

int clock_gettime(clockid_t clock, struct timespec *now) {
    static __typeof__(&clock_gettime) real;
    if (!real) real = REAL(clock_gettime);
    int failed = real(clock, now);
    if (!failed && is_wall(clock)) now->tv_sec += ahead;
    return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    struct timespec moment;
    (void)zone;
    clock_gettime(CLOCK_REALTIME, &moment);
    *now = (struct timeval){moment.tv_sec, moment.tv_nsec / 1000};
    return 0;
}

time_t time(time_t *kept) {
    struct timespec moment;
    clock_gettime(CLOCK_REALTIME, &moment);
    if (kept) *kept = moment.tv_sec;
    return moment.tv_sec;
}

/* Waits. A condition's own clock cannot be asked for: what is more than thirty years is no time since the start. */

static struct timespec at(clockid_t clock, const struct timespec *end) {
    return (struct timespec){end->tv_sec - (is_wall(clock) ? ahead : 0), end->tv_nsec};
}

static clockid_t clock_of(const struct timespec *end) { return end->tv_sec > 1000000000 ? CLOCK_REALTIME : CLOCK_MONOTONIC; }

int sem_clockwait(sem_t *semaphore, clockid_t clock, const struct timespec *end) {
    struct timespec truly = at(clock, end);
    return REAL(sem_clockwait)(semaphore, clock, &truly);
}

int sem_timedwait(sem_t *restrict semaphore, const struct timespec *restrict end) {
    return sem_clockwait(semaphore, CLOCK_REALTIME, end);
}

int pthread_cond_clockwait(pthread_cond_t *restrict told, pthread_mutex_t *restrict held, clockid_t clock,
                           const struct timespec *restrict end) {
    struct timespec truly = at(clock, end);
    return REAL(pthread_cond_clockwait)(told, held, clock, &truly);
}

int pthread_cond_timedwait(pthread_cond_t *restrict told, pthread_mutex_t *restrict held,
                           const struct timespec *restrict end) {
    return pthread_cond_clockwait(told, held, clock_of(end), end);
}

int clock_nanosleep(clockid_t clock, int how, const struct timespec *end, struct timespec *left) {
    struct timespec truly = how & TIMER_ABSTIME ? at(clock, end) : *end;
    return REAL(clock_nanosleep)(clock, how, &truly, left);
}

/* Files' times: as the moved clock would have written them. */

#define MOVED(name, parameters, arguments)                                                                       \
    int name parameters {                                                                                              \
        int failed = REAL(name) arguments;                                                                             \
        if (!failed) facts->st_atim.tv_sec += ahead, facts->st_mtim.tv_sec += ahead, facts->st_ctim.tv_sec += ahead;   \
        return failed;                                                                                                 \
    }

MOVED(stat, (const char *restrict path, struct stat *restrict facts), (path, facts))
MOVED(stat64, (const char *restrict path, struct stat64 *restrict facts), (path, facts))
MOVED(lstat, (const char *restrict path, struct stat *restrict facts), (path, facts))
MOVED(lstat64, (const char *restrict path, struct stat64 *restrict facts), (path, facts))
MOVED(fstat, (int file, struct stat *facts), (file, facts))
MOVED(fstat64, (int file, struct stat64 *facts), (file, facts))
MOVED(fstatat, (int folder, const char *restrict path, struct stat *restrict facts, int how),
      (folder, path, facts, how))
MOVED(fstatat64, (int folder, const char *restrict path, struct stat64 *restrict facts, int how),
      (folder, path, facts, how))

static const struct timespec *truly(const struct timespec *times, struct timespec *two) {
    for (int n = 0; times && n < 2; n++) {
        two[n] = times[n];
        if (times[n].tv_nsec != UTIME_NOW && times[n].tv_nsec != UTIME_OMIT) two[n].tv_sec -= ahead;
    }
    return times ? two : NULL;
}

int utimensat(int folder, const char *path, const struct timespec times[2], int how) {
    struct timespec two[2];
    return REAL(utimensat)(folder, path, truly(times, two), how);
}

int futimens(int file, const struct timespec times[2]) {
    struct timespec two[2];
    return REAL(futimens)(file, truly(times, two));
}
