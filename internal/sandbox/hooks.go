package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
)

// Hook is an address that a platform pushes to.
type Hook struct {
	Platform string   `json:"platform"`
	URL      string   `json:"url"`
	Secret   string   `json:"secret,omitempty"`  // what a Telegram bot asked to be sent along
	Account  string   `json:"account,omitempty"` // whose news it gets; "" is everybody's
	Allowed  []string `json:"allowed,omitempty"` // kinds of a Telegram bot's updates; none is its own choice
	Shape    string   `json:"shape"`             // X only: "activity" (X Activity API, default) or "account" (Account Activity, v1.1-shaped)
}

// Shapes of X's pushes.
const (
	shapeActivity = "activity"
	shapeAccount  = "account"
)

// push is one body on its way to an address.
type push struct {
	hook  Hook
	body  []byte
	tries int
	due   time.Time
}

// Register checks an address the way its platform does and keeps it.
func (s *Sandbox) Register(ctx context.Context, h Hook) error {
	app, habit := s.app(h.Platform), habitOf(h.Platform)
	if app == nil || habit.push == nil {
		return fmt.Errorf("%q has no webhooks", h.Platform)
	}
	if h.Shape == "" {
		h.Shape = shapeActivity
	}
	if !slices.Contains([]string{shapeActivity, shapeAccount}, h.Shape) {
		return fmt.Errorf("shape must be %s or %s", shapeActivity, shapeAccount)
	}
	if habit.challenge != nil {
		token := make([]byte, 16)
		_, _ = rand.Read(token) // crypto/rand never fails
		q, want := habit.challenge(app, token)
		if err := s.check(ctx, h, q, want); err != nil {
			return err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.world.journal.write(entry{Hook: &h}); err != nil {
		return err
	}
	s.world.setHook(h)
	return nil
}

func (s *Sandbox) check(ctx context.Context, h Hook, q url.Values, want string) error {
	mark := "?"
	if strings.Contains(h.URL, "?") {
		mark = "&"
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, h.URL+mark+q.Encode(), nil)
	if err != nil {
		return fmt.Errorf("the address is not a URL: %w", err)
	}
	res, err := s.client.Do(req)
	if err != nil {
		return fmt.Errorf("the address does not answer: %w", err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(io.LimitReader(res.Body, 4096))
	if err != nil || res.StatusCode != http.StatusOK {
		return fmt.Errorf("the address answered %d to the check", res.StatusCode)
	}
	got := strings.ReplaceAll(strings.TrimSpace(string(body)), " ", "")
	if !strings.Contains(strings.ReplaceAll(got, `\/`, `/`), want) {
		return fmt.Errorf("the address gave a wrong answer to the check")
	}
	return nil
}

// xChallenge: GET ?crc_token=T -> {"response_token":"sha256=" + base64(HMAC(consumer secret, T))}
func xChallenge(app *App, token []byte) (url.Values, string) {
	asked := hex.EncodeToString(token)
	return url.Values{"crc_token": {asked}}, fmt.Sprintf(`"sha256=%s"`, base64.StdEncoding.EncodeToString(sign(app.ClientSecret, []byte(asked))))
}

// metaChallenge: GET ?hub.mode=subscribe&hub.challenge=N&hub.verify_token=T -> N
func metaChallenge(app *App, token []byte) (url.Values, string) {
	want := fmt.Sprint(int(token[0])<<16 | int(token[1])<<8 | int(token[2]))
	return url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {want}, "hub.verify_token": {app.VerifyToken}}, want
}

func xSigned(app *App, _ Hook, header http.Header, body []byte) {
	header["x-twitter-webhooks-signature"] = []string{"sha256=" + base64.StdEncoding.EncodeToString(sign(app.ClientSecret, body))}
}

func metaSigned(app *App, _ Hook, header http.Header, body []byte) {
	header.Set("X-Hub-Signature-256", "sha256="+hex.EncodeToString(sign(app.ClientSecret, body)))
}

func (s *Sandbox) app(platform string) *App {
	if a := s.world.account(platform, ""); a != nil {
		return &a.App
	}
	return nil
}

func (w *world) setHook(h Hook) {
	w.hooks = slices.DeleteFunc(w.hooks, func(o Hook) bool {
		// A bot has one address; what replaces it may be none.
		one := h.Platform == Telegram && (h.Account == o.Account || h.URL == "" && o.Account == "") ||
			h.Platform == WhatsApp && h.Account != "" && h.Account == o.Account
		return o.Platform == h.Platform && (o.URL == h.URL && o.Account == h.Account || one)
	})
	if h.URL != "" {
		w.hooks = append(w.hooks, h)
	}
}

func sign(secret string, body []byte) []byte {
	h := hmac.New(sha256.New, []byte(secret))
	h.Write(body)
	return h.Sum(nil)
}

// tell queues a push for every address that hears of a change.
func (s *Sandbox) tell(p *Post, verb string, now time.Time) {
	if heard := habitOf(p.Platform).heard; heard != nil && !p.Draft {
		heard(s, p, verb, now)
	}
	for _, h := range s.world.hooks {
		if h.Platform != p.Platform || p.Draft || h.Account != "" && h.Account != p.Account {
			continue
		}
		body := habitOf(h.Platform).push(s, h, p, verb, now)
		if body == nil {
			continue
		}
		s.queue = append(s.queue, push{hook: h, body: body, due: now})
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
}
