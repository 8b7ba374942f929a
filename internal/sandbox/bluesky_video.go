package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// skyPart is the size of a film's parts but the last.
const skyPart = 5 << 20

// skyUploadLife is how long a film's upload may stay unfinished.
const skyUploadLife = 24 * time.Hour

func (s *Sandbox) skyVideoRoutes(add func(method, nsid string, rt route)) {
	for _, r := range []struct {
		method, name string
		run          func(*Sandbox, *call) answer
	}{
		{"GET", "getUploadLimits", (*Sandbox).skyVideoLimits},
		{"POST", "startUpload", (*Sandbox).skyStart}, {"POST", "uploadPart", (*Sandbox).skyTakePart},
		{"POST", "finishUpload", (*Sandbox).skyFinish}, {"GET", "getUploadStatus", (*Sandbox).skyUploadStatus},
	} {
		add(r.method, "app.bsky.video."+r.name, route{op: opStage, run: r.run})
	}
	add("GET", "app.bsky.video.getJobStatus", route{op: opStage, open: true, run: (*Sandbox).skyVideoJob})
}

// skyServed says whether a call came with a token that our own server gave out
// for putting a film into the repository.
func skyServed(c *call) *answer {
	if c.token.Mode == "service" && c.token.may("com.atproto.repo.uploadBlob") {
		return nil
	}
	no := skyError(http.StatusUnauthorized, "AuthenticationRequired", "Missing or invalid service auth token")
	return &no
}

// skyVideoLimits: app.bsky.video.getUploadLimits.
func (s *Sandbox) skyVideoLimits(*call) answer {
	return jsonAnswer(http.StatusOK, object{"canUpload": true, "remainingDailyVideos": 25, "remainingDailyBytes": 10_000_000_000})
}

// skyStart: app.bsky.video.startUpload.
func (s *Sandbox) skyStart(c *call) answer {
	if no := skyServed(c); no != nil {
		return *no
	}
	size, err := strconv.ParseInt(c.str("sizeBytes"), 10, 64)
	if err != nil || size < 1 {
		return skyInvalid("Input must have the property \"sizeBytes\"")
	}
	if c.str("mimeType") != "video/mp4" {
		return skyError(http.StatusBadRequest, "UnsupportedContentType", "The declared MIME type is not supported.")
	}
	if size > skyMaxVideo {
		return skyError(http.StatusBadRequest, "VideoTooLarge", "The exact file size exceeds the per-file cap.")
	}
	m := &Media{ID: "upload-" + random()[:20], Platform: Bluesky, Account: c.account.ID, Type: "video/mp4", Category: "upload", Want: size, At: c.now, parts: map[int][]byte{}}
	if err := s.world.putMedia(m); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"jobId": m.ID, "partSizeBytes": skyPart, "partCount": skyPartCount(size), "expiresAt": skyTime(m.At.Add(skyUploadLife))})
}

func skyPartCount(size int64) int { return int((size + skyPart - 1) / skyPart) }

// skyOpenUpload is an upload that still takes parts.
func (s *Sandbox) skyOpenUpload(c *call) (*Media, *answer) {
	refuse := func(name, message string) (*Media, *answer) {
		no := skyError(http.StatusBadRequest, name, message)
		return nil, &no
	}
	m := s.world.media[at(Bluesky, c.str("jobId"))]
	switch {
	case m == nil || m.Category != "upload" || m.Account != c.account.ID || m.parts == nil:
		return refuse("UploadNotFound", "The job ID is unknown.")
	case c.now.After(m.At.Add(skyUploadLife)):
		return refuse("UploadExpired", "The upload session expired.")
	}
	return m, nil
}

// skyTakePart: app.bsky.video.uploadPart; the same part again is the same.
func (s *Sandbox) skyTakePart(c *call) answer {
	if no := skyServed(c); no != nil {
		return *no
	}
	m, no := s.skyOpenUpload(c)
	if no != nil {
		return *no
	}
	n, err := strconv.Atoi(c.str("partNumber"))
	if err != nil || n < 1 || n > skyPartCount(m.Want) {
		return skyError(http.StatusBadRequest, "InvalidPartNumber", "The part number is outside the upload's valid part range.")
	}
	want := min(skyPart, m.Want-int64(n-1)*skyPart)
	if int64(len(c.raw)) != want {
		return skyError(http.StatusBadRequest, "PartSizeMismatch", "Content-Length does not exactly match the expected size for this part.")
	}
	m.parts[n] = c.raw
	return jsonAnswer(http.StatusOK, object{"partNumber": n, "sizeBytes": len(c.raw)})
}

