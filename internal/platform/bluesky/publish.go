package bluesky

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// put is com.atproto.repo.putRecord's input.
type put struct {
	Repo       string          `json:"repo"`
	Collection string          `json:"collection"`
	Key        string          `json:"rkey"`
	Record     json.RawMessage `json:"record"`
}

// Publish implements platform.Connector: com.atproto.repo.putRecord with the
// frozen record. createRecord would answer a key that exists with a 500.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	if direct(out) {
		return c.publishDirect(ctx, a, out, n)
	}
	raw, key := n.Value(noteRecord), n.Value(noteKey)
	if raw == "" || key == "" {
		return platform.Receipt{}, notStaged()
	}
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(a.BaseURL, "xrpc", "com.atproto.repo.putRecord"), put{a.RemoteID, posts, key, json.RawMessage(raw)})
	if err != nil {
		return platform.Receipt{}, err
	}
	var made ref
	answer, err := c.call(ctx, a, req, &made)
	if err != nil {
		if complaintOf(answer.Body).Name == "BlobNotFound" {
			return platform.Receipt{}, c.unstage(ctx, out, n)
		}
		return platform.Receipt{}, err
	}
	at, ok := parseAddress(made.URI)
	if !ok || made.CID == "" || at.rkey != key {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no address"}
	}
	return platform.Receipt{RemoteID: made.URI, URL: at.page(a.Handle), At: post{Created: n.Value(noteCreated)}.at(time.Now())}, nil
}

// unstage forgets uploads that the server has thrown away: it keeps what no
// record names for some hours only. Nothing was written, the key stays.
func (c *Connector) unstage(ctx context.Context, out platform.Outgoing, n platform.Notes) error {
	for _, m := range out.Media {
		for _, name := range []string{m.Key, m.Key + ".job", m.Key + ".upload"} {
			if n.Value(name) != "" {
				if err := n.Save(ctx, name, ""); err != nil {
					return err
				}
			}
		}
	}
	if err := n.Save(ctx, noteRecord, ""); err != nil {
		return err
	}
	return notStaged()
}

// seen is a record of ours as a read-back compares it.
func (p post) seen(at address, handle string, from time.Time) platform.Seen {
	s := platform.Seen{RemoteID: at.String(), URL: at.page(handle), Text: p.plain(), InReplyTo: p.reply().Parent.URI, At: p.at(from)}
	s.Media = len(slices.DeleteFunc(p.embed().files(), func(kind string) bool { return kind == "file" }))
	return s
}

// Find implements platform.Connector. The key was ours to choose and was noted
// before anything left, so one look at it is the whole truth.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if direct(at.Out) {
		return c.findDirect(ctx, a, at)
	}
	if at.Notes == nil || at.Notes.Value(noteKey) == "" {
		return c.findAmong(ctx, a, at)
	}
	where := address{a.RemoteID, posts, at.Notes.Value(noteKey)}
	var p struct {
		CID   string `json:"cid"`
		Value *post  `json:"value"`
	}
	err := c.record(ctx, a, where, &p)
	switch {
	case gone(err):
		return platform.Finding{Complete: true}, nil
	case err != nil:
		return platform.Finding{}, err
	case p.Value == nil || p.CID == "":
		return platform.Finding{}, &platform.Unclear{Said: "a record without a version"}
	}
	s := p.Value.seen(where, a.Handle, at.Started)
	// Its time is when it was staged, perhaps long before this attempt; that it
	// is this attempt's is told by the key.
	written := s.At
	s.At = at.Started
	found := platform.Matching(at, at.Started, []platform.Seen{s}, platform.Fold)
	for i := range found {
		found[i].At = written
	}
	return platform.Finding{Receipts: found, Complete: true}, nil
}

// Bounds of one look without a key: 2,000 records.
const (
	pageSize = 100
	maxPages = 20
)

// findAmong looks for an attempt whose notes are lost (a restored backup)
// among our newest records.
func (c *Connector) findAmong(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	from := at.Started.Add(-platform.Margin)
	var all []platform.Seen
	whole := false
	cursor := ""
	for n := 0; n < maxPages && !whole; n++ {
		list, next, err := c.records(ctx, a, posts, cursor)
		if err != nil {
			return platform.Finding{}, err
		}
		older := 0
		for _, r := range list {
			where, ok := parseAddress(r.URI)
			var p post
			if !ok || json.Unmarshal(r.Value, &p) != nil {
				continue
			}
			if s := p.seen(where, a.Handle, from); s.At.Before(from) {
				older++
			} else {
				all = append(all, s)
			}
		}
		// Keys grow with time, but other programs may choose them otherwise: a
		// whole page of older ones is the end.
		whole = next == "" || older > 0 && older == len(list)
		cursor = next
	}
	slices.SortFunc(all, func(x, y platform.Seen) int { return strings.Compare(x.RemoteID, y.RemoteID) })
	return platform.Finding{Receipts: platform.Matching(at, from, all, platform.Fold), Complete: whole}, nil
}
