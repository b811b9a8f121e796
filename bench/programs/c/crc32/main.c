// Crc32 computes checksums of a buffer: one table and bytes, then eight tables and words.
#include "work.h"
#include <string.h>

enum { LENGTH = 1 << 18 };
static unsigned char data[LENGTH];
static uint32_t table[8][256];

static void make_tables(void) {
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t value = i;
        for (int bit = 0; bit < 8; bit++) value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
        table[0][i] = value;
    }
    for (int i = 0; i < 256; i++)
        for (int slice = 1; slice < 8; slice++)
            table[slice][i] = table[slice - 1][i] >> 8 ^ table[0][table[slice - 1][i] & 255];
}

static uint32_t by_bytes(const unsigned char *at, size_t length) {
    uint32_t crc = ~0u;
    while (length--) crc = crc >> 8 ^ table[0][(crc ^ *at++) & 255];
    return ~crc;
}

static uint32_t by_words(const unsigned char *at, size_t length) {
    uint32_t crc = ~0u;
    for (; length >= 8; at += 8, length -= 8) {
        uint32_t low, high;
        memcpy(&low, at, 4);
        memcpy(&high, at + 4, 4);
        low ^= crc;
        crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^ table[4][low >> 24] ^
              table[3][high & 255] ^ table[2][high >> 8 & 255] ^ table[1][high >> 16 & 255] ^ table[0][high >> 24];
    }
    while (length--) crc = crc >> 8 ^ table[0][(crc ^ *at++) & 255];
    return ~crc;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 3;
    make_tables();
    for (int i = 0; i < LENGTH; i++) data[i] = (unsigned char)work_random(&state);
    for (long round = work_rounds(argc, argv, 160); round > 0; round--) {
        uint32_t crc = by_bytes(data, LENGTH);
        if (crc != by_words(data, LENGTH)) return 1;
        sum = work_add(sum, crc);
        memcpy(data + round * 64, &crc, sizeof crc);
    }
    return work_print("crc32", sum);
}
