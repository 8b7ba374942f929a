package whatsapp

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

var errNotStaged = errors.New("not staged")

// SignIn implements platform.Signer: the number's id and a system user's token
// were typed. The token of the developers' page dies within a day and is
// refused, before an office finds its inbox silent.
func (c *Connector) SignIn(ctx context.Context, f platform.Form) (platform.Granted, error) {
	a := platform.Account{Platform: Name, BaseURL: f.BaseURL, App: f.App, Token: f.Token, RemoteID: strings.TrimSpace(f.Account)}
	if provider(a) {
		p, err := c.carried(ctx, a)
		if err == nil && a.RemoteID != "" && p.RemoteID != a.RemoteID {
			err = &platform.Refusal{Code: "platform.forbidden", Said: "the key is for another number", Fix: platform.FixAdmin}
		}
		return platform.Granted{Profile: p, Token: f.Token}, err
	}
	p, ends, err := c.owned(ctx, a)
	f.Token.Expires = ends
	return platform.Granted{Profile: p, Token: f.Token}, err
}

// owned finds the number among the business accounts that the token may manage.
func (c *Connector) owned(ctx context.Context, a platform.Account) (platform.Profile, time.Time, error) {
	t, err := c.debug(ctx, a)
	if err != nil {
		return platform.Profile{}, time.Time{}, err
	}
	for _, id := range t.targets() {
		var list struct {
			Data []phone `json:"data"`
		}
		if err := c.get(ctx, a, &list, nil, path(a, id, "phone_numbers")); err != nil {
			if r := platform.AsRefusal(err); r != nil && !r.Auth {
				continue // a business account that the token cannot read
			}
			return platform.Profile{}, time.Time{}, err
		}
		for _, p := range list.Data {
			if p.ID == a.RemoteID {
				return p.profile([]string{id}), t.ends(), nil
			}
		}
	}
	return platform.Profile{}, time.Time{}, &platform.Refusal{Code: "platform.number_unknown", Fix: platform.FixAdmin}
}

// debugged is what /debug_token says of a token.
type debugged struct {
	Valid    bool     `json:"is_valid"`
	Expires  int64    `json:"expires_at"`
	Scopes   []string `json:"scopes"`
	Granular []struct {
		Scope   string   `json:"scope"`
		Targets []string `json:"target_ids"`
	} `json:"granular_scopes"`
}

func (t debugged) ends() time.Time {
	if t.Expires == 0 {
		return time.Time{}
	}
	return time.Unix(t.Expires, 0).UTC()
}

// targets are the business accounts that the token may manage.
func (t debugged) targets() []string {
	var all []string
	for _, g := range t.Granular {
		if slices.Contains(scopes(), g.Scope) {
			all = append(all, g.Targets...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// debug asks what the token is, and refuses what would not last or not do.
func (c *Connector) debug(ctx context.Context, a platform.Account) (debugged, error) {
	var t struct {
		Data debugged `json:"data"`
	}
	if err := c.get(ctx, a, &t, url.Values{"input_token": {a.Token.Access}}, path(a, "debug_token")); err != nil {
		return t.Data, err
	}
	if !t.Data.Valid {
		return t.Data, &platform.Refusal{Code: "platform.auth_lost", Fix: platform.FixAdmin, Auth: true}
	}
	if end := t.Data.ends(); !end.IsZero() && time.Until(end) <= 24*time.Hour {
		return t.Data, &platform.Refusal{Code: "platform.token_short_lived", Fix: platform.FixAdmin}
	}
	for _, scope := range scopes() {
		if !slices.Contains(t.Data.Scopes, scope) {
			return t.Data, &platform.Refusal{Code: "platform.consent.missing_permission", Said: scope, Fix: platform.FixAdmin}
		}
	}
	return t.Data, nil
}

// Subscribe implements platform.Subscriber: an address of this business
// account's own, which Meta checks at once.
func (c *Connector) Subscribe(ctx context.Context, a platform.Account, address string) error {
	id, err := waba(a)
	if err != nil {
		return err
	}
	var done struct {
		Success bool `json:"success"`
	}
	if provider(a) {
		// The answer is the address itself; anything but 2xx is an error.
		var any map[string]any
		return c.post(ctx, a, &any, fields{"url": address}, path(a, "", "v1", "configs", "webhook"))
	}
	err = c.post(ctx, a, &done, fields{"override_callback_uri": address, "verify_token": a.App.VerifyToken}, path(a, id, "subscribed_apps"))
	if err == nil && !done.Success {
		err = &platform.Unclear{Status: http.StatusOK, Said: "not confirmed"}
	}
	return err
}

// SetBlocked implements platform.Blocker. Only who wrote within the last 24
// hours can be blocked.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, authorID, _ string, blocked bool) error {
	method := http.MethodPost
	if !blocked {
		method = http.MethodDelete
	}
	req, err := wire.JSON(ctx, method, path(a, a.RemoteID, "block_users"), fields{
		"messaging_product": "whatsapp", "block_users": []fields{{"user": authorID}},
	})
	if err != nil {
		return err
	}
	var done struct {
		Users map[string][]struct {
			Input string `json:"input"`
		} `json:"block_users"`
	}
	if err := c.call(ctx, a, req, &done); err != nil {
		return err
	}
	for _, list := range done.Users {
		if len(list) > 0 {
			return nil
		}
	}
	return &platform.Unclear{Status: http.StatusOK, Said: "not confirmed"}
}

// Templates implements platform.Templater.
func (c *Connector) Templates(ctx context.Context, a platform.Account) ([]platform.Approved, error) {
	id, err := waba(a)
	if err != nil {
		return nil, err
	}
	address := path(a, id, "message_templates")
	if provider(a) {
		address = path(a, "", "v1", "configs", "templates")
	}
	var all []platform.Approved
	after := ""
	for range 20 {
		query := url.Values{"limit": {strconv.Itoa(100)}}
		if after != "" {
			query.Set("after", after)
		}
		var page templates
		if err := c.get(ctx, a, &page, query, address); err != nil {
			return nil, err
		}
		for _, t := range append(page.Data, page.Provider...) {
			all = append(all, t.approved())
		}
		after = page.Paging.Cursors.After
		if after == "" || page.Paging.Next == "" {
			break
		}
	}
	return all, nil
}

type templates struct {
	Data     []template `json:"data"`
	Provider []template `json:"waba_templates"`
	Paging   struct {
		Cursors struct {
			After string `json:"after"`
		} `json:"cursors"`
		Next string `json:"next"`
	} `json:"paging"`
}

type template struct {
	Name       string `json:"name"`
	Language   string `json:"language"`
	Category   string `json:"category"`
	Status     string `json:"status"`
	Components []struct {
		Type string `json:"type"`
		Text string `json:"text"`
	} `json:"components"`
}

func (t template) approved() platform.Approved {
	one := platform.Approved{Name: t.Name, Language: t.Language, Category: strings.ToUpper(t.Category), State: strings.ToUpper(t.Status)}
	for _, part := range t.Components {
		if strings.EqualFold(part.Type, "BODY") {
			one.Body = part.Text
		}
	}
	return one
}
