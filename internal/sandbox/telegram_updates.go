package sandbox

import (
	"encoding/json"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"
)

// update is one thing that a bot has not taken yet. Without a body it says that
// everything of the bot before ID has been taken.
type update struct {
	Account string          `json:"account"` // the channel whose bot it is for
	ID      int64           `json:"id"`
	Kind    string          `json:"kind,omitempty"`
	Body    json.RawMessage `json:"body,omitempty"`
	At      time.Time       `json:"at,omitzero"`
}

// tgKept is how long Telegram keeps what nobody takes: 24 hours.
const tgKept = 24 * time.Hour

// tgHeard makes the updates that a bot gets of a change: not of what it sent
// itself, but of the copy that Telegram puts into the discussion group. That
// something was deleted is never told.
func (s *Sandbox) tgHeard(p *Post, verb string, now time.Time) {
	if verb != "add" && verb != "edited" {
		return
	}
	prefix := ""
	if verb == "edited" {
		prefix = "edited_"
	}
	if p.Kind != kindPost {
		if p.Face[tgByBot] == "" && (p.Kind == kindDirect || !s.rules.WithoutDiscussion) {
			s.tgTell(p.Account, prefix+"message", s.tgMessage(p, 0), now)
		}
		return
	}
	for i := range max(len(p.Media), 1) {
		if p.Face[tgByBot] == "" {
			s.tgTell(p.Account, prefix+"channel_post", s.tgMessage(p, i), now)
		}
	}
	for i := range max(len(p.Media), 1) {
		if !s.rules.WithoutDiscussion {
			s.tgTell(p.Account, prefix+"message", s.tgForwarded(p, i), now)
		}
	}
}

// tgTell gives an update to a bot's webhook, or keeps it until it is asked for.
func (s *Sandbox) tgTell(account, kind string, message object, now time.Time) {
	w := s.world
	hook := w.tgHook(account)
	if hook != nil && len(hook.Allowed) > 0 && !slices.Contains(hook.Allowed, kind) || hook == nil && len(w.wanted[account]) > 0 && !slices.Contains(w.wanted[account], kind) {
		return
	}
	key := "telegram update " + account
	if w.last[key] == 0 {
		w.last[key] = 700_000_000 + int64(spread(account)%1_000_000)
	}
	w.last[key]++
	id := w.last[key]
	body, err := json.Marshal(object{"update_id": id, kind: message})
	if err != nil {
		return // maps of plain values always marshal
	}
	u := &update{Account: account, ID: id, Kind: kind, Body: body, At: now}
	if hook != nil {
		s.queue = append(s.queue, push{hook: *hook, body: body, due: now})
	}
	if err := w.putUpdate(u); err != nil {
		s.log.Error("sandbox: an update was lost", "err", err)
	}
	if hook != nil { // it has gone: only its number stays
		_ = w.putUpdate(&update{Account: account, ID: id + 1}) // told above
	}
	select {
	case s.wake <- struct{}{}:
	default:
	}
	close(w.arrived)
	w.arrived = make(chan struct{})
}

func (w *world) tgHook(account string) *Hook {
	for i, h := range w.hooks {
		if h.Platform == Telegram && (h.Account == account || h.Account == "") {
			return &w.hooks[i]
		}
	}
	return nil
}

func (w *world) putUpdate(u *update) error {
	if err := w.journal.write(entry{Update: u}); err != nil {
		return err
	}
	w.setUpdate(u)
	return nil
}

func (w *world) setUpdate(u *update) {
	key := "telegram update " + u.Account
	if len(u.Body) > 0 {
		if len(w.updates)%500 == 499 { // now and then: nobody may ever take them
			w.updates = slices.DeleteFunc(w.updates, func(o *update) bool { return u.At.Sub(o.At) >= tgKept })
		}
		w.updates = append(w.updates, u)
		w.last[key] = max(w.last[key], u.ID)
		return
	}
	w.last[key] = max(w.last[key], u.ID-1)
	w.updates = slices.DeleteFunc(w.updates, func(o *update) bool { return o.Account == u.Account && o.ID < u.ID })
}

