// Base64 encodes bytes and decodes them again: twelve bytes and sixteen characters at a time with vectors (after W. Muła and D. Lemire,
// "Faster Base64 Encoding and Decoding using AVX2 Instructions", 2018), three and four without.
#include "work.h"
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { BYTES = 48 * 1024, CHARACTERS = BYTES / 3 * 4 };
static uint8_t bytes[BYTES + 16], text[CHARACTERS + 16], back[BYTES + 16];

#ifdef __wasm_simd128__
static void encode(void) {
    const v128_t order = wasm_i8x16_make(1, 0, 2, 1, 4, 3, 5, 4, 7, 6, 8, 7, 10, 9, 11, 10);
    const v128_t shifts = wasm_i8x16_make('a' - 26, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52, '0' - 52,
                                          '0' - 52, '0' - 52, '+' - 62, '/' - 63, 'A', 0, 0);
    for (int i = 0, o = 0; i < BYTES; i += 12, o += 16) {
        v128_t in = wasm_i8x16_swizzle(wasm_v128_load(bytes + i), order);
        // The four groups of six bits of each three bytes, one in each byte.
        v128_t ac = wasm_v128_and(in, wasm_i32x4_splat(0x0fc0fc00));
        v128_t bd = wasm_v128_and(in, wasm_i32x4_splat(0x003f03f0));
        ac = wasm_v128_or(wasm_v128_and(wasm_u32x4_shr(ac, 10), wasm_i32x4_splat(0x0000003f)),
                          wasm_v128_and(wasm_u32x4_shr(ac, 6), wasm_i32x4_splat(0x003f0000)));
        bd = wasm_v128_or(wasm_v128_and(wasm_i32x4_shl(bd, 4), wasm_i32x4_splat(0x00003f00)),
                          wasm_v128_and(wasm_i32x4_shl(bd, 8), wasm_i32x4_splat(0x3f000000)));
        v128_t six = wasm_v128_or(ac, bd);
        // 13 for A to Z, 0 for a to z, 1 to 10 for digits, 11 and 12 for the rest.
        v128_t kind = wasm_u8x16_sub_sat(six, wasm_i8x16_splat(51));
        kind = wasm_v128_or(kind, wasm_v128_and(wasm_i8x16_lt(six, wasm_i8x16_splat(26)), wasm_i8x16_splat(13)));
        wasm_v128_store(text + o, wasm_i8x16_add(six, wasm_i8x16_swizzle(shifts, kind)));
    }
}

// Returns whether all characters are valid.
static int decode(void) {
    const v128_t low = wasm_i8x16_make(0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a);
    const v128_t high = wasm_i8x16_make(0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10);
    const v128_t roll = wasm_i8x16_make(0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0);
    const v128_t pack = wasm_i8x16_make(2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, 16, 16, 16, 16);
    v128_t wrong = wasm_i8x16_splat(0);
    for (int i = 0, o = 0; i < CHARACTERS; i += 16, o += 12) {
        v128_t in = wasm_v128_load(text + i);
        v128_t upper = wasm_v128_and(wasm_u32x4_shr(in, 4), wasm_i8x16_splat(15));
        v128_t lower = wasm_v128_and(in, wasm_i8x16_splat(15));
        wrong = wasm_v128_or(wrong, wasm_v128_and(wasm_i8x16_swizzle(low, lower), wasm_i8x16_swizzle(high, upper)));
        v128_t slash = wasm_i8x16_eq(in, wasm_i8x16_splat('/'));
        v128_t six = wasm_i8x16_add(in, wasm_i8x16_swizzle(roll, wasm_i8x16_add(slash, upper)));
        // Pairs of six bits, then pairs of twelve.
        v128_t twelve = wasm_v128_or(wasm_i16x8_shl(wasm_v128_and(six, wasm_i16x8_splat(0x00ff)), 6), wasm_u16x8_shr(six, 8));
        v128_t packed = wasm_v128_or(wasm_i32x4_shl(wasm_v128_and(twelve, wasm_i32x4_splat(0xffff)), 12), wasm_u32x4_shr(twelve, 16));
        wasm_v128_store(back + o, wasm_i8x16_swizzle(packed, pack));
    }
    return !wasm_v128_any_true(wrong);
}
#else
static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
static uint8_t values[256];

static void encode(void) {
    for (int i = 0, o = 0; i < BYTES; i += 3, o += 4) {
        uint32_t three = (uint32_t)bytes[i] << 16 | (uint32_t)bytes[i + 1] << 8 | bytes[i + 2];
        text[o] = (uint8_t)alphabet[three >> 18];
        text[o + 1] = (uint8_t)alphabet[three >> 12 & 63];
        text[o + 2] = (uint8_t)alphabet[three >> 6 & 63];
        text[o + 3] = (uint8_t)alphabet[three & 63];
    }
}

// Returns whether all characters are valid.
static int decode(void) {
    if (values['B'] == 0) {
        for (int i = 0; i < 256; i++) values[i] = 255;
        for (int i = 0; i < 64; i++) values[(uint8_t)alphabet[i]] = (uint8_t)i;
    }
    uint32_t wrong = 0;
    for (int i = 0, o = 0; i < CHARACTERS; i += 4, o += 3) {
        uint32_t a = values[text[i]], b = values[text[i + 1]], c = values[text[i + 2]], d = values[text[i + 3]];
        wrong |= a | b | c | d;
        uint32_t three = a << 18 | b << 12 | c << 6 | d;
        back[o] = (uint8_t)(three >> 16);
        back[o + 1] = (uint8_t)(three >> 8);
        back[o + 2] = (uint8_t)three;
    }
    return wrong < 64;
}
#endif

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 13;
    for (int i = 0; i < BYTES; i++) bytes[i] = (uint8_t)work_random(&state);
    for (long round = work_rounds(argc, argv, 300); round > 0; round--) {
        encode();
        sum = work_add(sum, (uint64_t)decode());
        for (int i = 0; i < CHARACTERS; i += 997) sum = work_add(sum, text[i]);
        for (int i = 0; i < BYTES; i += 997) {
            sum = work_add(sum, back[i] == bytes[i]);
            bytes[i] ^= (uint8_t)round;
        }
    }
    return work_print("base64", sum);
}
