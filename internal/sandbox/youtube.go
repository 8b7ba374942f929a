package sandbox

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// youtubeHabit: people comment below films; nothing else reaches a channel
// through the API. Names are handles with an @ before them.
func youtubeHabit() habit {
	return habit{
		name: YouTube, mount: "/yt",
		routes:   (*Sandbox).youtubeRoutes,
		accounts: twoOffices(YouTube, "UCtirtawangikota00000001", "UCprotokoltirta000000002"),
		tokens: func(seed int64, a *Account) []*token {
			who := at(a.Platform, a.ID)
			return []*token{{Access: "ya29." + derive(seed, "access", who), Refresh: "1//" + derive(seed, "refresh", who), Account: who}}
		},
		id: youtubeID,
		person: func(name string) (id, handle string) {
			h := sha256.Sum256([]byte(name))
			return "UC" + base64.RawURLEncoding.EncodeToString(h[:])[:22], name
		},
	}
}

// youtubeID: films have eleven signs, comments begin with Ug, and an answer's
// id is its comment's, a dot, and its own part. A film's id is given out when
// its upload ends, before anybody sees it.
func youtubeID(w *world, p *Post, now time.Time) string {
	if p.ID != "" {
		return p.ID
	}
	if p.Kind != kindComment {
		return w.youtubeSigns("film", now, 8)
	}
	if parent := w.post(YouTube, p.InReplyTo); parent != nil && parent.Kind == kindComment {
		return youtubeTop(parent.ID) + "." + w.youtubeSigns("answer", now, 16)
	}
	return "Ug" + w.youtubeSigns("comment", now, 17) + "4AaABAg"
}

// youtubeTop is the comment on the film that a comment belongs to: there are
// only two levels.
func youtubeTop(id string) string {
	top, _, _ := strings.Cut(id, ".")
	return top
}

func (w *world) youtubeSigns(kind string, now time.Time, bytes int) string {
	h := sha256.New()
	h.Write([]byte(kind))
	var n [8]byte
	for {
		binary.BigEndian.PutUint64(n[:], uint64(spread(w.nextID(YouTube, now)))^uint64(w.seed)<<32)
		h.Write(n[:])
		if id := base64.RawURLEncoding.EncodeToString(h.Sum(nil)[:bytes]); w.post(YouTube, id) == nil {
			return id
		}
	}
}

// youtubeUploads is the playlist of everything a channel uploaded.
func youtubeUploads(channel string) string { return "UU" + strings.TrimPrefix(channel, "UC") }

// youtubeText is what a reader takes from a film's title and description: a
// title that only shortens the description's long first line adds nothing.
func youtubeText(title, description string) string {
	short, cut := strings.CutSuffix(title, "…")
	first, _, _ := strings.Cut(strings.TrimSpace(description), "\n")
	switch {
	case description == "":
		return title
	case cut && len([]rune(first)) > len([]rune(title)) && strings.HasPrefix(first, strings.TrimSpace(short)) && len([]rune(title)) > 40:
		return description
	}
	return title + "\n" + description
}
