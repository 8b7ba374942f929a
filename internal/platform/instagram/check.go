package instagram

import (
	"fmt"
	"strings"

	"kentongan/internal/platform"
	"kentongan/internal/platform/graph"
	"kentongan/internal/platform/wire"
)

// Check implements platform.Checker: what an editor, or the operator, can
// still mend.
func (c *Connector) Check(a platform.Account, out platform.Outgoing) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code, said, fix string) { all = append(all, &platform.Refusal{Code: code, Said: said, Fix: fix}) }
	if l := c.Count(a, out); l.Used > l.Limit {
		no("platform.text_too_long", "", platform.FixAuthor)
	}
	text := platform.Compose(out)
	if graph.Direct(out) {
		return all
	}
	tags, names := words(text, '#'), words(text, '@')
	if out.InReplyTo != "" {
		if len(out.Media) > 0 {
			no("platform.media_unsupported", "no files below a post", platform.FixAuthor)
		}
		if strings.Count(text, "http://")+strings.Count(text, "https://") > 1 {
			no("platform.too_many_links", "one link in a comment", platform.FixAuthor)
		}
		if tags > 4 {
			no("platform.too_many_hashtags", "four in a comment", platform.FixAuthor)
		}
		return all
	}
	if tags > maxTags {
		no("platform.too_many_hashtags", "30", platform.FixAuthor)
	}
	if names > maxNames {
		no("platform.too_many_mentions", "20", platform.FixAuthor)
	}
	switch n := len(out.Media); {
	case n == 0:
		no(wire.NeedsMedia, "", platform.FixAuthor)
	case n > maxFiles:
		no(wire.TooManyMedia, "10", platform.FixAuthor)
	}
	for i, m := range out.Media {
		all = append(all, file(m)...)
		if i == 0 && !m.Video() && !shaped(m) { // an album takes the first one's shape
			no("platform.media_shape", fmt.Sprintf("%d×%d", m.Width, m.Height), platform.FixAuthor)
		}
	}
	return all
}

// shaped says that a picture is between 4:5 and 1.91:1, where that is known.
// https://developers.facebook.com/docs/instagram-platform/instagram-graph-api/reference/ig-user/media
func shaped(m platform.Media) bool {
	if m.Width <= 0 || m.Height <= 0 {
		return true
	}
	ratio := float64(m.Width) / float64(m.Height)
	return ratio >= 0.8-0.005 && ratio <= 1.91+0.005
}

func file(m platform.Media) []*platform.Refusal {
	no := func(code, fix string) []*platform.Refusal {
		return []*platform.Refusal{{Code: code, Said: m.Type, Fix: fix}}
	}
	switch {
	case m.Type == "video/mp4" || m.Type == "video/quicktime":
		if m.Size > maxFilm {
			return no("platform.media_too_large", platform.FixAuthor)
		}
		if m.Length > maxLength {
			return no(wire.VideoTooLong, platform.FixAuthor)
		}
	case m.Type != "image/jpeg":
		return no("platform.media_unsupported", platform.FixAuthor)
	case m.Size > maxPicture:
		return no("platform.media_too_large", platform.FixAuthor)
	case m.URL == "":
		return no(wire.NeedsPublicMedia, platform.FixAdmin)
	}
	return nil
}

// words counts those that begin with a sign.
func words(text string, sign byte) int {
	n := 0
	for w := range strings.FieldsSeq(text) {
		if len(w) > 1 && w[0] == sign {
			n++
		}
	}
	return n
}
