package x

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

var (
	errNotStaged      = errors.New("media not staged")
	errMediaForgotten = errors.New("the upload has expired")
)

type outgoing struct {
	Text  string `json:"text"`
	Reply *struct {
		To string `json:"in_reply_to_tweet_id"`
	} `json:"reply,omitempty"`
	Media *struct {
		IDs []string `json:"media_ids"`
	} `json:"media,omitempty"`
}

// Publish implements platform.Connector. POST /2/tweets answers 201 with the
// id; whatever else it answers is not a success.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	switch {
	case a.Mode == V11:
		return c.publishV11(ctx, a, out)
	case direct(out):
		return c.publishDirect(ctx, a, out, n)
	}
	body, err := compose(out, n)
	if err != nil {
		return platform.Receipt{}, err
	}
	req, err := wire.JSON(ctx, http.MethodPost, c.path(a, "2", "tweets"), body)
	if err != nil {
		return platform.Receipt{}, err
	}
	var made struct {
		Data post `json:"data"`
	}
	if err := c.read(ctx, a, req, &made); err != nil {
		return platform.Receipt{}, c.unpublished(ctx, err, out, n)
	}
	if made.Data.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no post id"}
	}
	spent(ctx, c.Price(a, out), 1)
	return platform.Receipt{RemoteID: made.Data.ID, URL: address(a.Handle, made.Data.ID), At: made.Data.at()}, nil
}

func compose(out platform.Outgoing, n platform.Notes) (body outgoing, err error) {
	body.Text = platform.Compose(out)
	if out.InReplyTo != "" {
		body.Reply = &struct {
			To string `json:"in_reply_to_tweet_id"`
		}{out.InReplyTo}
	}
	var ids []string
	for _, m := range out.Media {
		id, ok := stagedMedia(n.Value(m.Key), time.Now())
		if !ok {
			return body, &platform.NotSent{Err: errNotStaged}
		}
		ids = append(ids, id)
	}
	if ids != nil {
		body.Media = &struct {
			IDs []string `json:"media_ids"`
		}{ids}
	}
	return body, nil
}

// unpublished makes of an upload id that X no longer knows a thing to try
// again: the notes are emptied, so that the next attempt uploads anew.
func (c *Connector) unpublished(ctx context.Context, err error, out platform.Outgoing, n platform.Notes) error {
	r, ok := errors.AsType[*platform.Refusal](err)
	if !ok || r.Code != codeMediaExpired || len(out.Media) == 0 {
		return err
	}
	for _, m := range out.Media {
		if err := n.Save(ctx, m.Key, ""); err != nil {
			return err
		}
	}
	// Not err itself: a refusal inside would be read as one.
	return &platform.NotSent{Err: errMediaForgotten}
}

// pages bound one look: 1,000 of our own posts.
const pages = 10

// Find implements platform.Connector: our own timeline since the attempt,
// newest first, until something older is seen.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if a.Mode == V11 {
		return c.findV11(ctx, a, at)
	}
	if direct(at.Out) {
		return c.findDirect(ctx, a, at)
	}
	var seen []platform.Seen
	var from time.Time
	token := ""
	for n := range pages {
		// Each post read is paid for: most looks need only the newest few.
		query := namesOf(a).posts(url.Values{"max_results": {"10"}})
		if n > 0 {
			query.Set("max_results", "100")
			query.Set("pagination_token", token)
		}
		req, err := wire.Request(ctx, http.MethodGet, c.path(a, "2", "users", a.RemoteID, "tweets"), query)
		if err != nil {
			return platform.Finding{}, err
		}
		answer, err := c.call(ctx, a, req)
		if err != nil {
			return platform.Finding{}, err
		}
		var page timeline
		if err := wire.Decode(answer.Body, &page); err != nil {
			return platform.Finding{}, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
		}
		if !page.told() {
			return platform.Finding{}, &platform.Unclear{Status: answer.Status, Said: "no list"}
		}
		if err := wire.Every(answer, "data", len(page.Data)); err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, answer.Header, time.Now())
		}
		spent(ctx, priceOwned, len(page.Data))
		whole := page.Meta.Next == ""
		for _, p := range page.Data {
			whole = whole || p.ID != "" && p.at().Before(from)
			seen = append(seen, p.seen(a))
		}
		if token = page.Meta.Next; whole {
			return platform.Finding{Receipts: platform.Matching(at, from, seen, fold), Complete: true}, nil
		}
	}
	return platform.Finding{Receipts: platform.Matching(at, from, seen, fold)}, nil
}

func (p post) seen(a platform.Account) platform.Seen {
	return platform.Seen{RemoteID: p.first(), URL: address(a.Handle, p.ID), Text: plain(p.Text, p.Entities.URLs),
		InReplyTo: p.repliedTo(), At: p.at(), Media: len(p.Attachments.MediaKeys)}
}
