package telegram

import (
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// world is a fresh sandbox, every exchange with it judged by the Bot API's own
// description, and its first account.
func pretended(t *testing.T, rules sandbox.Rules) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	spec := contract.Telegram(t, contract.Path(t, "telegram", "api.min.json"))
	server := httptest.NewServer(contract.Watch(t, spec, "/tg", excused(), world.Handler()))
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(func() {
		client.Close()
		server.Close()
		if err := world.Close(); err != nil {
			t.Error(err)
		}
	})
	for _, c := range world.Credentials(server.URL) {
		if c.Platform != string(Name) {
			continue
		}
		a := platform.Account{
			Platform: Name, BaseURL: c.BaseURL, RemoteID: c.AccountID, Handle: c.Handle,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access},
		}
		connector := New(client)
		profile, err := connector.Verify(t.Context(), a)
		if err != nil && !rules.BotDemoted {
			t.Fatal(err)
		}
		a.Also = profile.Also
		return platformtest.Setup{
			Connector: connector, Control: server.URL, Deliver: world.Deliver, Account: a, Silent: true,
			Form: platform.Form{BaseURL: c.BaseURL, Account: "@" + c.Handle, App: a.App, Token: a.Token},
		}
	}
	t.Fatal("the sandbox has no account")
	return platformtest.Setup{}
}

// excused are the kinds of exchange that the Bot API's description does not have.
func excused() map[string]string {
	return map[string]string{"an answer of somebody in between": "the suite's faults: a gateway's page, an empty object, another API's dialect"}
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, sandbox.Rules{}) })
}
