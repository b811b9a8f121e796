// What C programs do besides files: arguments, environment, standard streams, clocks, memory, exit.
#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>


static void at_exit(void) { printf("at exit\n"); }

static int by_value(const void *a, const void *b) {
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x > y) - (x < y);
}

static uint64_t fib(unsigned n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) printf("%d %s\n", i, argv[i]);
  printf("%s\n", getenv("GUEST_ABSENT") ? "found" : "not found");
  setenv("GUEST_NEW", "value", 1);
  printf("%s\n", getenv("GUEST_NEW"));

  int letters = 0, lines = 0;
  for (int c; (c = getchar()) != EOF;) {
    letters += isalpha(c) != 0;
    lines += c == '\n';
  }
  printf("%d letters, %d lines\n", letters, lines);
  fprintf(stderr, "to standard error\n");

  struct timespec start, end, resolution;
  clock_gettime(CLOCK_MONOTONIC, &start);
  nanosleep(&(struct timespec){0, 20000000}, NULL);
  clock_gettime(CLOCK_MONOTONIC, &end);
  int64_t slept = (end.tv_sec - start.tv_sec) * INT64_C(1000000000) + end.tv_nsec - start.tv_nsec;
  printf("slept: %d %d\n", slept >= 20000000, slept < INT64_C(20000000000));
  printf("resolution: %d %d\n", clock_getres(CLOCK_REALTIME, &resolution), resolution.tv_nsec > 0);
  printf("year: %d\n", time(NULL) > 1700000000);
  printf("yield: %d\n", sched_yield());
  unsigned char random[64] = {0};
  int zeros = 0;
  printf("random: %d", getentropy(random, sizeof random));
  for (size_t i = 0; i < sizeof random; i++) zeros += random[i] == 0;
  printf(" %d\n", zeros < 16);

  uint32_t *numbers = malloc(200000 * sizeof *numbers), seed = 1;
  for (int i = 0; i < 200000; i++) numbers[i] = seed = seed * 1664525u + 1013904223u;
  qsort(numbers, 200000, sizeof *numbers, by_value);
  printf("%" PRIu32 " %" PRIu32 " %" PRIu32 "\n", numbers[0], numbers[100000], numbers[199999]);
  numbers = realloc(numbers, 40 << 20);
  memset((char *)numbers + (30 << 20), 7, 10 << 20);
  printf("%d\n", ((unsigned char *)numbers)[(40 << 20) - 1]);
  free(numbers);
  printf("%" PRIu64 " %.12f %a\n", fib(27), sqrt(2) * floor(-2.5), 0.1);
  printf("%s", strtok((char[]){"split,at,commas"}, ","));
  for (char *word; (word = strtok(NULL, ","));) printf(" %s", word);
  printf(" %ld %g\n", strtol("-0x1f", NULL, 0), strtod("1e-3", NULL));
  atexit(at_exit);
  fflush(stdout);
  return argc > 1 ? atoi(argv[1]) : 0;
}