// tgPoll is getUpdates: with a timeout it waits, and the world goes on.
func (s *Sandbox) tgPoll(f telegramFace, rt route, w http.ResponseWriter, r *http.Request) {
	c, err := readCall(r, s.now())
	if err != nil {
		f.unreadable().write(w)
		return
	}
	until := time.NewTimer(time.Duration(c.number("timeout", 0, 0, 50)) * time.Second)
	defer until.Stop()
	for {
		s.mu.Lock()
		arrived := s.world.arrived
		s.mu.Unlock()
		out, ft := s.decide(f, "getupdates", rt, c)
		if ft != nil || out.status != http.StatusOK || string(out.body) != `{"ok":true,"result":[]}` {
			s.send(w, r, out, ft)
			return
		}
		select {
		case <-arrived:
		case <-until.C:
			s.send(w, r, out, ft)
			return
		case <-r.Context().Done():
			return
		}
	}
}

// tgGetUpdates: offset confirms everything before it; a negative one counts
// from the newest.
func (s *Sandbox) tgGetUpdates(c *call) answer {
	w, account := s.world, c.account.ID
	if w.tgHook(account) != nil {
		return tgError(http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first")
	}
	if c.has("allowed_updates") {
		w.wanted[account] = c.texts("allowed_updates")
	}
	mine := func() (all []*update) {
		for _, u := range w.updates {
			if u.Account == account && c.now.Sub(u.At) < tgKept {
				all = append(all, u)
			}
		}
		return all
	}
	pending := mine()
	offset := tgInt(c.str("offset"))
	if offset < 0 && int(-offset) < len(pending) {
		offset = pending[len(pending)+int(offset)].ID
	}
	if offset > 0 && len(pending) > 0 && pending[0].ID < offset {
		if err := w.putUpdate(&update{Account: account, ID: offset}); err != nil {
			return tgError(http.StatusInternalServerError, "Internal Server Error")
		}
		pending = mine()
	}
	list := []json.RawMessage{}
	for _, u := range pending[:min(len(pending), c.number("limit", 100, 1, 100))] {
		list = append(list, u.Body)
	}
	return tgOK(list)
}

var tgSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// tgSetWebhook: an https address, except on this machine. Nothing is asked of
// the address; what waits goes to it.
func (s *Sandbox) tgSetWebhook(c *call) answer {
	address, secret := c.str("url"), c.str("secret_token")
	switch {
	case address == "":
		return s.tgDeleteWebhook(c)
	case !strings.HasPrefix(address, "https://") && !strings.HasPrefix(address, "http://127.0.0.1") && !strings.HasPrefix(address, "http://localhost"):
		return tgBad("bad webhook: An HTTPS URL must be provided for webhook")
	case secret != "" && !tgSecret.MatchString(secret):
		return tgBad("secret token contains unallowed characters")
	}
	h := Hook{Platform: Telegram, URL: address, Secret: secret, Account: c.account.ID, Allowed: c.texts("allowed_updates")}
	if err := s.world.journal.write(entry{Hook: &h}); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	s.world.setHook(h)
	for _, u := range s.world.updates {
		if u.Account == h.Account && !c.flag("drop_pending_updates") && c.now.Sub(u.At) < tgKept {
			s.queue = append(s.queue, push{hook: h, body: u.Body, due: c.now})
		}
	}
	_ = s.world.putUpdate(&update{Account: h.Account, ID: s.world.last["telegram update "+h.Account] + 1}) // a bot may get an update twice
	return jsonAnswer(http.StatusOK, object{"ok": true, "result": true, "description": "Webhook was set"})
}

func (s *Sandbox) tgDeleteWebhook(c *call) answer {
	h := Hook{Platform: Telegram, Account: c.account.ID}
	if err := s.world.journal.write(entry{Hook: &h}); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	s.world.setHook(h)
	if c.flag("drop_pending_updates") {
		_ = s.world.putUpdate(&update{Account: h.Account, ID: s.world.last["telegram update "+h.Account] + 1}) // a bot may get an update twice
	}
	return jsonAnswer(http.StatusOK, object{"ok": true, "result": true, "description": "Webhook was deleted"})
}

func (s *Sandbox) tgGetWebhookInfo(c *call) answer {
	info := object{"url": "", "has_custom_certificate": false, "pending_update_count": 0}
	if h := s.world.tgHook(c.account.ID); h != nil {
		waiting := 0
		for _, p := range s.queue {
			if p.hook.URL == h.URL {
				waiting++
			}
		}
		info["url"], info["pending_update_count"], info["max_connections"] = h.URL, waiting, 40
		if len(h.Allowed) > 0 {
			info["allowed_updates"] = h.Allowed
		}
		return tgOK(info)
	}
	waiting := 0
	for _, u := range s.world.updates {
		if u.Account == c.account.ID {
			waiting++
		}
	}
	info["pending_update_count"] = waiting
	return tgOK(info)
}
