package instagram

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

var (
	errNotStaged = errors.New("no container staged")
	errNotReady  = errors.New("the container is not ready to be published")
)

// mentioned marks the thread of a mention in somebody else's post: it is
// answered through another call than a comment below our own.
const mentioned = "mention."

// Publish implements platform.Connector. POST /{ig}/media_publish, after the
// container said that it is ready and was not published before.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if l := c.Count(a, out); l.Used > l.Limit {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	if graph.Direct(out) {
		return c.inbox.Send(ctx, a, out)
	}
	if out.InReplyTo != "" {
		return c.answer(ctx, a, out)
	}
	id := noted(out, n)
	if id == "" {
		if no := c.Check(a, out); len(no) > 0 {
			return platform.Receipt{}, no[0]
		}
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	code, said, err := c.state(ctx, a, id)
	switch {
	case err != nil:
		return platform.Receipt{}, graph.Before(err)
	case code == published:
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "this container was published before", Duplicate: true}
	case code == failed:
		return platform.Receipt{}, &platform.Refusal{Code: "platform.media_refused", Said: said, Fix: platform.FixAuthor}
	case code != finished:
		return platform.Receipt{}, &platform.NotSent{Err: errNotReady}
	}
	var made graph.ID
	answer, err := c.api.Post(ctx, a, &made, url.Values{"creation_id": {id}}, a.RemoteID, "media_publish")
	if err != nil {
		return platform.Receipt{}, err
	}
	if err := made.Named(); err != nil {
		return platform.Receipt{}, err
	}
	return platform.Receipt{RemoteID: made.ID, URL: c.address(ctx, a, made.ID), At: graph.Served(answer.Header)}, nil
}

// address is where people see a media object; asking for it is a courtesy, the
// post is out.
func (c *Connector) address(ctx context.Context, a platform.Account, id string) string {
	var m struct {
		Permalink string `json:"permalink"`
	}
	if _, err := c.api.Get(ctx, a, &m, url.Values{"fields": {"permalink"}}, id); err == nil && m.Permalink != "" {
		return m.Permalink
	}
	return "https://www.instagram.com/" + url.PathEscape(a.Handle) + "/"
}

// answer writes a comment: below our own post, below a comment, or where
// somebody named us. None of the three has a container.
func (c *Connector) answer(ctx context.Context, a platform.Account, out platform.Outgoing) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	form, path := url.Values{"message": {platform.Compose(out)}}, []string{out.InReplyTo, "replies"}
	media, named := strings.CutPrefix(out.Thread, mentioned)
	switch {
	case named:
		form.Set("media_id", media)
		if media != out.InReplyTo {
			form.Set("comment_id", out.InReplyTo)
		}
		path = []string{a.RemoteID, "mentions"}
	case out.InReplyTo == out.Thread:
		path = []string{out.InReplyTo, "comments"}
	}
	var made graph.ID
	answer, err := c.api.Post(ctx, a, &made, form, path...)
	if graph.Gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if err := made.Named(); err != nil {
		return platform.Receipt{}, err
	}
	return platform.Receipt{RemoteID: made.ID, URL: "https://www.instagram.com/" + url.PathEscape(a.Handle) + "/", At: graph.Served(answer.Header)}, nil
}
