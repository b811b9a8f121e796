// Lua runs a script in Lua 5.4: the interpreter comes from the package `lua-src`, and is compiled here as one file.
#include "work.h"
#include <string.h>

// Errors end the program: without exceptions, WebAssembly has no way to jump out of several calls. The script makes none.
#define LUAI_THROW(L, c) abort()
#define LUAI_TRY(L, c, a) a
#define luai_jmpbuf int
#define _SETJMP_H
#define l_signalT int
// The order in which tables are walked is the same in every run.
#define luai_makeseed(L) 1u

#define LUAI_FUNC static
#define LUAI_DDEC(def)
#define LUAI_DDEF static
#define LUA_API static
#define LUALIB_API static
#define LUAMOD_API static

#include "lzio.c"
#include "lctype.c"
#include "lopcodes.c"
#include "lmem.c"
#include "lundump.c"
#include "ldump.c"
#include "lstate.c"
#include "lgc.c"
#include "llex.c"
#include "lcode.c"
#include "lparser.c"
#include "ldebug.c"
#include "lfunc.c"
#include "lobject.c"
#include "ltm.c"
#include "lstring.c"
#include "ltable.c"
#include "ldo.c"
#include "lvm.c"
#include "lapi.c"
#include "lauxlib.c"
#include "lbaselib.c"
#include "lstrlib.c"
#include "lmathlib.c"
#include "ltablib.c"

static const char script[] =
    "local rounds = ...\n"
    "local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end\n"
    "local Account = {}\n"
    "Account.__index = Account\n"
    "function Account.new() return setmetatable({balance = 0}, Account) end\n"
    "function Account:add(n) self.balance = self.balance + n; return self end\n"
    "local function queens(n)\n"
    "  local found, columns, up, down = 0, {}, {}, {}\n"
    "  local function place(row)\n"
    "    if row > n then found = found + 1 return end\n"
    "    for c = 1, n do\n"
    "      if not (columns[c] or up[row + c] or down[row - c + n]) then\n"
    "        columns[c], up[row + c], down[row - c + n] = true, true, true\n"
    "        place(row + 1)\n"
    "        columns[c], up[row + c], down[row - c + n] = nil, nil, nil\n"
    "      end\n"
    "    end\n"
    "  end\n"
    "  place(1)\n"
    "  return found\n"
    "end\n"
    "local seed = 7\n"
    "local function random(limit) seed = (seed * 1103515245 + 12345) % 2147483648; return seed // 65536 % limit end\n"
    "local sum = 0\n"
    "for round = 1, rounds do\n"
    "  sum = sum + fib(16) + queens(6)\n"
    "  local account = Account.new()\n"
    "  for i = 1, 2000 do account:add(i * 0.5) end\n"
    "  sum = sum + math.floor(account.balance)\n"
    "  local words = {}\n"
    "  for i = 1, 300 do words[i] = string.format('%05d-%s', random(100000), string.char(97 + i % 26)) end\n"
    "  table.sort(words)\n"
    "  local text = table.concat(words, ' ')\n"
    "  local digits = text:gsub('(%d+)%-(%a)', '%2%1')\n"
    "  for key in digits:gmatch('%a(%d%d)') do sum = sum + tonumber(key) end\n"
    "  local counts = {}\n"
    "  for i = 1, #text do local b = text:byte(i); counts[b] = (counts[b] or 0) + 1 end\n"
    "  for b, count in pairs(counts) do sum = sum + b * count end\n"
    "end\n"
    "return sum\n";

int main(int argc, char **argv) {
    lua_State *L = luaL_newstate();
    if (!L) return 1;
    luaL_requiref(L, "_G", luaopen_base, 1);
    luaL_requiref(L, "string", luaopen_string, 1);
    luaL_requiref(L, "math", luaopen_math, 1);
    luaL_requiref(L, "table", luaopen_table, 1);
    lua_settop(L, 0);
    if (luaL_loadbuffer(L, script, strlen(script), "script") != LUA_OK) return 1;
    lua_pushinteger(L, work_rounds(argc, argv, 60));
    if (lua_pcall(L, 1, 1, 0) != LUA_OK) return 1;
    int failed = work_print("lua", work_add(WORK_SUM, (uint64_t)lua_tointeger(L, -1)));
    lua_close(L);
    return failed;
}
