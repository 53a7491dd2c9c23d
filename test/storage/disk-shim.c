/*
 * Preloaded (LD_PRELOAD) into a process that writes a journal.
 *
 *   DISK_LOG=FILE      every opening, write, truncation, removal and sync of a file named journal.sqlite* is
 *                      recorded in FILE as it happens, and so is what is written to a file named
 *                      "acknowledged".
 *                      DISK_FAIL_SNAPSHOT=1: calls to the snapshot and the file that becomes it are meant
 *                      instead of those to the journal.
 *   DISK_FAIL_AT=N     the Nth such call fails with DISK_ERRNO, and so do all after it, as on a disk
 *   DISK_ERRNO=E       that is full, broken or read-only. DISK_FAIL_ONCE=1: only that one does.
 *
 * A record: kind (1 octet), file (1), length (4), offset (8), little-endian, then the data.
 *   W write · T truncate to offset · U removed · S synced · O opened · A acknowledged
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#define MOST_FDS 4096
enum { NONE, DATABASE, LOG, ACKNOWLEDGED, SNAPSHOT };

static char kinds[MOST_FDS];
static int log_fd = -2;
static long calls;

static int kind_of(const char *path) {
  const char *slash = strrchr(path, '/');
  const char *name = slash == NULL ? path : slash + 1;
  if (strcmp(name, "journal.sqlite") == 0) return DATABASE;
  if (strcmp(name, "journal.sqlite-wal") == 0) return LOG;
  if (strcmp(name, "snapshot") == 0 || strcmp(name, "snapshot.unfinished") == 0) return SNAPSHOT;
  return strcmp(name, "acknowledged") == 0 ? ACKNOWLEDGED : NONE;
}

static int kind_of_fd(int fd) { return fd >= 0 && fd < MOST_FDS ? kinds[fd] : NONE; }

static void record(char kind, int file, int64_t offset, const void *data, uint32_t length) {
  static ssize_t (*real_write)(int, const void *, size_t);
  if (real_write == NULL) real_write = dlsym(RTLD_NEXT, "write");
  if (log_fd == -2) {
    static int (*real_open)(const char *, int, ...);
    real_open = dlsym(RTLD_NEXT, "open64");
    const char *path = getenv("DISK_LOG");
    log_fd = path == NULL ? -1 : real_open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  }
  if (log_fd < 0) return;
  unsigned char head[14] = {(unsigned char)kind, (unsigned char)file};
  memcpy(head + 2, &length, 4);
  memcpy(head + 6, &offset, 8);
  if (real_write(log_fd, head, sizeof head) != sizeof head) abort();
  if (length > 0 && real_write(log_fd, data, length) != (ssize_t)length) abort();
}

/* Whether this call is to fail. */
static int fails(int kind) {
  static long fail_at = -1;
  if (getenv("DISK_FAIL_SNAPSHOT") != NULL ? kind != SNAPSHOT : kind != DATABASE && kind != LOG)
    return 0;
  if (fail_at == -1) {
    const char *text = getenv("DISK_FAIL_AT");
    fail_at = text == NULL ? 0 : atol(text);
  }
  if (fail_at == 0) return 0;
  calls += 1;
  if (getenv("DISK_FAIL_ONCE") != NULL ? calls != fail_at : calls < fail_at) return 0;
  errno = atoi(getenv("DISK_ERRNO"));
  return 1;
}

static int opened(int fd, const char *path) {
  if (fd >= 0 && fd < MOST_FDS) kinds[fd] = (char)kind_of(path);
  return fd;
}

#define OPEN(name)                                                       \
  int name(const char *path, int flags, ...) {                           \
    static int (*real)(const char *, int, ...);                          \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                    \
    va_list arguments;                                                   \
    va_start(arguments, flags);                                          \
    mode_t mode = flags & O_CREAT ? va_arg(arguments, mode_t) : 0;       \
    va_end(arguments);                                                   \
    int kind = kind_of(path);                                            \
    if (fails(kind)) return -1;                                          \
    if (kind == DATABASE || kind == LOG) record('O', kind, 0, NULL, 0);  \
    return opened(real(path, flags, mode), path);                        \
  }
OPEN(open)
OPEN(open64)

#define PWRITE(name, type)                                               \
  ssize_t name(int fd, const void *data, size_t length, type offset) {   \
    static ssize_t (*real)(int, const void *, size_t, type);             \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                    \
    int kind = kind_of_fd(fd);                                           \
    if (fails(kind)) return -1;                                          \
    ssize_t done = real(fd, data, length, offset);                       \
    if (kind != NONE && kind != SNAPSHOT && done > 0)                    \
      record('W', kind, offset, data, done);                             \
    return done;                                                         \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)

ssize_t write(int fd, const void *data, size_t length) {
  static ssize_t (*real)(int, const void *, size_t);
  if (real == NULL) real = dlsym(RTLD_NEXT, "write");
  int kind = kind_of_fd(fd);
  if (fails(kind)) return -1;
  off64_t offset = kind == DATABASE || kind == LOG ? lseek64(fd, 0, SEEK_CUR) : 0;
  ssize_t done = real(fd, data, length);
  if (kind != NONE && kind != SNAPSHOT && done > 0)
    record(kind == ACKNOWLEDGED ? 'A' : 'W', kind, offset, data, done);
  return done;
}

#define TRUNCATE(name, type)                                             \
  int name(int fd, type length) {                                        \
    static int (*real)(int, type);                                       \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                    \
    int kind = kind_of_fd(fd);                                           \
    if (fails(kind)) return -1;                                          \
    int result = real(fd, length);                                       \
    if ((kind == DATABASE || kind == LOG) && result == 0)                \
      record('T', kind, length, NULL, 0);                                \
    return result;                                                       \
  }
TRUNCATE(ftruncate, off_t)
TRUNCATE(ftruncate64, off64_t)

#define SYNC(name)                                                       \
  int name(int fd) {                                                     \
    static int (*real)(int);                                             \
    if (real == NULL) real = dlsym(RTLD_NEXT, #name);                    \
    int kind = kind_of_fd(fd);                                           \
    if (fails(kind)) return -1;                                          \
    /* Recorded instead of done: the record is the disk, and a real one is slow. */ \
    if (kind == DATABASE || kind == LOG) {                               \
      record('S', kind, 0, NULL, 0);                                     \
      return 0;                                                          \
    }                                                                    \
    return real(fd);                                                     \
  }
SYNC(fsync)
SYNC(fdatasync)

int unlink(const char *path) {
  static int (*real)(const char *);
  if (real == NULL) real = dlsym(RTLD_NEXT, "unlink");
  int kind = kind_of(path);
  if (fails(kind)) return -1;
  int result = real(path);
  if (result == 0 && (kind == DATABASE || kind == LOG)) record('U', kind, 0, NULL, 0);
  return result;
}
