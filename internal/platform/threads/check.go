package threads

import (
	"regexp"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

var links = regexp.MustCompile(`https?://[^\s<>"']+`)

// Check implements platform.Checker: what an editor, or the operator, can
// still mend.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code, said, fix string) { all = append(all, &platform.Refusal{Code: code, Said: said, Fix: fix}) }
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", "", platform.FixAuthor)
	}
	text := platform.Compose(out)
	if len(links.FindAllString(text, -1)) > maxLinks {
		no("platform.too_many_links", "5", platform.FixAuthor)
	}
	if text == "" && len(out.Media) == 0 {
		no("platform.invalid", "no text", platform.FixAuthor)
	}
	if len(out.Media) > maxFiles {
		no(wire.TooManyMedia, "20", platform.FixAuthor)
	}
	for _, m := range out.Media {
		all = append(all, file(m)...)
	}
	return all
}

func file(m platform.Media) []*platform.Refusal {
	no := func(code, fix string) []*platform.Refusal {
		return []*platform.Refusal{{Code: code, Said: m.Type, Fix: fix}}
	}
	film := m.Type == "video/mp4" || m.Type == "video/quicktime"
	switch {
	case !film && m.Type != "image/jpeg" && m.Type != "image/png":
		return no("platform.media_unsupported", platform.FixAuthor)
	case film && m.Size > maxFilm || !film && m.Size > maxPicture:
		return no("platform.media_too_large", platform.FixAuthor)
	case film && m.Length > maxLength:
		return no(wire.VideoTooLong, platform.FixAuthor)
	case m.URL == "":
		return no(wire.NeedsPublicMedia, platform.FixAdmin)
	}
	return nil
}
