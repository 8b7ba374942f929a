package sandbox

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
)

// linkedinPart is the size of one part of a film's upload.
const linkedinPart = 4 << 20

func (s *Sandbox) linkedinMedia(c *call, kind, owner string, want int64) (*Media, *answer) {
	if !s.linkedinMay(c, owner, "w_organization_social") {
		return nil, ptr(linkedinDenied(c, kind+"s.ACTION-initializeUpload"))
	}
	m := &Media{ID: "urn:li:" + kind + ":C5F" + s.world.growing(LinkedIn, c.now.UnixMilli()<<22), Platform: LinkedIn, Account: owner, Category: kind, Want: want, At: c.now, parts: map[int][]byte{}}
	if err := s.world.putMedia(m); err != nil {
		return nil, ptr(linkedinBroken())
	}
	return m, nil
}

func linkedinUploadURL(c *call, m *Media, part int) string {
	return fmt.Sprintf("%s/li/dms-uploads/%s/%d", c.base, m.ID[strings.LastIndexByte(m.ID, ':')+1:], part)
}

// linkedinImages: POST /rest/images?action=initializeUpload.
func (s *Sandbox) linkedinImages(c *call) answer {
	owner := asText(c.object("initializeUploadRequest")["owner"])
	if c.query.Get("action") != "initializeUpload" || owner == "" {
		return linkedinInvalid(http.StatusBadRequest, "initializeUploadRequest/owner", "MISSING_FIELD", "owner is required")
	}
	m, no := s.linkedinMedia(c, "image", owner, 0)
	if no != nil {
		return *no
	}
	return jsonAnswer(http.StatusOK, object{"value": object{"uploadUrlExpiresAt": c.now.Add(mediaLife).UnixMilli(), "uploadUrl": linkedinUploadURL(c, m, 0), "image": m.ID}})
}

// linkedinVideos: POST /rest/videos?action=initializeUpload, finalizeUpload.
func (s *Sandbox) linkedinVideos(c *call) answer {
	switch c.query.Get("action") {
	case "initializeUpload":
		in := c.object("initializeUploadRequest")
		size, err := strconv.ParseInt(asText(in["fileSizeBytes"]), 10, 64)
		if owner := asText(in["owner"]); owner != "" && err == nil && size > 0 {
			return s.linkedinBegin(c, owner, size)
		}
		return linkedinInvalid(http.StatusBadRequest, "initializeUploadRequest", "MISSING_FIELD", "owner and fileSizeBytes are required")
	case "finalizeUpload":
		return s.linkedinFinish(c, c.object("finalizeUploadRequest"))
	}
	return linkedinInvalid(http.StatusBadRequest, "action", "PARAM_INVALID", "unknown action")
}

func (s *Sandbox) linkedinBegin(c *call, owner string, size int64) answer {
	m, no := s.linkedinMedia(c, "video", owner, size)
	if no != nil {
		return *no
	}
	var parts []object
	for first := int64(0); first < size; first += linkedinPart {
		parts = append(parts, object{"uploadUrl": linkedinUploadURL(c, m, len(parts)), "firstByte": first, "lastByte": min(first+linkedinPart, size) - 1})
	}
	return jsonAnswer(http.StatusOK, object{"value": object{"uploadUrlsExpireAt": c.now.Add(mediaLife).UnixMilli(), "video": m.ID, "uploadInstructions": parts, "uploadToken": ""}})
}

