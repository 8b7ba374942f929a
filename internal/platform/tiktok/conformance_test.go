package tiktok

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
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

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, "", sandbox.Rules{}, func(h http.Handler) http.Handler { return h })
	})
}

func TestConformanceBusiness(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, Business, sandbox.Rules{}, func(h http.Handler) http.Handler { return h })
	})
}
