package youtube

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

// pretended is a fresh sandbox and its first YouTube account; wrap sees what
// goes to and fro.
func pretended(t *testing.T, rules sandbox.Rules, wrap func(http.Handler) http.Handler) platformtest.Setup {
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
		if c.Platform == string(Name) {
			return platformtest.Setup{Connector: New(client), Control: server.URL, Deliver: world.Deliver, Account: platform.Account{
				Platform: Name, BaseURL: c.BaseURL, RemoteID: c.AccountID, Handle: c.Handle,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}}
		}
	}
	t.Fatal("the sandbox has no account")
	return platformtest.Setup{}
}

// watched holds every exchange against YouTube's own discovery document.
func watched(t *testing.T) func(http.Handler) http.Handler {
	spec := contract.LoadDiscovery(t, contract.Path(t, "youtube", "youtube-api.json"))
	return func(h http.Handler) http.Handler {
		return contract.Watch(t, spec, "/yt", map[string]string{
			contract.ErrorBody:       "a discovery document does not describe errors; Google's common shape is read by readProblem",
			"POST /token":            "OAuth 2.0 is RFC 6749's",
			"GET /o/oauth2/v2/auth":  "OAuth 2.0 is RFC 6749's",
			"POST /o/oauth2/v2/auth": "the consent page's own form",
		}, h)
	}
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		return pretended(t, sandbox.Rules{}, watched(t))
	})
}
