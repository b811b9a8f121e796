// Qsort sorts numbers with the C library's qsort (calls through a pointer), and with a quicksort of its own.
#include "work.h"

enum { COUNT = 30000 };
static int32_t numbers[COUNT], copy[COUNT];

static int compare(const void *left, const void *right) {
    int32_t a = *(const int32_t *)left, b = *(const int32_t *)right;
    return (a > b) - (a < b);
}

static void quicksort(int32_t *low, int32_t *high) {
    while (high - low > 12) {
        int32_t pivot = low[(high - low) / 2];
        int32_t *left = low, *right = high;
        while (left <= right) {
            while (*left < pivot) left++;
            while (*right > pivot) right--;
            if (left > right) break;
            int32_t kept = *left;
            *left++ = *right;
            *right-- = kept;
        }
        quicksort(low, right);
        low = left;
    }
    for (int32_t *next = low + 1; next <= high; next++) {
        int32_t value = *next, *hole = next;
        for (; hole > low && hole[-1] > value; hole--) *hole = hole[-1];
        *hole = value;
    }
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 2;
    for (long round = work_rounds(argc, argv, 22); round > 0; round--) {
        for (int i = 0; i < COUNT; i++) copy[i] = numbers[i] = (int32_t)work_random(&state);
        qsort(numbers, COUNT, sizeof *numbers, compare);
        quicksort(copy, copy + COUNT - 1);
        for (int i = 0; i < COUNT; i++) {
            if (numbers[i] != copy[i]) return 1;
            sum = work_add(sum, (uint32_t)copy[i]);
        }
    }
    return work_print("qsort", sum);
}
