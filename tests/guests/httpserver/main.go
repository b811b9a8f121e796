// Httpserver serves HTTP on the listening socket that it was started with, until it is asked to stop.
package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"
)

func main() {
	listener, err := inherited()
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	var served, ticks atomic.Int64
	go func() {
		for range time.Tick(5 * time.Millisecond) {
			ticks.Add(1)
		}
	}()
	server := &http.Server{}
	mux := http.NewServeMux()
	mux.HandleFunc("/square", func(w http.ResponseWriter, r *http.Request) {
		var n int
		fmt.Sscan(r.URL.Query().Get("n"), &n)
		time.Sleep(time.Millisecond)
		served.Add(1)
		fmt.Fprintf(w, "%d", n*n)
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		buf := make([]byte, 4096)
		for {
			n, err := r.Body.Read(buf)
			w.Write(buf[:n])
			if err != nil {
				break
			}
		}
	})
	mux.HandleFunc("/stop", func(w http.ResponseWriter, r *http.Request) {
		go server.Shutdown(context.Background())
	})
	server.Handler = mux
	fmt.Println(server.Serve(listener))
	fmt.Println("served", served.Load(), "ticked", ticks.Load() > 0)
}

// inherited finds the listener among the first descriptors: it stands behind the directories.
func inherited() (net.Listener, error) {
	for fd := uintptr(3); fd < 10; fd++ {
		if listener, err := net.FileListener(os.NewFile(fd, "")); err == nil {
			return listener, nil
		}
	}
	return nil, fmt.Errorf("no listener among the descriptors")
}
