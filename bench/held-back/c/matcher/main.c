// Matcher looks for patterns with classes, repetition and anchors in lines of text, by backtracking.
#include "work.h"
#include <string.h>

static int here(const char *pattern, const char *text);

static int one(const char *pattern, char c) {
    switch (*pattern) {
    case '.': return c != 0;
    case 'D': return c >= '0' && c <= '9';
    case 'V': return c && strchr("aeiou", c) != 0;
    }
    return *pattern == c;
}

static int many(const char *pattern, const char *text, int least) {
    const char *end = text;
    while (*end && one(pattern, *end)) end++;
    for (; end >= text + least; end--)
        if (here(pattern + 2, end)) return 1;
    return 0;
}

static int here(const char *pattern, const char *text) {
    if (!*pattern) return 1;
    if (pattern[1] == '*') return many(pattern, text, 0);
    if (pattern[1] == '+') return many(pattern, text, 1);
    if (pattern[1] == '?') return (one(pattern, *text) && here(pattern + 2, text + 1)) || here(pattern + 2, text);
    if (*pattern == '$' && !pattern[1]) return !*text;
    return *text && one(pattern, *text) && here(pattern + 1, text + 1);
}

static int match(const char *pattern, const char *text) {
    if (*pattern == '^') return here(pattern + 1, text);
    do
        if (here(pattern, text)) return 1;
    while (*text++);
    return 0;
}

static const char *patterns[] = {"^a.*V$", "D+x?D", "VVV", "b+c*d", "^D*V+.q", "e.t.o", "zzz"};

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 7;
    char line[64];
    for (long round = work_rounds(argc, argv, 35000); round > 0; round--) {
        int length = 20 + work_random(&state) % 40;
        for (int i = 0; i < length; i++) line[i] = "aeioubcdtx0123qz"[work_random(&state) >> 7 & 15];
        line[length] = 0;
        unsigned found = 0;
        for (unsigned i = 0; i < sizeof patterns / sizeof *patterns; i++) found = found << 1 | match(patterns[i], line);
        sum = work_add(sum, found);
    }
    return work_print("matcher", sum);
}
