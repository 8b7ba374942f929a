package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/pprof"
	"strings"
	"testing"
	"time"
)

// started is the whole program inside this process.
type started struct {
	stop  context.CancelFunc
	ended chan int
	out   io.Reader
	said  *bufio.Scanner
	log   *bytes.Buffer // read it after the end only
}

func start(t *testing.T, args ...string) *started {
	t.Helper()
	return startWith(t, []string{"LANG=en"}, args...)
}

func startWith(t *testing.T, environ []string, args ...string) *started {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	r, w := io.Pipe()
	s := &started{stop: stop, ended: make(chan int, 1), out: r, said: bufio.NewScanner(r), log: &bytes.Buffer{}}
	go func() {
		code := Main(ctx, args, w, s.log, environ)
		w.Close()
		s.ended <- code
	}()
	return s
}

// address waits for the line that tells where the pages are.
func (s *started) address(t *testing.T) (found string) {
	t.Helper()
	where := regexp.MustCompile(`runs at (http://\S+?)\.? `)
	for found == "" && s.said.Scan() {
		if m := where.FindStringSubmatch(s.said.Text() + " "); m != nil {
			found = m[1]
		}
	}
	if found == "" {
		t.Fatalf("the program ended: %d\n%s", <-s.ended, s.log)
	}
	go func() {
		for s.said.Scan() { // what else it says must not hold it up
		}
	}()
	return found
}

// end stops the program and asserts that it went as it should.
func (s *started) end(t *testing.T) {
	t.Helper()
	s.stop()
	select {
	case code := <-s.ended:
		if code != 0 || s.log.Len() > 0 {
			t.Errorf("exit code %d, log:\n%s", code, s.log)
		}
	case <-time.After(20 * time.Second):
		t.Fatalf("it does not stop:\n%s", goroutines())
	}
}

func goroutines() string {
	var b strings.Builder
	pprof.Lookup("goroutine").WriteTo(&b, 1)
	return b.String()
}

// answers asks until an address gives 200.
func answers(t *testing.T, url string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}, Timeout: 5 * time.Second}
	limit, tick := time.After(30*time.Second), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	said := "nothing"
	for {
		if r, err := client.Get(url); err == nil {
			body, _ := io.ReadAll(r.Body)
			r.Body.Close()
			if said = r.Status + " " + string(body); r.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case <-tick.C:
		case <-limit:
			t.Fatalf("%s answers %s", url, said)
		}
	}
}

// The whole program starts and stops twenty times in one process: at once, as
// soon as it is ready, and in the middle of a page. Nothing of it stays behind.
// Not parallel: it counts the process's goroutines.
func TestStartsAndStopsTwentyTimes(t *testing.T) {
	folder, usual := t.TempDir(), 0
	for n := range 20 {
		s := start(t, "demo", "--listen", "127.0.0.1:0", "--data", folder)
		address := s.address(t)
		if n%3 != 1 {
			answers(t, address+"/readyz")
		}
		page := make(chan struct{})
		if n%3 == 2 {
			go func() {
				defer close(page)
				if r, err := http.Get(address + "/"); err == nil {
					io.Copy(io.Discard, r.Body)
					r.Body.Close()
				}
			}()
		} else {
			close(page)
		}
		s.end(t)
		<-page
		if n == 0 {
			usual = settled(t, 0)
		} else if now := settled(t, usual); now > usual {
			t.Fatalf("after %d runs %d goroutines, after the first %d:\n%s", n+1, now, usual, goroutines())
		}
	}
}

// Whoever stops the first start in its middle finds a whole city all the same.
func TestAStopInTheMiddleOfTheFirstStart(t *testing.T) {
	folder := t.TempDir()
	s := start(t, "demo", "--listen", "127.0.0.1:0", "--data", folder)
	for made := false; !made; { // the first file of the pretended platforms: seeding is next
		_, err := os.Stat(filepath.Join(folder, "sandbox.address"))
		made = err == nil
		runtime.Gosched()
	}
	go io.Copy(io.Discard, s.out)
	s.end(t)
	s = start(t, "demo", "--listen", "127.0.0.1:0", "--data", folder)
	s.address(t)
	s.end(t)
	a, err := build(t.Context(), demoConfig(folder), slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	for _, p := range cast() {
		if _, err := a.people.SignIn(t.Context(), p.username, demoPassword); err != nil {
			t.Errorf("%s: %v", p.username, err)
		}
	}
}

// settled waits until at most enough goroutines run, or their number has stood
// still for a while: connections need a moment to notice that they are closed.
func settled(t *testing.T, enough int) int {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	last, still := runtime.NumGoroutine(), 0
	for still < 100 && last > enough {
		<-tick.C
		if now := runtime.NumGoroutine(); now == last {
			still++
		} else {
			last, still = now, 0
		}
	}
	return last
}
