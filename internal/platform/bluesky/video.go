package bluesky

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// videoBase is the film service: Bluesky's own beside its own server,
// otherwise below the server's address.
func videoBase(a platform.Account) string {
	if strings.TrimRight(a.BaseURL, "/") == home {
		return videoHome
	}
	return a.BaseURL
}

// job is app.bsky.video.defs#jobStatus. The service answers with and without
// the wrapper of its contract.
type job struct {
	ID      string          `json:"jobId"`
	State   string          `json:"state"`
	Blob    json.RawMessage `json:"blob"`
	Error   string          `json:"error"`
	Message string          `json:"message"`
}

func readJob(body []byte) job {
	var both struct {
		job
		Inner *job `json:"jobStatus"`
	}
	if json.Unmarshal(body, &both) != nil {
		return job{}
	}
	if both.Inner != nil {
		return *both.Inner
	}
	return both.job
}

// errNoService: nobody here takes films in parts.
var errNoService = errors.New("no film service")

// film is one film on its way to the service.
type film struct {
	c     *Connector
	a     platform.Account
	m     platform.Media
	n     platform.Notes
	token string // that our own server gave out for the service
}

// Names of a film's notes: the upload it goes up in, and the job that works on
// it. Both are saved before the next step.
func (f *film) uploadNote() string { return f.m.Key + ".upload" }
func (f *film) jobNote() string    { return f.m.Key + ".job" }

// stageVideo hands a film to the service in parts and waits until it has been
// worked through. An interruption anywhere goes on from the notes.
func (c *Connector) stageVideo(ctx context.Context, a platform.Account, m platform.Media, n platform.Notes) (staged, error) {
	if s, ok := noted(m, n); ok {
		return s, nil
	}
	f := &film{c: c, a: a, m: m, n: n}
	if n.Value(f.jobNote()) == "" {
		if err := f.authorize(ctx); err != nil {
			return staged{}, err
		}
		id, err := f.upload(ctx)
		if errors.Is(err, errNoService) {
			return f.straight(ctx)
		}
		if err != nil {
			return staged{}, err
		}
		if err := n.Save(ctx, f.jobNote(), id); err != nil {
			return staged{}, err
		}
	}
	return f.wait(ctx)
}

// wait polls the job until the film has become a blob in our repository.
func (f *film) wait(ctx context.Context) (staged, error) {
	pause := 200 * time.Millisecond
	for n := range 60 {
		if n%5 == 4 { // a saved note renews the lease
			if err := f.n.Save(ctx, f.jobNote(), f.n.Value(f.jobNote())); err != nil {
				return staged{}, err
			}
		}
		j, err := f.status(ctx)
		if gone(err) {
			return staged{}, f.anew(ctx, err)
		}
		if err != nil {
			return staged{}, err
		}
		switch {
		case isBlob(j.Blob):
			s := staged{Blob: j.Blob, Width: f.m.Width, Height: f.m.Height}
			return s, s.save(ctx, f.m, f.n)
		case j.State == "JOB_STATE_FAILED":
			said := strings.TrimSpace(j.Error + " " + j.Message)
			_ = f.anew(ctx, nil) // a failed save is told by the next step
			return staged{}, &platform.Refusal{Code: "platform.media_refused", Said: said, Fix: platform.FixAuthor}
		}
		if err := wire.Wait(ctx, pause); err != nil {
			return staged{}, err
		}
		pause = min(pause*3/2, 5*time.Second)
	}
	return staged{}, &platform.Unclear{Said: "the film is still being processed"}
}

// anew forgets an upload that the service no longer has: the film is sent
// again by the next attempt.
func (f *film) anew(ctx context.Context, why error) error {
	for _, name := range []string{f.uploadNote(), f.jobNote()} {
		if f.n.Value(name) != "" {
			if err := f.n.Save(ctx, name, ""); err != nil {
				return err
			}
		}
	}
	return &platform.NotSent{Err: errors.Join(errNotStaged, why)}
}

