package linkedin

import (
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// pretended is a fresh sandbox and its first page.
func pretended(t *testing.T, rules sandbox.Rules, tape *platformtest.Tape) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(tape.Wrap(world.Handler()))
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
				App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret},
				Token: platform.Token{Access: c.Token.Access, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
			}}
		}
	}
	t.Fatal("the sandbox has no page")
	return platformtest.Setup{}
}

// LinkedIn publishes no specification of these calls: the requests are held
// against its own client's recorded ones instead (linkedin_test.go).
func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, sandbox.Rules{}, &platformtest.Tape{}) })
}
