package bench

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
)

// worldPosts are the texts of our announcements on the pretended platforms.
func worldPosts(b *testing.B, url string) []string {
	b.Helper()
	r, err := http.Get(url + "/sandbox/world")
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	var world struct {
		Posts []struct {
			Text string `json:"text"`
		} `json:"posts"`
	}
	if err := json.NewDecoder(r.Body).Decode(&world); err != nil {
		b.Fatal(err)
	}
	var texts []string
	for _, p := range world.Posts {
		if strings.HasPrefix(p.Text, "Pengumuman nomor") {
			texts = append(texts, p.Text)
		}
	}
	return texts
}
