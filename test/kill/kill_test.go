// Package kill proves DESIGN §4: whatever dies, and whenever, every approved
// post is on its platform exactly once, none that was not approved, none early.
package kill

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"kentongan/internal/db/dbtest"
	"kentongan/queue"
	"kentongan/test/real"
)

var quiet = slog.New(slog.NewTextHandler(io.Discard, nil))

// seed is random in each run and printed; KENTONGAN_SEED repeats one.
func seed(t *testing.T) uint64 {
	s := uint64(time.Now().UnixNano())
	if text := os.Getenv("KENTONGAN_SEED"); text != "" {
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		s = n
	}
	t.Logf("seed: KENTONGAN_SEED=%d", s)
	return s
}

func TestPublishSurvivesKill(t *testing.T) {
	for _, database := range []string{"sqlite", "postgres"} {
		for _, bell := range []queue.Mode{queue.Embedded, queue.External} {
			t.Run(database+"/"+string(bell), func(t *testing.T) {
				t.Parallel()
				r := newRun(t, database, bell, "")
				r.killEverywhere()
				r.settle()
				r.everyApprovedPostOnce()
			})
		}
	}
}

// TestNaiveRetryDuplicates is the control: without it the test might be blind.
func TestNaiveRetryDuplicates(t *testing.T) {
	t.Parallel()
	r := newRun(t, "sqlite", queue.Embedded, "1")
	r.noKills()
	r.approveSome(8)
	for _, p := range platformsUnder {
		r.world.fault(map[string]any{"platform": p, "op": "publish", "kind": "commit-then-drop", "count": 3})
	}
	r.settle()
	times := map[string]int{}
	doubled := 0
	for _, s := range r.world.posts() {
		if times[s.Platform+s.Text]++; times[s.Platform+s.Text] == 2 {
			doubled++
		}
	}
	if doubled == 0 {
		t.Error("a naive retry made no duplicates: this test cannot see any")
	}
	t.Logf("naive retry: %d duplicated", doubled)
}

// run is one combination: a world, an office, two workers that keep dying.
type run struct {
	t       *testing.T
	rand    *rand.Rand
	world   *world
	address string
	data    string
	redis   string
	naive   string
	points  points
	office  *office
	people  people
	kills   int
	plain   bool // posts without pictures
	workers []*worker
}

func newRun(t *testing.T, database string, bell queue.Mode, naive string) *run {
	s := seed(t)
	r := &run{t: t, rand: rand.New(rand.NewPCG(s, 1)), world: newWorld(t, int64(s>>1)), data: t.TempDir(), naive: naive}
	switch database {
	case "sqlite":
		r.address = dbtest.SQLite(t)
	default:
		r.address = dbtest.Postgres(t)
	}
	if bell == queue.External {
		_, socket := real.Redis(t)
		r.redis = "unix://" + socket
	}
	r.points = newPoints(t, r.data, wanted())
	var err error
	r.office, err = openOffice(t.Context(), r.address, r.data, quiet, asIs)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.office.db.Close() })
	r.people = r.seedPeople()
	t.Cleanup(r.stopWorkers)
	return r
}

func (r *run) noKills() {
	if err := os.RemoveAll(r.points.folder); err != nil {
		r.t.Fatal(err)
	}
}

// worker is one process.
type worker struct {
	cmd  *exec.Cmd
	in   io.WriteCloser
	dead chan struct{}
}

func (r *run) startWorker() *worker {
	r.t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), envWorker+"=1", envDB+"="+r.address, envData+"="+r.data, envRedis+"="+r.redis, envNaive+"="+r.naive)
	cmd.Stderr = &tail{t: r.t}
	in, err := cmd.StdinPipe()
	if err != nil {
		r.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	w := &worker{cmd: cmd, in: in, dead: make(chan struct{})}
	go func() { cmd.Wait(); close(w.dead) }()
	return w
}

// keepWorkers has two workers running; it counts those that died.
func (r *run) keepWorkers() {
	for i := range 2 {
		if len(r.workers) <= i {
			r.workers = append(r.workers, r.startWorker())
			continue
		}
		select {
		case <-r.workers[i].dead:
			r.kills++
			r.workers[i] = r.startWorker()
		default:
		}
	}
}

func (r *run) stopWorkers() {
	for _, w := range r.workers {
		w.in.Close()
		select {
		case <-w.dead:
		case <-time.After(15 * time.Second):
			w.cmd.Process.Kill()
			<-w.dead
		}
	}
	r.workers = nil
}

// faults that leave the outcome unclear, as each platform gives them.
func (r *run) makeTrouble() {
	p := platformsUnder[r.rand.IntN(len(platformsUnder))]
	kinds := []map[string]any{
		{"kind": "commit-then-drop"}, {"kind": "drop"}, {"kind": "5xx-html"}, {"kind": "5xx-html", "commit": true},
		{"kind": "slow", "ms": 600}, {"kind": "commit-then-drop"},
	}
	if p == "facebook" {
		kinds = append(kinds, map[string]any{"kind": "503-empty"}, map[string]any{"kind": "503-empty", "commit": true})
	}
	f := kinds[r.rand.IntN(len(kinds))]
	f["platform"], f["op"], f["count"] = p, "publish", 1
	r.world.fault(f)
}

