package real

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// Postgres gives the URL of a real PostgreSQL that this test binary shares
// among its tests (initdb costs half a second; dbtest copies a database per
// test in a few milliseconds).
func Postgres(t testing.TB) string {
	t.Helper()
	if u := os.Getenv("KENTONGAN_TEST_DATABASE_URL"); u != "" {
		return u
	}
	address, err := sharedPostgres()
	if errors.Is(err, errNoPostgres) {
		Missing(t, "PostgreSQL", "apt-get install postgresql, or KENTONGAN_TEST_DATABASE_URL")
	}
	if err != nil {
		t.Fatal(err)
	}
	return address
}

var errNoPostgres = errors.New("no initdb on this machine")

var sharedPostgres = sync.OnceValues(startPostgres)

// guard outlives the test binary by a moment: when the pipe on its standard
// input closes, however the binary ended, it stops PostgreSQL with SIGINT (fast
// shutdown; SIGTERM would wait for clients) and removes its folder.
const guard = `trap "" INT TERM
"$@" & server=$!
cat >/dev/null
kill -INT $server; wait $server
rm -rf "$KT_DIR"`

func startPostgres() (string, error) {
	initdb := Binary("KENTONGAN_INITDB", "initdb", "/usr/lib/postgresql/*/bin/initdb")
	if initdb == "" {
		return "", errNoPostgres
	}
	// Through links, to the folder where postgres lies beside initdb.
	if resolved, err := filepath.EvalSymlinks(initdb); err == nil {
		initdb = resolved
	}
	d, err := os.MkdirTemp("", "kt")
	if err != nil {
		return "", err
	}
	attr, err := unprivileged(d)
	if err != nil {
		return "", err
	}
	data := filepath.Join(d, "d")
	setup := exec.Command(initdb, "-D", data, "-U", "kentongan", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
	setup.Dir, setup.SysProcAttr = d, attr()
	if out, err := setup.CombinedOutput(); err != nil {
		return "", fmt.Errorf("initdb: %w\n%s", err, out)
	}
	log, err := os.Create(filepath.Join(d, "log"))
	if err != nil {
		return "", err
	}
	defer log.Close()
	run := exec.Command("sh", "-c", guard, "guard", filepath.Join(filepath.Dir(initdb), "postgres"), "-D", data, "-k", d,
		"-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off",
		"-c", "max_connections=300", "-c", "shared_buffers=32MB")
	run.Dir, run.SysProcAttr, run.Stdout, run.Stderr = d, attr(), log, log
	run.Env = append(os.Environ(), "KT_DIR="+d)
	var hold io.WriteCloser
	if hold, err = run.StdinPipe(); err != nil { // stays open until this process ends
		return "", err
	}
	if err := run.Start(); err != nil {
		return "", err
	}
	dead := ended(run)
	address := fmt.Sprintf("postgres:///postgres?host=%s&user=kentongan", d)
	if err := poll(20*time.Second, dead, answers(address)); err != nil {
		hold.Close()
		out, _ := os.ReadFile(log.Name())
		return "", fmt.Errorf("PostgreSQL is not ready: %w\n%s", err, out)
	}
	return address, nil
}

func ended(cmd *exec.Cmd) <-chan struct{} {
	dead := make(chan struct{})
	go func() { cmd.Wait(); close(dead) }()
	return dead
}

func answers(address string) func() error {
	return func() error {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		defer cancel()
		c, err := pgx.Connect(ctx, address)
		if err != nil {
			return err
		}
		return c.Close(ctx)
	}
}

// unprivileged hands d to a user that PostgreSQL accepts: it refuses root.
func unprivileged(d string) (func() *syscall.SysProcAttr, error) {
	own := func() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
	if os.Getuid() != 0 {
		return own, nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		if u, err = user.Lookup("nobody"); err != nil {
			return nil, err
		}
	}
	uid, errU := strconv.Atoi(u.Uid)
	gid, errG := strconv.Atoi(u.Gid)
	if err := errors.Join(errU, errG, os.Chown(d, uid, gid)); err != nil {
		return nil, err
	}
	return func() *syscall.SysProcAttr {
		return &syscall.SysProcAttr{Setpgid: true, Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	}, nil
}
