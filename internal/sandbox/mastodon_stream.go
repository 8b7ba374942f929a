package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// thump is how often the streaming server says that the connection stands.
const thump = 15 * time.Second

// mastoStream is one kept connection.
type mastoStream struct {
	account *Account
	heard   chan *Post
}

// mastoHeard tells the kept connections of a notification.
func mastoHeard(s *Sandbox, p *Post, verb string, _ time.Time) {
	for st := range s.mastoStreams {
		direct := p.Kind == kindDirect && p.Account == st.account.ID && !p.Ours
		if verb != "add" || !direct && !s.world.addressed(p, st.account) {
			continue
		}
		select {
		case st.heard <- p:
		default: // too slow a reader misses it, as on the real one
		}
	}
}

// mastoStreaming: GET /api/v1/streaming/user/notification, server-sent events.
func (s *Sandbox) mastoStreaming(w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		mastodonFace{}.unreadable().write(w)
		return
	}
	s.mu.Lock()
	no := mastodonFace{}.authenticate(s, c)
	if ft := s.takeFault(Mastodon, opPull, c.account); no == nil && ft != nil && ft.Kind == faultRevoked {
		gone := mastodonFace{}.revoked()
		no = &gone
	}
	if no == nil && !mastoMay(c.token, "read:notifications") {
		outside := mastodonOutside()
		no = &outside
	}
	if no != nil {
		s.mu.Unlock()
		no.write(w)
		return
	}
	st := &mastoStream{account: c.account, heard: make(chan *Post, 100)}
	s.mastoStreams[st] = true
	s.mu.Unlock()
	defer func() {
		s.mu.Lock()
		delete(s.mastoStreams, st)
		s.mu.Unlock()
	}()
	s.mastoTell(w, c, st)
}

// mastoTell writes events until the client goes.
func (s *Sandbox) mastoTell(w http.ResponseWriter, c *call, st *mastoStream) {
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "private, no-store")
	say := func(text string) bool {
		_, err := w.Write([]byte(text))
		return err == nil && out.Flush() == nil
	}
	ok := say(":)\n")
	tick := time.NewTicker(thump)
	defer tick.Stop()
	for ok {
		select {
		case <-c.r.Context().Done():
			return
		case <-tick.C:
			ok = say(":thump\n")
		case p := <-st.heard:
			s.mu.Lock()
			raw, err := json.Marshal(s.mastoNotification(c, p))
			s.mu.Unlock()
			ok = err == nil && say(fmt.Sprintf("event: notification\ndata: %s\n\n", raw))
		}
	}
}
