// Events simulates customers before counters: a heap of events, function pointers, lists, a histogram.
#include "work.h"
#include <string.h>

typedef struct event { int64_t time; void (*happen)(struct event *); int customer; } event;
enum { COUNTERS = 5, CUSTOMERS = 2000 };
static event heap[2 * CUSTOMERS + 2];
static int count, waiting[CUSTOMERS], first, last, free_counters, histogram[64];
static int64_t arrived[CUSTOMERS], now;
static uint64_t state = 17, sum = WORK_SUM;

static void push(event e) {
    int at = ++count;
    for (; at > 1 && e.time < heap[at / 2].time; at /= 2) heap[at] = heap[at / 2];
    heap[at] = e;
}

static event pop(void) {
    event top = heap[1], moved = heap[count--];
    int at = 1;
    for (int child; (child = 2 * at) <= count; at = child) {
        if (child < count && heap[child + 1].time < heap[child].time) child++;
        if (moved.time <= heap[child].time) break;
        heap[at] = heap[child];
    }
    heap[at] = moved;
    return top;
}

static void leave(event *e);

static void serve(void) {
    while (free_counters > 0 && first < last) {
        int customer = waiting[first++];
        int64_t wait = now - arrived[customer];
        free_counters--;
        histogram[wait / 8 < 63 ? wait / 8 : 63]++;
        push((event){now + 10 + work_random(&state) % 60 * 4, leave, customer});
    }
}

static void leave(event *e) {
    free_counters++;
    sum = work_add(sum, (uint64_t)(e->time << 12 ^ e->customer));
    serve();
}

static void arrive(event *e) {
    arrived[e->customer] = now;
    waiting[last++] = e->customer;
    serve();
}

int main(int argc, char **argv) {
    for (long round = work_rounds(argc, argv, 240); round > 0; round--) {
        now = count = first = last = 0;
        free_counters = COUNTERS;
        memset(histogram, 0, sizeof histogram);
        int64_t time = 0;
        for (int i = 0; i < CUSTOMERS; i++) push((event){time += work_random(&state) % 64, arrive, i});
        while (count > 0) {
            event e = pop();
            now = e.time;
            e.happen(&e);
        }
        for (int i = 0; i < 64; i++) sum = work_add(sum, histogram[i]);
    }
    return work_print("events", sum);
}
