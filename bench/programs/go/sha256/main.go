// Sha256 hashes: one long message, and many short ones that follow from each other.
package main

import (
	"crypto/md5"
	"crypto/sha256"
	"programs/work"
)

func main() {
	sum := work.NewSum()
	random := work.Random(1)
	message := make([]byte, 64<<10)
	for i := range message {
		message[i] = byte(random.Next())
	}
	for range work.Rounds(50) {
		long := sha256.Sum256(message)
		short := long
		for i := 0; i < 400; i++ {
			short = sha256.Sum256(short[:])
		}
		other := md5.Sum(message)
		copy(message, long[:])
		copy(message[32:], short[:])
		copy(message[64:], other[:])
	}
	sum.Bytes(message[:80])
	sum.Print("sha256")
}
