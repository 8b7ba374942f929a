package linkedin

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

var (
	errNotStaged      = errors.New("not staged")
	errMediaForgotten = errors.New("the upload is not there any more")
)

// outgoing is a new post. Posts API, schema of version 202601.
type outgoing struct {
	Author       string         `json:"author"`
	Commentary   string         `json:"commentary"`
	Visibility   string         `json:"visibility"`
	Distribution map[string]any `json:"distribution"`
	Content      map[string]any `json:"content,omitempty"`
	State        string         `json:"lifecycleState"`
	NoReshare    bool           `json:"isReshareDisabledByAuthor"`
}

// Publish implements platform.Connector. POST /rest/posts answers 201 with an
// empty body; the id is in the header x-restli-id.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	if out.InReplyTo != "" {
		return c.answer(ctx, a, out, n)
	}
	content, err := c.content(out, n)
	if err != nil {
		return platform.Receipt{}, err
	}
	answer, err := c.send(ctx, a, "posts", "", outgoing{
		Author: a.RemoteID, Commentary: escape(words(out)), Visibility: "PUBLIC", State: "PUBLISHED", Content: content,
		Distribution: map[string]any{"feedDistribution": "MAIN_FEED", "targetEntities": []string{}, "thirdPartyDistributionChannels": []string{}},
	})
	if err != nil {
		return platform.Receipt{}, unpublished(ctx, err, out, n)
	}
	id := answer.Header.Get("x-restli-id")
	if id == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no post id"}
	}
	return platform.Receipt{RemoteID: id, URL: address(id), At: served(answer.Header)}, nil
}

// served is the moment of an answer, by the platform's clock.
func served(h http.Header) time.Time {
	if t, err := http.ParseTime(h.Get("Date")); err == nil {
		return t.UTC()
	}
	return time.Now().UTC()
}

// content is a post's pictures, film or article card.
func (c *Connector) content(out platform.Outgoing, n platform.Notes) (map[string]any, error) {
	var files []map[string]any
	for _, m := range out.Media {
		urn, ready := staged(n.Value(m.Key))
		if !ready {
			return nil, &platform.NotSent{Err: errNotStaged}
		}
		file := map[string]any{"id": urn}
		if m.Alt != "" {
			file["altText"] = m.Alt
		}
		files = append(files, file)
	}
	switch {
	case len(files) == 1:
		return map[string]any{"media": files[0]}, nil
	case len(files) > 1:
		return map[string]any{"multiImage": map[string]any{"images": files}}, nil
	case card(out):
		return map[string]any{"article": map[string]any{"source": out.Link, "title": title(out)}}, nil
	}
	return nil, nil
}

// title is what the card is called: LinkedIn does not look at the page itself.
func title(out platform.Outgoing) string {
	line, _, _ := strings.Cut(strings.TrimSpace(out.Text), "\n")
	if r := []rune(line); len(r) > 200 {
		line = string(r[:199]) + "…"
	}
	if u, err := url.Parse(out.Link); line == "" && err == nil {
		line = u.Host
	}
	return line
}

// unpublished makes of a file that LinkedIn does not have a thing to try again:
// the notes are emptied, so that the next attempt uploads anew.
func unpublished(ctx context.Context, err error, out platform.Outgoing, n platform.Notes) error {
	r, ok := errors.AsType[*platform.Refusal](err)
	if !ok || r.Code != codeMediaGone || len(out.Media) == 0 {
		return err
	}
	for _, m := range out.Media {
		if err := n.Save(ctx, m.Key, ""); err != nil {
			return err
		}
	}
	return &platform.NotSent{Err: errMediaForgotten}
}

