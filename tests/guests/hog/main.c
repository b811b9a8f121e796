// Hog takes memory, a page of WebAssembly at a time, until malloc fails. Then it says how much it was.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 64 << 10 };

// A compiler leaves out memory that nobody can see.
static char *volatile newest;

int main(void) {
    // The library's buffer is there before memory is short.
    setvbuf(stdout, NULL, _IONBF, 0);
    unsigned pages = 0;
    for (;;) {
        char *page = malloc(PAGE);
        if (page == NULL) {
            break;
        }
        memset(page, 1, PAGE);
        newest = page;
        pages++;
    }
    printf("no more memory after %u KiB\n", pages * 64);
    return 3;
}
