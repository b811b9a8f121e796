// Fib computes Fibonacci numbers by recursion: calls and nothing else.
#include "work.h"

static __attribute__((noinline)) uint32_t fib(uint32_t n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM;
    for (long round = work_rounds(argc, argv, 180); round > 0; round--) sum = work_add(sum, fib(25 + round % 3));
    return work_print("fib", sum);
}
