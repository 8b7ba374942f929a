package youtube

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
)

// pages bound one look at a list.
const pages = 20

// Find implements platform.Connector. A film is asked by its id: it is public
// or it is not. Answers are read back below the comment that they answer.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	switch {
	case at.Out.InReplyTo != "":
		return c.findAnswer(ctx, a, at)
	case at.Notes != nil && at.Notes.Value(noteVideo) != "":
		return c.findFilm(ctx, a, at.Notes.Value(noteVideo))
	}
	return c.findUpload(ctx, a, at)
}

func (c *Connector) findFilm(ctx context.Context, a platform.Account, id string) (platform.Finding, error) {
	v, _, err := c.film(ctx, a, id)
	if gone(err) {
		return platform.Finding{Complete: true}, nil
	}
	if err != nil {
		return platform.Finding{}, err
	}
	switch v.Status.Privacy {
	case "public":
		// It is ours by its id, whatever YouTube or a person made of its words.
		return platform.Finding{Receipts: []platform.Receipt{receipt(v)}, Complete: true}, nil
	case "private", "unlisted":
		return platform.Finding{Complete: true}, nil
	}
	return platform.Finding{}, &platform.Unclear{Status: http.StatusOK, Said: "unknown state of the film"}
}

// findUpload looks through the channel's uploads: for an attempt whose notes
// are lost. Without its note an upload was never made public by us, so this
// look is a second look, not the first.
func (c *Connector) findUpload(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var seen []platform.Seen
	var from time.Time
	token := ""
	for n := range pages {
		page, header, err := c.uploaded(ctx, a, token)
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, header, time.Now())
		}
		whole := page.Next == ""
		for _, i := range page.Items {
			// The list is by upload; a film can be uploaded long before it is
			// public, but not after.
			if i.public() {
				seen = append(seen, platform.Seen{RemoteID: i.Content.VideoID, URL: watch(i.Content.VideoID, ""), Text: i.text(), At: i.at(), Media: 1})
			}
		}
		if token = page.Next; whole || n == 3 {
			return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: true}, nil
		}
	}
	return platform.Finding{}, nil
}

// findAnswer reads everything below what was answered.
func (c *Connector) findAnswer(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	var seen []platform.Seen
	var from time.Time
	token := ""
	for n := range pages {
		list, next, header, err := c.below(ctx, a, at.Out.InReplyTo, token)
		if gone(err) {
			return platform.Finding{Complete: true}, nil // what was answered is gone, and all below it
		}
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, header, time.Now())
		}
		whole := next == ""
		for _, m := range list {
			// Comments on a film come newest first; answers in no order that is promised.
			whole = whole || isVideo(at.Out.InReplyTo) && m.Snippet.PublishedAt.Before(from)
			if m.Snippet.Author.Value == a.RemoteID {
				seen = append(seen, platform.Seen{RemoteID: m.ID, URL: watch(m.Snippet.VideoID, m.ID), Text: m.text(), InReplyTo: at.Out.InReplyTo, At: m.Snippet.PublishedAt.UTC(), Media: -1})
			}
		}
		if token = next; whole {
			return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold), Complete: true}, nil
		}
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, platform.Fold)}, nil
}

// below reads a page of comments on a film, or of answers to a comment.
func (c *Connector) below(ctx context.Context, a platform.Account, parent, token string) ([]comment, string, http.Header, error) {
	if !isVideo(parent) {
		return c.answers(ctx, a, top(parent), token)
	}
	query := url.Values{"part": {"snippet"}, "videoId": {parent}, "order": {"time"}, "maxResults": {"100"}, "textFormat": {"plainText"}}
	list, header, err := c.threads(ctx, a, query, token)
	var all []comment
	for _, t := range list.Items {
		all = append(all, t.Snippet.Top)
	}
	return all, list.Next, header, err
}
