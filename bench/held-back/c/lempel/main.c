// Lempel compresses text by references to what stood before (LZ77 with hash chains), and unpacks it again.
#include "work.h"
#include <string.h>

enum { SIZE = 1 << 15, HASHES = 1 << 12, LONGEST = 130 };
static uint8_t text[SIZE], packed[2 * SIZE], unpacked[SIZE];
static int head[HASHES], before[SIZE];

static unsigned hash(const uint8_t *at) { return (at[0] * 506832829u ^ at[1] * 40503u ^ at[2] * 2654435761u) >> 7 & (HASHES - 1); }

static int pack(int size) {
    int out = 0;
    memset(head, -1, sizeof head);
    for (int at = 0; at < size;) {
        int best = 0, distance = 0;
        if (at + 3 < size) {
            int tries = 16;
            for (int from = head[hash(text + at)]; from >= 0 && tries-- > 0; from = before[from]) {
                int length = 0;
                while (length < LONGEST && at + length < size && text[from + length] == text[at + length]) length++;
                if (length > best) { best = length; distance = at - from; }
            }
        }
        int step = best >= 4 ? best : 1;
        if (best >= 4) {
            packed[out++] = 128 | (best - 4);
            packed[out++] = distance & 255;
            packed[out++] = distance >> 8;
        } else packed[out++] = text[at] & 127;
        for (; step > 0; step--, at++) {
            if (at + 3 >= size) continue;
            unsigned h = hash(text + at);
            before[at] = head[h];
            head[h] = at;
        }
    }
    return out;
}

static int unpack(int size) {
    int out = 0;
    for (int at = 0; at < size;) {
        int first = packed[at++];
        if (first < 128) { unpacked[out++] = first; continue; }
        int distance = packed[at] | packed[at + 1] << 8;
        at += 2;
        for (int left = (first & 127) + 4; left > 0; left--, out++) unpacked[out] = unpacked[out - distance];
    }
    return out;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 5;
    for (long round = work_rounds(argc, argv, 48); round > 0; round--) {
        for (int i = 0; i < SIZE; i++) {
            uint32_t r = work_random(&state);
            text[i] = i > 300 && r % 5 ? text[i - 100 - r % 3] : 'a' + r % 20;
        }
        int size = pack(SIZE);
        if (unpack(size) != SIZE || memcmp(text, unpacked, SIZE)) return 1;
        sum = work_add(sum, size);
    }
    return work_print("lempel", sum);
}
