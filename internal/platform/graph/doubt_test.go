package graph

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

type entry struct {
	ID   string `json:"id"`
	Time When   `json:"timestamp"`
}

func (e entry) Key() string       { return e.ID }
func (e entry) Moment() time.Time { return e.Time.Time }

// paged is an edge of pages, by the cursor that leads to each.
func paged(t *testing.T, pages map[string]string) (API, platform.Account) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Write([]byte(pages[r.URL.Query().Get("after")]))
	}))
	client := safehttp.New(safehttp.Options{AllowLoopback: true})
	t.Cleanup(func() { client.Close(); server.Close() })
	return API{Client: client, Version: "v25.0"}, platform.Account{BaseURL: server.URL, RemoteID: "1"}
}

func TestNothingBehindAnOddPageIsLost(t *testing.T) {
	const next = `,"paging":{"next":"https://graph.example/x?after=2"}`
	behind := `{"data":[{"id":"7","timestamp":"2026-10-02T10:00:00+0000"}]}`
	for name, first := range map[string]string{
		"an empty page":                          `{"data":[]` + next + `}`,
		"a page with an entry of another shape":  `{"data":[{"id":5,"timestamp":[]}]` + next + `}`,
		"a page with an entry without a time":    `{"data":[{"id":"5","timestamp":null}]` + next + `}`,
		"a page with an entry with an odd time":  `{"data":[{"id":"5","timestamp":"yesterday"}]` + next + `}`,
		"a page with an entry that is no object": `{"data":["x"]` + next + `}`,
	} {
		t.Run(name, func(t *testing.T) {
			g, a := paged(t, map[string]string{"": first, "2": behind})
			found, err := Newer[entry](t.Context(), g, a, Edge{Path: []string{"1", "tags"}}, Place{Since: time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)}, false)
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range found {
				if e.ID == "7" {
					return
				}
			}
			t.Fatalf("found %v", found)
		})
	}
}
