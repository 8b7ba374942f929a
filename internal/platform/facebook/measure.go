package facebook

import (
	"context"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// Measure implements platform.Measurer. The counters of a post's own fields are
// stable; most of the insights metrics were withdrawn in 2025.
// https://developers.facebook.com/docs/platforminsights/page/deprecated-metrics
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for _, id := range remoteIDs {
		result, _, err := c.api(ctx, a, fb.GET, escape(id), fb.Params{"fields": "shares,reactions.summary(total_count).limit(0),comments.summary(true).limit(0)"})
		if r := platform.AsRefusal(err); r != nil && (r.Code == "platform.not_found" || r.Code == "platform.invalid") {
			continue
		}
		if err != nil {
			return all, err
		}
		counts := platform.Counts{"shares": 0} // left out by the platform while there is none
		for name, field := range map[string]string{"shares": "shares.count", "likes": "reactions.summary.total_count", "replies": "comments.summary.total_count"} {
			var n int64
			if result.DecodeField(field, &n) == nil {
				counts[name] = n
			}
		}
		if err := graph.Insights(ctx, c.graph, a, id, map[string]string{"views": "post_media_view", "reach": "post_total_media_view_unique"}, counts); err != nil && !graph.Gone(err) {
			return all, err
		}
		all[id] = counts
	}
	return all, nil
}
