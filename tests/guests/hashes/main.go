// Hashes computes digests, checksums, MACs and ciphers over generated data.
package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"fmt"
	"hash"
	"hash/adler32"
	"hash/crc32"
	"hash/crc64"
	"hash/fnv"
	"hash/maphash"
)

func main() {
	data := make([]byte, 1<<19+13)
	state := uint64(88172645463325252)
	for i := range data {
		state ^= state << 13
		state ^= state >> 7
		state ^= state << 17
		data[i] = byte(state)
	}
	for _, entry := range []struct {
		name string
		hash hash.Hash
	}{
		{"md5", md5.New()}, {"sha1", sha1.New()}, {"sha224", sha256.New224()}, {"sha256", sha256.New()},
		{"sha384", sha512.New384()}, {"sha512", sha512.New()}, {"sha512/256", sha512.New512_256()},
		{"crc32 ieee", crc32.NewIEEE()}, {"crc32 castagnoli", crc32.New(crc32.MakeTable(crc32.Castagnoli))},
		{"crc64", crc64.New(crc64.MakeTable(crc64.ECMA))}, {"adler32", adler32.New()},
		{"fnv32a", fnv.New32a()}, {"fnv64", fnv.New64()}, {"fnv128a", fnv.New128a()},
		{"hmac", hmac.New(sha256.New, []byte("key"))},
	} {
		for start := 0; start < len(data); {
			end := min(start+1+start%4099, len(data))
			entry.hash.Write(data[start:end])
			start = end
		}
		fmt.Printf("%s %x\n", entry.name, entry.hash.Sum(nil))
	}
	block, err := aes.NewCipher([]byte("0123456789abcdef"))
	fmt.Println(err)
	out := make([]byte, 64)
	cipher.NewCTR(block, make([]byte, 16)).XORKeyStream(out, data[:64])
	fmt.Printf("%x\n", out)
	sealed, err := cipher.NewGCM(block)
	fmt.Println(err)
	box := sealed.Seal(nil, make([]byte, 12), []byte("secret"), []byte("extra"))
	opened, err := sealed.Open(nil, make([]byte, 12), box, []byte("extra"))
	fmt.Printf("%x %s %v\n", box, opened, err)
	box[0] ^= 1
	_, err = sealed.Open(nil, make([]byte, 12), box, []byte("extra"))
	fmt.Println(err)
	one, two := make([]byte, 70_000), make([]byte, 70_000)
	rand.Read(one)
	n, err := rand.Read(two)
	fmt.Println(n, err, bytes.Equal(one, two), bytes.Count(one, []byte{0}) < 1000)
	var h maphash.Hash
	h.WriteString("same")
	first := h.Sum64()
	h.Reset()
	h.WriteString("same")
	fmt.Println(first == h.Sum64())
}
