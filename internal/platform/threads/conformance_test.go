package threads

import (
	"net/http/httptest"
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
	server := httptest.NewServer(tape.Wrap(contract.Watch(t, contract.Threads(t), "/threads", unspecified(), world.Handler())))
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
			return platformtest.Setup{Connector: New(client), Control: server.URL, Deliver: world.Deliver, Silent: true,
				Pushed: []platform.ItemKind{platform.Comment, platform.Mention, platform.OwnPost}, Account: platform.Account{
					Platform: Name, BaseURL: c.BaseURL, Mode: c.Mode, RemoteID: c.AccountID, Handle: c.Handle,
					App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
					Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
				}}
		}
	}
	t.Fatalf("the sandbox has no account %q", mode)
	return platformtest.Setup{}
}

// unspecified are the calls that the collection has nothing about.
func unspecified() map[string]string {
	return map[string]string{
		"GET /oauth/authorize":  "the consent page is a page for people (Threads: get access tokens)",
		"POST /oauth/authorize": "the sandbox's own form on that page",
	}
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, "", sandbox.Rules{}) })
}
