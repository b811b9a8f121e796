// Sieve counts prime numbers by crossing out multiples (Eratosthenes): bytes set at a stride.
#include "work.h"
#include <string.h>

enum { LIMIT = 1 << 19 };
static unsigned char crossed[LIMIT];

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM;
    for (long round = work_rounds(argc, argv, 80); round > 0; round--) {
        memset(crossed, 0, sizeof crossed);
        int primes = 0, last = 0;
        for (int n = 2; n < LIMIT; n++) {
            if (crossed[n]) continue;
            primes++;
            last = n;
            for (int multiple = 2 * n; multiple < LIMIT; multiple += n) crossed[multiple] = 1;
        }
        sum = work_add(sum, (uint64_t)primes * round + last);
    }
    return work_print("sieve", sum);
}
