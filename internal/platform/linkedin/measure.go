package linkedin

import (
	"context"
	"net/url"
	"strings"

	"kentongan/internal/platform"
)

// Measure implements platform.Measurer.
// GET /rest/organizationalEntityShareStatistics?shares=List(…)&ugcPosts=List(…)
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for len(remoteIDs) > 0 {
		n := min(len(remoteIDs), 50)
		if err := c.measure(ctx, a, remoteIDs[:n], all); err != nil {
			return all, err
		}
		remoteIDs = remoteIDs[n:]
	}
	return all, nil
}

func (c *Connector) measure(ctx context.Context, a platform.Account, ids []string, into map[string]platform.Counts) error {
	lists := map[string][]string{}
	for _, id := range ids {
		for name, prefix := range map[string]string{"shares": "urn:li:share:", "ugcPosts": "urn:li:ugcPost:"} {
			if strings.HasPrefix(id, prefix) {
				lists[name] = append(lists[name], url.QueryEscape(id))
			}
		}
	}
	if len(lists) == 0 {
		return nil
	}
	query := "q=organizationalEntity&organizationalEntity=" + url.QueryEscape(a.RemoteID) + "&count=100"
	for name, list := range lists {
		query += "&" + name + "=List(" + strings.Join(list, ",") + ")"
	}
	var page struct {
		Elements []struct {
			Share string `json:"share"`
			UGC   string `json:"ugcPost"`
			Total struct {
				Likes    int64 `json:"likeCount"`
				Shares   int64 `json:"shareCount"`
				Comments int64 `json:"commentCount"`
				Views    int64 `json:"impressionCount"`
				Clicks   int64 `json:"clickCount"`
			} `json:"totalShareStatistics"`
		} `json:"elements"`
	}
	if err := c.get(ctx, a, &page, "organizationalEntityShareStatistics", query); err != nil {
		return err
	}
	for _, e := range page.Elements {
		if id := e.Share + e.UGC; id != "" {
			// An undone like can make a count negative for a while.
			t := e.Total
			into[id] = platform.Counts{"likes": max(t.Likes, 0), "shares": max(t.Shares, 0), "replies": max(t.Comments, 0), "views": max(t.Views, 0), "clicks": max(t.Clicks, 0)}
		}
	}
	return nil
}