// skyFinish: app.bsky.video.finishUpload; again is the same.
func (s *Sandbox) skyFinish(c *call) answer {
	if no := skyServed(c); no != nil {
		return *no
	}
	m, no := s.skyOpenUpload(c)
	if no != nil {
		return *no
	}
	if m.Link == "" {
		var raw []byte
		var missing []string
		for n := 1; n <= skyPartCount(m.Want); n++ {
			if m.parts[n] == nil {
				missing = append(missing, strconv.Itoa(n))
			}
			raw = append(raw, m.parts[n]...)
		}
		if len(missing) > 0 {
			return skyError(http.StatusBadRequest, "MissingParts", strings.Join(missing, ", "))
		}
		film, err := s.skyFilm(c, raw)
		if err != nil {
			return skyBroken()
		}
		m.Link = film.Category
	}
	return jsonAnswer(http.StatusOK, object{"completedJobId": m.Link, "jobStatus": s.skyJobJSON(s.skyJob(m.Link))})
}

// skyFilm is a whole film, to be worked on; one that is there already keeps
// its first job.
func (s *Sandbox) skyFilm(c *call, raw []byte) (*Media, error) {
	m := s.skyBlob(c, raw, "video/mp4")
	m.Type, m.Ready, m.Category = "video/mp4", false, "job-"+m.SHA256[:16]
	if old := s.world.media[at(Bluesky, m.ID)]; old != nil {
		return old, nil
	}
	return m, s.world.putMedia(m)
}

// skyUploadStatus: app.bsky.video.getUploadStatus.
func (s *Sandbox) skyUploadStatus(c *call) answer {
	if no := skyServed(c); no != nil {
		return *no
	}
	m, no := s.skyOpenUpload(c)
	if no != nil {
		return *no
	}
	received := []int{}
	for n := range m.parts {
		received = append(received, n)
	}
	slices.Sort(received)
	out := object{"jobId": m.ID, "partSizeBytes": skyPart, "partCount": skyPartCount(m.Want), "receivedParts": received, "expiresAt": skyTime(m.At.Add(skyUploadLife)), "state": "created"}
	if m.Link != "" {
		out["state"], out["completedJobId"], out["jobStatus"] = "completed", m.Link, s.skyJobJSON(s.skyJob(m.Link))
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) skyJob(id string) *Media {
	for _, m := range s.world.media {
		if m.Platform == Bluesky && m.Category == id && strings.HasPrefix(id, "job-") {
			return m
		}
	}
	return nil
}

func (s *Sandbox) skyJobState(m *Media) string {
	if m.Ready {
		return "JOB_STATE_COMPLETED"
	}
	return []string{"JOB_STATE_CREATED", "JOB_STATE_ENCODING", "JOB_STATE_SCANNING"}[min(m.asked, 2)]
}

// skyJobJSON is app.bsky.video.defs#jobStatus.
func (s *Sandbox) skyJobJSON(m *Media) object {
	state := object{"jobId": m.Category, "did": m.Account, "state": s.skyJobState(m)}
	if m.Ready {
		state["blob"] = skyBlobJSON(m)
	}
	return state
}

// skyVideoJob: app.bsky.video.getJobStatus: done on the third look.
func (s *Sandbox) skyVideoJob(c *call) answer {
	m := s.skyJob(c.str("jobId"))
	if m == nil {
		return skyInvalid("job not found")
	}
	if m.asked++; m.asked > 2 && !m.Ready {
		m.Ready = true
		if err := s.world.putMedia(m); err != nil {
			return skyBroken()
		}
	}
	return jsonAnswer(http.StatusOK, object{"jobStatus": s.skyJobJSON(m)})
}
