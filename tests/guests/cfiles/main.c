// Files, directories and links through wasi-libc and POSIX calls.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static const char *name_of(int error) {
  switch (error) {
  case 0: return "0";
  case EBADF: return "EBADF";
  case EEXIST: return "EEXIST";
  case EINVAL: return "EINVAL";
  case EISDIR: return "EISDIR";
  case ELOOP: return "ELOOP";
  case ENOENT: return "ENOENT";
  case ENOTDIR: return "ENOTDIR";
  case ENOTEMPTY: return "ENOTEMPTY";
  case ENAMETOOLONG: return "ENAMETOOLONG";
  case ESPIPE: return "ESPIPE";
  default: return "another error";
  }
}

// Prints what was tried and the error it gave.
static void tell(const char *what, long result) {
  printf("%s: %s\n", what, result < 0 ? name_of(errno) : "0");
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

static void list(const char *path) {
  DIR *dir = opendir(path);
  if (!dir) {
    tell(path, -1);
    return;
  }
  char *names[64];
  size_t count = 0;
  for (struct dirent *entry; (entry = readdir(dir)) && count < 64;) {
    char text[300];
    snprintf(text, sizeof text, "%s%s", entry->d_name,
             entry->d_type == DT_DIR ? "/" : entry->d_type == DT_LNK ? "@" : "");
    names[count++] = strdup(text);
  }
  closedir(dir);
  qsort(names, count, sizeof *names, by_name);
  for (size_t i = 0; i < count; i++) {
    printf("%s ", names[i]);
    free(names[i]);
  }
  printf("(%zu)\n", count);
}

static void streams(void) {
  FILE *file = fopen("stream.txt", "w+");
  fprintf(file, "line %d\nline %d\n", 1, 2);
  rewind(file);
  char line[32];
  while (fgets(line, sizeof line, file)) printf("read %s", line);
  fseek(file, -4, SEEK_END);
  printf("at %ld: %c\n", ftell(file), fgetc(file));
  fclose(file);
  file = fopen("./stream.txt", "a");
  fputs("appended\n", file);
  fclose(file);
  struct stat info;
  tell("stat", stat("stream.txt", &info));
  printf("%lld %d %d\n", (long long)info.st_size, S_ISREG(info.st_mode), (int)info.st_nlink);
  file = fopen("no/such/file", "r");
  tell("fopen", file ? 0 : -1);
}

static void descriptors(void) {
  int fd = open(".hidden", O_RDWR | O_CREAT | O_EXCL, 0644);
  tell("exclusive", fd);
  tell("again", open(".hidden", O_RDWR | O_CREAT | O_EXCL, 0644));
  struct iovec parts[3] = {{"one ", 4}, {"", 0}, {"two", 3}};
  printf("writev %zd\n", writev(fd, parts, 3));
  printf("pwrite %zd, at %lld\n", pwrite(fd, "ONE", 3, 0), (long long)lseek(fd, 0, SEEK_CUR));
  char a[3] = "", b[8] = "";
  struct iovec into[2] = {{a, 2}, {b, 5}};
  lseek(fd, 0, SEEK_SET);
  printf("readv %zd %s|%s\n", readv(fd, into, 2), a, b);
  printf("pread %zd\n", pread(fd, b, 5, 100));
  tell("seek before the start", lseek(fd, -1, SEEK_SET));
  tell("ftruncate", ftruncate(fd, 3));
  tell("fsync", fsync(fd));
  tell("fdatasync", fdatasync(fd));
  struct stat info;
  fstat(fd, &info);
  printf("%lld\n", (long long)info.st_size);
  printf("access mode %d\n", (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDWR);
  close(fd);
  tell("closed", read(fd, b, 1));
  tell("never opened", close(77));
  fd = open(".hidden", O_RDONLY);
  tell("write to a read-only descriptor", write(fd, "x", 1));
  close(fd);
}

static void directories(void) {
  tell("mkdir", mkdir("d", 0755));
  tell("mkdir again", mkdir("d", 0755));
  tell("mkdir below nothing", mkdir("x/y", 0755));
  tell("mkdir below", mkdir("d/e/", 0755));
  close(open("d/file", O_WRONLY | O_CREAT, 0644));
  list("d");
  tell("rmdir full", rmdir("d"));
  tell("rmdir a file", rmdir("d/file"));
  tell("below a file", open("d/file/x", O_RDONLY));
  tell("open a folder for writing", open("d", O_WRONLY));
  tell("O_DIRECTORY on a file", open("d/file", O_RDONLY | O_DIRECTORY));
  tell("rename", rename("d/file", "d/e/renamed"));
  tell("rename nothing", rename("d/file", "d/other"));
  tell("rename a folder over a full one", rename("d/e", "d/../d"));
  tell("unlink", unlink("d/e/renamed"));
  tell("unlink nothing", unlink("d/e/renamed"));
  tell("rmdir", rmdir("d/e"));
  tell("rmdir", rmdir("d"));
  list("d");
  char name[400];
  memset(name, 'n', sizeof name);
  name[399] = 0;
  tell("a long name", open(name, O_RDONLY));
  tell("access", access("stream.txt", R_OK | W_OK));
  tell("access", access("missing", F_OK));
}

static void links(void) {
  tell("symlink", symlink("stream.txt", "link"));
  tell("symlink again", symlink("stream.txt", "link"));
  char target[64] = "";
  printf("readlink %zd %s\n", readlink("link", target, sizeof target), target);
  tell("readlink of a file", readlink("stream.txt", target, sizeof target));
  tell("O_NOFOLLOW", open("link", O_RDONLY | O_NOFOLLOW));
  symlink("b", "a");
  symlink("a", "b");
  tell("loop", open("a", O_RDONLY));
  tell("link", link("stream.txt", "hard"));
  struct stat one, two;
  stat("stream.txt", &one);
  stat("hard", &two);
  printf("%d %d\n", one.st_ino == two.st_ino && one.st_dev == two.st_dev, (int)two.st_nlink);
  lstat("link", &two);
  printf("%d %lld\n", S_ISLNK(two.st_mode), (long long)two.st_size);
  struct timespec when[2] = {{1000000000, 500000000}, {0, UTIME_OMIT}};
  tell("utimensat", utimensat(AT_FDCWD, "hard", when, 0));
  when[1] = (struct timespec){1234567890, 0};
  tell("utimensat", utimensat(AT_FDCWD, "hard", when, 0));
  stat("hard", &two);
  printf("%lld %lld\n", (long long)two.st_atim.tv_sec, (long long)two.st_mtim.tv_sec);
}

int main(void) {
  streams();
  descriptors();
  directories();
  links();
  list(".");
  return 0;
}
