// Redblack keeps numbers in a left-leaning red-black tree: insertion with rotations, search, a walk.
#include "work.h"

typedef struct node { uint32_t key, value; struct node *left, *right; int red; } node;
static node pool[20000];
static int used;

static int is_red(node *n) { return n && n->red; }

static node *rotate_left(node *n) {
    node *up = n->right;
    n->right = up->left; up->left = n; up->red = n->red; n->red = 1;
    return up;
}

static node *rotate_right(node *n) {
    node *up = n->left;
    n->left = up->right; up->right = n; up->red = n->red; n->red = 1;
    return up;
}

static node *put(node *n, uint32_t key, uint32_t value) {
    if (!n) {
        node *fresh = &pool[used++];
        *fresh = (node){key, value, 0, 0, 1};
        return fresh;
    }
    if (key < n->key) n->left = put(n->left, key, value);
    else if (key > n->key) n->right = put(n->right, key, value);
    else n->value += value;
    if (is_red(n->right) && !is_red(n->left)) n = rotate_left(n);
    if (is_red(n->left) && is_red(n->left->left)) n = rotate_right(n);
    if (is_red(n->left) && is_red(n->right)) { n->red = 1; n->left->red = n->right->red = 0; }
    return n;
}

static uint64_t walk(node *n, uint64_t sum) {
    if (!n) return sum;
    sum = walk(n->left, sum);
    return walk(n->right, work_add(sum, (uint64_t)n->key << 16 ^ n->value));
}

int main(int argc, char **argv) {
    uint64_t sum = WORK_SUM, state = 3;
    for (long round = work_rounds(argc, argv, 40); round > 0; round--) {
        node *root = 0;
        used = 0;
        for (int i = 0; i < 12000; i++) { root = put(root, work_random(&state) % 30000, i); root->red = 0; }
        uint32_t hits = 0;
        for (int i = 0; i < 20000; i++) {
            uint32_t key = work_random(&state) % 30000;
            node *n = root;
            while (n && n->key != key) n = key < n->key ? n->left : n->right;
            hits += n ? n->value : 1;
        }
        sum = walk(root, work_add(sum, hits));
    }
    return work_print("redblack", sum);
}
