package tiktok

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Business is the mode of a channel that speaks through the Business API
// (business-api.tiktok.com, Accounts API v1.3), which tells of comments. It
// takes films and pictures from public addresses only, and its publish call
// names the post only in its answer: what was not answered is a person's to
// decide.
const Business = "business"

// businessHome is the Business API's own address. Every base of this mode ends
// so, which is how a consent knows which API it is for.
const businessHome = "https://business-api.tiktok.com/open_api"

// maxReply is a comment's length, in UTF-16 units.
const maxReply = 150

func isBusiness(base string) bool { return strings.HasSuffix(base, "/open_api") }

func businessCapabilities() platform.Capabilities {
	return platform.Capabilities{
		Platform: Name, MaxText: maxCaption, TextUnit: "characters",
		MaxMedia: maxPictures, MediaTypes: []string{"image/jpeg", "image/webp"}, MaxMediaBytes: 20_000_000, MaxMediaSide: 1080,
		VideoTypes: []string{"video/mp4", "video/webm", "video/quicktime"}, MaxVideoBytes: 1 << 30, MaxVideo: maxLength,
		NeedsMedia: "any", PublicMedia: true, PublicVideo: true, FirstComment: true,
		Hears: []platform.ItemKind{platform.Comment}, Deletions: true,
		Reply: true, MaxReply: maxReply, Hide: true,
		Metrics: []string{"views", "likes", "shares", "replies"}, Settle: 5 * time.Minute,
		Connect: platform.Connect{Home: businessHome, OAuth: true, Scopes: businessScopes()},
	}
}

func businessScopes() []string {
	return []string{"user.info.basic", "user.info.username", "video.list", "video.insights", "video.publish", "comment.list", "comment.list.manage"}
}

// businessEnvelope is around every answer of the Business API, whose status is
// 200 whatever happened; code 0 is a success.
type businessEnvelope struct {
	Code    *int            `json:"code"`
	Message string          `json:"message"`
	Data    json.RawMessage `json:"data"`
}

// ask reads from the Business API.
func (c *Connector) ask(ctx context.Context, a platform.Account, into any, query url.Values, elements ...string) (safehttp.Answer, error) {
	query.Set("business_id", a.RemoteID)
	req, err := wire.Request(ctx, http.MethodGet, businessPath(a, elements...), query)
	if err != nil {
		return safehttp.Answer{}, err
	}
	return c.callBusiness(a, req, into)
}

// tell writes to the Business API.
func (c *Connector) tell(ctx context.Context, a platform.Account, body map[string]any, into any, elements ...string) (safehttp.Answer, error) {
	body["business_id"] = a.RemoteID
	req, err := wire.JSON(ctx, http.MethodPost, businessPath(a, elements...), body)
	if err != nil {
		return safehttp.Answer{}, err
	}
	return c.callBusiness(a, req, into)
}

func businessPath(a platform.Account, elements ...string) string {
	return path(a, append([]string{"v1.3", "business"}, elements...)...)
}

func (c *Connector) callBusiness(a platform.Account, req *http.Request, into any) (safehttp.Answer, error) {
	req.Header.Set("Access-Token", a.Token.Access)
	answer, err := c.client.Fetch(req)
	if err != nil {
		return answer, wire.Failed(err)
	}
	return answer, unwrapBusiness(answer, a, into, time.Now())
}

// unwrapBusiness opens an answer; its error is one of the contract's.
func unwrapBusiness(answer safehttp.Answer, a platform.Account, into any, now time.Time) error {
	var e businessEnvelope
	if wire.Whole(answer.Body, &e) != nil || e.Code == nil {
		said := safehttp.Said(answer.Body, a.Token.Access, a.Token.Refresh, a.App.ClientSecret)
		if answer.Status == http.StatusTooManyRequests {
			return &platform.Throttle{Until: now.Add(time.Minute), Said: said}
		}
		return &platform.Unclear{Status: answer.Status, Said: said}
	}
	said := safehttp.Said([]byte(strconv.Itoa(*e.Code)+": "+e.Message), a.Token.Access, a.Token.Refresh, a.App.ClientSecret)
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	switch code := *e.Code; code {
	case 0:
		if !answer.OK() {
			return &platform.Unclear{Status: answer.Status, Said: said}
		}
		if err := wire.Decode(e.Data, into); err != nil {
			return &platform.Unclear{Status: answer.Status, Said: "unreadable answer", Err: err}
		}
		return nil
	case 40100, 40016, 40133: // too often: by app, by account, by day
		return &platform.Throttle{Until: now.Add(time.Minute), Said: said}
	case 40102, 40103, 40104, 40105, 40110: // expired, refresh expired, none, wrong, a code that is used or old
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case 40001:
		return no("platform.consent.missing_permission", platform.FixAdmin)
	case 40002:
		if strings.Contains(e.Message, "not found") {
			return no("platform.not_found", platform.FixNobody)
		}
		return no("platform.invalid", platform.FixAuthor)
	}
	return &platform.Unclear{Status: answer.Status, Said: said}
}

func (c *Connector) verifyBusiness(ctx context.Context, a platform.Account) (platform.Profile, error) {
	var who struct {
		Username string `json:"username"`
		Name     string `json:"display_name"`
	}
	if _, err := c.ask(ctx, a, &who, url.Values{"fields": {`["username","display_name"]`}}, "get"); err != nil {
		return platform.Profile{}, err
	}
	if who.Username == "" {
		return platform.Profile{}, &platform.Unclear{Status: http.StatusOK, Said: "no username"}
	}
	return platform.Profile{RemoteID: a.RemoteID, Handle: who.Username, Name: who.Name, URL: profile(who.Username)}, nil
}

// redeemBusiness trades a consent's code: JSON both ways.
func (c *Connector) redeemBusiness(ctx context.Context, g platform.Consent, code string) (granted, error) {
	return c.tradeBusiness(ctx, g.BaseURL, g.App, map[string]any{"grant_type": "authorization_code", "auth_code": code, "redirect_uri": g.Redirect}, "token")
}

func (c *Connector) tradeBusiness(ctx context.Context, base string, app platform.App, body map[string]any, call string) (made granted, err error) {
	body["client_id"], body["client_secret"] = app.ClientID, app.ClientSecret
	req, err := wire.JSON(ctx, http.MethodPost, wire.Path(base, "v1.3", "tt_user", "oauth2", call)+"/", body)
	if err != nil {
		return made, err
	}
	a := platform.Account{App: app}
	if refresh, ok := body["refresh_token"].(string); ok {
		a.Token.Refresh = refresh
	}
	answer, err := c.client.Fetch(req)
	if err != nil {
		return made, wire.Failed(err)
	}
	err = unwrapBusiness(answer, a, &made, time.Now())
	switch r := platform.AsRefusal(err); {
	case r != nil && !r.Auth && strings.Contains(strings.ToLower(r.Said), "redirect"):
		return made, &platform.Refusal{Code: "platform.consent.redirect", Said: r.Said, Fix: platform.FixAdmin}
	case r != nil && !r.Auth:
		return made, &platform.Refusal{Code: "platform.consent.wrong_secret", Said: r.Said, Fix: platform.FixAdmin}
	case err == nil && made.Access == "":
		return made, &platform.Unclear{Status: answer.Status, Said: "no access token"}
	}
	return made, err
}
