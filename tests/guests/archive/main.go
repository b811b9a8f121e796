// Archive writes tar and zip files to the file system and reads them back.
package main

import (
	"archive/tar"
	"archive/zip"
	"compress/gzip"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

func must(err error) {
	if err != nil {
		fmt.Println("unexpected error:", err)
		os.Exit(1)
	}
}

var files = map[string]string{}
var names = []string{"a.txt", "dir/b.txt", "dir/" + strings.Repeat("long", 40) + ".txt", "empty"}

func main() {
	for i, name := range names {
		files[name] = strings.Repeat(name+"\n", i*100)
	}
	delete(files, "empty")
	tars()
	zips()
}

func tars() {
	f, err := os.Create("x.tar.gz")
	must(err)
	packed := gzip.NewWriter(f)
	w := tar.NewWriter(packed)
	for _, name := range names {
		must(w.WriteHeader(&tar.Header{Name: name, Mode: 0o640, Size: int64(len(files[name])), ModTime: time.Unix(1e9, 0)}))
		_, err := io.WriteString(w, files[name])
		must(err)
	}
	must(w.Close())
	must(packed.Close())
	must(f.Close())
	f, err = os.Open("x.tar.gz")
	must(err)
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	must(err)
	r := tar.NewReader(unpacked)
	for {
		header, err := r.Next()
		if err == io.EOF {
			break
		}
		must(err)
		data, err := io.ReadAll(r)
		must(err)
		fmt.Println(header.Name, header.Size, header.ModTime.Unix(), string(data) == files[header.Name])
	}
}

func zips() {
	f, err := os.Create("x.zip")
	must(err)
	w := zip.NewWriter(f)
	for i, name := range names {
		method := zip.Deflate
		if i%2 == 1 {
			method = zip.Store
		}
		entry, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method, Modified: time.Unix(1e9, 0).UTC()})
		must(err)
		_, err = io.WriteString(entry, files[name])
		must(err)
	}
	must(w.SetComment("made by a test"))
	must(w.Close())
	must(f.Close())
	r, err := zip.OpenReader("x.zip")
	must(err)
	defer r.Close()
	fmt.Println(r.Comment, len(r.File))
	for _, entry := range r.File {
		in, err := entry.Open()
		must(err)
		data, err := io.ReadAll(in)
		must(err)
		fmt.Printf("%s %d %d %08x %v\n", entry.Name, entry.UncompressedSize64, entry.CompressedSize64, entry.CRC32, string(data) == files[entry.Name])
	}
	_, err = zip.OpenReader("x.tar.gz")
	fmt.Println(err)
}
