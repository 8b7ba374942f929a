package sandbox

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// TikTok's rule for the parts of a film: 5 to 64 MB each, their number the
// whole quotient, the last takes the rest.
func TestTikTokParts(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1})
	me := s.credential(t, TikTok, "")
	for name, c := range map[string]struct {
		size, chunk, chunks int64
		ok                  bool
	}{
		"a small film whole":            {300, 300, 1, true},
		"a small film in parts":         {300, 100, 3, false},
		"three parts and a rest":        {3*ttChunkMin + 7, ttChunkMin, 3, true},
		"the rest as a part of its own": {3*ttChunkMin + 7, ttChunkMin, 4, false},
		"a part below five megabytes":   {3 * 4_000_000, 4_000_000, 3, false},
		"a part above sixty-four":       {3 * (65 << 20), 65 << 20, 3, false},
		"a film above four gigabytes":   {5 << 30, 64 << 20, 80, false},
		"nothing":                       {0, 0, 0, false},
	} {
		body := fmt.Sprintf(`{"post_info":{"title":"x","privacy_level":"PUBLIC_TO_EVERYONE"},"source_info":{"source":"FILE_UPLOAD","video_size":%d,"chunk_size":%d,"total_chunk_count":%d}}`, c.size, c.chunk, c.chunks)
		got := s.youtubeCall(t, me, "POST", me.BaseURL+"/v2/post/publish/video/init/", "application/json", nil, []byte(body))
		if ok := got.str("error.code") == "ok" && strings.HasPrefix(got.str("data.upload_url"), s.url); ok != c.ok {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
}

// The post's id comes a look after the word that it is published, and six posts
// a minute are enough.
func TestTikTokStates(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Rules: Rules{TrueLimits: true}})
	me := s.credential(t, TikTok, "")
	begin := func() reply {
		return s.youtubeCall(t, me, "POST", me.BaseURL+"/v2/post/publish/video/init/", "application/json", nil,
			[]byte(`{"post_info":{"title":"x","privacy_level":"PUBLIC_TO_EVERYONE"},"source_info":{"source":"FILE_UPLOAD","video_size":80,"chunk_size":80,"total_chunk_count":1}}`))
	}
	one := begin()
	id, address := one.str("data.publish_id"), one.str("data.upload_url")
	state := func() reply {
		return s.youtubeCall(t, me, "POST", me.BaseURL+"/v2/post/publish/status/fetch/", "application/json", nil, fmt.Appendf(nil, `{"publish_id":%q}`, id))
	}
	for range 3 { // without its bytes it stays where it is
		want(t, "before", state().str("data.status"), "PROCESSING_UPLOAD")
	}
	put := s.youtubeCall(t, me, "PUT", address, "video/mp4", map[string]string{"Content-Range": "bytes 0-79/80"}, filmBytes(80))
	want(t, "the last part", put.status, http.StatusCreated)
	want(t, "first look", state().str("data.status"), "PROCESSING_UPLOAD")
	second := state()
	want(t, "second look", second.str("data.status"), "PUBLISH_COMPLETE")
	want(t, "no id yet", second.get("data.publicaly_available_post_id"), nil)
	if third := state(); third.get("data.publicaly_available_post_id.0") == nil {
		t.Errorf("third look: %s", third.body)
	}
	again := s.youtubeCall(t, me, "PUT", address, "video/mp4", map[string]string{"Content-Range": "bytes 0-79/80"}, filmBytes(80))
	want(t, "the same bytes again", again.status, http.StatusRequestedRangeNotSatisfiable)
	want(t, "posts", len(s.World()), 1)
	for range 5 {
		want(t, "init", begin().str("error.code"), "ok")
	}
	seventh := begin()
	want(t, "the seventh in a minute", seventh.status, http.StatusTooManyRequests)
	want(t, "its code", seventh.str("error.code"), "rate_limit_exceeded")
}

func TestTikTokBeforeItsAudit(t *testing.T) {
	t.Parallel()
	s := open(t, Options{Seed: 1, Rules: Rules{Unaudited: true}})
	me := s.credential(t, TikTok, "")
	got := s.youtubeCall(t, me, "POST", me.BaseURL+"/v2/post/publish/video/init/", "application/json", nil,
		[]byte(`{"post_info":{"title":"x","privacy_level":"PUBLIC_TO_EVERYONE"},"source_info":{"source":"FILE_UPLOAD","video_size":80,"chunk_size":80,"total_chunk_count":1}}`))
	want(t, "status", got.status, http.StatusForbidden)
	want(t, "code", got.str("error.code"), "unaudited_client_can_only_post_to_private_accounts")
	creator := s.youtubeCall(t, me, "POST", me.BaseURL+"/v2/post/publish/creator_info/query/", "application/json", nil, []byte(`{}`))
	want(t, "levels", fmt.Sprint(creator.get("data.privacy_level_options")), "[SELF_ONLY]")
}