// killEverywhere runs until every point was hit as often as wanted.
func (r *run) killEverywhere() {
	began, limit := time.Now(), 8*time.Minute
	if os.Getenv("KENTONGAN_SOAK") != "" {
		limit = 60 * time.Minute
	}
	shots := map[string]int{}
	for round := 0; ; round++ {
		r.keepWorkers()
		left := r.points.left()
		if len(left) == 0 && r.inFlightDone(shots) {
			break
		}
		if time.Since(began) > limit {
			r.t.Fatalf("after %v these points were not hit: %s; shots in flight %v", limit, strings.Join(left, ", "), shots)
		}
		if r.waiting() < 6 {
			r.approveSome(2)
		}
		r.makeTrouble()
		if round%3 == 0 {
			r.shootInFlight(shots)
		}
		if r.redis != "" && round%10 == 5 {
			r.flushRedis()
		}
		time.Sleep(80 * time.Millisecond)
	}
	r.t.Logf("%d processes died in %v", r.kills, time.Since(began).Round(time.Second))
}

func (r *run) inFlightDone(shots map[string]int) bool {
	for _, p := range platformsUnder {
		if shots[p] < wanted() {
			return false
		}
	}
	return true
}

// shootInFlight kills both workers while a platform is holding the answer to a
// post that it has taken.
func (r *run) shootInFlight(shots map[string]int) {
	for _, p := range platformsUnder {
		if shots[p] >= wanted() {
			continue
		}
		before := len(r.world.posts())
		r.world.fault(map[string]any{"platform": p, "op": "publish", "kind": "slow", "ms": 800, "count": 1})
		for range 20 {
			if now := r.world.posts(); len(now) > before && now[len(now)-1].Platform == p {
				for _, w := range r.workers {
					w.cmd.Process.Kill()
					<-w.dead
				}
				shots[p]++
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		return
	}
}

func (r *run) flushRedis() {
	bell, err := queue.OpenRedis(context.Background(), quiet, r.redis, "", "")
	if err != nil {
		r.t.Fatal(err)
	}
	defer bell.Close()
	if err := bell.Flush(context.Background()); err != nil {
		r.t.Fatal(err)
	}
}

// everyApprovedPostOnce compares what was approved with what is on the
// platforms.
func (r *run) everyApprovedPostOnce() {
	on := map[string][]seen{}
	for _, s := range r.world.posts() {
		if !s.Deleted {
			on[s.Platform+"|"+s.Text] = append(on[s.Platform+"|"+s.Text], s)
		}
	}
	threaded, parts := r.threaded(), 0
	for _, a := range r.people.approved {
		for _, p := range platformsUnder {
			if a.part != "" && threaded[p] {
				parts++
				r.partOnce(on, p, a)
			}
			key := p + "|" + a.text
			switch got := on[key]; {
			case len(got) != 1:
				r.t.Errorf("%q is %d times on %s", a.text, len(got), p)
			case got[0].At.Before(a.due.Truncate(time.Microsecond)):
				r.t.Errorf("%q was on %s %v early", a.text, p, a.due.Sub(got[0].At))
			case a.pictures != len(got[0].Media):
				r.t.Errorf("%q has %d pictures on %s, want %d", a.text, len(got[0].Media), p, a.pictures)
			}
			delete(on, key)
		}
	}
	for key := range on {
		r.t.Errorf("on a platform without approval: %s", key)
	}
	if s := r.states(); s != fmt.Sprintf("published:%d", len(r.people.approved)*len(platformsUnder)+parts) {
		r.t.Errorf("deliveries stand at %s", s)
	}
	r.t.Logf("%d posts approved, each once on %d platforms, %d continuations below them", len(r.people.approved), len(platformsUnder), parts)
}

// partOnce says whether a continuation is there once, below its own post.
func (r *run) partOnce(on map[string][]seen, p string, a approval) {
	key, post := p+"|"+a.part, on[p+"|"+a.text]
	switch got := on[key]; {
	case len(got) != 1:
		r.t.Errorf("%q is %d times on %s", a.part, len(got), p)
	case len(post) != 1 || got[0].Below != post[0].ID:
		r.t.Errorf("%q stands below %q on %s, not below its post", a.part, got[0].Below, p)
	}
	delete(on, key)
}

// tail passes a worker's log on to the test's.
type tail struct{ t *testing.T }

func (w *tail) Write(b []byte) (int, error) {
	if os.Getenv("KENTONGAN_VERBOSE") != "" {
		fmt.Fprintf(os.Stderr, "%s: %s", filepath.Base(w.t.Name()), b)
	}
	return len(b), nil
}
