package whatsapp

import (
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// pretended is a fresh sandbox, every exchange with it judged by Meta's own
// specification, and its first number.
func pretended(t *testing.T, spec contract.Specification, rules sandbox.Rules) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Watch(t, spec, "/wa", excused(), world.Handler()))
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
		app := platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken}
		form := platform.Form{BaseURL: c.BaseURL, Account: c.AccountID, App: app, Token: platform.Token{Access: c.Token.Access}}
		connector := New(client)
		setup := platformtest.Setup{Connector: connector, Control: server.URL, Deliver: world.Deliver, Silent: true, Form: form, Account: platform.Account{
			Platform: Name, BaseURL: c.BaseURL, RemoteID: c.AccountID, Handle: c.Handle, App: app, Token: form.Token,
		}}
		if !rules.ShortTokens {
			granted, err := connector.SignIn(t.Context(), form)
			if err != nil {
				t.Fatal(err)
			}
			setup.Account.Also = granted.Profile.Also
		}
		return setup
	}
	t.Fatal("the sandbox has no number")
	return platformtest.Setup{}
}

func specification(t *testing.T) contract.Specification {
	t.Helper()
	return contract.WhatsApp(t, contract.Path(t, "whatsapp", "business-messaging-api_v23.0.yaml"))
}

// excused are the kinds of exchange that Meta's specification does not have.
func excused() map[string]string {
	return map[string]string{
		"an answer of somebody in between": "the suite's faults: a gateway's page, an empty object, another API's dialect",
		"GET /debug_token":                 "Graph's own call, in no specification that Meta publishes",
	}
}

func TestConformance(t *testing.T) {
	spec := specification(t)
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, spec, sandbox.Rules{}) })
}
