package tiktok

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// pretended is a fresh sandbox and its first TikTok account of a mode; wrap sees what
// goes to and fro.
func pretended(t *testing.T, mode string, rules sandbox.Rules, wrap func(http.Handler) http.Handler) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(wrap(world.Handler()))
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(func() {
		client.Close()
		server.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range world.Credentials(server.URL) {
		if c.Platform == string(Name) && c.Mode == mode {
			return platformtest.Setup{Connector: New(client), Control: server.URL, Deliver: world.Deliver, Film: true, Account: platform.Account{
				Platform: Name, BaseURL: c.BaseURL, Mode: c.Mode, RemoteID: c.AccountID, Handle: c.Handle,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}}
		}
	}
	t.Fatal("the sandbox has no account")
	return platformtest.Setup{}
}

// uncontracted lists every kind of exchange, with the reason why no document
// of TikTok's own judges it.
func uncontracted(t *testing.T) func(http.Handler) http.Handler {
	const (
		none  = "TikTok publishes no machine-readable specification; the shapes are those of its reference pages"
		oauth = "OAuth 2.0 is RFC 6749's, with client_key for client_id"
		page  = "the consent page's own form"
	)
	excused := map[string]string{
		"GET /v2/auth/authorize/": page, "POST /v2/auth/authorize/": page, "POST /v2/oauth/token/": oauth,
		"GET /open_api/v2/auth/authorize/": page, "POST /open_api/v2/auth/authorize/": page,
	}
	for _, kind := range []string{
		"POST /v2/post/publish/creator_info/query/", "POST /v2/post/publish/video/init/", "POST /v2/post/publish/content/init/",
		"POST /v2/post/publish/status/fetch/", "PUT /video/", "GET /v2/user/info/", "POST /v2/video/list/", "POST /v2/video/query/",
		"GET /open_api/v1.3/business/get/", "GET /open_api/v1.3/business/video/list/", "GET /open_api/v1.3/business/video/settings/",
		"POST /open_api/v1.3/business/video/publish/", "POST /open_api/v1.3/business/photo/publish/", "GET /open_api/v1.3/business/publish/status/",
		"GET /open_api/v1.3/business/comment/list/", "GET /open_api/v1.3/business/comment/reply/list/", "POST /open_api/v1.3/business/comment/create/",
		"POST /open_api/v1.3/business/comment/reply/create/", "POST /open_api/v1.3/business/comment/hide/",
		"POST /open_api/v1.3/tt_user/oauth2/token/", "POST /open_api/v1.3/tt_user/oauth2/refresh_token/",
	} {
		excused[kind] = none
	}
	return func(h http.Handler) http.Handler { return contract.Watch(t, contract.None{}, "/tiktok", excused, h) }
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, "", sandbox.Rules{}, uncontracted(t))
	})
}

func TestConformanceBusiness(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, Business, sandbox.Rules{}, uncontracted(t))
	})
}
