package threads

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/safehttp"
)

var (
	errNotStaged = errors.New("no container staged")
	errNotReady  = errors.New("the container is not ready to be published")
)

// pages bound one look: a thousand posts.
const pages = 20

func safe(said string) string { return safehttp.Said([]byte(said)) }

// Publish implements platform.Connector. POST /me/threads_publish, after the
// container said that it is ready and was not published before.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	id := noted(out, n)
	if id == "" {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	status, said, err := c.state(ctx, a, id)
	switch {
	case err != nil:
		return platform.Receipt{}, graph.Before(err)
	case status == published:
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "this container was published before", Duplicate: true}
	case status == failed:
		return platform.Receipt{}, broken(said)
	case status != finished:
		return platform.Receipt{}, &platform.NotSent{Err: errNotReady}
	}
	var made graph.ID
	answer, err := c.api.Post(ctx, a, &made, url.Values{"creation_id": {id}}, "me", "threads_publish")
	if graph.Gone(err) && out.InReplyTo != "" {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if err := made.Named(); err != nil {
		return platform.Receipt{}, err
	}
	r := platform.Receipt{RemoteID: made.ID, URL: profilePage(a.Handle), At: graph.Served(answer.Header)}
	var p post
	// The address is a courtesy: the post is out.
	if _, err := c.api.Get(ctx, a, &p, url.Values{"fields": {"id,permalink"}}, made.ID); err == nil && p.Permalink != "" {
		r.URL = p.Permalink
	}
	return r, nil
}

// Find implements platform.Connector: the container says whether it was
// published; our own posts, or replies, say as what.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	certain := false
	if id := noted(at.Out, at.Notes); id != "" {
		status, _, err := c.state(ctx, a, id)
		switch {
		case graph.Gone(err): // forgotten by Threads: the list must tell
		case err != nil:
			return platform.Finding{}, err
		case unpublished(status):
			return platform.Finding{Complete: true}, nil
		case status == published:
			certain = true
		default:
			// A state that we do not know decides nothing.
			return platform.Finding{}, &platform.Unclear{Status: http.StatusOK, Said: "unknown state of the container: " + safehttp.Said([]byte(status))}
		}
	}
	edge, fields := "threads", postFields
	if at.Out.InReplyTo != "" {
		edge, fields = "replies", replyFields
	}
	var seen []platform.Seen
	var from time.Time
	older := false
	want := platform.Fold(platform.Compose(at.Out))
	whole, err := graph.Walk(ctx, c.api, a, graph.Edge{
		Path: []string{"me", edge}, Params: url.Values{"fields": {fields}, "limit": {"50"}}, Pages: pages,
	}, func(page []post, h http.Header) bool {
		if from.IsZero() {
			from = platform.WindowStart(at, h, time.Now())
		}
		enough := false
		for _, p := range page {
			if p.Moment().Before(from) {
				enough = true
				older = older || platform.Fold(p.Text) == want
			}
			seen = append(seen, platform.Seen{RemoteID: p.ID, URL: p.Permalink, Text: p.Text, InReplyTo: p.Replied.ID, At: p.Moment(), Media: p.files()})
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
