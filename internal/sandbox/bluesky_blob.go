package sandbox

import (
	"crypto/sha256"
	"net/http"
	"slices"
	"strings"
)

// skyMaxUpload is bsky.social's limit of one blob through the PDS.
const skyMaxUpload = 100_000_000

// skyUpload: com.atproto.repo.uploadBlob takes the bytes as they are.
func (s *Sandbox) skyUpload(c *call) answer {
	kind := c.r.Header.Get("Content-Type")
	if kind == "" {
		return skyInvalid("Request encoding (Content-Type) required but not provided")
	}
	if len(c.raw) > skyMaxUpload {
		return skyError(http.StatusRequestEntityTooLarge, "PayloadTooLarge", "request entity too large")
	}
	m := s.skyBlob(c, c.raw, kind)
	if err := s.world.putMedia(m); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"blob": skyBlobJSON(m)})
}

// skyBlob is a blob by its content's CID. The server looks at the bytes first
// and at the header only where it does not know them.
func (s *Sandbox) skyBlob(c *call, raw []byte, kind string) *Media {
	m := newMedia(Bluesky, c.account, raw)
	if !strings.HasPrefix(m.Type, "image/") && !strings.HasPrefix(m.Type, "video/") {
		m.Type, _, _ = strings.Cut(kind, ";")
	}
	m.ID, m.At, m.Ready = cidOf(codecRaw, raw), c.now, true
	return m
}

func skyBlobJSON(m *Media) object {
	return object{"$type": "blob", "ref": object{"$link": m.ID}, "mimeType": m.Type, "size": m.Size}
}

// skyVideoLimits: app.bsky.video.getUploadLimits.
func (s *Sandbox) skyVideoLimits(*call) answer {
	return jsonAnswer(http.StatusOK, object{"canUpload": true, "remainingDailyVideos": 25, "remainingDailyBytes": 10_000_000_000})
}

// skyUploadVideo: app.bsky.video.uploadVideo. The film is worked on for a
// while; the job tells its blob when that is done.
func (s *Sandbox) skyUploadVideo(c *call) answer {
	if c.token.Mode != "service" || !c.token.may("com.atproto.repo.uploadBlob") {
		return skyError(http.StatusUnauthorized, "AuthenticationRequired", "Missing or invalid service auth token")
	}
	if c.r.Header.Get("Content-Type") != "video/mp4" {
		return skyInvalid("Wrong request encoding (Content-Type): " + c.r.Header.Get("Content-Type"))
	}
	if c.str("did") != c.account.ID || c.str("name") == "" {
		return skyInvalid("Params must have the properties \"did\" and \"name\"")
	}
	m := s.skyBlob(c, c.raw, "video/mp4")
	m.Type, m.Ready, m.Category = "video/mp4", false, "job-"+m.SHA256[:16]
	if old := s.world.media[at(Bluesky, m.ID)]; old != nil {
		return jsonAnswer(http.StatusConflict, object{"error": "already_exists", "message": "Video already processed", "jobId": old.Category, "did": c.account.ID, "state": s.skyJobState(old)})
	}
	if err := s.world.putMedia(m); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"jobStatus": object{"jobId": m.Category, "did": c.account.ID, "state": "JOB_STATE_CREATED", "progress": 0}})
}

func (s *Sandbox) skyJobState(m *Media) string {
	if m.Ready {
		return "JOB_STATE_COMPLETED"
	}
	return []string{"JOB_STATE_CREATED", "JOB_STATE_ENCODING", "JOB_STATE_SCANNING"}[min(m.asked, 2)]
}

// skyVideoJob: app.bsky.video.getJobStatus: done on the third look.
func (s *Sandbox) skyVideoJob(c *call) answer {
	job := c.str("jobId")
	var m *Media
	for _, x := range s.world.media {
		if x.Platform == Bluesky && x.Category == job && job != "" {
			m = x
		}
	}
	if m == nil {
		return skyError(http.StatusBadRequest, "InvalidRequest", "job not found")
	}
	if m.asked++; m.asked > 2 && !m.Ready {
		m.Ready = true
		if err := s.world.putMedia(m); err != nil {
			return skyBroken()
		}
	}
	state := object{"jobId": job, "did": m.Account, "state": s.skyJobState(m)}
	if m.Ready {
		state["blob"] = skyBlobJSON(m)
	}
	return jsonAnswer(http.StatusOK, object{"jobStatus": state})
}

// skyDigest is a short stable name from parts.
func skyDigest(parts ...string) string {
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(strings.Join(parts, " ")))
	return "3l" + lowerBase32.EncodeToString(sum[:7])[:11]
}
