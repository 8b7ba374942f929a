package sandbox

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestMain lets the test binary be the sandbox process that is killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SANDBOX_TO_KILL"); dir != "" {
		s, err := New(Options{Seed: 1, Path: dir})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		fmt.Println("http://" + l.Addr().String())
		fmt.Fprintln(os.Stderr, http.Serve(l, s.Handler()))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

func TestKillLosesNothingAcknowledged(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), "SANDBOX_TO_KILL="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	base, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	base = strings.TrimSpace(base)
	plain, err := New(Options{Seed: 1}) // the same seed knows the same tokens
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := make(chan string, 100_000)
	var g sync.WaitGroup
	for _, c := range plain.Credentials(base) {
		if c.Mode != "" {
			continue
		}
		g.Go(func() {
			for i := 0; ; i++ {
				text := fmt.Sprintf("%s %s %d", c.Platform, c.Handle, i)
				r, err := publishOn(nil, c, text)
				if err != nil {
					return // killed
				}
				if r.status/100 == 2 {
					acknowledged <- text
				}
			}
		})
	}
	var all []string
	for range 300 { // the kill falls among many writes
		all = append(all, <-acknowledged)
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait()
	g.Wait()
	close(acknowledged)
	again, err := New(Options{Seed: 1, Path: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	there := map[string]int{}
	for _, p := range again.World() {
		there[p.Text]++
	}
	for text := range acknowledged {
		all = append(all, text)
	}
	for _, text := range all {
		if there[text] != 1 {
			t.Errorf("%q is there %d times", text, there[text])
		}
	}
	t.Logf("%d acknowledged before the kill, %d in the journal", len(all), len(there))
}

func TestRunLetsCitizensActAndPushesUntilItIsToldToStop(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 2, Citizens: true, Pace: time.Millisecond})
	me := s.credential(t, Facebook, "")
	heard := make(chan struct{}, 1000)
	e := listen(t, me.App)
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		e.ServeHTTP(w, r)
		if r.Method == http.MethodPost {
			heard <- struct{}{}
		}
	})}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(l) }()
	t.Cleanup(func() { _ = srv.Close() })
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	if err := s.Register(ctx, Hook{Platform: Facebook, URL: "http://" + l.Addr().String() + "/hook"}); err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx) }()
	if _, err := publishOn(s, me, "Pengumuman"); err != nil {
		t.Fatal(err)
	}
	for range 3 { // our own post and what citizens say
		select {
		case <-heard:
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was pushed")
		}
	}
	stop()
	select {
	case err := <-done:
		want(t, "stopped", err, nil)
	case <-time.After(20 * time.Second):
		t.Fatal("Run does not stop")
	}
}
