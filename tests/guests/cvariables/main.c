// Variables of all kinds, for the tests of the debugger.
#include <stdint.h>
#include <stdio.h>

enum colour { RED, GREEN = 5, BLUE };

union word {
	uint32_t number;
	unsigned char bytes[4];
};

struct point {
	int x;
	double y;
};

typedef struct list {
	const char *name;
	struct list *next;
	struct point at;
	unsigned low : 3;
	int high : 5;
} list;

static int counter = 41;
const char *greeting = "hello, debugger";
short table[2][3] = {{1, 2, 3}, {4, 5, 6}};

static inline __attribute__((always_inline)) int inlined(int deep) {
	int deeper = deep * 3;
	counter += deeper;
	return deeper;
}

static __attribute__((noinline)) int work(int number, const list *items, char letter) {
	int local = number * 2;
	float half = 0.5f;
	long long large = -5000000000LL;
	_Bool yes = 1;
	enum colour colour = GREEN;
	union word word = {.number = 0x01020304};
	char text[8] = "text";
	unsigned char small = 200;
	for (int round = 0; round < 2; round++) {
		int inner = local + round;
		counter += inner;
	}
	local += inlined(number);
	printf("%d %g %lld %d %d %u %s %c %d %s\n", local, half, large, yes, colour, word.number, text, letter, small,
	       items->name);
	return local;
}

int main(void) {
	list second = {"second", 0, {3, 4.25}, 5, -3};
	list first = {"first", &second, {1, 2.5}, 7, 15};
	int result = work(7, &first, 'q');
	printf("%d %d %d %s\n", result, counter, table[1][2], greeting);
	return 0;
}
