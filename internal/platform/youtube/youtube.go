// Package youtube speaks the YouTube Data API v3. Every post is a film. It is
// uploaded as a private video, which nobody but the office sees, and made
// public by one later call on the id that the upload gave: so the same post
// can never become two films, and whether it is public can be asked at any
// time.
package youtube

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"
	"unicode/utf16"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Name of the platform as stored.
const Name = platform.YouTube

// home is the API's own address; consent and tokens have hosts of their own.
const home = "https://youtube.googleapis.com"

// YouTube's limits (developers.google.com/youtube/v3/docs/videos).
const (
	maxTitle       = 100 // characters
	maxDescription = 5000
	maxComment     = 10_000
)

// Connector speaks to YouTube.
type Connector struct {
	client  *safehttp.Client
	uploads sync.Map // base address and channel id -> playlist of its uploads
	days    sync.Map // base address and project -> *units
}

// New returns a connector that calls through client.
func New(client *safehttp.Client) *Connector { return &Connector{client: client} }

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return Name }

// Capabilities implements platform.Connector.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxDescription, TextUnit: "bytes",
		MaxMedia: 1, VideoTypes: []string{"video/mp4", "video/quicktime", "video/webm"}, MaxVideoBytes: 256 << 30, MaxVideo: 12 * time.Hour, NeedsMedia: "video",
		Idempotency: "container", FirstComment: true, Edit: true,
		Hears: []platform.ItemKind{platform.Comment}, Edits: true, Deletions: true,
		Reply: true, MaxReply: maxComment,
		Hide: true, HideNote: "cap.youtube.moderation", Remove: true, Block: true, Delete: true,
		Metrics: []string{"views", "likes", "replies"}, Settle: 30 * time.Second,
		Connect: platform.Connect{Home: home, OAuth: true, Scopes: scopes()},
	}
}

// Count implements platform.Connector. A post's first line becomes the title
// and the rest the description, which has 5,000 bytes; both are counted
// together, so that a text that fits here always fits there.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	text := platform.Compose(out)
	if out.InReplyTo != "" {
		return platform.Length{Used: len(utf16.Encode([]rune(text))), Limit: maxComment}
	}
	return platform.Length{Used: len(text), Limit: maxDescription}
}

// Check implements platform.Checker.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code string) { all = append(all, &platform.Refusal{Code: code, Fix: platform.FixAuthor}) }
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long")
	}
	if strings.TrimSpace(platform.Compose(out)) == "" {
		no("platform.youtube.no_title")
	}
	if out.InReplyTo != "" {
		if len(out.Media) > 0 {
			no("platform.media_unsupported")
		}
		return all
	}
	if strings.ContainsAny(platform.Compose(out), "<>") {
		no("platform.youtube.brackets")
	}
	switch {
	case len(out.Media) == 0 || !out.Media[0].Video():
		no("platform.needs_video")
	case len(out.Media) > 1:
		no("platform.media_too_many")
	case out.Media[0].Length > 12*time.Hour:
		no("platform.video_too_long")
	case out.Media[0].Size > 256<<30:
		no("platform.media_too_large")
	}
	return all
}

// split makes a title and a description of a text. A first line that is too
// long for a title is cut at a word, and the description then holds the text
// from its beginning: nothing is lost.
func split(text string) (title, description string) {
	text = strings.TrimSpace(text)
	first, rest, _ := strings.Cut(text, "\n")
	first = strings.TrimSpace(first)
	if len(utf16.Encode([]rune(first))) <= maxTitle {
		return first, strings.TrimSpace(rest)
	}
	used, end, word := 1, 0, 0 // one for the mark of omission
	for i, r := range first {
		if r == ' ' {
			word = i
		}
		if used += utf16.RuneLen(r); used > maxTitle {
			break
		}
		end = i + len(string(r))
	}
	if word > end/2 && word <= end {
		end = word
	}
	return strings.TrimSpace(first[:end]) + "…", text
}

// join is the text that split made a title and a description of.
func join(title, description string) string {
	if cut, whole := split(description); cut == title && whole == strings.TrimSpace(description) {
		return description
	}
	return strings.TrimSpace(title + "\n" + description)
}

// Verify implements platform.Connector. GET channels?mine=true.
func (c *Connector) Verify(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var list struct {
		Items []channel `json:"items"`
	}
	if err := c.get(ctx, a, &list, url.Values{"part": {"snippet"}, "mine": {"true"}}, "channels"); err != nil {
		return platform.Profile{}, err
	}
	if len(list.Items) == 0 {
		return platform.Profile{}, &platform.Refusal{Code: "platform.youtube.no_channel", Fix: platform.FixAdmin}
	}
	ch := list.Items[0]
	if ch.ID == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no channel id"}
	}
	return platform.Profile{RemoteID: ch.ID, Handle: strings.TrimPrefix(ch.Snippet.CustomURL, "@"), Name: ch.Snippet.Title, URL: "https://www.youtube.com/channel/" + url.PathEscape(ch.ID)}, nil
}

type channel struct {
	ID      string `json:"id"`
	Snippet struct {
		Title     string `json:"title"`
		CustomURL string `json:"customUrl"`
	} `json:"snippet"`
	ContentDetails struct {
		Related struct {
			Uploads string `json:"uploads"`
		} `json:"relatedPlaylists"`
	} `json:"contentDetails"`
}

// Delete implements platform.Connector. What is already gone is deleted.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	resource := "comments"
	if isVideo(remoteID) {
		resource = "videos"
	}
	req, err := wire.Request(ctx, http.MethodDelete, address(a, resource), url.Values{"id": {remoteID}})
	if err != nil {
		return err
	}
	if err = c.change(ctx, a, req); gone(err) {
		return nil
	}
	return err
}

// isVideo tells a film's id, which has eleven signs, from a comment's.
func isVideo(id string) bool { return len(id) == 11 }

// ByHand implements platform.Guide.
func (c *Connector) ByHand(a platform.Account, deed, remoteID, _ string) string {
	studio := "https://studio.youtube.com/channel/" + url.PathEscape(a.RemoteID)
	switch {
	case deed == "post":
		return studio + "/videos/upload?d=ud"
	case isVideo(remoteID):
		return watch(remoteID, "")
	}
	return studio + "/comments"
}

// watch is the page of a film, at a comment if there is one.
func watch(video, comment string) string {
	page := "https://www.youtube.com/watch?v=" + url.QueryEscape(video)
	if comment != "" {
		page += "&lc=" + url.QueryEscape(comment)
	}
	return page
}

// Measure implements platform.Measurer. GET videos?part=statistics.
func (c *Connector) Measure(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for from := 0; from < len(remoteIDs); from += 50 {
		ids := remoteIDs[from:min(from+50, len(remoteIDs))]
		var list videoList
		if err := c.get(ctx, a, &list, url.Values{"part": {"statistics"}, "id": {strings.Join(ids, ",")}, "maxResults": {"50"}}, "videos"); err != nil {
			return all, err
		}
		for _, v := range list.Items {
			counts := platform.Counts{}
			for name, n := range map[string]*int64{"views": v.Statistics.Views, "likes": v.Statistics.Likes, "replies": v.Statistics.Comments} {
				if n != nil { // likes and comments may be switched off
					counts[name] = *n
				}
			}
			if v.ID != "" {
				all[v.ID] = counts
			}
		}
	}
	return all, nil
}
