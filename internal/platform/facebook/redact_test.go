package facebook

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	fb "github.com/huandu/facebook/v2"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// everything is what an error can say, to its last wrapped word.
func everything(err error) string {
	said := ""
	for ; err != nil; err = errors.Unwrap(err) {
		said += fmt.Sprintf("%v %+v %#v\n", err, err, err)
	}
	return said
}

// PLATFORMS §2.4: a network error of Inspect names the address, and the
// address holds the token. The first part shows that they do.
func TestNetworkErrorsOfTheLibraryCarryNoTokenOutOfHere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	nobody := "http://" + l.Addr().String()
	l.Close()
	plain := fb.New("1", "APPSECRET").Session("EAATOKEN")
	plain.BaseURL = nobody + "/"
	if _, err := plain.Inspect(); err == nil || !strings.Contains(err.Error(), "EAATOKEN") {
		t.Fatalf("the library alone does not leak any more: %v", err)
	}
	hangsUp := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }))
	defer hangsUp.Close()
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	defer client.Close()
	for what, base := range map[string]string{
		"nobody listens": nobody, "it hangs up": hangsUp.URL, "an address that is refused": "http://10.0.0.1",
		"a name that is none": "https://graph.invalid",
	} {
		a := platform.Account{BaseURL: base, RemoteID: "111", Token: platform.Token{Access: "EAATOKEN"}, App: platform.App{ClientID: "1", ClientSecret: "APPSECRET"}}
		c := New(client)
		_, verify := c.Verify(t.Context(), a)
		_, publish := c.Publish(t.Context(), a, platform.Outgoing{Text: "x"}, nil)
		for _, err := range []error{verify, publish, c.Delete(t.Context(), a, "111_1")} {
			if said := everything(err); err == nil || strings.Contains(said, "EAATOKEN") || strings.Contains(said, "APPSECRET") {
				t.Errorf("%s: %s", what, said)
			}
		}
	}
}
