package instagram

import (
	"context"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// insights are asked for by these names; ours on the left.
func insights() map[string]string {
	return map[string]string{"views": "views", "reach": "reach", "shares": "shares", "saves": "saved"}
}

// Measure implements platform.Measurer.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for _, id := range remoteIDs {
		var m media
		_, err := c.api.Get(ctx, a, &m, url.Values{"fields": {"id,like_count,comments_count"}}, id)
		if r := platform.AsRefusal(err); r != nil && (graph.Gone(err) || r.Code == "platform.invalid") {
			continue
		}
		if err != nil {
			return all, err
		}
		counts := platform.Counts{}
		for name, n := range map[string]*int64{"likes": m.Likes, "replies": m.Comments} {
			if n != nil {
				counts[name] = *n
			}
		}
		if err := graph.Insights(ctx, c.api, a, id, insights(), counts); err != nil {
			return all, err
		}
		all[id] = counts
	}
	return all, nil
}

// Quota implements platform.Quoter: Meta's pages disagree on the number (25,
// 50, 100), so it is read. GET /{ig}/content_publishing_limit
func (c *Connector) Quota(ctx context.Context, a platform.Account) ([]platform.Allowance, error) {
	var l graph.List[struct {
		Used   int64 `json:"quota_usage"`
		Config struct {
			Total    int64 `json:"quota_total"`
			Duration int64 `json:"quota_duration"`
		} `json:"config"`
	}]
	if _, err := c.api.Get(ctx, a, &l, url.Values{"fields": {"quota_usage,config"}}, a.RemoteID, "content_publishing_limit"); err != nil {
		return nil, err
	}
	if len(l.Data) == 0 || l.Data[0].Config.Total == 0 {
		return nil, nil
	}
	q := l.Data[0]
	return []platform.Allowance{{Name: "posts", Used: q.Used, Limit: q.Config.Total, Window: time.Duration(q.Config.Duration) * time.Second}}, nil
}

func scopes() []string {
	return strings.Fields("instagram_business_basic instagram_business_content_publish instagram_business_manage_comments instagram_business_manage_messages instagram_business_manage_insights")
}
