// Settings reads nested objects in JSON's syntax into a tree, looks up paths, and writes the tree again.
#include "work.h"
#include <string.h>

typedef struct value { char kind; double number; const char *text; int length; struct value *child, *next; const char *key; int key_length; } value;
static value pool[4000];
static int used;
static const char *at;

static void space(void) { while (*at == ' ' || *at == '\n') at++; }

static const char *string(int *length) {
    const char *start = ++at;
    while (*at != '"') at += *at == '\\' ? 2 : 1;
    *length = (int)(at++ - start);
    return start;
}

static value *parse(void) {
    value *v = &pool[used++];
    memset(v, 0, sizeof *v);
    space();
    v->kind = *at;
    if (*at == '{' || *at == '[') {
        char close = *at++ == '{' ? '}' : ']';
        value **link = &v->child;
        for (space(); *at != close; space()) {
            const char *key = 0;
            int length = 0;
            if (close == '}') { key = string(&length); space(); at++; }
            *link = parse();
            (*link)->key = key; (*link)->key_length = length;
            link = &(*link)->next;
            space();
            if (*at == ',') { at++; space(); }
        }
        at++;
    } else if (*at == '"') v->text = string(&v->length);
    else { char *end; v->kind = '0'; v->number = strtod(at, &end); at = end; }
    return v;
}

static char *print(value *v, char *out) {
    if (v->key) out += sprintf(out, "\"%.*s\":", v->key_length, v->key);
    if (v->kind == '0') return out + sprintf(out, "%d", (int)(v->number * 8));
    if (v->kind == '"') return out + sprintf(out, "\"%.*s\"", v->length, v->text);
    *out++ = v->kind;
    for (value *c = v->child; c; c = c->next) { out = print(c, out); if (c->next) *out++ = ','; }
    *out++ = v->kind == '{' ? '}' : ']';
    return out;
}

static char *generate(uint64_t *state, int depth, char *out) {
    uint32_t r = work_random(state);
    if (depth == 0 || r % 6 == 0) return out + (r & 64 ? sprintf(out, "%u.%u", r % 1000, r >> 8 & 7) : sprintf(out, "\"t%u \\\" x\"", r % 99));
    *out++ = r & 1 ? '{' : '[';
    for (int i = 0; i < 4; i++) {
        if (r & 1) out += sprintf(out, "\"key%u\": ", work_random(state) % 50);
        out = generate(state, depth - 1, out);
        if (i < 3) { *out++ = ','; *out++ = ' '; }
    }
    *out++ = r & 1 ? '}' : ']';
    return out;
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 13;
    static char text[60000], again[60000];
    for (long round = work_rounds(argc, argv, 420); round > 0; round--) {
        *generate(&state, 4, text) = 0;
        at = text;
        used = 0;
        value *root = parse();
        char *end = print(root, again);
        for (char *c = again; c < end; c++) sum = work_add(sum, (uint8_t)*c);
        for (value *v = root; v; v = v->child) sum = work_add(sum, v->key_length);
    }
    return work_print("settings", sum);
}
