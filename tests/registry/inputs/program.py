# Uses what is in CPython itself and in its standard library.
import collections, decimal, hashlib, json, math, re, statistics, sys, zlib

def queens(n, row=0, columns=0, left=0, right=0):
    if row == n:
        return 1
    free = ~(columns | left | right) & ((1 << n) - 1)
    count = 0
    while free:
        bit = free & -free
        free ^= bit
        count += queens(n, row + 1, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return count

decimal.getcontext().prec = 60
words = re.findall(r"\w+", open("notes.md").read().lower())
print(json.dumps(collections.Counter(words).most_common(5)))
print([queens(n) for n in range(1, 8)], decimal.Decimal(2).sqrt(), math.factorial(40))
print(hashlib.sha256(b"abc").hexdigest(), zlib.crc32(b"abc"), statistics.stdev([1, 2, 4, 8]))
try:
    [].pop()
except IndexError as error:
    print("caught:", error)
with open("python.json", "w") as file:
    json.dump({"squares": {str(i): i * i for i in range(9)}, "pi": math.pi}, file, indent=1, sort_keys=True)
sys.exit(7)
