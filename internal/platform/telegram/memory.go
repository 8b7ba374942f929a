package telegram

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// memory is what messages say only once: which copy in a discussion group
// belongs to which channel post, and how many pictures an album has. It is
// filled from what arrives and kept in the cursor, so that it outlives us.
type memory struct {
	mu      sync.Mutex
	threads map[string]string // copy in the group -> channel post
	albums  map[string]int    // first message -> number of messages
}

func newMemory() *memory {
	return &memory{threads: map[string]string{}, albums: map[string]int{}}
}

// kept is how many of each are remembered for a chat.
const kept = 300

func (m *memory) thread(group, copied int64, post string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.threads[join(group, copied)] = post
	forget(m.threads, group)
}

// post is the channel post that a thread of the group stands below; "" when
// its copy was never heard.
func (m *memory) post(group, thread int64) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.threads[join(group, thread)]
}

func (m *memory) album(chat, first int64, n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.albums[join(chat, first)] = max(m.albums[join(chat, first)], min(n, maxAlbum))
	forget(m.albums, chat)
}

// size is how many messages a post has.
func (m *memory) size(chat, first int64) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return max(m.albums[join(chat, first)], 1)
}

// forget lets the oldest of a chat go.
func forget[V any](all map[string]V, chat int64) {
	if len(all) <= kept {
		return
	}
	mine := ofChat(all, number(chat))
	for _, id := range mine[:max(len(mine)-kept, 0)] {
		delete(all, id)
	}
}

// ofChat lists a chat's messages, oldest first.
func ofChat[V any](all map[string]V, chat string) []string {
	var mine []string
	for id := range maps.Keys(all) {
		if strings.HasPrefix(id, chat+"_") {
			mine = append(mine, id)
		}
	}
	slices.SortFunc(mine, func(a, b string) int {
		_, x, _ := split(a)
		_, y, _ := split(b)
		return cmp.Compare(x, y)
	})
	return mine
}

// cursor is where a bot's updates were left, with what must be remembered.
type cursor struct {
	Offset  int64             `json:"offset"`
	Threads map[string]string `json:"threads,omitempty"`
	Albums  map[string]int    `json:"albums,omitempty"`
}

// recall reads a stored cursor; one we cannot read begins anew with what
// Telegram still keeps.
func (m *memory) recall(stored string) (from cursor) {
	if offset, err := strconv.ParseInt(stored, 10, 64); err == nil {
		return cursor{Offset: offset}
	}
	_ = json.Unmarshal([]byte(stored), &from)
	m.mu.Lock()
	defer m.mu.Unlock()
	for id, post := range from.Threads {
		m.threads[id] = post
	}
	for id, n := range from.Albums {
		m.albums[id] = max(m.albums[id], min(n, maxAlbum))
	}
	return from
}

// store is the cursor after offset, with what concerns these chats.
func (m *memory) store(offset int64, chats []string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	next := cursor{Offset: offset, Threads: map[string]string{}, Albums: map[string]int{}}
	for _, chat := range chats {
		for _, id := range ofChat(m.threads, chat) {
			next.Threads[id] = m.threads[id]
		}
		for _, id := range ofChat(m.albums, chat) {
			next.Albums[id] = m.albums[id]
		}
	}
	raw, _ := json.Marshal(next) // numbers and texts always marshal
	return string(raw)
}

// within says that a message is a known album's second or later one.
func (m *memory) within(chat, id int64) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	for back := int64(1); back < maxAlbum; back++ {
		if n := m.albums[join(chat, id-back)]; int64(n) > back {
			return true
		}
	}
	return false
}
