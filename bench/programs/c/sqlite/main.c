// Sqlite fills, searches, joins, changes and sorts tables in memory; the library comes from the package `libsqlite3-sys`.
#define SQLITE_THREADSAFE 0
#define SQLITE_OMIT_LOAD_EXTENSION
#define SQLITE_OMIT_AUTOINIT
#define SQLITE_TEMP_STORE 3
// No files: the package's small file layer, made for WASI, is enough.
#define SQLITE_OS_OTHER 1
#define LONGDOUBLE_TYPE double

#include "sqlite3.c"
#include "wasm32-wasi-vfs.c"
#include "work.h"

static sqlite3 *base;
static uint64_t sum = WORK_SUM;

// Runs a statement, and adds what it yields to the sum.
static void run(const char *text, int64_t first, const char *second) {
    sqlite3_stmt *statement;
    int result = sqlite3_prepare_v2(base, text, -1, &statement, NULL);
    if (result == SQLITE_OK && sqlite3_bind_parameter_count(statement) >= 1) result = sqlite3_bind_int64(statement, 1, first);
    if (result == SQLITE_OK && sqlite3_bind_parameter_count(statement) >= 2) result = sqlite3_bind_text(statement, 2, second, -1, SQLITE_STATIC);
    if (result == SQLITE_OK)
        while ((result = sqlite3_step(statement)) == SQLITE_ROW)
            for (int i = 0; i < sqlite3_column_count(statement); i++) {
                const unsigned char *at = sqlite3_column_text(statement, i);
                for (; at && *at; at++) sum = work_add(sum, *at);
            }
    sqlite3_finalize(statement);
    if (result != SQLITE_DONE) {
        fprintf(stderr, "%s: %s\n", text, sqlite3_errmsg(base));
        exit(1);
    }
}

int main(int argc, char **argv) {
    uint64_t state = 6;
    if (sqlite3_initialize() != SQLITE_OK || sqlite3_open(":memory:", &base) != SQLITE_OK) return 1;
    run("CREATE TABLE people(id INTEGER PRIMARY KEY, age INT, name TEXT)", 0, NULL);
    run("CREATE TABLE visits(person INT, day INT, note TEXT)", 0, NULL);
    run("CREATE INDEX by_name ON people(name)", 0, NULL);
    for (long round = work_rounds(argc, argv, 9); round > 0; round--) {
        char name[16];
        run("BEGIN", 0, NULL);
        for (int i = 0; i < 300; i++) {
            snprintf(name, sizeof name, "n%u", (unsigned)(work_random(&state) % 5000));
            run("INSERT INTO people(age, name) VALUES(?1 % 90, ?2)", work_random(&state), name);
            run("INSERT INTO visits VALUES(abs(?1) % 400, ?1 % 31, 'note ' || ?2)", work_random(&state), name);
        }
        run("COMMIT", 0, NULL);
        run("SELECT count(*), sum(age), max(name) FROM people WHERE age > ?1", 40, NULL);
        run("SELECT p.name, count(v.day) AS days FROM people p JOIN visits v ON v.person = p.id GROUP BY p.id ORDER BY days DESC, p.id LIMIT 20", 0, NULL);
        run("SELECT day, group_concat(substr(note, 6), ',') FROM visits WHERE note LIKE '%7_%' GROUP BY day ORDER BY day", 0, NULL);
        run("UPDATE people SET age = age + 1 WHERE id % 7 = ?1", round % 7, NULL);
        run("DELETE FROM visits WHERE day = ?1", round, NULL);
        run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1500) SELECT sum(i * i % 7), avg(i) FROM n", 0, NULL);
        for (int i = 0; i < 100; i++) run("SELECT id, age FROM people WHERE name = 'n' || ?1", work_random(&state) % 5000, NULL);
    }
    sqlite3_close(base);
    return work_print("sqlite", sum);
}