func (f *film) status(ctx context.Context) (job, error) {
	req, err := wire.Request(ctx, http.MethodGet, wire.Path(videoBase(f.a), "xrpc", "app.bsky.video.getJobStatus"), url.Values{"jobId": {f.n.Value(f.jobNote())}})
	if err != nil {
		return job{}, err
	}
	answer, err := f.c.bearing(ctx, f.a, "", req, nil)
	if err != nil {
		if strings.Contains(strings.ToLower(complaintOf(answer.Body).Message), "not found") {
			return job{}, &platform.Refusal{Code: "platform.not_found", Fix: platform.FixNobody}
		}
		return job{}, err
	}
	return readJob(answer.Body), nil
}

// authorize gets a token with which the service may put the finished film into
// our repository: com.atproto.server.getServiceAuth.
func (f *film) authorize(ctx context.Context) error {
	var s session
	if err := f.c.get(ctx, f.a, "com.atproto.server.getSession", nil, &s); err != nil {
		return err
	}
	var auth struct {
		Token string `json:"token"`
	}
	err := f.c.get(ctx, f.a, "com.atproto.server.getServiceAuth", url.Values{
		"aud": {s.server(f.a)}, "lxm": {"com.atproto.repo.uploadBlob"}, "exp": {strconv.FormatInt(time.Now().Add(25*time.Minute).Unix(), 10)},
	}, &auth)
	f.token = auth.Token
	return err
}

// server is the DID of the server that holds the account.
func (s session) server(a platform.Account) string {
	host := a.BaseURL
	for _, x := range s.DIDDoc.Service {
		if strings.HasSuffix(x.ID, "#atproto_pds") && x.Endpoint != "" {
			host = x.Endpoint
		}
	}
	if u, err := url.Parse(host); err == nil && u.Host != "" {
		host = u.Host
	}
	return "did:web:" + strings.ReplaceAll(host, ":", "%3A")
}

// upload is what startUpload told: parts of one size, the last one shorter.
type upload struct {
	ID    string `json:"jobId"`
	Size  int64  `json:"partSizeBytes"`
	Count int    `json:"partCount"`
	Sent  int    `json:"sent,omitempty"` // ours: saved after each part, which renews the lease
}

func (f *film) note(ctx context.Context, u upload) error {
	raw, err := canonical(u)
	if err != nil {
		return &platform.NotSent{Err: err}
	}
	return f.n.Save(ctx, f.uploadNote(), raw)
}

func (u upload) fits(m platform.Media) bool {
	return u.ID != "" && u.Size > 0 && u.Count > 0 && int64(u.Count) == (m.Size+u.Size-1)/u.Size
}

// upload sends the film in parts (app.bsky.video.startUpload, uploadPart,
// finishUpload) and gives the job that works on it.
func (f *film) upload(ctx context.Context) (string, error) {
	var u upload
	var received []int
	if note := f.n.Value(f.uploadNote()); note != "" && json.Unmarshal([]byte(note), &u) == nil {
		var done struct {
			State    string `json:"state"`
			Received []int  `json:"receivedParts"`
			Job      string `json:"completedJobId"`
		}
		if _, err := f.ask(ctx, http.MethodGet, "getUploadStatus", url.Values{"jobId": {u.ID}}, nil, &done); err != nil {
			return "", err
		}
		if done.State == "completed" && done.Job != "" {
			return done.Job, nil
		}
		received = done.Received
	} else {
		in := map[string]any{"sizeBytes": f.m.Size, "mimeType": f.m.Type, "name": wire.FileName(f.m)}
		name, err := f.ask(ctx, http.MethodPost, "startUpload", nil, in, &u)
		switch {
		case name == "MethodNotImplemented", name == "XRPCNotSupported", platform.AsRefusal(err) != nil && platform.AsRefusal(err).Auth:
			// A server of an office's own answers for the service, and does not
			// know the token that it gave out for it.
			return "", errNoService
		case err != nil:
			return "", err
		}
		if !u.fits(f.m) {
			return "", &platform.Unclear{Status: http.StatusOK, Said: "parts that do not add up"}
		}
		if err := f.note(ctx, u); err != nil {
			return "", err
		}
	}
	for part := 1; part <= u.Count; part++ {
		if slices.Contains(received, part) {
			continue
		}
		raw, err := wire.Chunk(f.m, int64(part-1)*u.Size, u.Size)
		if err != nil {
			return "", err
		}
		if _, err := f.ask(ctx, http.MethodPost, "uploadPart", url.Values{"jobId": {u.ID}, "partNumber": {strconv.Itoa(part)}}, raw, nil); err != nil {
			return "", err
		}
		u.Sent = part
		if err := f.note(ctx, u); err != nil {
			return "", err
		}
	}
	var finished struct {
		Job string `json:"completedJobId"`
	}
	if _, err := f.ask(ctx, http.MethodPost, "finishUpload", nil, map[string]string{"jobId": u.ID}, &finished); err != nil {
		return "", err
	}
	if finished.Job == "" {
		return "", &platform.Unclear{Status: http.StatusOK, Said: "no job"}
	}
	return finished.Job, nil
}

