// What the programs share: how much to do, numbers that only look random, and the sum of the results.
#ifndef WORK_H
#define WORK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

// How often a program does its work: usual, or as many percent of it as its first argument says, but at least 1.
static inline long work_rounds(int argc, char **argv, long usual) {
    if (argc < 2) return usual;
    long rounds = usual * atol(argv[1]) / 100;
    return rounds > 0 ? rounds : 1;
}

// The next of a sequence of numbers (Knuth's linear congruential generator).
static inline uint32_t work_random(uint64_t *state) {
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 32);
}

// A checksum of the numbers added so far (FNV-1a); it starts as WORK_SUM.
#define WORK_SUM 14695981039346656037u
static inline uint64_t work_add(uint64_t sum, uint64_t number) { return (sum ^ number) * 1099511628211u; }

// Prints the sum under the program's name.
static inline int work_print(const char *name, uint64_t sum) {
    return printf("%s %016llx\n", name, (unsigned long long)sum) < 0;
}

#endif
