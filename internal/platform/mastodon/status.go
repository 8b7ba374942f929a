package mastodon

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
)

type account struct {
	ID          string `json:"id"`
	Acct        string `json:"acct"`
	DisplayName string `json:"display_name"`
	URL         string `json:"url"`
}

type status struct {
	ID           string    `json:"id"`
	CreatedAt    time.Time `json:"created_at"`
	EditedAt     time.Time `json:"edited_at"`
	InReplyTo    string    `json:"in_reply_to_id"`
	InReplyToWho string    `json:"in_reply_to_account_id"`
	Visibility   string    `json:"visibility"`
	Content      string    `json:"content"`
	URL          string    `json:"url"`
	URI          string    `json:"uri"`
	Account      account   `json:"account"`
	Media        []struct {
		ID          string `json:"id"`
		Type        string `json:"type"`
		URL         string `json:"url"`
		Description string `json:"description"`
	} `json:"media_attachments"`
	Mentions []struct {
		ID   string `json:"id"`
		Acct string `json:"acct"`
	} `json:"mentions"`
	Replies    int64 `json:"replies_count"`
	Reblogs    int64 `json:"reblogs_count"`
	Favourites int64 `json:"favourites_count"`
}

type notification struct {
	ID        string    `json:"id"`
	Type      string    `json:"type"`
	CreatedAt time.Time `json:"created_at"`
	Status    *status   `json:"status"`
}

func (s status) address() string {
	if s.URL != "" {
		return s.URL
	}
	return s.URI
}

// item is the status as an item of ours, in the thread whose root is root.
func (s status) item(a platform.Account, root string) platform.Item {
	i := platform.Item{
		Kind: platform.Mention, RemoteID: s.ID, Thread: root, InReplyTo: s.InReplyTo,
		AuthorID: s.Account.ID, Author: s.Account.Acct, Text: plain(s.Content),
		URL: s.address(), At: s.CreatedAt.UTC(),
	}
	if !s.EditedAt.IsZero() {
		i.Edited = s.EditedAt.UTC()
	}
	for _, m := range s.Media {
		i.Files = append(i.Files, fileKind(m.Type))
	}
	switch {
	case s.Account.ID == a.RemoteID:
		i.Kind = platform.OwnPost
	case s.Visibility == "direct" || s.Visibility == "private": // for its readers only
		i.Kind = platform.Direct
	case s.InReplyTo != "":
		i.Kind = platform.Comment
	}
	return i
}

// fileKind is a file's kind in the contract's words.
func fileKind(kind string) string {
	switch kind {
	case "image", "video", "audio":
		return kind
	case "gifv":
		return "video"
	}
	return "file"
}

// older is the max_id that leads to the next older page, as the server's Link
// header says, else the last id itself.
func older(h http.Header, last string) string {
	for _, header := range h.Values("Link") {
		for part := range strings.SplitSeq(header, ",") {
			target, params, ok := strings.Cut(strings.TrimSpace(part), ">")
			if !ok || !strings.Contains(params, `rel="next"`) {
				continue
			}
			if u, err := url.Parse(strings.TrimPrefix(target, "<")); err == nil && u.Query().Get("max_id") != "" {
				return u.Query().Get("max_id")
			}
		}
	}
	return last
}
