// Makes calls that fail, and tells each error: what is open is of the wrong kind, or not open for that; names that lead nowhere; flags
// that exclude each other.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAMES(X) \
  X(EACCES) X(EBADF) X(EBUSY) X(EEXIST) X(EFBIG) X(EINVAL) X(EISDIR) X(ELOOP) X(ENAMETOOLONG) X(ENODEV) X(ENOENT) X(ENOTDIR) X(ENOTEMPTY) \
  X(ENOTSUP) X(ENXIO) X(EPERM) X(ESPIPE) X(EXDEV)

static const char *name_of(int error) {
#define CASE(NAME) if (error == NAME) return #NAME;
  NAMES(CASE)
  return strerror(error);
}

static const char *subject;

static void tell(const char *what, long result) {
  if (result < 0) printf("%s, %s: %s\n", subject, what, name_of(errno));
  else printf("%s, %s: %ld\n", subject, what, result);
}

// As `tell`, for functions that return the error.
static void tell_error(const char *what, int error) {
  printf("%s, %s: %s\n", subject, what, error ? name_of(error) : "0");
}

static void descriptor(int fd, int is_directory) {
  char text[4] = "text";
  struct timespec times[2] = {{1, 0}, {2, 0}};
  tell("read", read(fd, text, 4) >= 0 ? 0 : -1);
  tell("write", write(fd, "text", 4));
  tell("read nothing", read(fd, text, 0));
  tell("write nothing", write(fd, text, 0));
  tell("pread", pread(fd, text, 4, 0) >= 0 ? 0 : -1);
  tell("pwrite", pwrite(fd, "text", 4, 0));
  tell("pread before the start", pread(fd, text, 4, -1));
  tell("pwrite before the start", pwrite(fd, text, 4, -1));
  tell("ftruncate", ftruncate(fd, 8));
  tell("ftruncate to less than nothing", ftruncate(fd, -1));
  tell_error("fallocate", posix_fallocate(fd, 0, 4));
  tell_error("fallocate nothing", posix_fallocate(fd, 0, 0));
  // wasi-libc looks at this before it looks at the descriptor.
  if (fd != 77) tell_error("fallocate before the start", posix_fallocate(fd, -1, 4));
  // A directory has no offset in preview 1.
  if (!is_directory) {
    tell("seek", lseek(fd, 1, SEEK_SET));
    tell("seek before the start", lseek(fd, -1, SEEK_SET));
    tell("seek from the end before the start", lseek(fd, -100, SEEK_END));
    tell("seek from nowhere", lseek(fd, 0, 77));
    tell_error("fadvise", posix_fadvise(fd, 0, 4, POSIX_FADV_WILLNEED));
    tell_error("fadvise something else", posix_fadvise(fd, 0, 4, 77));
  }
  tell("fsync", fsync(fd));
  tell("fdatasync", fdatasync(fd));
  tell("futimens", futimens(fd, times));
  tell("openat", openat(fd, "nothing", O_RDONLY));
  tell("mkdirat", mkdirat(fd, "full", 0777));
  tell("unlinkat", unlinkat(fd, "nothing", 0));
  struct stat info;
  tell("fstatat", fstatat(fd, "nothing", &info, 0));
  DIR *dir = fdopendir(fd);
  tell("fdopendir", dir ? 0 : -1);
  if (dir) closedir(dir);
  else close(fd);
}

