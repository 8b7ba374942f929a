package moderation

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fact is one line of the public account as the trail keeps it: what was done
// to how many messages, under which clause, on which platform. It holds no
// message and no citizen.
type Fact struct {
	Count
	Waited time.Duration // from receiving the first of them to deciding, in minutes
}

// The trail keeps facts behind the case number, between these.
const (
	factsOpen, factsEnd = "{", "}"
	factsApart          = "; "
	noClause            = "-"
)

// writeFacts is how facts stand in an audit row: "{hidden 3.4 facebook person
// 12 35m; …}". People can read it in the trail.
func writeFacts(all []Fact) string {
	if len(all) == 0 {
		return ""
	}
	var lines []string
	for _, f := range all {
		clause := f.Clause
		if clause == "" {
			clause = noClause
		}
		lines = append(lines, fmt.Sprintf("%s %s %s %s %d %dm", f.Measure, clause, f.Place, f.By, f.N, int64(max(f.Waited, 0)/time.Minute)))
	}
	slices.Sort(lines)
	return factsOpen + strings.Join(lines, factsApart) + factsEnd
}

// readFacts reads the facts of an audit row; ok is false when there are none,
// or when any of them cannot be read: half a row is no ground for an account.
func readFacts(detail string) (all []Fact, ok bool) {
	_, rest, found := strings.Cut(detail, factsOpen)
	inside, after, closed := strings.Cut(rest, factsEnd)
	if !found || !closed || after != "" {
		return nil, false
	}
	for line := range strings.SplitSeq(inside, factsApart) {
		f, ok := readFact(strings.Split(line, " "))
		if !ok {
			return nil, false
		}
		all = append(all, f)
	}
	return all, true
}

func readFact(w []string) (f Fact, ok bool) {
	if len(w) != 6 || w[1] == "" || w[2] == "" {
		return f, false
	}
	f.Measure, f.Clause, f.Place, f.By = w[0], w[1], w[2], w[3]
	if f.Clause == noClause {
		f.Clause = ""
	}
	var err error
	if f.N, err = strconv.ParseInt(w[4], 10, 64); err != nil || f.N < 1 || f.N > 1_000_000_000 {
		return f, false
	}
	minutes, err := strconv.ParseInt(strings.TrimSuffix(w[5], "m"), 10, 64)
	if err != nil || minutes < 0 || minutes > 100_000_000 || !strings.HasSuffix(w[5], "m") {
		return f, false
	}
	f.Waited = time.Duration(minutes) * time.Minute
	return f, slices.Contains(measures(), f.Measure) && (f.By == ByPerson || f.By == ByProgram)
}

func measures() []string {
	return []string{MeasureHidden, MeasureCorrected, MeasureWarned, MeasureBlocked, MeasureObjection}
}

// measureOf is the measure that an act counts under; "" for acts that take
// nothing from a citizen and give nothing back. What an objection restored is
// counted with the objection, once.
func measureOf(a Act, afterObjection bool) string {
	switch {
	case a == Hide, a == Remove:
		return MeasureHidden
	case a == Warn:
		return MeasureWarned
	case a == Block:
		return MeasureBlocked
	case a == Restore && !afterObjection:
		return MeasureCorrected
	}
	return ""
}

// Median of durations; ok is false below the least number that is told: of
// fewer, the middle one is somebody's own.
func Median(all []time.Duration) (m time.Duration, ok bool) {
	if len(all) < SmallestTold {
		return 0, false
	}
	s := slices.Sorted(slices.Values(all))
	if n := len(s); n%2 == 0 {
		return s[n/2-1] + (s[n/2]-s[n/2-1])/2, true
	}
	return s[len(s)/2], true
}

// addCounts puts facts into one list of counts, equal lines summed, in one order.
func addCounts(all []Count) []Count {
	sum := map[Count]int64{}
	for _, c := range all {
		n := c.N
		c.N = 0
		sum[c] += n
	}
	var out []Count
	for c, n := range sum {
		c.N = n
		out = append(out, c)
	}
	slices.SortFunc(out, func(a, b Count) int {
		return strings.Compare(a.Measure+"\x00"+a.Clause+"\x00"+a.Place+"\x00"+a.By, b.Measure+"\x00"+b.Clause+"\x00"+b.Place+"\x00"+b.By)
	})
	return out
}
