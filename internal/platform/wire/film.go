package wire

import (
	"bytes"
	"context"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"kentongan/internal/platform"
)

// MultipartFilm is Multipart with the file read while it is sent: a film is
// never whole in memory.
func MultipartFilm(ctx context.Context, address string, fields [][2]string, field string, m platform.Media) (*http.Request, error) {
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, &platform.NotSent{Err: err}
		}
	}
	h := textproto.MIMEHeader{}
	h.Set("Content-Disposition", multipart.FileContentDisposition(field, FileName(m)))
	h.Set("Content-Type", m.Type)
	if _, err := w.CreatePart(h); err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	head := bytes.Clone(b.Bytes())
	if err := w.Close(); err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	tail := b.Bytes()[len(head):]
	file, err := m.Open()
	if err != nil {
		return nil, &platform.NotSent{Err: err}
	}
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(bytes.NewReader(head), io.NewSectionReader(file, 0, m.Size), bytes.NewReader(tail)), file}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		file.Close()
		return nil, &platform.NotSent{Err: err}
	}
	req.ContentLength = int64(len(head)) + m.Size + int64(len(tail))
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept", "application/json")
	return req, nil
}
