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
	r := newRun(t, "sqlite", queue.Embedded, "")
	r.noKills()
	r.world.box.SetRules(sandbox.Rules{AllowDuplicate: true})
	for _, p := range platformsUnder {
		for _, step := range []string{"staged", "gated", "answered"} {
			folder := filepath.Join(r.points.folder, fileOf(p+"/"+step))
			if err := os.MkdirAll(folder, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, freeze), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	since := map[int]time.Time{}
	frozen := 0
	for deadline := time.Now().Add(3 * time.Minute); frozen < 9 || len(since) > 0; {
		if time.Now().After(deadline) {
			t.Fatalf("%d of 9 points were reached", frozen)
		}
		r.keepWorkers()
		if r.waiting() < 4 && frozen+len(since) < 9 {
			r.approveSome(1)
		}
		for _, w := range r.workers {
			pid := w.cmd.Process.Pid
			began, known := since[pid]
			switch {
			case !stopped(pid):
			case !known:
				since[pid] = time.Now()
			case time.Since(began) > 5*timing("").CallTimeout:
				delete(since, pid)
				frozen++
				if err := w.cmd.Process.Signal(syscall.SIGCONT); err != nil {
					t.Fatal(err)
				}
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	r.settle()
	r.everyApprovedPostOnce()
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
