// Maze digs mazes and finds the shortest way through them: a stack, a queue, neighbours in a grid of bytes.
#include "work.h"
#include <string.h>

enum { SIDE = 129, CELLS = SIDE * SIDE };
static uint8_t open_[CELLS];
static int16_t steps[CELLS];
static int order[CELLS];
static const int way[4] = {1, SIDE, -1, -SIDE};

static void dig(uint64_t *state) {
    int depth = 0;
    memset(open_, 0, sizeof open_);
    order[depth++] = SIDE + 1;
    open_[SIDE + 1] = 1;
    while (depth > 0) {
        int at = order[depth - 1], x = at % SIDE, y = at / SIDE, choices[4], count = 0;
        for (int i = 0; i < 4; i++) {
            int tx = x + (i == 0) * 2 - (i == 2) * 2, ty = y + (i == 1) * 2 - (i == 3) * 2;
            if (tx > 0 && ty > 0 && tx < SIDE && ty < SIDE && !open_[ty * SIDE + tx]) choices[count++] = i;
        }
        if (!count) { depth--; continue; }
        int step = way[choices[work_random(state) % count]];
        open_[at + step] = open_[at + 2 * step] = 1;
        order[depth++] = at + 2 * step;
    }
    for (int i = 0; i < 200; i++) {
        int at = SIDE + 1 + work_random(state) % (CELLS - 2 * SIDE - 2);
        if (at % SIDE > 0 && at % SIDE < SIDE - 1) open_[at] = 1;
    }
}

static int search(int from, int to) {
    int first = 0, last = 0;
    memset(steps, -1, sizeof steps);
    steps[from] = 0;
    order[last++] = from;
    while (first < last) {
        int at = order[first++];
        if (at == to) break;
        for (int i = 0; i < 4; i++) {
            int next = at + way[i];
            if (open_[next] && steps[next] < 0) { steps[next] = steps[at] + 1; order[last++] = next; }
        }
    }
    return steps[to];
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 9;
    for (long round = work_rounds(argc, argv, 320); round > 0; round--) {
        dig(&state);
        sum = work_add(sum, search(SIDE + 1, CELLS - SIDE - 2));
        sum = work_add(sum, search(SIDE + 1, SIDE * (SIDE / 2 | 1) + (SIDE / 2 | 1)));
    }
    return work_print("maze", sum);
}
