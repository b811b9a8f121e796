// Utf8 checks whether texts are valid UTF-8: sixteen bytes at a time with vectors (J. Keiser and D. Lemire, "Validating UTF-8 in less
// than one instruction per byte", 2021), character by character without.
#include "work.h"
#include <string.h>
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { LENGTH = 64 * 1024 };
static uint8_t text[LENGTH + 16];

#ifdef __wasm_simd128__
// A bit for each reason why two bytes do not follow each other.
enum {
    SHORT = 1, LONG = 2, OVERLONG3 = 4, LARGE = 8, SURROGATE = 16, OVERLONG2 = 32, OVERLONG4 = 64, LARGE1000 = 64, CONTINUED = 128,
    CARRY = SHORT | LONG | CONTINUED
};

static int check(void) {
    const v128_t first_high = wasm_u8x16_make(
        LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG, CONTINUED, CONTINUED, CONTINUED, CONTINUED, SHORT | OVERLONG2, SHORT,
        SHORT | OVERLONG3 | SURROGATE, SHORT | LARGE | LARGE1000 | OVERLONG4);
    const v128_t first_low = wasm_u8x16_make(
        CARRY | OVERLONG3 | OVERLONG2 | OVERLONG4, CARRY | OVERLONG2, CARRY, CARRY, CARRY | LARGE, CARRY | LARGE | LARGE1000,
        CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000,
        CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000 | SURROGATE,
        CARRY | LARGE | LARGE1000, CARRY | LARGE | LARGE1000);
    const v128_t second_high = wasm_u8x16_make(
        SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, SHORT, LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE1000 | OVERLONG4,
        LONG | OVERLONG2 | CONTINUED | OVERLONG3 | LARGE, LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE,
        LONG | OVERLONG2 | CONTINUED | SURROGATE | LARGE, SHORT, SHORT, SHORT, SHORT);
    const v128_t ends = wasm_u8x16_make(255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0xf0 - 1, 0xe0 - 1, 0xc0 - 1);
    v128_t before = wasm_i8x16_splat(0), wrong = before, open = before;
    for (int i = 0; i < LENGTH; i += 16) {
        v128_t in = wasm_v128_load(text + i);
        if (!wasm_i8x16_bitmask(in)) {
            wrong = wasm_v128_or(wrong, open);
            open = wasm_i8x16_splat(0);
        } else {
            v128_t one = wasm_i8x16_shuffle(before, in, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30);
            v128_t two = wasm_i8x16_shuffle(before, in, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29);
            v128_t three = wasm_i8x16_shuffle(before, in, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28);
            v128_t special = wasm_v128_and(
                wasm_v128_and(wasm_i8x16_swizzle(first_high, wasm_u8x16_shr(one, 4)),
                              wasm_i8x16_swizzle(first_low, wasm_v128_and(one, wasm_i8x16_splat(15)))),
                wasm_i8x16_swizzle(second_high, wasm_u8x16_shr(in, 4)));
            v128_t must = wasm_v128_or(wasm_u8x16_sub_sat(two, wasm_u8x16_splat(0xe0 - 0x80)),
                                       wasm_u8x16_sub_sat(three, wasm_u8x16_splat(0xf0 - 0x80)));
            wrong = wasm_v128_or(wrong, wasm_v128_xor(wasm_v128_and(must, wasm_u8x16_splat(0x80)), special));
            open = wasm_u8x16_sub_sat(in, ends);
        }
        before = in;
    }
    return !wasm_v128_any_true(wasm_v128_or(wrong, open));
}
#else
static int check(void) {
    for (int i = 0; i < LENGTH;) {
        uint32_t first = text[i], rest;
        if (first < 0x80) {
            i++;
            continue;
        }
        if (first < 0xc2 || first > 0xf4) return 0;
        rest = first < 0xe0 ? 1 : first < 0xf0 ? 2 : 3;
        if (i + (int)rest >= LENGTH) return 0;
        uint32_t second = text[i + 1];
        if ((second & 0xc0) != 0x80) return 0;
        if (first == 0xe0 && second < 0xa0) return 0;
        if (first == 0xed && second > 0x9f) return 0;
        if (first == 0xf0 && second < 0x90) return 0;
        if (first == 0xf4 && second > 0x8f) return 0;
        for (uint32_t j = 2; j <= rest; j++)
            if ((text[i + j] & 0xc0) != 0x80) return 0;
        i += (int)rest + 1;
    }
    return 1;
}
#endif

// Appends a character.
static int put(int at, uint32_t code) {
    if (code < 0x80) {
        text[at++] = (uint8_t)code;
    } else if (code < 0x800) {
        text[at++] = (uint8_t)(0xc0 | code >> 6);
        text[at++] = (uint8_t)(0x80 | (code & 63));
    } else if (code < 0x10000) {
        text[at++] = (uint8_t)(0xe0 | code >> 12);
        text[at++] = (uint8_t)(0x80 | (code >> 6 & 63));
        text[at++] = (uint8_t)(0x80 | (code & 63));
    } else {
        text[at++] = (uint8_t)(0xf0 | code >> 18);
        text[at++] = (uint8_t)(0x80 | (code >> 12 & 63));
        text[at++] = (uint8_t)(0x80 | (code >> 6 & 63));
        text[at++] = (uint8_t)(0x80 | (code & 63));
    }
    return at;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 14;
    int at = 0;
    // Words of letters with and without accents, of ideographs, and a few other signs.
    while (at < LENGTH - 32) {
        uint32_t kind = work_random(&state) % 8;
        for (uint32_t j = work_random(&state) % 7; j <= 7; j++) {
            uint32_t n = work_random(&state);
            uint32_t code = kind < 4 ? 'a' + n % 26 : kind < 6 ? 0xe0 + n % 400 : kind < 7 ? 0x4e00 + n % 20000 : 0x1f300 + n % 600;
            if (at < LENGTH - 32) at = put(at, code);
        }
        text[at++] = ' ';
    }
    while (at < LENGTH) text[at++] = '.';
    for (long round = work_rounds(argc, argv, 120); round > 0; round--) {
        sum = work_add(sum, (uint64_t)check());
        // Now and then a byte is wrong, near the end.
        int place = LENGTH - 1 - (int)(round % 16);
        text[place] = round % 4 ? '!' : 0xbf;
        sum = work_add(sum, (uint64_t)check());
        text[place] = '.';
    }
    return work_print("utf8", sum);
}
