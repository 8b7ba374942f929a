package tiktok

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/platformtest"
	"kentongan/internal/safehttp"
	"kentongan/internal/sandbox"
)

// house is a connector at a pretended TikTok.
type house struct {
	platformtest.Setup
	c *Connector
}

func open(t *testing.T, rules sandbox.Rules) *house {
	t.Helper()
	s := pretended(t, "", rules, func(h http.Handler) http.Handler { return h })
	return &house{Setup: s, c: s.Connector.(*Connector)}
}

func (h *house) control(t *testing.T, method, path string, in, out any) {
	t.Helper()
	raw, err := json.Marshal(in)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), method, h.Control+path, bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err = io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, resp.StatusCode, raw)
	}
	if out != nil {
		if err := json.Unmarshal(raw, out); err != nil {
			t.Fatal(err)
		}
	}
}

type seen struct {
	ID, Text string
	Media    []struct{ SHA256 string }
}

func (h *house) there(t *testing.T) []seen {
	t.Helper()
	var world struct{ Posts []seen }
	h.control(t, http.MethodGet, "/sandbox/world?platform=tiktok", nil, &world)
	return world.Posts
}

func (h *house) fault(t *testing.T, op, kind string, after int) {
	t.Helper()
	h.control(t, http.MethodPost, "/sandbox/faults", map[string]any{"platform": "tiktok", "op": op, "kind": kind, "after": after, "ms": 50}, nil)
}

// film has the size it is asked for, and the look of an MP4 at its beginning.
func film(size int) platform.Media {
	raw := bytes.Repeat([]byte("tirtawangi"), size/10+1)[:size]
	copy(raw, "\x00\x00\x00\x18ftypmp42\x00\x00\x00\x00mp42isom")
	return platform.Media{Key: "media.0", Type: "video/mp4", Size: int64(size), Length: time.Minute, Open: platform.Bytes(raw)}
}

func sum(t *testing.T, m platform.Media) string {
	t.Helper()
	f, err := m.Open()
	if err != nil {
		t.Fatal(err)
	}
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		t.Fatal(err)
	}
	return hex.EncodeToString(h.Sum(nil))
}

func outgoing(text string, media ...platform.Media) platform.Outgoing {
	return platform.Outgoing{Key: "k", Text: text, Media: media}
}

// drive publishes as the publisher does: after an unclear answer it looks, and
// sends again only when two whole looks found nothing.
func (h *house) drive(t *testing.T, out platform.Outgoing) platform.Receipt {
	t.Helper()
	at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &platformtest.Notes{}}
	for range 10 {
		if err := h.c.Stage(t.Context(), h.Account, out, at.Notes); err != nil {
			if platform.AsRefusal(err) != nil {
				t.Fatalf("stage: %v", err)
			}
			continue
		}
		r, err := h.c.Publish(t.Context(), h.Account, out, at.Notes)
		switch platform.Classify(r, err) {
		case platform.Published:
			return r
		case platform.Refused:
			t.Fatalf("publish: %v", err)
		case platform.Unknown:
			absent := 0
			for n := 0; n < 10 && absent < 2; n++ {
				f, err := h.c.Find(t.Context(), h.Account, at)
				if err == nil && len(f.Receipts) == 1 {
					return f.Receipts[0]
				}
				if err == nil && f.Complete {
					absent++
				}
			}
			if absent < 2 {
				t.Fatal("never found out")
			}
		}
	}
	t.Fatal("never published")
	return platform.Receipt{}
}

// Bytes are the publication here. A film of two chunks is disturbed at every
// call of every kind: one post is there in the end, whole, and it is the one
// that the publisher knows.
func TestEveryCallDisturbed(t *testing.T) {
	t.Parallel()
	for op, calls := range map[string]int{"stage": 3, "publish": 2, "find": 3, "measure": 1, "pull": 1} {
		for _, kind := range []string{"commit-then-drop", "drop", "5xx-html", "503-empty", "429", "slow"} {
			for after := range calls {
				t.Run(fmt.Sprintf("%s at %s %d", kind, op, after+1), func(t *testing.T) {
					t.Parallel()
					h := open(t, sandbox.Rules{})
					out := outgoing("Banjir surut", film(2*chunk+777))
					h.fault(t, op, kind, after)
					r := h.drive(t, out)
					there := h.there(t)
					if len(there) != 1 || there[0].ID != r.RemoteID || there[0].Media[0].SHA256 != sum(t, out.Media[0]) {
						t.Errorf("%+v, known as %+v", there, r)
					}
				})
			}
		}
	}
}

