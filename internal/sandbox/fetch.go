package sandbox

import (
	"context"
	"io"
	"net/http"
	"slices"
)

// fetch gets files from addresses, as Instagram, Threads and TikTok do with a
// post's pictures. An address that does not answer leaves no file behind.
func (s *Sandbox) fetch(ctx context.Context, c *call, addresses []string) {
	c.fetched = map[string]file{}
	for _, address := range slices.Compact(addresses) {
		if address == "" {
			continue
		}
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
		if err != nil {
			continue
		}
		res, err := s.client.Do(req)
		if err != nil {
			continue
		}
		data, err := io.ReadAll(io.LimitReader(res.Body, maxBody))
		_ = res.Body.Close() // it was read to its end
		if err == nil && res.StatusCode == http.StatusOK {
			c.fetched[address] = file{name: address, typ: http.DetectContentType(data), data: data}
		}
	}
}
