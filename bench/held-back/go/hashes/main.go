// Hashes runs ciphers and digests of the library: MD5, SHA-1, SHA-512, HMAC, CRC-32, AES in counter mode.
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"hash/crc32"

	"programs/work"
)

func main() {
	random, sum := work.Random(31), work.NewSum()
	data := make([]byte, 2000)
	for range work.Rounds(520) {
		for i := range data {
			data[i] = byte(random.Next())
		}
		digests := []hash.Hash{md5.New(), sha1.New(), sha512.New(), hmac.New(md5.New, data[:16]), crc32.NewIEEE()}
		for _, digest := range digests {
			digest.Write(data)
			sum.String(hex.EncodeToString(digest.Sum(nil)))
		}
		block, err := aes.NewCipher(data[:16])
		if err != nil {
			panic(err)
		}
		cipher.NewCTR(block, data[16:32]).XORKeyStream(data, data)
		sum.Bytes(data)
	}
	sum.Print("hashes")
}