// Two disturbances in a row, the second during the repair.
func TestDisturbedTwice(t *testing.T) {
	t.Parallel()
	for _, first := range []string{"commit-then-drop", "drop", "5xx-html"} {
		for _, second := range []string{"commit-then-drop", "drop", "503-empty"} {
			t.Run(first+", then "+second, func(t *testing.T) {
				t.Parallel()
				h := open(t, sandbox.Rules{})
				h.fault(t, "publish", first, 0)
				h.fault(t, "publish", second, 0)
				h.fault(t, "find", second, 1)
				h.fault(t, "stage", second, 2)
				r := h.drive(t, outgoing("Dua kali gangguan", film(300)))
				if there := h.there(t); len(there) != 1 || there[0].ID != r.RemoteID {
					t.Errorf("%+v, known as %+v", there, r)
				}
			})
		}
	}
}

func TestStagedFilmIsNotPublic(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Rules{})
	out, notes := outgoing("Belum", film(3*chunk)), &platformtest.Notes{}
	for range 2 {
		if err := h.c.Stage(t.Context(), h.Account, out, notes); err != nil {
			t.Fatal(err)
		}
	}
	u, _ := readNote[upload](notes, noteUpload)
	s, err := h.c.status(t.Context(), h.Account, u.ID)
	if err != nil || s.Uploaded != 2*chunk || len(h.there(t)) != 0 {
		t.Errorf("%d of %d bytes are there, %d posts: %v", s.Uploaded, 3*chunk, len(h.there(t)), err)
	}
}

// An upload's address lives an hour. A post that waited longer is uploaded
// anew, because TikTok says that the old upload never got its last byte.
func TestUploadAddressExpired(t *testing.T) {
	t.Parallel()
	h := open(t, sandbox.Rules{})
	out := outgoing("Menunggu giliran", film(300))
	at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &platformtest.Notes{}}
	if err := h.c.Stage(t.Context(), h.Account, out, at.Notes); err != nil {
		t.Fatal(err)
	}
	old := at.Notes.Value(noteUpload)
	h.control(t, http.MethodPost, "/sandbox/clock", map[string]any{"seconds": 2 * 3600}, nil)
	r, err := h.c.Publish(t.Context(), h.Account, out, at.Notes)
	if platform.Classify(r, err) != platform.Unknown {
		t.Fatalf("%+v %v", r, err)
	}
	if f, err := h.c.Find(t.Context(), h.Account, at); err != nil || !f.Complete || len(f.Receipts) != 0 {
		t.Fatalf("%+v %v", f, err)
	}
	if err := h.c.Stage(t.Context(), h.Account, out, at.Notes); err != nil || at.Notes.Value(noteUpload) == old {
		t.Fatal(err)
	}
	if r, err = h.c.Publish(t.Context(), h.Account, out, at.Notes); err != nil || len(h.there(t)) != 1 {
		t.Errorf("%+v %v", r, err)
	}
}

// picture is on the office's public address.
func (h *house) picture(t *testing.T) platform.Media {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 40, 40)), nil); err != nil {
		t.Fatal(err)
	}
	shelf := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(b.Bytes()) }))
	t.Cleanup(shelf.Close)
	return platform.Media{Key: "media.0", Type: "image/jpeg", Size: int64(b.Len()), URL: shelf.URL + "/1.jpg", Open: platform.Bytes(b.Bytes())}
}

