/* A disk that fails, for one process that is started with this library before all others.

   DISK names a folder. While the file `failing` is in it, each sync of a file whose path matches
   the pattern in that file fails. Like Linux, the disk then calls the pages kept: no later sync
   brings them there, unless they are written again.

   The folder `holds`, if there is one, has copies of the broker's database and of its log as they
   would be found after a loss of power: pages come there by a sync that succeeds. */

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { PAGE = 4096 };

static void path_of(int file, char *path)
{
    char link[64];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    path[length > 0 ? length : 0] = 0;
}

static int opened(const char *folder, const char *name, int mode)
{
    char path[PATH_MAX];
    const char *disk = getenv("DISK");
    snprintf(path, sizeof path, "%s/%s%s", disk ? disk : "", folder, name);
    return open(path, mode, 0600);
}

static int fails(int file)
{
    char pattern[PATH_MAX] = "", path[PATH_MAX];
    int flag = opened("failing", "", O_RDONLY);
    if (flag < 0)
        return 0;
    ssize_t length = read(flag, pattern, sizeof pattern - 1);
    close(flag);
    path_of(file, path);
    return length > 0 && fnmatch(pattern, path, 0) == 0;
}

static int opened_beside(int file, const char *folder)
{
    char path[PATH_MAX];
    path_of(file, path);
    const char *name = strrchr(path, '/');
    if (!name || (strcmp(name, "/broker.db") && strcmp(name, "/broker.db-wal")))
        return -1;
    return opened(folder, name, O_RDWR | O_CREAT);
}

static void soil(int file, off_t from, ssize_t length)
{
    int dirty = length > 0 ? opened_beside(file, "dirty") : -1;
    if (dirty < 0)
        return;
    for (off_t page = from / PAGE; page <= (from + length - 1) / PAGE; page++)
        syscall(SYS_pwrite64, dirty, "d", 1, page);
    close(dirty);
}

static void clean(int file, int reached)
{
    char content[PAGE], mark;
    struct stat found;
    int dirty = opened_beside(file, "dirty"), held = opened_beside(file, "holds");
    for (off_t page = 0; dirty >= 0 && pread(dirty, &mark, 1, page) == 1; page++) {
        if (mark != 'd')
            continue;
        ssize_t length = reached ? pread(file, content, PAGE, page * PAGE) : 0;
        if (length > 0)
            syscall(SYS_pwrite64, held, content, length, page * PAGE);
        syscall(SYS_pwrite64, dirty, "c", 1, page);
    }
    if (reached && held >= 0 && fstat(file, &found) == 0)
        ftruncate(held, found.st_size);
    close(dirty);
    close(held);
}

static int synced(long call, int file)
{
    int is_lost = fails(file);
    clean(file, !is_lost);
    if (!is_lost)
        return syscall(call, file);
    errno = EIO;
    return -1;
}

int fsync(int file) { return synced(SYS_fsync, file); }

int fdatasync(int file) { return synced(SYS_fdatasync, file); }

ssize_t pwrite64(int file, const void *content, size_t length, off_t from)
{
    ssize_t written = syscall(SYS_pwrite64, file, content, length, from);
    soil(file, from, written);
    return written;
}

ssize_t pwrite(int file, const void *content, size_t length, off_t from)
{
    return pwrite64(file, content, length, from);
}

ssize_t write(int file, const void *content, size_t length)
{
    off_t from = lseek(file, 0, SEEK_CUR);
    ssize_t written = syscall(SYS_write, file, content, length);
    soil(file, from, written);
    return written;
}
