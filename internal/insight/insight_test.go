package insight

import (
	"testing"
	"time"

	"kentongan/internal/platform"
)

func TestMedianIsTheMiddle(t *testing.T) {
	for name, c := range map[string]struct {
		all  []time.Duration
		want time.Duration
	}{
		"of none":  {nil, 0},
		"of one":   {[]time.Duration{7}, 7},
		"of three": {[]time.Duration{9, 1, 5}, 5},
		"of four":  {[]time.Duration{9, 1, 5, 7}, 6},
	} {
		if got := median(c.all); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestAPostIsMeasuredAtItsTimesAndThenLeftAlone(t *testing.T) {
	published := time.Date(2026, 11, 23, 2, 0, 0, 0, time.UTC)
	for name, c := range map[string]struct {
		after time.Duration
		want  time.Duration // after publication; 0: never again
	}{
		"after an hour comes the day": {time.Hour, 24 * time.Hour},
		"late for the hour":           {3 * time.Hour, 24 * time.Hour},
		"after a day comes the week":  {25 * time.Hour, 7 * 24 * time.Hour},
		"after the week":              {7 * 24 * time.Hour, 0},
		"an outage of two weeks":      {14 * 24 * time.Hour, 0},
		"rung before the first":       {time.Minute, time.Hour},
	} {
		at, ok := next(UsualCadence(), published, published.Add(c.after))
		if ok != (c.want > 0) || ok && at.Sub(published) != c.want {
			t.Errorf("%s: %v, %v", name, at.Sub(published), ok)
		}
	}
}

func TestFiguresTellReachFromReactions(t *testing.T) {
	var f Figures
	f.add(platform.Counts{"views": 900, "likes": 12, "replies": 3})
	f.add(platform.Counts{"likes": 5, "shares": 1})
	if f.Reach != 900 || !f.HasReach || f.Reactions != 21 || f.ByName["likes"] != 17 {
		t.Errorf("%+v", f)
	}
	if f = (Figures{}); f.HasReach {
		t.Error("nothing was told")
	}
}
