// Stackvm interprets the language of eight signs ("brainfuck") after it has paired the brackets and merged runs of signs.
#include "work.h"
#include <string.h>

typedef struct { char op; int argument; } instruction;
static const char *program =
    "++++++++++[>+++++++>++++++++++>+++>+<<<<-]>++.>+.+++++++..+++.>++.<<+++++++++++++++.>.+++.------.--------.>+."
    ">++++[>++++++[>++++[>+++<-]<-]<-]>>>[-<+<++>>]<[->+<]>[-]<<[>.>+<<-]";

static int compile(const char *text, instruction *code) {
    int count = 0, open[64], depth = 0;
    for (; *text; text++) {
        int value = *text == '+' || *text == '>' ? 1 : -1;
        if (strchr("+-<>", *text)) {
            char op = strchr("+-", *text) ? '+' : '>';
            if (count > 0 && code[count - 1].op == op) code[count - 1].argument += value;
            else code[count++] = (instruction){op, value};
        } else if (*text == '[') {
            open[depth++] = count;
            code[count++] = (instruction){'[', 0};
        } else if (*text == ']') {
            int from = open[--depth];
            code[from].argument = count;
            code[count++] = (instruction){']', from};
        } else code[count++] = (instruction){*text, 0};
    }
    code[count].op = 0;
    return count;
}

static uint64_t run(const instruction *code, uint64_t sum) {
    static uint8_t cells[256];
    memset(cells, 0, sizeof cells);
    uint8_t at = 0;
    for (int pc = 0; code[pc].op; pc++) {
        switch (code[pc].op) {
        case '+': cells[at] += code[pc].argument; break;
        case '>': at += code[pc].argument; break;
        case '[': if (!cells[at]) pc = code[pc].argument; break;
        case ']': if (cells[at]) pc = code[pc].argument; break;
        case '.': sum = work_add(sum, cells[at]); break;
        }
    }
    return sum;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM;
    static instruction code[400];
    for (long round = work_rounds(argc, argv, 2700); round > 0; round--) {
        sum = work_add(sum, compile(program, code));
        sum = run(code, sum);
    }
    return work_print("stackvm", sum);
}
