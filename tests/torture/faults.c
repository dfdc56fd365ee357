/* Preloaded into a child of the tests: counts what it writes to files and, at the call that was asked for, kills it as
   a power cut would, tears the write in half first, or lets the call fail as a broken or a full disk does. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

enum { COUNT, KILL, TORN, BROKEN, FULL };

static int mode = COUNT, lasting = 0, failed = 0;
static long calls = 0, at = -1;

void faults_arm(int new_mode, long new_at, int new_lasting)
{
    mode = new_mode, at = new_at, lasting = new_lasting, calls = 0, failed = 0;
}

long faults_calls(void) { return calls; }
int faults_failed(void) { return failed; }

static void die(void)
{
    kill(getpid(), SIGKILL);
    for (;;)
        pause();
}

/* Whether this call is to fail (errno is set); kills before the call. `takes_room`: a full disk refuses it. */
static int fails(int takes_room)
{
    long call = ++calls;
    if (at < 0 || mode == COUNT || !(call == at || (lasting && call > at && mode >= BROKEN)))
        return 0;
    if (mode == KILL || mode == TORN)
        die();
    if (mode == FULL && !takes_room)
        return 0;
    failed++;
    errno = mode == FULL ? ENOSPC : EIO;
    return 1;
}

static int is_file(int fd)
{
    struct stat found;
    return fstat(fd, &found) == 0 && S_ISREG(found.st_mode);
}

#define REAL(type, name, ...)                       \
    static type (*real)(__VA_ARGS__) = 0;           \
    if (!real)                                      \
        real = (type (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)

ssize_t write(int fd, const void *from, size_t size)
{
    REAL(ssize_t, write, int, const void *, size_t);
    if (!is_file(fd))
        return real(fd, from, size);
    if (mode == TORN && calls + 1 == at)
        real(fd, from, size / 2);
    return fails(1) ? -1 : real(fd, from, size);
}

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t where)
{
    REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t);
    if (!is_file(fd))
        return real(fd, from, size, where);
    if (mode == TORN && calls + 1 == at)
        real(fd, from, size / 2, where);
    return fails(1) ? -1 : real(fd, from, size, where);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t where) { return pwrite64(fd, from, size, where); }

ssize_t sendfile64(int to, int from, off64_t *where, size_t size)
{
    REAL(ssize_t, sendfile64, int, int, off64_t *, size_t);
    return fails(1) ? -1 : real(to, from, where, size);
}

ssize_t sendfile(int to, int from, off_t *where, size_t size) { return sendfile64(to, from, where, size); }

int ftruncate64(int fd, off64_t size)
{
    REAL(int, ftruncate64, int, off64_t);
    struct stat found;
    int grows = fstat(fd, &found) == 0 && size > found.st_size;
    return fails(grows) ? -1 : real(fd, size);
}

int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }

int fsync(int fd)
{
    REAL(int, fsync, int);
    return fails(0) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(int, fdatasync, int);
    return fails(0) ? -1 : real(fd);
}

int rename(const char *from, const char *to)
{
    REAL(int, rename, const char *, const char *);
    return fails(0) ? -1 : real(from, to);
}

int unlink(const char *path)
{
    REAL(int, unlink, const char *);
    return fails(0) ? -1 : real(path);
}

int mkdir(const char *path, mode_t rights)
{
    REAL(int, mkdir, const char *, mode_t);
    return fails(1) ? -1 : real(path, rights);
}
