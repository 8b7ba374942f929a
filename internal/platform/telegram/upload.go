package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/textproto"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// upload is a method's request with files in it (multipart/form-data). The
// files are read while they travel; none is held in memory.
func upload(ctx context.Context, address string, values [][2]string, media []platform.Media) (*http.Request, error) {
	var head bytes.Buffer
	w := multipart.NewWriter(&head)
	for _, v := range values {
		if err := w.WriteField(v[0], v[1]); err != nil {
			return nil, &platform.NotSent{Err: err}
		}
	}
	var parts []io.Reader
	var open closers
	var size int64
	text := func() { // what the writer has written since the last file
		raw := bytes.Clone(head.Bytes())
		head.Reset()
		size += int64(len(raw))
		parts = append(parts, bytes.NewReader(raw))
	}
	for i, m := range media {
		h := textproto.MIMEHeader{}
		h.Set("Content-Disposition", multipart.FileContentDisposition(attached(i), wire.FileName(m)))
		h.Set("Content-Type", m.Type)
		if _, err := w.CreatePart(h); err != nil {
			return nil, &platform.NotSent{Err: errors.Join(err, open.Close())}
		}
		text()
		file, err := m.Open()
		if err != nil {
			return nil, &platform.NotSent{Err: errors.Join(err, open.Close())}
		}
		open = append(open, file)
		n, err := file.Seek(0, io.SeekEnd)
		if err != nil {
			return nil, &platform.NotSent{Err: errors.Join(err, open.Close())}
		}
		size += n
		parts = append(parts, io.NewSectionReader(file, 0, n))
	}
	if err := w.Close(); err != nil {
		return nil, &platform.NotSent{Err: errors.Join(err, open.Close())}
	}
	text()
	body := struct {
		io.Reader
		io.Closer
	}{io.MultiReader(parts...), open}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		return nil, &platform.NotSent{Err: errors.Join(err, open.Close())}
	}
	req.ContentLength = size
	req.Header.Set("Content-Type", w.FormDataContentType())
	req.Header.Set("Accept", "application/json")
	return req, nil
}

// attached is the name under which a file travels.
func attached(i int) string { return fmt.Sprintf("file%d", i) }

type closers []io.Closer

// Close implements io.Closer.
func (all closers) Close() error {
	var failed error
	for _, c := range all {
		failed = errors.Join(failed, c.Close())
	}
	return failed
}
