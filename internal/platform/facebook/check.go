package facebook

import (
	"slices"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// Check implements platform.Checker: what an editor can still mend.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code, said string) {
		all = append(all, &platform.Refusal{Code: code, Said: said, Fix: platform.FixAuthor})
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", "")
	}
	files := len(out.Media)
	films := 0
	for _, m := range out.Media {
		if m.Video() {
			films++
		}
	}
	switch {
	case graph.Direct(out) && files > 0:
		no("platform.media_unsupported", "no files in a private answer")
	case out.InReplyTo != "" && films > 0:
		no("platform.media_unsupported", "no film in a comment")
	case out.InReplyTo != "" && files > 1:
		no(wire.TooManyMedia, "one picture in a comment")
	case films > 0 && files > 1:
		no(wire.MixedMedia, "one film, or pictures")
	case files > maxPhotos:
		no(wire.TooManyMedia, "10")
	}
	may := c.Capabilities(a)
	for _, m := range out.Media {
		switch {
		case !slices.Contains(may.MediaTypes, m.Type) && !slices.Contains(may.VideoTypes, m.Type):
			no("platform.media_unsupported", m.Type)
		case m.Video() && m.Size > maxFilm || !m.Video() && m.Size > maxPicture:
			no("platform.media_too_large", m.Type)
		case m.Length > maxLength:
			no(wire.VideoTooLong, m.Type)
		}
	}
	return all
}
