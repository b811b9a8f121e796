// Exceptions in C++: classes and their bases, values, destructors on the way, rethrowing, nesting, deep stacks, and what the
// library throws by itself.
#include <cstdio>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

static int alive = 0;

struct Guard {
    std::string name;
    explicit Guard(std::string n) : name(std::move(n)) { alive++; }
    ~Guard() {
        alive--;
        std::printf("left %s\n", name.c_str());
    }
};

struct Odd : std::runtime_error {
    int number;
    explicit Odd(int n) : std::runtime_error("odd: " + std::to_string(n)), number(n) {}
};

struct Base {
    virtual ~Base() = default;
    virtual const char *name() const { return "base"; }
};
struct Derived : Base {
    const char *name() const override { return "derived"; }
};

static int halve(int n) {
    Guard guard("halve " + std::to_string(n));
    if (n % 2) throw Odd(n);
    return n / 2;
}

static int halve_all(int n) {
    try {
        while (true) n = halve(n);
    } catch (const Odd &odd) {
        std::printf("%s\n", odd.what());
        return odd.number;
    }
}

static void values() {
    for (int i = 0; i < 5; i++) {
        try {
            switch (i) {
            case 0: throw 7;
            case 1: throw 2.5;
            case 2: throw "text";
            case 3: throw std::string("a string that is too long to stand in the object itself");
            default: throw Derived();
            }
        } catch (int n) {
            std::printf("int %d\n", n);
        } catch (double d) {
            std::printf("double %g\n", d);
        } catch (const char *text) {
            std::printf("text %s\n", text);
        } catch (const std::string &text) {
            std::printf("string %s\n", text.c_str());
        } catch (const Base &base) {
            std::printf("class %s\n", base.name());
        }
    }
}

static void rethrow(int depth) {
    Guard guard("rethrow " + std::to_string(depth));
    try {
        if (depth == 0) throw std::out_of_range("the bottom");
        rethrow(depth - 1);
    } catch (std::logic_error &error) {
        std::printf("%d sees %s\n", depth, error.what());
        if (depth < 3) throw;
    }
}

static int dive(int depth) {
    auto kept = std::make_unique<int>(depth);
    if (depth == 0) throw std::length_error("deep");
    return dive(depth - 1) + *kept;
}

static void library() {
    std::vector<int> numbers{1, 2, 3};
    std::map<std::string, int> ages{{"a", 1}};
    try {
        numbers.at(9) = 1;
    } catch (const std::out_of_range &) {
        std::puts("no tenth number");
    }
    try {
        ages.at("b")++;
    } catch (const std::exception &) {
        std::puts("no b");
    }
}

static void nested() {
    try {
        try {
            throw 1;
        } catch (int n) {
            try {
                throw n + 1;
            } catch (int m) {
                std::printf("%d in %d\n", m, n);
            }
            throw;
        }
    } catch (...) {
        std::puts("again");
    }
}

int main() {
    std::printf("%d\n", halve_all(40));
    values();
    rethrow(4);
    try {
        dive(2000);
    } catch (const std::exception &error) {
        std::puts(error.what());
    }
    library();
    nested();
    long caught = 0;
    for (int i = 0; i < 20000; i++) {
        try {
            if (i % 3) throw i;
        } catch (int n) {
            caught += n;
        }
    }
    std::printf("%ld caught, %d alive\n", caught, alive);
    return 3;
}
