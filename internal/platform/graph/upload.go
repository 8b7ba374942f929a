package graph

import (
	"context"
	"io"
	"net/http"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// Stream sends a file's bytes from off on in one request, without holding them
// in memory. What arrived before a broken connection stays there: the next
// attempt asks for the offset and goes on.
func (g API) Stream(ctx context.Context, a platform.Account, address string, m platform.Media, off int64, header map[string]string) (safehttp.Answer, error) {
	file, err := m.Open()
	if err != nil {
		return safehttp.Answer{}, &platform.NotSent{Err: err}
	}
	defer file.Close()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, io.NewSectionReader(file, off, m.Size-off))
	if err != nil {
		return safehttp.Answer{}, &platform.NotSent{Err: err}
	}
	if req.ContentLength = m.Size - off; req.ContentLength == 0 {
		req.Body = http.NoBody // everything is there; only the answer was lost
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Authorization", "OAuth "+a.Token.Access)
	for name, value := range header {
		req.Header[name] = []string{value} // Meta's own casing
	}
	return g.Send(ctx, a, req)
}

// Proven is an address below Root that carries its own query, with
// appsecret_proof added.
func (g API) Proven(a platform.Account, path string) string {
	address := g.Root(a) + "/" + path
	proof := g.proven(a, nil).Encode()
	switch {
	case proof == "":
		return address
	case strings.Contains(path, "?"):
		return address + "&" + proof
	}
	return address + "?" + proof
}
