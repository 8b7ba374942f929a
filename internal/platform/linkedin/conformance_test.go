package linkedin

import (
	"net/http/httptest"
	"testing"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
	"kentongan/test/contract"
)

// pretended is a fresh sandbox and its first page.
func pretended(t *testing.T, rules sandbox.Rules, tape *platformtest.Tape) platformtest.Setup {
	t.Helper()
	world, err := sandbox.New(sandbox.Options{Seed: 1, Rules: rules})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(contract.Watch(t, contract.None{}, "/li", unspecified(), tape.Wrap(world.Handler())))
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

// unspecified are all kinds of exchange: LinkedIn publishes no machine-readable
// description. The sandbox accepts what LinkedIn's own client was recorded to
// send (internal/sandbox, captures), and ours are held against those requests.
func unspecified() map[string]string {
	all := map[string]string{}
	for _, kind := range []string{
		"POST /rest/posts", "GET /rest/posts", "GET /rest/posts/{}", "POST /rest/posts/{}", "DELETE /rest/posts/{}",
		"GET /rest/socialActions/{}/comments", "POST /rest/socialActions/{}/comments",
		"GET /rest/socialActions/{}/comments/{}", "POST /rest/socialActions/{}/comments/{}", "DELETE /rest/socialActions/{}/comments/{}",
		"POST /rest/images", "GET /rest/images/{}", "POST /rest/videos", "GET /rest/videos/{}", "PUT /dms-uploads/{}/0",
		"GET /rest/organizationAcls", "GET /rest/organizations/{}", "GET /rest/organizationalEntityShareStatistics", "DELETE /rest/posts/1",
		"GET /oauth/v2/authorization", "POST /oauth/v2/authorization", "POST /oauth/v2/accessToken",
	} {
		all[kind] = "no published description; learn.microsoft.com/linkedin in prose"
	}
	return all
}

func TestConformance(t *testing.T) {
	platformtest.Run(t, func(t *testing.T) platformtest.Setup { return pretended(t, sandbox.Rules{}, &platformtest.Tape{}) })
}
