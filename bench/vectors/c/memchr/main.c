// Memchr finds all line ends of a text, as a reader of lines does: sixteen bytes at a time with vectors, one at a time without.
#include "work.h"
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { LENGTH = 256 * 1024 };
static uint8_t text[LENGTH + 16];

// The place of the first `wanted` from `at` on, or LENGTH.
static int find(int at, uint8_t wanted) {
#ifdef __wasm_simd128__
    const v128_t all = wasm_i8x16_splat((int8_t)wanted);
    for (; at < LENGTH; at += 16) {
        v128_t same = wasm_i8x16_eq(wasm_v128_load(text + at), all);
        if (wasm_v128_any_true(same)) {
            int place = at + __builtin_ctz(wasm_i8x16_bitmask(same));
            return place < LENGTH ? place : LENGTH;
        }
    }
    return LENGTH;
#else
    while (at < LENGTH && text[at] != wanted) at++;
    return at;
#endif
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 16;
    for (int i = 0; i < LENGTH; i++) text[i] = (uint8_t)(' ' + work_random(&state) % 90);
    // Lines of 1 to 160 bytes.
    for (int i = 0; i < LENGTH; i += 1 + (int)(work_random(&state) % 160)) text[i] = '\n';
    for (long round = work_rounds(argc, argv, 80); round > 0; round--) {
        uint64_t lines = 0;
        for (int at = find(0, '\n'); at < LENGTH; at = find(at + 1, '\n')) lines += (uint64_t)at;
        sum = work_add(sum, lines);
        text[round * 1000 % LENGTH] = '\n';
    }
    return work_print("memchr", sum);
}
