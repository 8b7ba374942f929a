package facebook

import (
	"net/http"
	"net/url"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// node is a post or a comment as Graph tells it.
type node struct {
	ID        string `json:"id"`
	Message   string `json:"message"`
	Created   when   `json:"created_time"`
	Permalink string `json:"permalink_url"`
	Hidden    bool   `json:"is_hidden"`
	From      *struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"from"`
	Parent *struct {
		ID string `json:"id"`
	} `json:"parent"`
	Attachment *struct { // of a comment
		Type string `json:"type"`
	} `json:"attachment"`
	Attachments *struct {
		Data []struct {
			MediaType string `json:"media_type"`
			Sub       *struct {
				Data []struct {
					MediaType string `json:"media_type"`
				} `json:"data"`
			} `json:"subattachments"`
		} `json:"data"`
	} `json:"attachments"`
}

type when = graph.When

// list is a page of nodes.
type list struct {
	Data   []node `json:"data"`
	Paging struct {
		Next string `json:"next"`
	} `json:"paging"`
}

// more are the parameters that lead to the next page; nil at the end. The next
// address itself is not followed: it carries the token and may name another
// host.
func (l list) more() (fb.Params, error) {
	if l.Paging.Next == "" {
		return nil, nil
	}
	params := fb.Params{}
	if u, err := url.Parse(l.Paging.Next); err == nil {
		for _, name := range []string{"after", "until", "offset", "__paging_token"} {
			if v := u.Query().Get(name); v != "" {
				params[name] = v
			}
		}
	}
	if len(params) == 0 {
		return nil, &platform.Unclear{Status: http.StatusOK, Said: "next page without a cursor"}
	}
	return params, nil
}

func readList(answer safehttp.Answer) (l list, more fb.Params, err error) {
	if err := wire.Listed(answer, "data"); err != nil {
		return l, nil, err
	}
	if err := wire.Whole(answer.Body, &l); err != nil {
		return l, nil, &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
	}
	more, err = l.more()
	return l, more, err
}

// pictures is how many pictures a post shows; -1 when the platform does not
// tell. A link's preview is no picture.
func (n node) pictures() int {
	if n.Attachments == nil {
		return -1
	}
	count := 0
	for _, a := range n.Attachments.Data {
		switch {
		case a.Sub != nil && len(a.Sub.Data) > 0:
			count += len(a.Sub.Data)
		case a.MediaType == "photo" || a.MediaType == "video" || a.MediaType == "album":
			count++
		}
	}
	return count
}

func (n node) ours(a platform.Account) bool { return n.From != nil && n.From.ID == a.RemoteID }

func (n node) address() string {
	if n.Permalink != "" {
		return n.Permalink
	}
	return "https://www.facebook.com/" + n.ID
}

// comment is a comment below the post root as an item of ours.
func (n node) comment(a platform.Account, root string) platform.Item {
	i := platform.Item{Kind: platform.Comment, RemoteID: n.ID, Thread: root, InReplyTo: root, Text: n.Message,
		URL: n.address(), At: n.Created.Time, Hidden: n.Hidden}
	if n.Attachment != nil {
		i.Files = []string{"file"}
		for kind, name := range map[string]string{"photo": "image", "sticker": "sticker", "video": "video", "video_inline": "video", "animated_image_share": "image"} {
			if n.Attachment.Type == kind {
				i.Files = []string{name}
			}
		}
		if n.Attachment.Type == "share" {
			i.Files = nil // a link's preview
		}
	}
	if n.Parent != nil && n.Parent.ID != "" {
		i.InReplyTo = n.Parent.ID
	}
	if n.From != nil {
		i.AuthorID, i.Author = n.From.ID, n.From.Name
	}
	if n.ours(a) {
		i.Kind = platform.OwnPost
	}
	return i
}
