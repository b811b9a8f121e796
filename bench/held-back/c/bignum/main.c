// Bignum computes digits of e and large factorials with arrays of words: carries, long division, decimal text.
#include "work.h"
#include <string.h>

enum { WORDS = 220 };
typedef struct { uint32_t word[WORDS]; int used; } big;

static void multiply(big *a, uint32_t by) {
    uint64_t carry = 0;
    for (int i = 0; i < a->used; i++) {
        carry += (uint64_t)a->word[i] * by;
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry && a->used < WORDS) a->word[a->used++] = (uint32_t)carry;
}

static uint32_t divide(big *a, uint32_t by) {
    uint64_t rest = 0;
    for (int i = a->used - 1; i >= 0; i--) {
        rest = rest << 32 | a->word[i];
        a->word[i] = (uint32_t)(rest / by);
        rest %= by;
    }
    while (a->used > 0 && a->word[a->used - 1] == 0) a->used--;
    return (uint32_t)rest;
}

static void add(big *a, const big *b) {
    uint64_t carry = 0;
    for (int i = 0; i < b->used || carry; i++) {
        if (i == a->used) a->word[a->used++] = 0;
        carry += (uint64_t)a->word[i] + (i < b->used ? b->word[i] : 0);
        a->word[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM;
    for (long round = work_rounds(argc, argv, 192); round > 0; round--) {
        static big term, e, factorial;
        memset(&term, 0, sizeof term);
        term.word[100] = 1; term.used = 101;
        e = term;
        for (uint32_t n = 1; term.used > 0; n++) { divide(&term, n); add(&e, &term); }
        for (int i = 0; i < 60; i++) { e.used = e.used > 100 ? 100 : e.used; multiply(&e, 10); sum = work_add(sum, e.used > 100 ? e.word[100] : 0); }
        factorial.word[0] = (uint32_t)round; factorial.used = 1;
        for (uint32_t n = 2; n < 600; n++) multiply(&factorial, n);
        while (factorial.used > 0) sum = work_add(sum, divide(&factorial, 1000000000));
    }
    return work_print("bignum", sum);
}
