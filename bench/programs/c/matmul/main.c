// Matmul multiplies matrices of double, and of 32-bit integers.
#include "work.h"

enum { SIZE = 120 };
static double a[SIZE][SIZE], b[SIZE][SIZE], c[SIZE][SIZE];
static int32_t ia[SIZE][SIZE], ib[SIZE][SIZE], ic[SIZE][SIZE];

static void multiply(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            double total = 0;
            for (int k = 0; k < SIZE; k++) total += a[i][k] * b[k][j];
            c[i][j] = total;
        }
}

static void multiply_integers(void) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            uint32_t total = 0;
            for (int k = 0; k < SIZE; k++) total += (uint32_t)ia[i][k] * (uint32_t)ib[k][j];
            ic[i][j] = (int32_t)total;
        }
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 1;
    for (long round = work_rounds(argc, argv, 20); round > 0; round--) {
        for (int i = 0; i < SIZE; i++)
            for (int j = 0; j < SIZE; j++) {
                ia[i][j] = (int32_t)work_random(&state) >> 16;
                ib[i][j] = (int32_t)work_random(&state) >> 16;
                a[i][j] = ia[i][j] / 64.0;
                b[i][j] = ib[i][j] / 64.0;
            }
        multiply();
        multiply_integers();
        for (int i = 0; i < SIZE; i += 7) {
            sum = work_add(sum, (uint64_t)(int64_t)c[i][SIZE - 1 - i]);
            sum = work_add(sum, (uint32_t)ic[i][i]);
        }
    }
    return work_print("matmul", sum);
}