// Edit implements platform.Editor: a partial update of the commentary, or of a
// comment's message.
func (c *Connector) Edit(ctx context.Context, a platform.Account, remoteID string, out platform.Outgoing) error {
	if activity, id, ok := comment(remoteID); ok {
		resource := "socialActions/" + url.QueryEscape(activity) + "/comments/" + id + "?actor=" + url.QueryEscape(a.RemoteID)
		patch := map[string]any{"patch": map[string]any{"message": map[string]any{"$set": map[string]string{"text": words(out)}}}}
		return c.patch(ctx, a, resource, patch)
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		return &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	// A link that is already shown as a card stays there; any other belongs into
	// the text.
	var old post
	if err := c.get(ctx, a, &old, "posts/"+url.QueryEscape(remoteID), ""); err != nil {
		return err
	}
	text := platform.Compose(out)
	if old.Content.Article.Source != "" && old.Content.Article.Source == out.Link {
		text = out.Text
	}
	patch := map[string]any{"patch": map[string]any{"$set": map[string]string{"commentary": escape(text)}}}
	return c.patch(ctx, a, "posts/"+url.QueryEscape(remoteID), patch)
}

func (c *Connector) patch(ctx context.Context, a platform.Account, resource string, change any) error {
	answer, err := c.send(ctx, a, resource, "PARTIAL_UPDATE", change)
	if err != nil {
		return err
	}
	return wire.Done(answer)
}

// post is one of the page's posts.
type post struct {
	ID         string `json:"id"`
	Author     string `json:"author"`
	Commentary string `json:"commentary"`
	Created    int64  `json:"createdAt"`
	Published  int64  `json:"publishedAt"`
	Modified   int64  `json:"lastModifiedAt"`
	State      string `json:"lifecycleState"`
	Info       struct {
		Edited bool `json:"isEditedByAuthor"`
	} `json:"lifecycleStateInfo"`
	Content struct {
		Media struct {
			ID string `json:"id"`
		} `json:"media"`
		Multi struct {
			Images []struct {
				ID string `json:"id"`
			} `json:"images"`
		} `json:"multiImage"`
		Article struct {
			Source string `json:"source"`
		} `json:"article"`
	} `json:"content"`
}

func (p post) at() time.Time {
	if p.Published > 0 {
		return millis(p.Published)
	}
	return millis(p.Created)
}

func millis(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

// text is the post as its author wrote it, the card's link below it.
func (p post) text() string {
	return platform.Compose(platform.Outgoing{Text: unescape(p.Commentary), Link: p.Content.Article.Source})
}

func (p post) media() int {
	if p.Content.Media.ID != "" {
		return 1
	}
	return len(p.Content.Multi.Images)
}

type posts struct {
	Elements []post `json:"elements"`
	Paging   paging `json:"paging"`
}

// pageSize and maxPages bound one look.
const (
	pageSize = 100
	maxPages = 20
)

// byAuthor is the query for the page's own posts.
func byAuthor(a platform.Account, sort string, count, start int) string {
	return "q=author&author=" + url.QueryEscape(a.RemoteID) + "&count=" + strconv.Itoa(count) + "&sortBy=" + sort + "&start=" + strconv.Itoa(start)
}

// Find implements platform.Connector: the page's posts since the attempt, or
// the comments where an answer should be.
func (c *Connector) Find(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if at.Out.InReplyTo != "" {
		return c.findAnswer(ctx, a, at)
	}
	var seen []platform.Seen
	var from time.Time
	for n := range maxPages {
		var page posts
		answer, err := c.list(ctx, a, &page, "posts", byAuthor(a, "CREATED", pageSize, n*pageSize))
		if err != nil {
			return platform.Finding{}, err
		}
		if n == 0 {
			from = platform.WindowStart(at, answer.Header, time.Now())
		}
		whole := page.Paging.last(len(page.Elements))
		for _, p := range page.Elements {
			whole = whole || p.Created+p.Published > 0 && p.at().Before(from)
			seen = append(seen, platform.Seen{RemoteID: p.ID, URL: address(p.ID), Text: p.text(), At: p.at(), Media: p.media()})
		}
		if whole {
			return platform.Finding{Receipts: matching(at, from, seen), Complete: true}, nil
		}
	}
	return platform.Finding{Receipts: matching(at, from, seen)}, nil
}

// matching compares texts. Where LinkedIn has made short links of the
// addresses, the texts around them decide.
func matching(at platform.Attempt, from time.Time, seen []platform.Seen) []platform.Receipt {
	var receipts []platform.Receipt
	for _, s := range seen {
		fold := platform.Fold
		if strings.Contains(s.Text, "https://lnkd.in/") {
			fold = func(text string) string { return platform.Fold(links.ReplaceAllString(text, "link")) }
		}
		receipts = append(receipts, platform.Matching(at, from, []platform.Seen{s}, fold)...)
	}
	return receipts
}

var links = regexp.MustCompile(`https?://\S+`)
