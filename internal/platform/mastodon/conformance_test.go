package mastodon

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// pretended is a fresh sandbox and its first account; what passes is shown to
// watch.
func pretended(t *testing.T, rules sandbox.Rules, watch func(http.Handler) http.Handler) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(watch(world.Handler()))
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(func() {
		client.Close()
		server.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range world.Credentials(server.URL) {
		if c.Platform == string(Name) {
			return platformtest.Setup{Connector: New(client), Control: server.URL, Deliver: world.Deliver, Account: platform.Account{
				Platform: Name, BaseURL: c.BaseURL, Mode: c.Mode, RemoteID: c.AccountID, Handle: c.Handle,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}}
		}
	}
	t.Fatal("the sandbox has no account")
	return platformtest.Setup{}
}

// unspecified are the calls that the OpenAPI document does not describe.
func unspecified() map[string]string {
	return map[string]string{"POST /oauth/authorize": "what the page for people does is its own"}
}

// TestConformance runs the suite while every request and every answer is held
// against the Mastodon API's description.
func TestConformance(t *testing.T) {
	specification := contract.Mastodon(t)
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, sandbox.Rules{}, func(h http.Handler) http.Handler {
			watched := contract.Watch(t, specification, "/masto", unspecified(), h)
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if strings.Contains(r.URL.Path, "/streaming/") {
					h.ServeHTTP(w, r) // an endless answer, which is no document
					return
				}
				watched.ServeHTTP(w, r)
			})
		})
	})
}
