package youtube

import (
	"context"
	"html"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// comment is a comment on a film or an answer below one.
type comment struct {
	ID      string         `json:"id"`
	Snippet commentSnippet `json:"snippet"`
}

type commentSnippet struct {
	VideoID  string `json:"videoId"`
	ParentID string `json:"parentId"`
	Original string `json:"textOriginal"` // only its author is told
	Display  string `json:"textDisplay"`
	Name     string `json:"authorDisplayName"`
	Author   struct {
		Value string `json:"value"`
	} `json:"authorChannelId"`
	Moderation  string `json:"moderationStatus"`
	PublishedAt stamp  `json:"publishedAt"`
	UpdatedAt   stamp  `json:"updatedAt"`
}

type thread struct {
	ID      string `json:"id"`
	Snippet struct {
		VideoID string  `json:"videoId"`
		Top     comment `json:"topLevelComment"`
		Total   int     `json:"totalReplyCount"`
	} `json:"snippet"`
	Replies struct {
		Comments []comment `json:"comments"`
	} `json:"replies"`
}

type threadList struct {
	Items []thread `json:"items"`
	Next  string   `json:"nextPageToken"`
}

func (m comment) text() string {
	if m.Snippet.Original != "" {
		return m.Snippet.Original
	}
	return m.Snippet.Display
}

// version tells one writing of a comment from another.
func (m comment) version() version {
	at := m.Snippet.PublishedAt.Time
	if m.Snippet.UpdatedAt.After(at) {
		at = m.Snippet.UpdatedAt.Time
	}
	return versionOf(at, m.text())
}

// give adds the comment to items when this writing of it was not given before.
func (m comment) give(items []platform.Item, seen mark, i platform.Item) []platform.Item {
	unknown, changed := seen.fresh(m.ID, m.version())
	if !unknown {
		return items
	}
	if changed && i.Edited.IsZero() {
		i.Edited = m.Snippet.UpdatedAt.UTC() // changed within the second it was written in
	}
	return append(items, i)
}

// item is the comment as an item of ours.
func (m comment) item(a platform.Account, film string, held bool) platform.Item {
	sn := m.Snippet
	if sn.VideoID != "" {
		film = sn.VideoID
	}
	i := platform.Item{
		Kind: platform.Comment, RemoteID: m.ID, Thread: film, InReplyTo: sn.ParentID, AuthorID: sn.Author.Value,
		Author: strings.TrimPrefix(html.UnescapeString(sn.Name), "@"), Text: m.text(), URL: watch(film, m.ID),
		At: sn.PublishedAt.UTC(), Hidden: held || sn.Moderation == "heldForReview",
	}
	if i.InReplyTo == "" {
		i.InReplyTo = film
	}
	if sn.UpdatedAt.After(sn.PublishedAt.Time) {
		i.Edited = sn.UpdatedAt.UTC()
	}
	if sn.Author.Value == a.RemoteID {
		i.Kind = platform.OwnPost
	}
	return i
}

// top is the comment on the film that an answer's id begins with.
func top(id string) string {
	t, _, _ := strings.Cut(id, ".")
	return t
}

// threads reads a page of comments with some of their answers. 1 unit.
func (c *Connector) threads(ctx context.Context, a platform.Account, query url.Values, token string) (list threadList, header http.Header, err error) {
	if token != "" {
		query.Set("pageToken", token)
	}
	answer, err := c.list(ctx, a, &list, query, "commentThreads")
	return list, answer.Header, err
}

// answers reads a page of the answers to a comment. 1 unit.
func (c *Connector) answers(ctx context.Context, a platform.Account, parent, token string) ([]comment, string, http.Header, error) {
	query := url.Values{"part": {"snippet"}, "parentId": {parent}, "maxResults": {"100"}, "textFormat": {"plainText"}}
	if token != "" {
		query.Set("pageToken", token)
	}
	var list struct {
		Items []comment `json:"items"`
		Next  string    `json:"nextPageToken"`
	}
	answer, err := c.list(ctx, a, &list, query, "comments")
	return list.Items, list.Next, answer.Header, err
}

// moderate sets what becomes of a comment below our films. 50 units: a project
// has 200 of these a day. POST comments/setModerationStatus -> 204.
func (c *Connector) moderate(ctx context.Context, a platform.Account, id, status string, ban bool) error {
	query := url.Values{"id": {id}, "moderationStatus": {status}}
	if ban {
		query.Set("banAuthor", strconv.FormatBool(ban))
	}
	req, err := wire.Request(ctx, http.MethodPost, address(a, "comments", "setModerationStatus"), query)
	if err != nil {
		return err
	}
	return c.change(ctx, a, req)
}

// SetHidden implements platform.Hider: a held comment is seen by its author
// and by us.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	status := "published"
	if hidden {
		status = "heldForReview"
	}
	return c.moderate(ctx, a, remoteID, status, false)
}

// Remove implements platform.Remover. Only its author can delete a comment;
// the channel rejects it, which takes it away for everybody.
func (c *Connector) Remove(ctx context.Context, a platform.Account, remoteID string) error {
	if err := c.moderate(ctx, a, remoteID, "rejected", false); !gone(err) {
		return err
	}
	return nil
}

// SetBlocked implements platform.Blocker. YouTube bans an author only together
// with rejecting something of theirs, and lets them again only by hand.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, _, remoteID string, blocked bool) error {
	if !blocked {
		return &platform.Refusal{Code: "platform.youtube.unblock_by_hand", Fix: platform.FixNobody}
	}
	return c.moderate(ctx, a, remoteID, "rejected", true)
}
