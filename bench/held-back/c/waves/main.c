// Waves moves a membrane by finite differences in doubles, and filters a signal in floats.
#include "work.h"
#include <math.h>
#include <string.h>

enum { SIDE = 64, TAPS = 24, SAMPLES = 1024 };
static double now[SIDE][SIDE], past[SIDE][SIDE], next[SIDE][SIDE];
static float signal_[SAMPLES], out[SAMPLES], tap[TAPS];

static void step(void) {
    for (int y = 1; y < SIDE - 1; y++)
        for (int x = 1; x < SIDE - 1; x++) {
            double bend = now[y][x - 1] + now[y][x + 1] + now[y - 1][x] + now[y + 1][x] - 4 * now[y][x];
            next[y][x] = (2 * now[y][x] - past[y][x] + 0.2 * bend) * 0.999;
        }
    memcpy(past, now, sizeof now);
    memcpy(now, next, sizeof now);
}

static float filter(void) {
    float loudest = 0;
    for (int i = TAPS; i < SAMPLES; i++) {
        float sum = 0;
        for (int k = 0; k < TAPS; k++) sum += signal_[i - k] * tap[k];
        out[i] = sum;
        if (fabsf(sum) > loudest) loudest = fabsf(sum);
    }
    return loudest;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 11;
    for (int k = 0; k < TAPS; k++) tap[k] = (float)(k < TAPS / 2 ? k : TAPS - k) / 64;
    for (long round = work_rounds(argc, argv, 960); round > 0; round--) {
        if (round % 8 == 0) now[1 + work_random(&state) % (SIDE - 2)][1 + work_random(&state) % (SIDE - 2)] += 1;
        step();
        for (int i = 0; i < SAMPLES; i++) signal_[i] = (float)(now[i / SIDE * 3][i % SIDE] + (i % 7) * 0.125);
        sum = work_add(sum, (uint64_t)(int64_t)(filter() * 4096));
        sum = work_add(sum, (uint64_t)(int64_t)floor(now[SIDE / 2][SIDE / 2] * 65536));
    }
    return work_print("waves", sum);
}
