// Coremark does the four kinds of work that small processors are commonly measured by, in code of its own: walking and
// sorting linked lists, multiplying small matrices, running a state machine over text, and CRC-16 of all results.
#include "work.h"

enum { NODES = 80, SIZE = 12, TEXT = 1024 };

struct node { struct node *next; int16_t value, place; };

static struct node nodes[NODES];
static int16_t a[SIZE][SIZE], b[SIZE][SIZE];
static char text[TEXT];

static uint16_t crc16(uint16_t crc, uint32_t value, int bits) {
    for (; bits > 0; bits--, value >>= 1) {
        unsigned carry = (crc ^ value) & 1;
        crc = (uint16_t)(crc >> 1 ^ (carry ? 0xa001 : 0));
    }
    return crc;
}

static int by_value(const struct node *x, const struct node *y) { return x->value - y->value; }
static int by_place(const struct node *x, const struct node *y) { return x->place - y->place; }

// Sorts by merging runs of 1, 2, 4, … nodes.
static struct node *merge_sort(struct node *list, int (*compare)(const struct node *, const struct node *)) {
    for (int run = 1;; run *= 2) {
        struct node *left = list, *sorted = NULL, **tail = &sorted;
        int merges = 0;
        while (left) {
            struct node *right = left;
            int left_count = 0, right_count = run;
            merges++;
            while (left_count < run && right) left_count++, right = right->next;
            while (left_count > 0 || (right_count > 0 && right)) {
                struct node **from = left_count == 0 ? &right
                    : right_count == 0 || !right || compare(left, right) <= 0 ? &left : &right;
                if (from == &left) left_count--; else right_count--;
                *tail = *from;
                tail = &(*tail)->next;
                *from = (*from)->next;
            }
            left = right;
        }
        *tail = NULL;
        list = sorted;
        if (merges <= 1) return list;
    }
}

static struct node *reverse(struct node *list) {
    struct node *turned = NULL;
    while (list) {
        struct node *next = list->next;
        list->next = turned;
        turned = list;
        list = next;
    }
    return turned;
}

static uint16_t lists(uint16_t crc, uint64_t *state) {
    for (int i = 0; i < NODES; i++)
        nodes[i] = (struct node){i + 1 < NODES ? &nodes[i + 1] : NULL, (int16_t)(work_random(state) >> 16), (int16_t)i};
    struct node *list = reverse(merge_sort(nodes, by_value));
    for (int wanted = 0; wanted < 24; wanted++) {
        const struct node *at = list;
        while (at && (at->value & 31) != wanted) at = at->next;
        crc = crc16(crc, at ? (uint16_t)at->place : 0xffff, 16);
    }
    for (list = merge_sort(list, by_place); list; list = list->next) crc = crc16(crc, (uint16_t)list->value, 16);
    return crc;
}

static uint16_t matrices(uint16_t crc, uint64_t *state) {
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            a[i][j] = (int16_t)(work_random(state) >> 20);
            b[i][j] = (int16_t)(work_random(state) >> 20);
        }
    for (int i = 0; i < SIZE; i++)
        for (int j = 0; j < SIZE; j++) {
            int32_t product = 0, bits = 0;
            for (int k = 0; k < SIZE; k++) {
                product += a[i][k] * b[k][j];
                bits += (a[i][k] * b[k][j] >> 2 & 15) * (a[i][k] * b[k][j] >> 5 & 127);
            }
            crc = crc16(crc, (uint32_t)(product ^ bits), 32);
        }
    return crc;
}

enum state { START, INTEGER, FRACTION, EXPONENT_SIGN, EXPONENT, INVALID, STATES };

static enum state next(enum state now, char c) {
    int digit = c >= '0' && c <= '9';
    switch (now) {
    case START: return digit || c == '+' || c == '-' ? INTEGER : c == '.' ? FRACTION : INVALID;
    case INTEGER: return digit ? INTEGER : c == '.' ? FRACTION : c == 'e' ? EXPONENT_SIGN : INVALID;
    case FRACTION: return digit ? FRACTION : c == 'e' ? EXPONENT_SIGN : INVALID;
    case EXPONENT_SIGN: return digit || c == '+' || c == '-' ? EXPONENT : INVALID;
    case EXPONENT: return digit ? EXPONENT : INVALID;
    default: return INVALID;
    }
}

static uint16_t states(uint16_t crc, uint64_t *state) {
    static const char letters[] = "0123456789012345678901234567.+-e,,,x";
    uint32_t ends[STATES] = {0};
    for (int i = 0; i < TEXT; i++) text[i] = letters[work_random(state) % (sizeof letters - 1)];
    enum state now = START;
    for (int i = 0; i < TEXT; i++) {
        if (text[i] != ',') {
            now = next(now, text[i]);
            continue;
        }
        ends[now]++;
        now = START;
    }
    for (int i = 0; i < STATES; i++) crc = crc16(crc, ends[i], 32);
    return crc;
}

int main(int argc, char **argv) {
    uint16_t crc = 0;
    uint64_t state = 5;
    for (long round = work_rounds(argc, argv, 4000); round > 0; round--)
        crc = states(matrices(lists(crc, &state), &state), &state);
    return work_print("coremark", crc);
}
