// Proposals of WebAssembly that C compilers emit: vectors, atomics, wide arithmetic, and setjmp by exceptions.

#include <setjmp.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __wasm__
// wasi-libc declares the tag of longjmp and leaves its definition to a library that not all releases have.
__asm__("\t.globl __c_longjmp\n\t.tagtype __c_longjmp i32\n__c_longjmp:\n");
#endif

typedef int32_t lanes __attribute__((vector_size(16)));

static void vectors(void) {
    lanes a = {1, 2, 3, 4};
    for (int round = 0; round < 10; round++) {
        a = a * a + 1;
        a ^= a >> 3;
        a = __builtin_shufflevector(a, a, 1, 2, 3, 0);
    }
    printf("lanes %08x %08x %08x %08x\n", a[0], a[1], a[2], a[3]);
}

static _Atomic uint64_t wide;
static _Atomic uint16_t narrow = 65000;

static void atomics(void) {
    for (uint64_t number = 1; number < 2000; number *= 3) {
        atomic_fetch_add(&wide, number << 40);
        atomic_fetch_xor(&narrow, number);
        atomic_fetch_sub(&narrow, 7);
    }
    uint16_t expected = 1;
    int swapped = atomic_compare_exchange_strong(&narrow, &expected, 2);
    uint64_t before = atomic_exchange(&wide, 5);
    printf("atomics %llx %d %u\n", (unsigned long long)before, swapped, expected);
}

static void products(void) {
    unsigned __int128 product = 1;
    for (uint64_t factor = 0xfedcba9876543210; factor > 1000; factor /= 1000) {
        product *= factor;
        product -= (unsigned __int128)factor << 70;
    }
    printf("wide %016llx%016llx\n", (unsigned long long)(product >> 64), (unsigned long long)product);
}

static jmp_buf place;

static void descend(int depth) {
    if (depth == 0) {
        longjmp(place, 7);
    }
    descend(depth - 1);
    printf("not reached\n");
}

static void jumps(void) {
    volatile int round = 0;
    int value = setjmp(place);
    printf("setjmp %d, round %d\n", value, round);
    if (round < 3) {
        round++;
        descend(100 * round);
    }
}

int main(void) {
    vectors();
    atomics();
    products();
    jumps();
    return 0;
}
