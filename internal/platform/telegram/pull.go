package telegram

import (
	"context"
	"slices"
	"strings"

	"kentongan/internal/platform"
)

// feed is the one stream of a bot.
const feed = "updates"

// pageSize is the most that getUpdates gives at once.
const pageSize = 100

// Feeds implements platform.Puller.
func (c *Connector) Feeds(platform.Account) []string { return []string{feed} }

// Pull implements platform.Puller. Telegram forgets what is confirmed, and the
// offset confirms: so the newest id plus one goes out with the next call, when
// the caller has stored this page.
func (c *Connector) Pull(ctx context.Context, a platform.Account, name, stored string) (platform.Page, error) {
	if name != feed {
		return platform.Page{}, &platform.Refusal{Code: "platform.feed_unknown", Said: name, Fix: platform.FixNobody}
	}
	from := c.memory.recall(stored)
	in := fields{"limit": pageSize, "timeout": 0, "allowed_updates": wanted()}
	if from.Offset > 0 {
		in["offset"] = from.Offset
	}
	var list []update
	err := c.ask(ctx, a, "getUpdates", in, &list)
	switch {
	case says(err, "webhook is active") && c.pushedToUs(ctx, a):
		return platform.Page{Cursor: stored}, nil
	case err != nil:
		return platform.Page{}, err
	}
	c.albums(list)
	next := from.Offset
	page := platform.Page{More: len(list) >= pageSize}
	told := map[string]bool{}
	for _, u := range list {
		next = max(next, u.ID+1)
		i, of, ok := c.item(u)
		switch key := i.RemoteID + i.Edited.String(); {
		case !ok || of != "" && of != a.RemoteID && !slices.Contains(a.Also, of):
		case i.Kind == platform.OwnPost && (told[key] || c.inside(list, u)):
			// The post and its copy in the group, or an album's next picture.
		default:
			told[key] = true
			page.Items = append(page.Items, ours(a, i))
		}
	}
	page.Cursor = c.memory.store(next, append([]string{a.RemoteID}, a.Also...))
	return page, nil
}

// ours makes what an administrator wrote as the channel itself our own.
func ours(a platform.Account, i platform.Item) platform.Item {
	if i.AuthorID == a.RemoteID || slices.Contains(a.Also, i.AuthorID) && strings.HasPrefix(i.AuthorID, "-") {
		i.Kind = platform.OwnPost
	}
	return i
}

// albums remembers how many messages the albums of a batch have.
func (c *Connector) albums(list []update) {
	type album struct {
		chat, first, last int64
	}
	all := map[string]*album{}
	for _, u := range list {
		m, _ := u.heard()
		if m == nil || m.Album == "" {
			continue
		}
		chat, id := m.Chat.ID, m.ID
		if _, ok := m.copied(); ok {
			chat, id = m.Origin.Chat.ID, m.Origin.ID
		}
		key := m.Album + " " + number(chat)
		if all[key] == nil {
			all[key] = &album{chat: chat, first: id, last: id}
		}
		of := all[key]
		of.first, of.last = min(of.first, id), max(of.last, id)
	}
	for _, of := range all {
		if of.last > of.first && of.last-of.first < maxAlbum {
			c.memory.album(of.chat, of.first, int(of.last-of.first)+1)
		}
	}
}

// inside says that an update is an album's second or later picture: the album
// is one post, and its first message is the post's name.
func (c *Connector) inside(list []update, u update) bool {
	m, _ := u.heard()
	if m.Album == "" || m.Caption != "" {
		return false
	}
	for _, other := range list {
		o, _ := other.heard()
		if o != nil && o.Album == m.Album && o.Chat.ID == m.Chat.ID && o.ID < m.ID {
			return true
		}
	}
	chat, id := m.Chat.ID, m.ID
	if _, ok := m.copied(); ok {
		chat, id = m.Origin.Chat.ID, m.Origin.ID
	}
	return c.memory.within(chat, id)
}
