package instagram

import (
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
)

// media is a media object. https://developers.facebook.com/docs/instagram-platform/reference/instagram-media
type media struct {
	ID        string     `json:"id"`
	Caption   string     `json:"caption"`
	Type      string     `json:"media_type"`
	Permalink string     `json:"permalink"`
	Timestamp graph.When `json:"timestamp"`
	Username  string     `json:"username"`
	Owner     graph.ID   `json:"owner"`
	Likes     *int64     `json:"like_count"`
	Comments  *int64     `json:"comments_count"`
	Children  *struct {
		Data []graph.ID `json:"data"`
	} `json:"children"`
}

const mediaFields = "id,caption,media_type,permalink,timestamp,username,owner,children"

// Key implements graph.Entry.
func (m media) Key() string { return m.ID }

// Moment implements graph.Entry.
func (m media) Moment() time.Time { return m.Timestamp.Time }

// files is how many files it shows; -1 when that is not told.
func (m media) files() int {
	switch {
	case m.Children != nil:
		return len(m.Children.Data)
	case m.Type == "CAROUSEL_ALBUM" || m.Type == "":
		return -1
	}
	return 1
}

// item is a media object as something of ours, or a mention of us.
func (m media) item(kind platform.ItemKind) platform.Item {
	i := platform.Item{Kind: kind, RemoteID: m.ID, Thread: m.ID, AuthorID: m.Owner.ID, Author: m.Username, Text: m.Caption, URL: m.Permalink, At: m.Timestamp.Time}
	if i.AuthorID == "" {
		i.AuthorID = m.Username // of others only the name is told
	}
	if kind == platform.Mention {
		i.Thread = mentioned + m.ID
		i.Files = []string{"image"}
		if m.Type == "VIDEO" {
			i.Files = []string{"video"}
		}
	}
	return i
}

// comment is a comment, and in replies the level below.
type comment struct {
	ID        string     `json:"id"`
	Text      string     `json:"text"`
	Username  string     `json:"username"`
	Timestamp graph.When `json:"timestamp"`
	Hidden    bool       `json:"hidden"`
	Parent    string     `json:"parent_id"`
	From      struct {
		ID       string `json:"id"`
		Username string `json:"username"`
	} `json:"from"`
	Replies *graph.List[comment] `json:"replies"`
}

const (
	replyFields   = "id,text,username,from,timestamp,hidden,parent_id"
	commentFields = replyFields + ",replies.limit(50){" + replyFields + "}"
)

// Key implements graph.Entry.
func (c comment) Key() string { return c.ID }

// Moment implements graph.Entry.
func (c comment) Moment() time.Time { return c.Timestamp.Time }

func (c comment) author() (id, handle string) {
	id, handle = c.From.ID, c.From.Username
	if handle == "" {
		handle = c.Username
	}
	if id == "" {
		id = handle
	}
	return id, handle
}

func (c comment) ours(a platform.Account) bool {
	id, handle := c.author()
	return id != "" && id == a.RemoteID || handle != "" && handle == a.Handle
}

func (c comment) item(a platform.Account, root, parent string) platform.Item {
	i := platform.Item{Kind: platform.Comment, RemoteID: c.ID, Thread: root, InReplyTo: parent, Text: c.Text, At: c.Timestamp.Time, Hidden: c.Hidden,
		URL: "https://www.instagram.com/" + a.Handle + "/"}
	if c.Parent != "" {
		i.InReplyTo = c.Parent
	}
	i.AuthorID, i.Author = c.author()
	if c.ours(a) {
		i.Kind = platform.OwnPost
	}
	return i
}
