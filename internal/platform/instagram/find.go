package instagram

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/safehttp"
)

// pages bound one look: a thousand media objects or comments.
const pages = 20

// Find implements platform.Connector: the container says whether it was
// published; the account's media say as what.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if graph.Direct(at.Out) {
		return c.inbox.Find(ctx, a, at)
	}
	if at.Out.InReplyTo != "" {
		return c.findAnswer(ctx, a, at)
	}
	certain := false
	if id := noted(at.Out, at.Notes); id != "" {
		code, _, err := c.state(ctx, a, id)
		switch {
		case graph.Gone(err): // forgotten by Instagram: the list must tell
		case err != nil:
			return platform.Finding{}, err
		case unpublished(code):
			return platform.Finding{Complete: true}, nil
		case code == published:
			certain = true
		default:
			// A state that we do not know decides nothing.
			return platform.Finding{}, &platform.Unclear{Status: http.StatusOK, Said: "unknown state of the container: " + safehttp.Said([]byte(code))}
		}
	}
	var seen []platform.Seen
	var from time.Time
	older := false
	want := platform.Fold(platform.Compose(at.Out))
	whole, err := graph.Walk(ctx, c.api, a, graph.Edge{
		Path: []string{a.RemoteID, "media"}, Params: url.Values{"fields": {mediaFields}, "limit": {"50"}}, Pages: pages,
	}, func(page []media, h http.Header) bool {
		if from.IsZero() {
			from = platform.WindowStart(at, h, time.Now())
		}
		enough := false
		for _, m := range page {
			if m.Moment().Before(from) {
				enough = true
				older = older || platform.Fold(m.Caption) == want
			}
			seen = append(seen, platform.Seen{RemoteID: m.ID, URL: m.Permalink, Text: m.Caption, At: m.Moment(), Media: m.files()})
		}
		return enough
	})
	if err != nil {
		return platform.Finding{}, err
	}
	f := platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: whole}
	if certain && len(f.Receipts) == 0 && !older {
		f.Complete = false // it is public and the list does not have it yet
	}
	return f, nil
}

// findAnswer looks where the answer stands: below our post, or below the
// comment of the first level that was answered.
func (c *Connector) findAnswer(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	path := []string{at.Out.InReplyTo, "comments"}
	if media, named := strings.CutPrefix(at.Out.Thread, mentioned); named {
		return c.findMention(ctx, a, at, media)
	}
	if at.Out.InReplyTo != at.Out.Thread {
		top, err := c.top(ctx, a, at.Out.InReplyTo)
		if graph.Gone(err) {
			return platform.Finding{Complete: true}, nil // the question is gone, and its answers with it
		}
		if err != nil {
			return platform.Finding{}, err
		}
		path = []string{top, "replies"}
	}
	var seen []platform.Seen
	var from time.Time
	whole, err := graph.Walk(ctx, c.api, a, graph.Edge{Path: path, Params: url.Values{"fields": {replyFields}, "limit": {"50"}}, Pages: pages},
		func(page []comment, h http.Header) bool {
			if from.IsZero() {
				from = platform.WindowStart(at, h, time.Now())
			}
			for _, r := range page {
				if r.ours(a) {
					seen = append(seen, platform.Seen{RemoteID: r.ID, URL: "https://www.instagram.com/" + a.Handle + "/", Text: r.Text, InReplyTo: at.Out.InReplyTo, At: r.Moment(), Media: -1})
				}
			}
			return false
		})
	if graph.Gone(err) {
		return platform.Finding{Complete: true}, nil
	}
	if err != nil {
		return platform.Finding{}, err
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: whole}, nil
}

// findMention: what we wrote below somebody else's post cannot be listed by
// us, so a look is never complete; a person decides.
func (c *Connector) findMention(context.Context, platform.Account, platform.Attempt, string) (platform.Finding, error) {
	return platform.Finding{}, nil
}

// top is the comment of the first level that id is below, or is: Instagram has
// two levels, and an answer to the second hangs below the first.
func (c *Connector) top(ctx context.Context, a platform.Account, id string) (string, error) {
	var r comment
	if _, err := c.api.Get(ctx, a, &r, url.Values{"fields": {"id,parent_id"}}, id); err != nil {
		return "", err
	}
	if r.Parent != "" {
		return r.Parent, nil
	}
	return id, nil
}