func (s *Sandbox) linkedinFinish(c *call, in map[string]any) answer {
	m := s.world.media[at(LinkedIn, asText(in["video"]))]
	if m == nil || !s.linkedinMay(c, m.Account, "w_organization_social") {
		return linkedinGone(asText(in["video"]))
	}
	if m.Size > 0 {
		return linkedinInvalid(http.StatusBadRequest, "video", "INVALID_VALUE", "the upload was finalized before")
	}
	var whole []byte
	ids := asList(in["uploadedPartIds"])
	for i := range len(m.parts) {
		if i >= len(ids) || asText(ids[i]) != linkedinETag(m.parts[i]) {
			return linkedinInvalid(http.StatusBadRequest, "uploadedPartIds", "INVALID_VALUE", "uploadedPartIds do not fit the uploaded parts")
		}
		whole = append(whole, m.parts[i]...)
	}
	if int64(len(whole)) != m.Want {
		return linkedinInvalid(http.StatusBadRequest, "video", "INVALID_VALUE", "the parts do not add up to fileSizeBytes")
	}
	s.linkedinFill(m, whole)
	if err := s.world.putMedia(m); err != nil {
		return linkedinBroken()
	}
	return answer{status: http.StatusOK, header: http.Header{}}
}

func linkedinETag(data []byte) string {
	return newMedia(LinkedIn, &Account{}, data).SHA256[:32]
}

func (s *Sandbox) linkedinFill(m *Media, data []byte) {
	known := newMedia(LinkedIn, &Account{ID: m.Account}, data)
	m.Type, m.Size, m.SHA256, m.parts = known.Type, known.Size, known.SHA256, nil
}

// linkedinUpload: PUT to the address that initializeUpload gave. A picture is
// whole with it, a film's part waits for the others.
func (s *Sandbox) linkedinUpload(w http.ResponseWriter, r *http.Request) {
	data, err := io.ReadAll(io.LimitReader(r.Body, maxBody))
	part, bad := strconv.Atoi(r.PathValue("part"))
	if err != nil || bad != nil || len(data) == 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	s.mu.Lock()
	out, ft := s.linkedinReceive(r.PathValue("id"), part, data)
	s.mu.Unlock()
	s.send(w, r, out, ft)
}

func (s *Sandbox) linkedinReceive(id string, part int, data []byte) (answer, *fault) {
	var m *Media
	for _, kind := range []string{"image", "video"} {
		if m == nil {
			m = s.world.media[at(LinkedIn, "urn:li:"+kind+":"+id)]
		}
	}
	if m == nil || s.now().Sub(m.At) > mediaLife {
		return answer{status: http.StatusForbidden, header: http.Header{}}, nil
	}
	take := func() answer {
		if m.Category == "image" {
			s.linkedinFill(m, data)
			if err := s.world.putMedia(m); err != nil {
				return linkedinBroken()
			}
			return answer{status: http.StatusCreated, header: http.Header{}}
		}
		if m.parts == nil {
			m.parts = map[int][]byte{}
		}
		m.parts[part] = data
		return answer{status: http.StatusOK, header: http.Header{}}.with("etag", linkedinETag(data))
	}
	ft := s.takeFault(LinkedIn, opStage, s.world.account(LinkedIn, m.Account))
	if ft != nil {
		if out, stop := ft.before(linkedinFace{}, &meter{now: s.now()}, s.now(), take); stop {
			return out, ft
		}
	}
	return take(), ft
}

// linkedinMediaState: a file is worked on for a while after it came.
func (s *Sandbox) linkedinMediaState(c *call) answer {
	m := s.world.media[at(LinkedIn, c.r.PathValue("urn"))]
	if m == nil || !s.linkedinMay(c, m.Account, "w_organization_social") {
		return linkedinGone(c.r.PathValue("urn"))
	}
	state := "WAITING_UPLOAD"
	switch {
	case m.Size > 0 && m.Ready:
		state = "AVAILABLE"
	case m.Size > 0 && m.Category == "image" && !strings.HasPrefix(m.Type, "image/"):
		state = "PROCESSING_FAILED"
	case m.Size > 0:
		state = "PROCESSING"
		if m.asked++; m.asked > 1 {
			m.Ready = true
			if err := s.world.putMedia(m); err != nil {
				return linkedinBroken()
			}
		}
	}
	return jsonAnswer(http.StatusOK, object{"id": m.ID, "owner": m.Account, "status": state})
}