// The call that names pictures gives the publish id only with its answer.
// Without an answer it is never made again by itself.
func TestPicturesWithoutAnAnswer(t *testing.T) {
	t.Parallel()
	for kind, landed := range map[string]bool{"commit-then-drop": true, "drop": false} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			h := open(t, sandbox.Rules{})
			out := outgoing("Peta jalur", h.picture(t))
			at := platform.Attempt{Out: out, Started: time.Now().UTC(), Notes: &platformtest.Notes{}}
			if err := h.c.Stage(t.Context(), h.Account, out, at.Notes); err != nil {
				t.Fatal(err)
			}
			h.fault(t, "publish", kind, 0)
			for range 2 {
				if r, err := h.c.Publish(t.Context(), h.Account, out, at.Notes); platform.Classify(r, err) != platform.Unknown {
					t.Fatalf("%+v %v", r, err)
				}
			}
			h.control(t, http.MethodPost, "/sandbox/clock", map[string]any{"seconds": 10}, nil)
			f, err := h.c.Find(t.Context(), h.Account, at)
			if err != nil || len(f.Receipts) == 1 != landed || f.Complete != landed {
				t.Errorf("%+v %v", f, err)
			}
			if n := len(h.there(t)); n > 1 || n == 1 != landed {
				t.Errorf("%d posts", n)
			}
		})
	}
	t.Run("a throttled call may be made again", func(t *testing.T) {
		t.Parallel()
		h := open(t, sandbox.Rules{})
		h.fault(t, "publish", "429", 0)
		r := h.drive(t, outgoing("Peta jalur", h.picture(t)))
		if there := h.there(t); len(there) != 1 || there[0].ID != r.RemoteID {
			t.Errorf("%+v %+v", there, r)
		}
	})
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	broken := film(300)
	broken.Open = platform.Bytes(bytes.Repeat([]byte("x"), 300))
	for name, c := range map[string]struct {
		rules sandbox.Rules
		out   func(*house) platform.Outgoing
		code  string
		fix   string
	}{
		"an app that is not audited posts to nobody": {sandbox.Rules{Unaudited: true}, func(*house) platform.Outgoing { return outgoing("Halo", film(300)) }, "platform.tiktok.not_public", platform.FixAdmin},
		"what is no film": {sandbox.Rules{}, func(*house) platform.Outgoing { return outgoing("Halo", broken) }, "platform.media_refused", platform.FixAuthor},
		"a film longer than this account may": {sandbox.Rules{}, func(*house) platform.Outgoing {
			m := film(300)
			m.Length = 11 * time.Minute
			return outgoing("Halo", m)
		}, "platform.video_too_long", platform.FixAuthor},
		"a PNG": {sandbox.Rules{}, func(*house) platform.Outgoing {
			return outgoing("Halo", platform.Media{Type: "image/png", URL: "https://x.example/1.png"})
		}, "platform.tiktok.jpeg_only", platform.FixAuthor},
		"pictures that only we can see": {sandbox.Rules{}, func(h *house) platform.Outgoing { m := h.picture(t); m.URL = ""; return outgoing("Halo", m) }, "platform.needs_public_media", platform.FixAdmin},
		"pictures that TikTok cannot fetch": {sandbox.Rules{}, func(h *house) platform.Outgoing {
			m := h.picture(t)
			m.URL = h.Control + "/nothing.jpg"
			return outgoing("Halo", m)
		}, "platform.tiktok.pull_failed", platform.FixAdmin},
		"a film and a picture":   {sandbox.Rules{}, func(h *house) platform.Outgoing { return outgoing("Halo", film(300), h.picture(t)) }, "platform.media_mixed", platform.FixAuthor},
		"an answer to a comment": {sandbox.Rules{}, func(*house) platform.Outgoing { return platform.Outgoing{Text: "Baik", InReplyTo: "7"} }, "platform.tiktok.no_comments", platform.FixNobody},
	} {
		h := open(t, c.rules)
		out, notes := c.out(h), &platformtest.Notes{}
		err := h.c.Stage(t.Context(), h.Account, out, notes)
		if err == nil {
			_, err = h.c.Publish(t.Context(), h.Account, out, notes)
		}
		if r := platform.AsRefusal(err); r == nil || r.Code != c.code || r.Fix != c.fix || len(h.there(t)) != 0 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A publish id is no post: while TikTok is at work, the outcome is unclear.
func TestStillAtWork(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answers := map[string]string{
			"/v2/post/publish/status/fetch/": `{"data":{"status":"PUBLISH_COMPLETE","uploaded_bytes":300,"publicaly_available_post_id":[]},"error":{"code":"ok"}}`,
			"/v2/video/list/":                `{"data":{"videos":[],"has_more":false},"error":{"code":"ok"}}`,
		}
		w.WriteHeader(http.StatusCreated)
		fmt.Fprint(w, answers[r.URL.Path])
	}))
	t.Cleanup(server.Close)
	client := safehttp.New(safehttp.Options{AllowLoopback: true, Version: "test"})
	t.Cleanup(client.Close)
	c, a := New(client), platform.Account{BaseURL: server.URL, Handle: "x", Token: platform.Token{Access: "act.x"}}
	notes, out := &platformtest.Notes{}, outgoing("Halo", film(300))
	for name, v := range map[string]any{noteCreator: creator{Levels: []string{public}}, noteUpload: upload{ID: "p1", URL: server.URL + "/video/?x=1", Chunk: 300, Chunks: 1}} {
		if err := saveNote(t.Context(), notes, name, v); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if r, err := c.Publish(ctx, a, out, notes); platform.Classify(r, err) != platform.Unknown {
		t.Errorf("%+v %v", r, err)
	}
	f, err := c.Find(t.Context(), a, platform.Attempt{Out: out, Started: time.Now(), Notes: notes})
	if err != nil || f.Complete || len(f.Receipts) != 0 {
		t.Errorf("%+v %v", f, err)
	}
}
