// Strhash counts words in a hash table with open addressing: hashing, comparing and copying short strings.
#include "work.h"
#include <string.h>

enum { PLACES = 1 << 14, WORDS = 6000, LONGEST = 12 };
static struct place { char *word; uint32_t hash, count; } places[PLACES];
static char words[WORDS][LONGEST + 1];

static uint32_t hash(const char *text) {
    uint32_t value = 2166136261u;
    for (; *text; text++) value = (value ^ (unsigned char)*text) * 16777619u;
    return value;
}

static struct place *find(const char *word) {
    uint32_t wanted = hash(word);
    for (uint32_t at = wanted & (PLACES - 1);; at = (at + 1) & (PLACES - 1)) {
        struct place *place = &places[at];
        if (!place->word) {
            place->word = strdup(word);
            place->hash = wanted;
            return place;
        }
        if (place->hash == wanted && strcmp(place->word, word) == 0) return place;
    }
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 4;
    for (int i = 0; i < WORDS; i++) {
        int length = 2 + work_random(&state) % (LONGEST - 1);
        for (int j = 0; j < length; j++) words[i][j] = (char)('a' + (work_random(&state) % 26) * (work_random(&state) % 3) / 2);
    }
    for (long round = work_rounds(argc, argv, 70); round > 0; round--) {
        for (int i = 0; i < 40000; i++) find(words[work_random(&state) % WORDS])->count++;
        for (int i = 0; i < PLACES; i++) {
            if (!places[i].word) continue;
            sum = work_add(sum, places[i].hash ^ places[i].count);
            free(places[i].word);
        }
        memset(places, 0, sizeof places);
    }
    return work_print("strhash", sum);
}
