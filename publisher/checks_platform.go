package publisher

import (
	"fmt"
	"slices"
	"strings"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// belows checks what goes below the post. A part that a channel does not get is
// said to its author and its approver; it stops nothing.
func (c checking) belows(r *CheckResult) {
	for i, text := range c.post.Parts {
		personal(r, text, partField(i))
	}
	personal(r, c.post.Comment, "comment")
	c.without(r, "post.no_thread_there", partField(0), func(v reach) bool { return len(c.post.Parts) > 0 && !v.can.Thread })
	c.without(r, "post.no_first_comment_there", "comment", func(v reach) bool { return c.post.Comment != "" && !v.can.FirstComment })
	for _, v := range c.reaches {
		name := fault.Arg("account", account(v.channel))
		for _, b := range v.below {
			if b.length.Limit <= 0 || b.length.Used <= b.length.Limit {
				continue
			}
			field := partField(b.Below)
			if b.Part == PartComment {
				field = "comment"
			}
			r.block(fault.New(fault.Invalid, "post.too_long", fault.Field(field), name,
				fault.Arg("used", b.length.Used), fault.Arg("limit", b.length.Limit), fault.Arg("over", b.length.Used-b.length.Limit)))
		}
	}
}

// without names in one warning the channels that do not get something.
func (c checking) without(r *CheckResult, code, field string, lacks func(reach) bool) {
	var all []fault.Word
	for _, v := range c.reaches {
		if lacks(v) {
			all = append(all, account(v.channel))
		}
	}
	if len(all) > 0 {
		r.warn(fault.New(fault.Invalid, code, fault.Field(field), fault.Arg("accounts", all)))
	}
}

// account names a channel to people: many offices have one name everywhere.
func account(ch channel.Channel) fault.Word {
	return fault.Word{Key: "platform." + string(ch.Platform), Name: ch.Handle}
}

// atPlatforms checks what the platforms themselves would refuse, and what they
// would cost: the same at the check, at submission and at the signature.
func (c checking) atPlatforms(r *CheckResult) {
	for _, v := range c.reaches {
		name := fault.Arg("account", account(v.channel))
		if code := c.needs(v); code != "" {
			r.block(fault.New(fault.Invalid, code, fault.Field("media"), name))
		}
		if c.fetched(v) {
			r.block(fault.New(fault.Invalid, needsPublicMedia, fault.Field("media"), name))
		}
		said := map[string]bool{}
		for _, rule := range v.rules {
			if said[rule.Code] || r.found(account(v.channel), sameAs(rule.Code)) {
				continue
			}
			said[rule.Code] = true
			r.block(fault.New(fault.Invalid, rule.Code, fault.Field(ruleField(v, rule)), name, fault.Arg("said", rule.Said)))
		}
		if v.budget > 0 && v.spent+v.price > v.budget && v.price > 0 {
			r.block(fault.New(fault.Invalid, "post.over_budget", fault.Field("channels"), name, fault.Arg("price", Dollars(v.price)),
				fault.Arg("spent", Dollars(v.spent)), fault.Arg("budget", Dollars(v.budget))))
		}
	}
}

// sameAs are our own findings that say what a platform's rule says: it is told
// once, in the words that lead to the field.
func sameAs(rule string) []string {
	switch rule {
	case "platform.text_too_long":
		return []string{"post.too_long"}
	case "platform.media_too_many":
		return []string{"post.too_many_media"}
	case "platform.media_unsupported":
		return []string{"post.media_type", "media.film_type"}
	case "platform.media_too_large":
		return []string{"media.film_does_not_fit"}
	case "platform.video_too_long":
		return []string{"media.film_too_long"}
	case "platform.needs_media", "platform.needs_video":
		return []string{"post.needs_media", "post.needs_film"}
	case "platform.needs_public_media":
		return []string{needsPublicMedia}
	}
	return nil
}

// found says whether one of the codes was found for an account already.
func (r CheckResult) found(account fault.Word, codes []string) bool {
	for _, f := range r.Findings {
		if f.Fault.Args["account"] == account && slices.Contains(codes, f.Fault.Code) {
			return true
		}
	}
	return false
}

// needsPublicMedia is the code of media that a platform fetches itself, where
// nobody can fetch from us.
const needsPublicMedia = "check.needs_public_media"

// needs is the code of a film or picture that a platform will not do without.
func (c checking) needs(v reach) string {
	films := 0
	for _, p := range c.pictures {
		if p.Video() {
			films++
		}
	}
	switch {
	case v.can.NeedsMedia == "any" && len(c.pictures) == 0:
		return "post.needs_media"
	case v.can.NeedsMedia == "video" && films == 0:
		return "post.needs_film"
	}
	return ""
}

// fetched says that the platform would fetch media which it cannot reach.
func (c checking) fetched(v reach) bool {
	if v.public != "" || byHand(v.channel) {
		return false
	}
	for _, p := range c.pictures {
		if p.Video() && v.can.PublicVideo || !p.Video() && v.can.PublicMedia {
			return true
		}
	}
	return false
}

// ruleField is where a platform's rule is shown: beside the media when it
// speaks of them.
func ruleField(v reach, rule *platform.Refusal) string {
	for _, word := range []string{"media", "film", "video", "picture", "alt"} {
		if strings.Contains(rule.Code, word) {
			return "media"
		}
	}
	return variantField(v.Channel)
}

// Dollars writes millionths of a US dollar with as many decimals as it takes.
func Dollars(micros int64) string {
	s := strings.TrimRight(fmt.Sprintf("%d.%06d", micros/1_000_000, micros%1_000_000), "0")
	if at := strings.IndexByte(s, '.'); len(s)-at < 3 {
		s += strings.Repeat("0", 3-(len(s)-at))
	}
	return s
}

func partField(i int) string { return fmt.Sprintf("parts.%d", i) }