// ask is one call of the service; in is bytes, a JSON value or nothing. It
// gives the name of a refusal, too.
func (f *film) ask(ctx context.Context, method, what string, query url.Values, in, into any) (name string, err error) {
	address := wire.Path(videoBase(f.a), "xrpc", "app.bsky.video."+what)
	var req *http.Request
	switch in := in.(type) {
	case nil:
		req, err = wire.Request(ctx, method, address, query)
	case []byte:
		req, err = wire.Raw(ctx, method, address+"?"+query.Encode(), "application/octet-stream", in)
	default:
		req, err = wire.JSON(ctx, method, address, in)
	}
	if err != nil {
		return "", err
	}
	answer, err := f.c.bearing(ctx, f.a, f.token, req, into)
	if err == nil {
		return "", nil
	}
	e := complaintOf(answer.Body)
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: e.Name, Fix: fix} }
	switch e.Name {
	case "UploadNotFound", "UploadExpired", "UploadAborted", "UploadFailed", "PartSizeMismatch", "InvalidPartNumber", "MissingParts":
		err = f.anew(ctx, errors.New(e.Name))
	case "UploadNotReady", "ServiceOverloaded":
		err = &platform.NotSent{Err: errors.New(e.Name)}
	case "VideoTooLarge":
		err = no("platform.media_too_large", platform.FixAuthor)
	case "VideoTooLong":
		err = no("platform.video_too_long", platform.FixAuthor)
	case "UnsupportedContentType":
		err = no("platform.media_unsupported", platform.FixAuthor)
	case "BadAspectRatio":
		err = no("platform.media_refused", platform.FixAuthor)
	case "UploadForbidden":
		err = no("platform.forbidden", platform.FixAdmin)
	case "DailyLimitExceeded", "TooManyOpenUploads":
		err = &platform.Throttle{Until: time.Now().Add(time.Hour), Said: e.Name}
	default:
		if r := platform.AsRefusal(err); r != nil && r.Auth && what != "startUpload" {
			// The service's token has run out, not our credential.
			err = &platform.NotSent{Err: errors.New(e.Name)}
		}
	}
	return e.Name, err
}

// straight puts the film into our repository as it is:
// com.atproto.repo.uploadBlob. The network works on it when somebody first
// looks, and servers take less that way. It streams from its file.
func (f *film) straight(ctx context.Context) (staged, error) {
	file, err := f.m.Open()
	if err != nil {
		return staged{}, &platform.NotSent{Err: err}
	}
	defer file.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, wire.Path(f.a.BaseURL, "xrpc", "com.atproto.repo.uploadBlob"), file)
	if err != nil {
		return staged{}, &platform.NotSent{Err: err}
	}
	req.ContentLength = f.m.Size
	req.Header.Set("Content-Type", f.m.Type)
	s := staged{Width: f.m.Width, Height: f.m.Height}
	answer, err := f.c.call(ctx, f.a, req, &s)
	if err != nil {
		return staged{}, err
	}
	if !isBlob(s.Blob) {
		return staged{}, &platform.Unclear{Status: answer.Status, Said: "no blob"}
	}
	return s, s.save(ctx, f.m, f.n)
}
