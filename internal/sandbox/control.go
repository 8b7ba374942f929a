package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// The control page, beside the platforms and not theirs:
//
//	GET    /sandbox/world[?platform=]  everything published and said
//	GET    /sandbox/credentials        base URLs, accounts, tokens, app secrets
//	GET, POST, DELETE /sandbox/faults  see Fault
//	POST   /sandbox/say                see Saying
//	POST   /sandbox/edit, remove       {platform, id, text}: by whoever wrote it
//	POST   /sandbox/like               {platform, id, views, likes, shares}
//	POST   /sandbox/answer             {n}: citizens react now
//	POST   /sandbox/webhooks           see Hook
//	POST   /sandbox/expire             {platform, account}: access tokens die, refresh tokens live
//	POST   /sandbox/clock              {seconds}: the sandbox's clock goes forward
//	POST   /sandbox/rules              see Rules

// Seen is a post as the control page shows it.
type Seen struct {
	Platform  string      `json:"platform"`
	ID        string      `json:"id"`
	Kind      string      `json:"kind"`
	Account   string      `json:"account"`
	Author    string      `json:"author"`
	Ours      bool        `json:"ours"`
	Text      string      `json:"text"`
	Link      string      `json:"link"`
	Media     []SeenMedia `json:"media"`
	InReplyTo string      `json:"in_reply_to"`
	Thread    string      `json:"thread"`
	At        time.Time   `json:"at"`
	Edited    bool        `json:"edited"`
	Deleted   bool        `json:"deleted"`
	Hidden    bool        `json:"hidden"`
	Key       string      `json:"key"`
	Scope     string      `json:"scope"`   // Mastodon's visibility
	Private   string      `json:"private"` // the public comment that this message answers
	Title     string      `json:"title"`
	Views     int64       `json:"views"`
	Likes     int64       `json:"likes"`
	Shares    int64       `json:"shares"`
}

// SeenMedia is a file as the control page shows it.
type SeenMedia struct {
	ID     string `json:"id"`
	Type   string `json:"type"`
	Size   int64  `json:"size"`
	SHA256 string `json:"sha256"`
	Alt    string `json:"alt"`
}

// World lists everything published and said, oldest first.
func (s *Sandbox) World() []Seen {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := []Seen{}
	for _, p := range s.world.order {
		if p.Draft {
			continue // made, not shown: nobody but its owner sees it
		}
		m := s.metrics(p, s.now())
		seen := Seen{
			Platform: p.Platform, ID: p.ID, Kind: p.Kind, Account: p.Account, Author: p.Author, Ours: p.Ours, Text: p.Text, Link: p.Link,
			Media: []SeenMedia{}, InReplyTo: p.InReplyTo, Thread: p.Thread, At: p.At, Edited: !p.EditedAt.IsZero(), Deleted: p.Deleted,
			Hidden: p.Hidden, Key: p.Key, Scope: p.Scope, Private: p.Private, Title: p.Title, Views: m.views, Likes: m.likes, Shares: m.shares,
		}
		for _, f := range p.Media {
			seen.Media = append(seen.Media, SeenMedia{ID: f.ID, Type: f.Type, Size: f.Size, SHA256: f.SHA256, Alt: f.Alt})
		}
		out = append(out, seen)
	}
	return out
}

