package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// telegramHabit: each office has a channel, a discussion group linked to it
// and a bot that administers both (Bot API 10.1, core.telegram.org/bots/api).
func telegramHabit() habit {
	return habit{
		name: Telegram, mount: "/tg", names: true, hears: []string{kindMention, kindDirect},
		routes:   (*Sandbox).telegramRoutes,
		accounts: twoOffices(Telegram, "-1001450000101", "-1001450000202"),
		tokens: func(seed int64, a *Account) []*token {
			who := at(a.Platform, a.ID)
			return []*token{{Access: tgBot(a.ID) + ":AA" + derive(seed, "access", who)[:33], Account: who}}
		},
		id:     func(w *world, p *Post, _ time.Time) string { return w.tgID(p) },
		direct: func(p *Post) string { return p.AuthorID },
		// Updates are made once for each bot (see heard), not once for each address.
		push:  func(*Sandbox, Hook, *Post, string, time.Time) []byte { return nil },
		heard: (*Sandbox).tgHeard,
		signed: func(app *App, h Hook, header http.Header, _ []byte) {
			secret := h.Secret
			if secret == "" && h.Account == "" {
				secret = app.VerifyToken // registered through the control page
			}
			if secret != "" {
				header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
			}
		},
	}
}

// tgBot is the id of a channel's bot, tgGroup that of its discussion group.
func tgBot(channel string) string { return "71" + strings.TrimPrefix(channel, "-1001") }

func tgGroup(channel string) string { return "-1002" + strings.TrimPrefix(channel, "-1001") }

// tgJoin and tgSplit: message ids are counted for each chat, so a thing's id in
// the world is the chat's and its own.
func tgJoin(chat string, n int64) string { return chat + "_" + strconv.FormatInt(n, 10) }

func tgSplit(id string) (chat string, n int64) {
	chat, number, _ := strings.Cut(id, "_")
	n, _ = strconv.ParseInt(number, 10, 64) // ids of the world are ours
	return chat, n
}

// What only Telegram knows of a post.
const (
	tgForward = "forward"        // number of its copy in the discussion group
	tgGroupID = "media_group_id" // of an album
	tgByBot   = "bot"            // sent through the bot: it does not hear of it itself
	tgFiles   = "files"          // kinds of what a citizen sent along
)

// tgChat is the chat that a post stands in.
func tgChat(p *Post) string {
	switch p.Kind {
	case kindDirect:
		return p.Thread
	case kindPost:
		return p.Account
	}
	return tgGroup(p.Account)
}

// tgID counts a post in its chat; an album takes a number for each picture, and
// a channel's post is copied into the discussion group.
func (w *world) tgID(p *Post) string {
	k := int64(max(len(p.Media), 1))
	if p.Kind == kindPost {
		if p.Face == nil {
			p.Face = map[string]string{}
		}
		p.Face[tgForward] = strconv.FormatInt(w.tgNext(tgGroup(p.Account), k), 10)
	}
	chat := tgChat(p)
	n := w.tgNext(chat, k)
	if k > 1 && p.Face != nil {
		p.Face[tgGroupID] = strconv.FormatInt(13_900_000_000_000_000+n, 10)
	}
	return tgJoin(chat, n)
}

// tgNext takes k numbers of a chat and gives the first.
func (w *world) tgNext(chat string, k int64) int64 {
	key := Telegram + " " + chat
	if _, known := w.last[key]; !known {
		for _, p := range w.order { // after a restart
			if p.Platform == Telegram {
				w.tgSaw(p)
			}
		}
	}
	first := w.last[key] + 1
	w.last[key] = w.last[key] + k
	return first
}

func (w *world) tgSaw(p *Post) {
	k := int64(max(len(p.Media), 1))
	chat, n := tgSplit(p.ID)
	w.last[Telegram+" "+chat] = max(w.last[Telegram+" "+chat], n+k-1)
	if f, err := strconv.ParseInt(p.Face[tgForward], 10, 64); err == nil {
		g := Telegram + " " + tgGroup(p.Account)
		w.last[g] = max(w.last[g], f+k-1)
	}
}

// tgFind is the thing with a number in a chat: a message, one picture of an
// album, or a channel post's copy in the group.
func (s *Sandbox) tgFind(a *Account, chat string, n int64) *Post {
	if p := s.world.visible(Telegram, tgJoin(chat, n)); p != nil {
		return p
	}
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform != Telegram || p.Account != a.ID || p.Deleted {
			continue
		}
		k := int64(max(len(p.Media), 1))
		own, first := tgSplit(p.ID)
		if own == chat && n >= first && n < first+k {
			return p
		}
		f, err := strconv.ParseInt(p.Face[tgForward], 10, 64)
		if err == nil && tgGroup(p.Account) == chat && n >= f && n < f+k {
			return p
		}
	}
	return nil
}

// telegramFace answers as api.telegram.org does.
type telegramFace struct{}

func (telegramFace) platform() string { return Telegram }

func tgError(status int, description string) answer {
	return jsonAnswer(status, object{"ok": false, "error_code": status, "description": description})
}

func tgBad(description string) answer {
	return tgError(http.StatusBadRequest, "Bad Request: "+description)
}

func tgOK(result any) answer {
	return jsonAnswer(http.StatusOK, object{"ok": true, "result": result})
}

// tgPath takes /tg/bot<token>/<method> apart.
func tgPath(path string) (access, method string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/tg/bot")
	if !ok {
		return "", "", false
	}
	access, method, ok = strings.Cut(rest, "/")
	return access, strings.ToLower(method), ok
}

// authenticate: what does not look like a token is no path of the API (404); a
// token that is unknown or was revoked is 401.
func (telegramFace) authenticate(s *Sandbox, c *call) *answer {
	access, _, ok := tgPath(c.r.URL.Path)
	bot, secret, pair := strings.Cut(access, ":")
	if _, err := strconv.ParseInt(bot, 10, 64); !ok || !pair || err != nil || len(secret) < 30 {
		no := tgError(http.StatusNotFound, "Not Found")
		return &no
	}
	t := s.world.tokens[access]
	if t == nil || t.dead(c.now) || !strings.HasPrefix(t.Account, Telegram+"/") {
		no := telegramFace{}.revoked()
		return &no
	}
	c.token, c.account = t, s.world.owner(t)
	return nil
}

func (telegramFace) unreadable() answer { return tgBad("can't parse request") }

func (telegramFace) tooMany(m *meter) answer {
	wait := max(int64((m.reset.Sub(m.now)+time.Second-1)/time.Second), 1)
	return jsonAnswer(http.StatusTooManyRequests, object{
		"ok": false, "error_code": http.StatusTooManyRequests,
		"description": "Too Many Requests: retry after " + strconv.FormatInt(wait, 10), "parameters": object{"retry_after": wait},
	})
}

func (telegramFace) revoked() answer { return tgError(http.StatusUnauthorized, "Unauthorized") }

// meterHeaders: Telegram tells its limits only by refusing.
func (telegramFace) meterHeaders(a answer, _ *meter) answer { return a }
