// Hog looks for PWD and /dev/null as a C program, and then takes memory, a page of WebAssembly at a time, until malloc fails. It says how much it
// was.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 64 << 10 };

// A compiler leaves out memory that nobody can see.
static char *volatile newest;

int main(void) {
    // The library's buffer is there before memory is short.
    setvbuf(stdout, NULL, _IONBF, 0);
    const char *pwd = getenv("PWD");
    printf("PWD is %s\n", pwd == NULL ? "not set" : pwd);
    FILE *null = fopen("/dev/null", "r+");
    printf("/dev/null is %s\n", null == NULL ? "missing" : "there");
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
