package kill

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// Between every pair of steps of DESIGN §4 a worker dies at least this often
// in each combination; `make soak` sets KENTONGAN_SOAK and asks for more.
func wanted() int {
	if os.Getenv("KENTONGAN_SOAK") != "" {
		return 20
	}
	return 2
}

var (
	queuePoints    = []string{"queue/marked", "queue/rung", "queue/woken"}
	deliverySteps  = []string{"claimed", "staged", "gated", "answered", "recorded", "find.claimed", "found", "find.recorded"}
	platformsUnder = under()
)

// under are the platforms whose workers die. `make soak` adds one with a key of
// our own choosing and one more that must be read back.
func under() []string {
	all := []string{"mastodon", "x", "facebook"}
	if os.Getenv("KENTONGAN_SOAK") != "" || os.Getenv("KENTONGAN_KILL_ALL") != "" {
		all = append(all, "bluesky", "linkedin")
	}
	return all
}

// allPoints are those a worker can end itself at. "in flight" is hit from
// outside: see sniper.
func allPoints() []string {
	all := append([]string(nil), queuePoints...)
	for _, p := range platformsUnder {
		for _, s := range deliverySteps {
			all = append(all, p+"/"+s)
		}
		all = append(all, p+"/noted") // between two invisible preparations
	}
	return all
}

func fileOf(point string) string { return strings.ReplaceAll(point, "/", "_") }

// points is the folder of what is still to be hit: a file for each time.
type points struct{ folder string }

func newPoints(t *testing.T, data string, times int) points {
	t.Helper()
	p := points{filepath.Join(data, "points")}
	for _, point := range allPoints() {
		folder := filepath.Join(p.folder, fileOf(point))
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		for n := range times {
			if err := os.WriteFile(filepath.Join(folder, strconv.Itoa(n)), nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	return p
}

// left lists what is still to be hit.
func (p points) left() (all []string) {
	for _, point := range allPoints() {
		if rest, _ := os.ReadDir(filepath.Join(p.folder, fileOf(point))); len(rest) > 0 {
			all = append(all, point)
		}
	}
	return all
}
