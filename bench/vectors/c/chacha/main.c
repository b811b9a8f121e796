// Chacha encrypts with ChaCha20 (RFC 8439): four blocks at a time with vectors, one without.
#include "work.h"
#include <string.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { LENGTH = 64 * 1024, BLOCK = 64 };
static uint8_t data[LENGTH];
static uint32_t start[16] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

#ifdef __wasm_simd128__
#define LEFT(a, n) wasm_v128_or(wasm_i32x4_shl(a, n), wasm_u32x4_shr(a, 32 - (n)))
#define ADD wasm_i32x4_add
#define XOR wasm_v128_xor
typedef v128_t word;
#else
#define LEFT(a, n) ((a) << (n) | (a) >> (32 - (n)))
#define ADD(a, b) ((a) + (b))
#define XOR(a, b) ((a) ^ (b))
typedef uint32_t word;
#endif
#define QUARTER(a, b, c, d)                                                                                                        \
    a = ADD(a, b), d = XOR(d, a), d = LEFT(d, 16);                                                                                 \
    c = ADD(c, d), b = XOR(b, c), b = LEFT(b, 12);                                                                                 \
    a = ADD(a, b), d = XOR(d, a), d = LEFT(d, 8);                                                                                  \
    c = ADD(c, d), b = XOR(b, c), b = LEFT(b, 7)

// Encrypts one block, or four.
static void block(uint8_t *to, const word *from) {
    word x0 = from[0], x1 = from[1], x2 = from[2], x3 = from[3], x4 = from[4], x5 = from[5], x6 = from[6], x7 = from[7];
    word x8 = from[8], x9 = from[9], xa = from[10], xb = from[11], xc = from[12], xd = from[13], xe = from[14], xf = from[15];
    for (int i = 0; i < 10; i++) {
        QUARTER(x0, x4, x8, xc);
        QUARTER(x1, x5, x9, xd);
        QUARTER(x2, x6, xa, xe);
        QUARTER(x3, x7, xb, xf);
        QUARTER(x0, x5, xa, xf);
        QUARTER(x1, x6, xb, xc);
        QUARTER(x2, x7, x8, xd);
        QUARTER(x3, x4, x9, xe);
    }
    word key[16] = {x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, xa, xb, xc, xd, xe, xf};
    for (int i = 0; i < 16; i++) key[i] = ADD(key[i], from[i]);
#ifdef __wasm_simd128__
    for (int i = 0; i < 16; i += 4) {
        // Four words of four blocks change places: rows become columns.
        v128_t ab = wasm_i32x4_shuffle(key[i], key[i + 1], 0, 4, 1, 5), cd = wasm_i32x4_shuffle(key[i + 2], key[i + 3], 0, 4, 1, 5);
        v128_t ef = wasm_i32x4_shuffle(key[i], key[i + 1], 2, 6, 3, 7), gh = wasm_i32x4_shuffle(key[i + 2], key[i + 3], 2, 6, 3, 7);
        v128_t rows[4] = {wasm_i64x2_shuffle(ab, cd, 0, 2), wasm_i64x2_shuffle(ab, cd, 1, 3), wasm_i64x2_shuffle(ef, gh, 0, 2),
                          wasm_i64x2_shuffle(ef, gh, 1, 3)};
        for (int row = 0; row < 4; row++) {
            uint8_t *place = to + row * BLOCK + i * 4;
            wasm_v128_store(place, wasm_v128_xor(wasm_v128_load(place), rows[row]));
        }
    }
#else
    for (int i = 0; i < 16; i++) {
        uint32_t old;
        memcpy(&old, to + i * 4, 4);
        old ^= key[i];
        memcpy(to + i * 4, &old, 4);
    }
#endif
}

static void encrypt(void) {
#ifdef __wasm_simd128__
    word from[16];
    for (int i = 0; i < 16; i++) from[i] = wasm_i32x4_splat((int32_t)start[i]);
    from[12] = wasm_i32x4_add(from[12], wasm_i32x4_make(0, 1, 2, 3));
    for (int at = 0; at < LENGTH; at += 4 * BLOCK) {
        block(data + at, from);
        from[12] = wasm_i32x4_add(from[12], wasm_i32x4_splat(4));
    }
#else
    uint32_t from[16];
    memcpy(from, start, sizeof from);
    for (int at = 0; at < LENGTH; at += BLOCK) {
        block(data + at, from);
        from[12]++;
    }
#endif
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 15;
    for (int i = 0; i < LENGTH; i++) data[i] = (uint8_t)work_random(&state);
    for (int i = 4; i < 16; i++) start[i] = work_random(&state);
    for (long round = work_rounds(argc, argv, 300); round > 0; round--) {
        encrypt();
        start[13]++;
        for (int i = 0; i < LENGTH; i += 499) sum = work_add(sum, data[i]);
    }
    return work_print("chacha", sum);
}