func (s *Sandbox) controlRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /sandbox/world", func(w http.ResponseWriter, r *http.Request) {
		posts := s.World()
		if p := r.URL.Query().Get("platform"); p != "" {
			posts = slices.DeleteFunc(posts, func(x Seen) bool { return x.Platform != p })
		}
		jsonAnswer(http.StatusOK, object{"posts": posts}).write(w)
	})
	m.HandleFunc("GET /sandbox/credentials", func(w http.ResponseWriter, r *http.Request) {
		jsonAnswer(http.StatusOK, s.Credentials("http://"+r.Host)).write(w)
	})
	m.HandleFunc("GET /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.mu.Lock()
		defer s.mu.Unlock()
		jsonAnswer(http.StatusOK, object{"faults": s.faults}).write(w)
	})
	m.HandleFunc("POST /sandbox/faults", control(func(_ *http.Request, f Fault) (any, error) {
		if !slices.Contains(faultKinds(), f.Kind) {
			return nil, fmt.Errorf("kind must be one of %s", strings.Join(faultKinds(), ", "))
		}
		if !slices.Contains(faultOps(), f.Op) {
			return nil, fmt.Errorf("op must be one of %s", strings.Join(faultOps()[1:], ", "))
		}
		s.AddFault(f)
		return object{"ok": true}, nil
	}))
	m.HandleFunc("DELETE /sandbox/faults", func(w http.ResponseWriter, _ *http.Request) {
		s.ClearFaults()
		jsonAnswer(http.StatusOK, object{"ok": true}).write(w)
	})
	m.HandleFunc("POST /sandbox/say", control(func(_ *http.Request, what Saying) (any, error) {
		id, err := s.Say(what)
		return object{"id": id}, err
	}))
	m.HandleFunc("POST /sandbox/edit", control(func(_ *http.Request, a alteration) (any, error) { return object{"ok": true}, s.alter(a, s.edit) }))
	m.HandleFunc("POST /sandbox/remove", control(func(_ *http.Request, a alteration) (any, error) {
		return object{"ok": true}, s.alter(a, func(p *Post, _ string, now time.Time) error { return s.remove(p, now) })
	}))
	m.HandleFunc("POST /sandbox/like", control(func(_ *http.Request, a alteration) (any, error) { return object{"ok": true}, s.alter(a, a.like(s)) }))
	m.HandleFunc("POST /sandbox/expire", control(func(_ *http.Request, a alteration) (any, error) {
		return object{"ok": true}, s.Expire(a.Platform, a.Account)
	}))
	m.HandleFunc("POST /sandbox/clock", control(func(_ *http.Request, a struct{ Seconds int }) (any, error) {
		s.Advance(time.Duration(a.Seconds) * time.Second)
		return object{"now": s.now()}, nil
	}))
	m.HandleFunc("POST /sandbox/rules", control(func(_ *http.Request, r Rules) (any, error) { s.SetRules(r); return r, nil }))
	m.HandleFunc("POST /sandbox/answer", control(func(_ *http.Request, a struct{ N int }) (any, error) {
		return object{"ids": s.Answer(max(a.N, 1))}, nil
	}))
	m.HandleFunc("POST /sandbox/webhooks", control(func(r *http.Request, h Hook) (any, error) { return object{"ok": true}, s.Register(r.Context(), h) }))
}

// control is a door of the control page: JSON in, JSON out, errors in words.
func control[In any](do func(*http.Request, In) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var in In
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		d.DisallowUnknownFields()
		if err := d.Decode(&in); err != nil {
			jsonAnswer(http.StatusBadRequest, object{"error": err.Error()}).write(w)
			return
		}
		out, err := do(r, in)
		if err != nil {
			jsonAnswer(http.StatusUnprocessableEntity, object{"error": err.Error()}).write(w)
			return
		}
		jsonAnswer(http.StatusOK, out).write(w)
	}
}

// Saying is something a citizen says, asked for through the control page. With
// one of our own handles as author it becomes a post of ours that the register
// does not know.
type Saying struct {
	Platform  string `json:"platform"`
	Account   string `json:"account"` // ours that it is meant for; "" the first
	InReplyTo string `json:"in_reply_to"`
	Text      string `json:"text"`
	Author    string `json:"author"`
	Kind      string `json:"kind"` // comment, mention, direct
	// Files are kinds of what comes along, where the platform tells of it:
	// image, video, audio, file, sticker, location.
	Files []string `json:"files"`
}

// Say lets somebody speak and returns the new post's id.
func (s *Sandbox) Say(what Saying) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, err := s.world.sayingPost(what)
	if err != nil {
		return "", err
	}
	if err := s.publish(p, s.now()); err != nil {
		return "", err
	}
	return p.ID, nil
}

