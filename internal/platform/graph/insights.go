package graph

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
)

type insight struct {
	Name   string `json:"name"`
	Values []struct {
		Value int64 `json:"value"`
	} `json:"values"`
	Total *struct {
		Value int64 `json:"value"`
	} `json:"total_value"`
}

// Insights reads figures of one thing into counts; names are ours -> Meta's.
// Meta withdraws metrics, and one that is gone refuses the whole call: then
// they are asked one by one, and what is gone stays out.
func Insights(ctx context.Context, g API, a platform.Account, id string, names map[string]string, counts platform.Counts) error {
	ours := map[string]string{}
	for our, their := range names {
		ours[their] = our
	}
	all := slices.Sorted(maps.Keys(ours))
	ask := func(metrics ...string) error {
		var l List[insight]
		if _, err := g.Get(ctx, a, &l, url.Values{"metric": {strings.Join(metrics, ",")}}, id, "insights"); err != nil {
			return err
		}
		for _, i := range l.Data {
			if our := ours[i.Name]; our != "" && i.Total != nil {
				counts[our] = i.Total.Value
			} else if our != "" && len(i.Values) > 0 {
				counts[our] = i.Values[len(i.Values)-1].Value
			}
		}
		return nil
	}
	err := ask(all...)
	if !dead(err) || Gone(err) {
		return err
	}
	for _, metric := range all {
		if err := ask(metric); err != nil && !dead(err) {
			return err
		}
	}
	return nil
}

// dead says that a metric, or the thing measured, is not there for us.
func dead(err error) bool {
	r := platform.AsRefusal(err)
	return r != nil && !r.Auth && !r.Block
}

// Aging says that a token of sixty days should be renewed.
func Aging(t platform.Token, now time.Time) bool {
	return !t.Expires.IsZero() && now.Add(10*24*time.Hour).After(t.Expires)
}

// Versions of the Graph API and their ends.
// https://developers.facebook.com/docs/graph-api/changelog/versions
func Versions() []platform.Version {
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	return []platform.Version{
		{Name: "v26.0"}, // of 29 July 2026; its end is not announced
		{Name: "v25.0", Ends: day(2028, time.July, 29)},
		{Name: "v24.0", Ends: day(2028, time.February, 18)},
		{Name: "v21.0", Ends: day(2027, time.January, 21)},
	}
}
