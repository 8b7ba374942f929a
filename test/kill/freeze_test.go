package kill

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"
	"time"

	"kentongan/internal/sandbox"
	"kentongan/queue"
)

// freeze is how the name of a point begins at which a worker is stopped, not
// ended.
const freeze = "freeze"

// TestAFrozenWorkerWakes: a worker stands still (SIGSTOP: a paused virtual
// machine, a swapping host) at a step until others have taken its work over,
// looked at the platform and sent; then it goes on where it stood. The
// platforms refuse no repeated text here, so that a second post would be seen.
func TestAFrozenWorkerWakes(t *testing.T) {
	t.Parallel()
	r := newRun(t, "postgres", queue.Embedded, "") // a frozen process may hold the lock of a SQLite file, and then nobody goes on
	r.noKills()
	r.world.box.SetRules(sandbox.Rules{AllowDuplicate: true})
	for _, point := range []string{"mastodon/gated", "x/gated", "facebook/gated", "x/staged", "facebook/answered"} {
		r.freezeAt(point)
	}
	r.settle()
	r.everyApprovedPostOnce()
}

// freezeAt stops one worker at a point, and lets it go on when the other has had
// the time to take over, read back twice and send.
func (r *run) freezeAt(point string) {
	r.t.Helper()
	folder := filepath.Join(r.points.folder, fileOf(point))
	if err := os.MkdirAll(folder, 0o755); err != nil {
		r.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, freeze), nil, 0o644); err != nil {
		r.t.Fatal(err)
	}
	r.approveSome(1)
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		r.keepWorkers()
		for _, w := range r.workers {
			if !stopped(w.cmd.Process.Pid) {
				continue
			}
			for others := time.Now().Add(8 * time.Second); r.underWay() > 0 && time.Now().Before(others); {
				time.Sleep(50 * time.Millisecond)
			}
			if err := w.cmd.Process.Signal(syscall.SIGCONT); err != nil {
				r.t.Fatal(err)
			}
			return
		}
	}
	r.t.Fatalf("%s was not reached", point)
}

// stopped says whether a process stands still, as /proc tells.
func stopped(pid int) bool {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return false
	}
	end := bytes.LastIndexByte(stat, ')')
	return end > 0 && end+2 < len(stat) && stat[end+2] == 'T'
}
