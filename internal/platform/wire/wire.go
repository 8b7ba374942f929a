// Package wire holds what the connectors share between their own formats and
// HTTP: building requests, and reading a failed call in the contract's words.
package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Failed says what a call without a whole answer means: nothing left us, or
// the outcome is unknown.
func Failed(err error) error {
	f := safehttp.AsFailure(err)
	if !f.Sent {
		return &platform.NotSent{Err: f}
	}
	return &platform.Unclear{Said: f.Error(), Err: f}
}

// Request builds a request without a body.
func Request(ctx context.Context, method, address string, query url.Values) (*http.Request, error) {
	if len(query) > 0 {
		address += "?" + query.Encode()
	}
	req, err := http.NewRequestWithContext(ctx, method, address, nil)
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Form builds a request with a form as its body.
func Form(ctx context.Context, method, address string, form url.Values) (*http.Request, error) {
	return body(ctx, method, address, "application/x-www-form-urlencoded", []byte(form.Encode()))
}

// JSON builds a request with value as its body.
func JSON(ctx context.Context, method, address string, value any) (*http.Request, error) {
	raw, err := json.Marshal(value)
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	return body(ctx, method, address, "application/json", raw)
}

// Upload is a file in a multipart body.
type Upload struct {
	Field, Name, Type string
	Bytes             []byte
}

// Multipart builds a request with fields and a file.
func Multipart(ctx context.Context, address string, fields [][2]string, file Upload) (*http.Request, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, &platform.NotSent{Err: err}
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition(file.Field, file.Name))
	h.Set("Content-Type", file.Type)
	part, err := w.CreatePart(h)
	if err == nil {
		_, err = part.Write(file.Bytes)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	return body(ctx, http.MethodPost, address, w.FormDataContentType(), b.Bytes())
}

func body(ctx context.Context, method, address, kind string, raw []byte) (*http.Request, error) {
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(raw))
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	req.Header.Set("Content-Type", kind)
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// Path joins a base address and escaped path elements.
func Path(base string, elements ...string) string {
	var b strings.Builder
	b.WriteString(strings.TrimRight(base, "/"))
	for _, e := range elements {
		b.WriteByte('/')
		b.WriteString(url.PathEscape(e))
	}
	return b.String()
}

// Read gives a medium's bytes; a file that cannot be read was not sent.
func Read(m platform.Media) ([]byte, error) {
	return Chunk(m, 0, m.Size)
}

// Chunk reads n bytes of a medium from off; fewer at its end.
func Chunk(m platform.Media, off, n int64) ([]byte, error) {
	file, err := m.Open()
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	defer file.Close()
	raw, err := io.ReadAll(io.NewSectionReader(file, off, n))
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	return raw, nil
}

// Raw builds a request with bytes as its body.
func Raw(ctx context.Context, method, address, kind string, raw []byte) (*http.Request, error) {
	return body(ctx, method, address, kind, raw)
}

// FileName is a neutral name for an upload: the true one may tell more than
// the office wants to publish. Each file of a post has its own: snac2 makes a
// file's id from its name, and takes two of one name for one file.
func FileName(m platform.Media) string {
	_, ext, _ := strings.Cut(m.Type, "/")
	name := strings.ReplaceAll(m.Key, ".", "-")
	if name == "" {
		name = "media"
	}
	return name + "." + ext
}

// Decode reads a JSON answer.
func Decode(raw []byte, into any) error { return json.NewDecoder(bytes.NewReader(raw)).Decode(into) }

// Whole reads a JSON document that must be the whole of raw.
func Whole(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); err != io.EOF {
		return io.ErrUnexpectedEOF
	}
	return nil
}

// Wait pauses between two polls of the platform, unless the call is over.
func Wait(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return &platform.NotSent{Err: ctx.Err()}
	}
}

// RetryAfter reads the standard header, seconds or a date.
func RetryAfter(h http.Header, now time.Time) (time.Time, bool) {
	v := h.Get("Retry-After")
	if s, err := strconv.Atoi(v); err == nil && s >= 0 && s < 1<<30 {
		return Within(now.Add(time.Duration(s)*time.Second), now), true
	}
	t, err := http.ParseTime(v)
	return Within(t, now), err == nil
}
