// Tries on a descriptor what differs between files, pipes, terminals and devices, and tells the outcomes on standard error: on 0 for
// `stdin`, on 1 for `stdout`, else on what is opened by the path in the argument.
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES(X) X(EACCES) X(EBADF) X(EFBIG) X(EINVAL) X(EIO) X(EISDIR) X(ENODEV) X(ENOENT) X(ENOSPC) X(ENOTSUP) X(ENOTTY) X(ENXIO) X(EPERM) X(EPIPE) X(ESPIPE)

static const char *name_of(int error) {
#define CASE(NAME) if (error == NAME) return #NAME;
  NAMES(CASE)
  return strerror(error);
}

static void tell(const char *what, long result) {
  if (result < 0) fprintf(stderr, "%s: %s\n", what, name_of(errno));
  else fprintf(stderr, "%s: %ld\n", what, result);
}

static const char *kind(mode_t mode) {
  return S_ISREG(mode) ? "file" : S_ISDIR(mode) ? "directory" : S_ISCHR(mode) ? "character device" : S_ISBLK(mode) ? "block device" : "pipe or socket";
}

// Which of the two events there are at once.
static void polled(int fd, short wanted) {
  struct pollfd one = {.fd = fd, .events = wanted};
  int count = poll(&one, 1, 0);
  fprintf(stderr, "poll: %d%s%s\n", count, one.revents & POLLIN ? " in" : "", one.revents & POLLOUT ? " out" : "");
}

static void all(int fd, int reads, int writes) {
  struct stat info;
  tell("fstat", fstat(fd, &info));
  fprintf(stderr, "kind: %s, size: %lld\n", kind(info.st_mode), S_ISREG(info.st_mode) ? (long long)info.st_size : 0);
  fprintf(stderr, "isatty: %d\n", isatty(fd));
  // A directory has no offset in preview 1.
  if (!S_ISDIR(info.st_mode)) {
    tell("tell", lseek(fd, 0, SEEK_CUR));
    tell("seek to 3", lseek(fd, 3, SEEK_SET));
    tell("tell", lseek(fd, 0, SEEK_CUR));
    off_t end = lseek(fd, 0, SEEK_END);
    tell("seek to the end", end < 0 ? end : end > 0);
    tell("seek before the start", lseek(fd, -1, SEEK_SET));
    tell("seek back", lseek(fd, 0, SEEK_SET));
  }
  char text[4] = "none";
  tell("pread", pread(fd, text, 4, 1));
  tell("pwrite", pwrite(fd, "text", 4, 2));
  if (!S_ISDIR(info.st_mode)) tell("tell", lseek(fd, 0, SEEK_CUR));
  tell("fadvise", posix_fadvise(fd, 0, 1, POSIX_FADV_NORMAL) == 0);
  tell("ftruncate", S_ISREG(info.st_mode) ? 0 : ftruncate(fd, 0));
  if (reads) polled(fd, POLLIN);
  if (writes) polled(fd, POLLOUT);
  if (writes && !S_ISREG(info.st_mode)) tell("write", write(fd, "text", 4));
}

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (!strcmp(argv[i], "stdin")) {
      all(0, 1, 0);
    } else if (!strcmp(argv[i], "stdout")) {
      all(1, 0, 1);
    } else {
      int flags[] = {O_RDONLY, O_WRONLY, O_RDWR, O_RDWR | O_TRUNC};
      for (int mode = 0; mode < 4; mode++) {
        // A pipe whose other end nobody opens would wait. Preview 1 has no number for a pipe, so it is known by its name.
        if (mode < 2 && !strcmp(argv[i], "fifo")) continue;
        fprintf(stderr, "open %d\n", mode);
        int fd = open(argv[i], flags[mode]);
        if (fd < 0) {
          tell("open", fd);
          continue;
        }
        all(fd, mode != 1, mode != 0);
        close(fd);
      }
    }
  }
}
