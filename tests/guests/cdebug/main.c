// Traps in a call that the compiler inlines, or computes without end.
#include <stdio.h>

static volatile int count;

static inline __attribute__((always_inline)) void innermost(int argc) {
	if (argc > 1)
		__builtin_trap();
	count++;
}

static __attribute__((noinline)) void outer(int argc) {
	count += argc;
	innermost(argc);
	count++;
}

int main(int argc, char **argv) {
	printf("%d words\n", argc);
	fflush(stdout);
	outer(argc);
	for (;;)
		count++;
}