func (w *world) sayingPost(what Saying) (*Post, error) {
	a := w.account(what.Platform, what.Account)
	if a == nil {
		return nil, fmt.Errorf("no account %q on %q", what.Account, what.Platform)
	}
	if strings.TrimSpace(what.Text) == "" && len(what.Files) == 0 {
		return nil, fmt.Errorf("text is empty")
	}
	p := &Post{Platform: what.Platform, Kind: what.Kind, Text: what.Text, InReplyTo: what.InReplyTo, Link: firstURL(what.Text)}
	if len(what.Files) > 0 {
		p.Face = map[string]string{"files": strings.Join(what.Files, ",")}
	}
	if what.InReplyTo != "" {
		parent := w.visible(what.Platform, what.InReplyTo)
		if parent == nil {
			return nil, fmt.Errorf("nothing with id %q to answer", what.InReplyTo)
		}
		if owner := w.account(what.Platform, parent.Account); what.Account == "" && owner != nil {
			a = owner
		}
		p.Kind = kindComment
	}
	switch p.Kind {
	case "":
		p.Kind = kindMention
	case kindComment, kindMention, kindDirect:
	default:
		return nil, fmt.Errorf("kind must be comment, mention or direct")
	}
	if p.Kind == kindComment && what.InReplyTo == "" {
		return nil, fmt.Errorf("a comment needs in_reply_to")
	}
	if p.Kind != kindComment && (what.Author == "" || w.account(what.Platform, what.Author) == nil) && !slices.Contains(habitOf(what.Platform).hears, p.Kind) {
		return nil, fmt.Errorf("%s has no %s", what.Platform, p.Kind)
	}
	p.Account = a.ID
	if own := w.account(what.Platform, what.Author); own != nil && what.Author != "" {
		p.Ours, p.Account, p.AuthorID, p.Author = true, own.ID, own.ID, own.Handle
		if p.Kind == kindMention {
			p.Kind = kindPost
		}
		return p, nil
	}
	handle := what.Author
	if handle == "" {
		handle = "warga_tirta"
	}
	who := w.person(what.Platform, strings.TrimPrefix(handle, "@"), displayName(handle))
	p.AuthorID, p.Author = who.ID, who.Handle
	if w.isBlocked(p.Platform, a.ID, who.ID) {
		return nil, fmt.Errorf("%s is blocked by %s", who.Handle, a.Handle)
	}
	if p.Kind == kindDirect {
		p.Thread = directThread(p)
	}
	if p.Kind == kindMention && !names(p.Text, a.Handle) {
		p.Text = "@" + a.Handle + " " + p.Text
	}
	return p, nil
}

// directThread is the id of the private conversation a message belongs to;
// "" where the platform has none.
func directThread(p *Post) string {
	if h := habitOf(p.Platform); h.direct != nil {
		return h.direct(p)
	}
	return ""
}

// alteration is a change to one thing of the world.
type alteration struct {
	Platform string `json:"platform"`
	ID       string `json:"id"`
	Account  string `json:"account"`
	Text     string `json:"text"`
	Views    int64  `json:"views"`
	Likes    int64  `json:"likes"`
	Shares   int64  `json:"shares"`
}

func (s *Sandbox) alter(a alteration, do func(*Post, string, time.Time) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.world.visible(a.Platform, a.ID)
	if p == nil {
		return fmt.Errorf("nothing with id %q on %q", a.ID, a.Platform)
	}
	return do(p, a.Text, s.now())
}

func (a alteration) like(s *Sandbox) func(*Post, string, time.Time) error {
	return func(p *Post, _ string, _ time.Time) error {
		return s.world.change(p, func(p *Post) { p.Views += a.Views; p.Likes += a.Likes; p.Shares += a.Shares })
	}
}

// Expire ends the life of an account's access tokens; refresh tokens go on.
func (s *Sandbox) Expire(platform, account string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.world.account(platform, account)
	if a == nil {
		return fmt.Errorf("no account %q on %q", account, platform)
	}
	for _, t := range s.world.tokens {
		if t.Account != at(a.Platform, a.ID) || t.Mode != "" && t.Refresh == "" {
			continue
		}
		next := *t
		next.Expires = s.now().Add(-time.Second)
		if err := s.world.putToken(&next); err != nil {
			return err
		}
	}
	return nil
}

// SetRules switches the house rules.
func (s *Sandbox) SetRules(r Rules) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rules = r
}
