// Blur smooths a picture of bytes: each pixel becomes a quarter of its left neighbour, twice itself and its right neighbour, then the
// same from above to below. Sixteen pixels at a time with vectors, one at a time without.
#include "work.h"
#include <string.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { WIDTH = 512, HEIGHT = 256, EDGE = 16 };
static uint8_t picture[HEIGHT][WIDTH + 2 * EDGE], between[HEIGHT][WIDTH + 2 * EDGE];

// to[x] ← (left[x] + 2 × middle[x] + right[x] + 2) ÷ 4 for a line of pixels.
static void line(uint8_t *to, const uint8_t *left, const uint8_t *middle, const uint8_t *right) {
#ifdef __wasm_simd128__
    const v128_t two = wasm_i16x8_splat(2);
    for (int x = 0; x < WIDTH; x += 16) {
        v128_t l = wasm_v128_load(left + x), m = wasm_v128_load(middle + x), r = wasm_v128_load(right + x);
        v128_t low = wasm_i16x8_add(wasm_u16x8_extend_low_u8x16(l), wasm_u16x8_extend_low_u8x16(r));
        v128_t high = wasm_i16x8_add(wasm_u16x8_extend_high_u8x16(l), wasm_u16x8_extend_high_u8x16(r));
        low = wasm_i16x8_add(low, wasm_i16x8_shl(wasm_u16x8_extend_low_u8x16(m), 1));
        high = wasm_i16x8_add(high, wasm_i16x8_shl(wasm_u16x8_extend_high_u8x16(m), 1));
        low = wasm_u16x8_shr(wasm_i16x8_add(low, two), 2);
        high = wasm_u16x8_shr(wasm_i16x8_add(high, two), 2);
        wasm_v128_store(to + x, wasm_u8x16_narrow_i16x8(low, high));
    }
#else
    for (int x = 0; x < WIDTH; x++) to[x] = (uint8_t)((left[x] + 2 * middle[x] + right[x] + 2) >> 2);
#endif
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 12;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++) picture[y][EDGE + x] = (uint8_t)work_random(&state);
    for (long round = work_rounds(argc, argv, 120); round > 0; round--) {
        for (int y = 0; y < HEIGHT; y++) {
            const uint8_t *from = picture[y] + EDGE;
            line(between[y] + EDGE, from - 1, from, from + 1);
        }
        for (int y = 0; y < HEIGHT; y++) {
            int above = y > 0 ? y - 1 : 0, below = y < HEIGHT - 1 ? y + 1 : y;
            line(picture[y] + EDGE, between[above] + EDGE, between[y] + EDGE, between[below] + EDGE);
        }
        for (int y = 0; y < HEIGHT; y += 8) sum = work_add(sum, picture[y][EDGE + (y * 7 + round) % WIDTH]);
    }
    return work_print("blur", sum);
}
