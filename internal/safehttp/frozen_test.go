package safehttp

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httptrace"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// envFrozen makes the test binary a process that stops itself (SIGSTOP) as soon
// as its connection stands, before a byte of the request has left.
const envFrozen = "KENTONGAN_SAFEHTTP_FROZEN"

// callTime is how long the calls of the process that freezes may take.
const callTime = 150 * time.Millisecond

func TestMain(m *testing.M) {
	if base := os.Getenv(envFrozen); base != "" {
		postAndFreeze(base)
		return
	}
	os.Exit(m.Run())
}

func postAndFreeze(base string) {
	client := New(Options{AllowLoopback: true})
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		ctx, cancel := context.WithTimeout(context.Background(), callTime)
		trace := &httptrace.ClientTrace{ConnectDone: func(string, string, error) { freeze() }}
		if lines.Text() == "taken" {
			trace = &httptrace.ClientTrace{GotConn: func(httptrace.GotConnInfo) { freeze() }}
		}
		ctx = httptrace.WithClientTrace(ctx, trace)
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, base, strings.NewReader("text"))
		if err == nil {
			_, err = client.Fetch(req)
		}
		cancel()
		fmt.Println(err)
	}
}

// freeze stops the process where it is called.
func freeze() {
	syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	// All threads stand still a moment later only.
	syscall.Nanosleep(&syscall.Timespec{Nsec: int64(callTime / 5)}, nil)
}

// TestAWriteThatWakesTooLateSendsNothing: a process that stood still between
// the connection and the request is past its deadline when it goes on. The
// timer that ends the call and the goroutine that writes then run a race.
func TestAWriteThatWakesTooLateSendsNothing(t *testing.T) {
	t.Parallel()
	var arrived atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(server.Close)
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), envFrozen+"="+server.URL)
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { in.Close(); cmd.Process.Kill(); cmd.Wait() })
	said := make(chan string)
	go func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			said <- lines.Text()
		}
		close(said)
	}()
	frozen := 0
	for i := range 20 {
		fmt.Fprintln(in, []string{"dialled", "taken"}[i%2])
		for line, waiting := "", true; waiting; {
			select {
			case line = <-said:
				waiting = false
				if line == "" || line == "<nil>" {
					t.Errorf("the late call said %q", line)
				}
			case <-time.After(10 * time.Millisecond):
				if !stopped(cmd.Process.Pid) {
					continue
				}
				frozen++
				time.Sleep(callTime + callTime/5)
				if err := cmd.Process.Signal(syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	if frozen < 10 { // a very slow machine's calls are over before they connect
		t.Errorf("only %d of 20 calls stood still", frozen)
	}
	if n := arrived.Load(); n != 0 {
		t.Errorf("%d of 20 requests arrived after their time", n)
	}
}

// stopped says whether a process stands still, as /proc tells.
func stopped(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	end := bytes.LastIndexByte(stat, ')')
	return err == nil && end > 0 && end+2 < len(stat) && stat[end+2] == 'T'
}
