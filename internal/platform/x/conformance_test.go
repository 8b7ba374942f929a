package x

import (
	"net/http/httptest"
	"sync"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// pretended is a fresh sandbox and its first account of mode.
func pretended(t *testing.T, mode string, rules sandbox.Rules) platformtest.Setup {
	t.Helper()
	return taped(t, mode, rules, &platformtest.Tape{})
}

// taped is pretended with every request written down.
func taped(t *testing.T, mode string, rules sandbox.Rules, tape *platformtest.Tape) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Watch(t, described(t), "/x", unspecified(), tape.Wrap(world.Handler())))
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
			return platformtest.Setup{Connector: New(client), Control: server.URL, Deliver: world.Deliver, Account: platform.Account{
				Platform: Name, BaseURL: c.BaseURL, Mode: c.Mode, RemoteID: c.AccountID, Handle: c.Handle,
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
				Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}}
		}
	}
	t.Fatalf("the sandbox has no account %q", mode)
	return platformtest.Setup{}
}

// specification is X's own, read once: it is large.
var specification = sync.OnceValue(func() func(t *testing.T) contract.Specification {
	var once sync.Once
	var s contract.Specification
	return func(t *testing.T) contract.Specification {
		once.Do(func() { s = contract.X(t) })
		return s
	}
})

func described(t *testing.T) contract.Specification {
	t.Helper()
	s := specification()(t)
	if s == nil {
		t.SkipNow() // the first to ask has said what is missing
	}
	return s
}

// unspecified are the calls that X's OpenAPI does not describe.
func unspecified() map[string]string {
	const v11 = "API v1.1 has no published description"
	return map[string]string{
		"POST /2/oauth2/token": "OAuth 2.0 is in prose only", "POST /oauth2/token": "OAuth 2.0 is in prose only",
		"GET /i/oauth2/authorize": "a page for people", "POST /i/oauth2/authorize": "a page for people",
		"GET /1.1/account/verify_credentials.json": v11, "POST /1.1/statuses/update.json": v11, "POST /1.1/statuses/destroy/{}": v11, "POST /1.1/statuses/destroy/1.json": v11,
		"GET /1.1/statuses/user_timeline.json": v11, "GET /1.1/statuses/mentions_timeline.json": v11, "GET /1.1/statuses/lookup.json": v11,
	}
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, "", sandbox.Rules{}) })
}

// The same suite in the names of OpenAPI 2.167.
func TestConformanceNewNames(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup {
		s := pretended(t, "", sandbox.Rules{})
		s.Account.Version = "2.167"
		return s
	})
}

func TestConformanceV11(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, V11, sandbox.Rules{}) })
}
