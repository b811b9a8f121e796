// Oldtimes gives files and folders times before 1970, and others at the ends of what 64 bits can tell.
package main

import (
	"fmt"
	"os"
	"time"
)

func main() {
	if err := os.WriteFile("file", []byte("x"), 0o666); err != nil {
		fmt.Println(err)
	}
	if err := os.Mkdir("folder", 0o777); err != nil {
		fmt.Println(err)
	}
	for _, when := range []time.Time{
		time.Date(1969, 12, 31, 23, 59, 59, 999999999, time.UTC), time.Date(1968, 1, 2, 3, 4, 5, 6, time.UTC), time.Date(1907, 1, 1, 0, 0, 0, 0, time.UTC),
		time.Unix(0, 0).UTC(), time.Unix(0, 1).UTC(), time.Date(2106, 2, 7, 6, 28, 16, 0, time.UTC), time.Date(2261, 1, 1, 0, 0, 0, 5, time.UTC),
	} {
		for _, name := range []string{"file", "folder"} {
			err := os.Chtimes(name, when, when)
			info, other := os.Stat(name)
			fmt.Println(name, when, err, other, info.ModTime().UTC().Equal(when), info.ModTime().UTC())
		}
	}
}
