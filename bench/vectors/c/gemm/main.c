// Gemm multiplies matrices of float: four columns at a time with vectors, one at a time without.
#include "work.h"
#ifdef __wasm_simd128__
#include <wasm_simd128.h>
#endif

enum { SIZE = 128 };
static float a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];

static void multiply(void) {
    for (int i = 0; i < SIZE; i++) {
#ifdef __wasm_simd128__
        for (int j = 0; j < SIZE; j += 16) {
            v128_t s0 = wasm_f32x4_splat(0), s1 = s0, s2 = s0, s3 = s0;
            for (int k = 0; k < SIZE; k++) {
                v128_t x = wasm_v128_load32_splat(&a[i][k]);
                s0 = wasm_f32x4_add(s0, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j])));
                s1 = wasm_f32x4_add(s1, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j + 4])));
                s2 = wasm_f32x4_add(s2, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j + 8])));
                s3 = wasm_f32x4_add(s3, wasm_f32x4_mul(x, wasm_v128_load(&b[k][j + 12])));
            }
            wasm_v128_store(&c[i][j], s0);
            wasm_v128_store(&c[i][j + 4], s1);
            wasm_v128_store(&c[i][j + 8], s2);
            wasm_v128_store(&c[i][j + 12], s3);
        }
#else
        for (int j = 0; j < SIZE; j += 4) {
            float s0 = 0, s1 = 0, s2 = 0, s3 = 0;
            for (int k = 0; k < SIZE; k++) {
                float x = a[i][k];
                s0 += x * b[k][j];
                s1 += x * b[k][j + 1];
                s2 += x * b[k][j + 2];
                s3 += x * b[k][j + 3];
            }
            c[i][j] = s0;
            c[i][j + 1] = s1;
            c[i][j + 2] = s2;
            c[i][j + 3] = s3;
        }
#endif
    }
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 11;
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (float)(work_random(&state) >> 20) / 64;
            b[i][j] = (float)(work_random(&state) >> 20) / 64;
        }
    for (long round = work_rounds(argc, argv, 30); round > 0; round--) {
        multiply();
        for (int i = 0; i < SIZE; i++) sum = work_add(sum, (uint64_t)c[i][SIZE - 1 - i]);
        // The next round has another first matrix.
        for (int i = 0; i < SIZE; i++) a[i][round % SIZE] += 1;
    }
    return work_print("gemm", sum);
}
