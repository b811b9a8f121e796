// Httptest serves HTTP inside the process: handlers through a recorder, and a server and client over pipes.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sort"
	"strings"
	"sync"
)

func handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/hello", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, "hello, %s\n", r.URL.Query().Get("name"))
	})
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", "application/json")
		json.NewEncoder(w).Encode(map[string]any{"method": r.Method, "length": len(body), "body": string(body[:min(len(body), 20)])})
	})
	mux.HandleFunc("/stream", func(w http.ResponseWriter, r *http.Request) {
		for i := 0; i < 5; i++ {
			fmt.Fprintf(w, "part %d\n", i)
			w.(http.Flusher).Flush()
		}
	})
	mux.HandleFunc("/cookie", func(w http.ResponseWriter, r *http.Request) {
		http.SetCookie(w, &http.Cookie{Name: "session", Value: "42", Path: "/", HttpOnly: true})
		http.Redirect(w, r, "/hello?name=redirected", http.StatusSeeOther)
	})
	return mux
}

func main() {
	recorded()
	overPipes()
}

func recorded() {
	h := handler()
	for _, request := range []*http.Request{
		httptest.NewRequest("GET", "/hello?name=Go", nil),
		httptest.NewRequest("POST", "/echo", strings.NewReader("a body")),
		httptest.NewRequest("GET", "/missing", nil),
		httptest.NewRequest("GET", "/cookie", nil),
	} {
		recorder := httptest.NewRecorder()
		h.ServeHTTP(recorder, request)
		response := recorder.Result()
		body, _ := io.ReadAll(response.Body)
		fmt.Println(response.Status, response.Header.Get("Content-Type"), response.Header.Get("Location"), len(response.Cookies()), strings.TrimSpace(string(body)))
	}
}

// pipes is a listener whose connections are pairs of pipes in memory.
type pipes struct {
	connections chan net.Conn
	closed      chan struct{}
	once        sync.Once
}

func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.connections:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}
func (p *pipes) Close() error   { p.once.Do(func() { close(p.closed) }); return nil }
func (p *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 80} }
func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	client, server := net.Pipe()
	select {
	case p.connections <- server:
		return client, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

func overPipes() {
	listener := &pipes{connections: make(chan net.Conn), closed: make(chan struct{})}
	server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: handler()}}
	server.Start()
	client := &http.Client{Transport: &http.Transport{DialContext: listener.dial}}
	get := func(path string) string {
		response, err := client.Get("http://example.test" + path)
		if err != nil {
			return "error: " + err.Error()
		}
		defer response.Body.Close()
		body, err := io.ReadAll(response.Body)
		return fmt.Sprintf("%d %q %v", response.StatusCode, body, err)
	}
	fmt.Println(get("/hello?name=" + url.QueryEscape("a b&c")))
	fmt.Println(get("/stream"))
	fmt.Println(get("/cookie"))
	response, err := client.Post("http://example.test/echo", "text/plain", strings.NewReader(strings.Repeat("x", 100_000)))
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := bufio.NewReader(response.Body).ReadString('\n')
	response.Body.Close()
	fmt.Printf("%q %v\n", line, err)

	results := make([]string, 40)
	var wait sync.WaitGroup
	for i := range results {
		wait.Add(1)
		go func(i int) {
			defer wait.Done()
			results[i] = get(fmt.Sprintf("/hello?name=%02d", i))
		}(i)
	}
	wait.Wait()
	sort.Strings(results)
	fmt.Println(len(results), results[0], results[39])
	client.CloseIdleConnections()
	server.Close()
	fmt.Println(strings.HasPrefix(get("/hello"), "error: "))
}