static void name(const char *path) {
  subject = strlen(path) > 4000 ? "a long path" : strlen(path) > 200 ? "a long name" : path;
  struct stat info;
  struct timespec times[2] = {{1, 0}, {2, 0}};
  char text[64];
  static const struct { const char *what; int flags; } ways[] = {
    {"open", O_RDONLY}, {"open to write", O_WRONLY}, {"open both ways", O_RDWR}, {"open to append", O_WRONLY | O_APPEND},
    {"truncate", O_WRONLY | O_TRUNC}, {"truncate only", O_RDONLY | O_TRUNC}, {"create", O_WRONLY | O_CREAT}, {"create to read", O_RDONLY | O_CREAT},
    {"create anew", O_WRONLY | O_CREAT | O_EXCL}, {"as directory", O_RDONLY | O_DIRECTORY}, {"as directory to write", O_WRONLY | O_DIRECTORY},
    {"as directory to truncate", O_RDONLY | O_DIRECTORY | O_TRUNC}, {"no link", O_RDONLY | O_NOFOLLOW}, {"no link, create", O_WRONLY | O_CREAT | O_NOFOLLOW},
    {"create anew and truncate", O_WRONLY | O_CREAT | O_EXCL | O_TRUNC},
  };
  int there = !lstat(path, &info);
  for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
    int fd = open(path, ways[i].flags, 0666);
    tell(ways[i].what, fd < 0 ? -1 : 0);
    if (fd >= 0) close(fd);
    if (!there && fd >= 0) unlink(path);
  }
  tell("stat", stat(path, &info));
  tell("lstat", lstat(path, &info));
  tell("readlink", readlink(path, text, sizeof text) > 0 ? 0 : -1);
  tell("utimensat", utimensat(AT_FDCWD, path, times, 0));
  tell("utimensat of a link", utimensat(AT_FDCWD, path, times, AT_SYMLINK_NOFOLLOW));
  tell("access", access(path, F_OK));
  tell("opendir", opendir(path) ? 0 : -1);
  tell("mkdir", there || strstr(path, "missing/") ? mkdir(path, 0777) : 0);
  tell("symlink over it", there ? symlink("file", path) : 0);
  tell("empty link", symlink("", "fresh"));
  tell("link over it", there ? link("file", path) : 0);
  tell("link from it", link(path, "full"));
  tell("rename to itself", rename(path, path));
  tell("rename onto a directory", rename(path, "full"));
  tell("rename into itself", strcmp(path, "full") ? 0 : rename(path, "full/below"));
  // Linux looks at the length of a last name after both folders, wasi-interp before.
  if (strlen(path) != 256) {
    tell("rename to nowhere", rename(path, "missing/name"));
    tell("rename into a file", rename(path, "file/name"));
  }
  tell("directory onto it", strcmp(path, "missing") && strcmp(path, "missing/") && strcmp(path, "empty") && strcmp(path, "empty/") ? rename("full", path) : 0);
  tell("rmdir", strcmp(path, "empty") && strcmp(path, "empty/") ? rmdir(path) : 0);
  tell("unlink", there && S_ISDIR(info.st_mode) ? unlink(path) : 0);
}

int main(void) {
  mkdir("full", 0777);
  mkdir("empty", 0777);
  close(open("full/file", O_WRONLY | O_CREAT, 0666));
  close(open("file", O_WRONLY | O_CREAT, 0666));
  symlink("file", "link");
  symlink("full", "dirlink");
  symlink("nowhere", "dangling");
  symlink("loop", "loop");
  subject = "a reader", descriptor(open("file", O_RDONLY), 0);
  subject = "a writer", descriptor(open("file", O_WRONLY), 0);
  subject = "both", descriptor(open("file", O_RDWR), 0);
  subject = "a directory", descriptor(open("full", O_RDONLY), 1);
  subject = "closed", descriptor(77, 0);
  char longer[5000];
  memset(longer, 'n', sizeof longer);
  longer[256] = 0;
  name(longer);
  memset(longer, '/', 4999);
  for (int i = 0; i < 4990; i += 2) longer[i] = '.';
  longer[4999] = 0;
  name(longer);
  static const char *const paths[] = {
    // Not the empty path, which is "." to wasi-libc.
    "file", "file/", "file/.", "file/name", "full", "full/", "full/.", "full/..", "full/file/", "empty", "empty/", "link", "link/", "dirlink", "dirlink/",
    "dangling", "dangling/", "loop", "loop/", "loop/name", "missing", "missing/", "missing/name", "missing/name/", ".", "./", "full//file", "./file",
  };
  for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) name(paths[i]);
}
