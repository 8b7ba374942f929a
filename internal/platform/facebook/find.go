package facebook

import (
	"context"
	"maps"
	"net/http"
	"time"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// pages bound one look: 1,000 posts or comments.
const pages = 10

// page reads one page of a list: its first one, or the one more leads to.
func (c *Connector) page(ctx context.Context, a platform.Account, path string, params, more fb.Params) (list, fb.Params, http.Header, error) {
	// The library writes into what it is given.
	query := fb.Params{}
	maps.Copy(query, params)
	maps.Copy(query, more)
	_, answer, err := c.api(ctx, a, fb.GET, path, query)
	if err != nil {
		return list{}, nil, answer.Header, err
	}
	l, more, err := readList(answer)
	return l, more, answer.Header, err
}

// Find implements platform.Connector. A post is looked for among the page's
// published posts, an answer among the comments below what it answers.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if graph.Direct(at.Out) {
		return c.inbox.Find(ctx, a, at)
	}
	if at.Out.InReplyTo != "" {
		return c.findAnswer(ctx, a, at)
	}
	var seen []platform.Seen
	var from time.Time
	var more fb.Params
	// No "since": Facebook's clock is read from the first answer, and its posts
	// come newest first.
	params := fb.Params{"fields": "id,message,created_time,permalink_url,attachments{media_type,subattachments{media_type}}", "limit": "25"}
	for n := range pages {
		l, next, header, err := c.page(ctx, a, escape(a.RemoteID, "published_posts"), params, more)
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, header, time.Now())
		}
		whole := next == nil
		for _, p := range l.Data {
			whole = whole || p.Created.Before(from)
			seen = append(seen, platform.Seen{RemoteID: p.ID, URL: p.address(), Text: p.Message, At: p.Created.Time, Media: p.pictures()})
		}
		if more = next; whole {
			found := c.matching(at, from, seen)
			return platform.Finding{Receipts: found, Complete: len(found) > 0 || !working(at, time.Now())}, nil
		}
	}
	return platform.Finding{Receipts: c.matching(at, from, seen)}, nil
}

// working says that Facebook may still be at a film, which stands on the page
// only when it has been worked through: until then its absence proves nothing.
func working(at platform.Attempt, now time.Time) bool {
	return film(at.Out) && now.Sub(at.Started) < filmTime
}

// filmTime is how long Facebook works at a film at most, as we assume.
const filmTime = 20 * time.Minute

// matching compares with the message as sent: the link is not in it.
func (c *Connector) matching(at platform.Attempt, from time.Time, seen []platform.Seen) []platform.Receipt {
	at.Out.Text, at.Out.Link = message(at.Out), ""
	return platform.Matching(at, from, seen, platform.Fold)
}

// findAnswer looks below the message answered. Facebook hangs an answer to a
// second-level comment below the first-level one, so what stands there is
// ours to the same question whatever parent it names.
func (c *Connector) findAnswer(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var seen []platform.Seen
	var from time.Time
	var more fb.Params
	complete := true
	params := fb.Params{"fields": "id,from,message,created_time,permalink_url,parent", "filter": "stream", "order": "reverse_chronological", "limit": "100"}
	for n := range pages {
		l, next, header, err := c.page(ctx, a, escape(at.Out.InReplyTo, "comments"), params, more)
		if r := platform.AsRefusal(err); r != nil && r.Code == "platform.not_found" {
			// The question is gone, and its answers with it.
			return platform.Finding{Complete: true}, nil
		}
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, header, time.Now())
		}
		whole := next == nil
		for _, p := range l.Data {
			whole = whole || p.Created.Before(from)
			if p.From == nil && platform.Fold(p.Message) == platform.Fold(message(at.Out)) {
				complete = false // it may be ours: the token may not see authors
			}
			if p.ours(a) {
				seen = append(seen, platform.Seen{RemoteID: p.ID, URL: p.address(), Text: p.Message, InReplyTo: at.Out.InReplyTo, At: p.Created.Time, Media: -1})
			}
		}
		if more = next; whole {
			return platform.Finding{Receipts: c.matching(at, from, seen), Complete: complete}, nil
		}
	}
	return platform.Finding{Receipts: c.matching(at, from, seen)}, nil
}
