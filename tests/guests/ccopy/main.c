// Copies the file named by the first argument to the one named by the second.
#include <stdio.h>

int main(int argc, char **argv) {
  if (argc != 3) return 2;
  FILE *from = fopen(argv[1], "rb");
  if (!from) {
    perror(argv[1]);
    return 1;
  }
  FILE *to = fopen(argv[2], "wb");
  if (!to) {
    perror(argv[2]);
    return 1;
  }
  char buffer[4096];
  for (size_t length; (length = fread(buffer, 1, sizeof buffer, from)) > 0;) fwrite(buffer, 1, length, to);
  fclose(from);
  return fclose(to) == 0 ? 0 : 1;
}
