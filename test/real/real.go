// Package real finds or starts servers that nobody here wrote, for tests:
// PostgreSQL, Redis, snac2, Chromium. Every server is the test's own (tests
// empty them and kill them); a service that merely runs on the machine is never
// used unless a variable names it.
package real

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

// Missing skips the test and names what is missing; under CI=true it fails.
func Missing(t testing.TB, what, how string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("real server missing under CI: %s (%s)", what, how)
	}
	t.Skipf("needs %s: %s", what, how)
}

// Binary looks in $env, then in PATH, then at the given patterns, the last
// match (the newest version) first.
func Binary(env, name string, patterns ...string) string {
	if p := os.Getenv(env); p != "" {
		return p
	}
	if p, err := exec.LookPath(name); err == nil {
		return p
	}
	for _, pattern := range patterns {
		if found, _ := filepath.Glob(pattern); len(found) > 0 {
			return found[len(found)-1]
		}
	}
	return ""
}

// Chromium is the path of a real browser.
func Chromium(t testing.TB) string {
	t.Helper()
	bin := Binary("KENTONGAN_CHROMIUM", "chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome*")
	if bin == "" {
		Missing(t, "chromium", "apt-get install chromium, or KENTONGAN_CHROMIUM")
	}
	return bin
}

// dir is short, because the path of a unix socket may have 107 bytes only, and
// lies outside t.TempDir, which a server that runs as another user cannot enter.
func dir(t testing.TB) string {
	t.Helper()
	d, err := os.MkdirTemp("", "kt")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(d) })
	return d
}

// Server is a process that a test started.
type Server struct {
	Process *os.Process
	dead    chan struct{}
}

// Kill ends the server the hard way and waits until it is gone.
func (s *Server) Kill() {
	s.Process.Kill()
	<-s.dead
}

// Start runs cmd until the test ends and waits until ready says nil. It shows
// the server's log when that never happens.
func Start(t testing.TB, cmd *exec.Cmd, limit time.Duration, ready func() error) *Server {
	t.Helper()
	log, err := os.CreateTemp("", "ktlog")
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	s, started := &Server{dead: make(chan struct{})}, make(chan error)
	go func() {
		// The kernel sends Pdeathsig when the thread that started the process
		// ends, not when the test does: so that thread stays.
		runtime.LockOSThread()
		if cmd.SysProcAttr == nil {
			cmd.SysProcAttr = &syscall.SysProcAttr{}
		}
		cmd.SysProcAttr.Pdeathsig = syscall.SIGKILL
		err := cmd.Start()
		started <- err
		if err == nil {
			cmd.Wait()
		}
		close(s.dead)
	}()
	err = <-started
	log.Close()
	t.Cleanup(func() { os.Remove(log.Name()) })
	if err != nil {
		t.Fatal(err)
	}
	s.Process = cmd.Process
	t.Cleanup(func() { s.stop(3 * time.Second) })
	if err := poll(limit, s.dead, ready); err != nil {
		out, _ := os.ReadFile(log.Name())
		t.Fatalf("%s is not ready after %v: %v\n%s", cmd.Path, limit, err, out)
	}
	return s
}

func (s *Server) stop(limit time.Duration) {
	s.Process.Signal(syscall.SIGTERM)
	select {
	case <-s.dead:
	case <-time.After(limit):
		s.Kill()
	}
}

// poll asks until ready says nil, the server is dead or the limit is over.
func poll(limit time.Duration, dead <-chan struct{}, ready func() error) error {
	over := time.After(limit)
	for {
		err := ready()
		if err == nil {
			return nil
		}
		select {
		case <-over:
			return err
		case <-dead:
			return err
		case <-time.After(5 * time.Millisecond):
		}
	}
}

func dials(network, address string) func() error {
	return func() error {
		c, err := net.Dial(network, address)
		if err == nil {
			c.Close()
		}
		return err
	}
}

// freePort is a port that was free a moment ago; for servers that cannot be
// told to choose one themselves.
func freePort(t testing.TB) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}
