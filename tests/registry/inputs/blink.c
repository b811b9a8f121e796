/* Blinks on an AVR: cc1 compiles it, the assembler, the linker and objcopy make a hex file. */
#define PORTB (*(volatile unsigned char *)0x25)

static unsigned state = 0xace1;

static unsigned next(void) {
    state = state >> 1 ^ (-(state & 1) & 0xb400u);
    return state;
}

int main(void) {
    for (;;) {
        PORTB ^= 1 << next() % 6;
        for (volatile long i = 0; i < 100000; i++) {
        }
    }
}
