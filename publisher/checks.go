package publisher

import (
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"kentongan/internal/channel"
	"kentongan/internal/fault"
	"kentongan/internal/media"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
)

// Finding is one thing the checks have to say. A warning does not stop the
// post; the approver sees it, too.
type Finding struct {
	Warn  bool
	Fault *fault.Fault
}

// ChannelCheck is how the post stands with one channel.
type ChannelCheck struct {
	Channel  channel.ID
	Used     int // by the platform's own counting
	Limit    int // 0 when unknown
	Unit     string
	MaxMedia int
	Parts    []platform.Length // of each continuation; none where there are no threads
	Comment  *platform.Length  // of the first comment; nil where there is none
	Price    int64             // of everything, in millionths of a US dollar
	Rupiah   int64             // the same; 0 without a rate
}

// Left is how much may still be written; negative when too much is.
func (c ChannelCheck) Left() int { return c.Limit - c.Used }

// CheckResult is everything the checks found, all at once.
type CheckResult struct {
	Channels []ChannelCheck
	Findings []Finding
}

// Blocking is every finding that stops a submission; nil when there is none.
func (r CheckResult) Blocking() error {
	var all fault.List
	for _, f := range r.Findings {
		if !f.Warn {
			all.Add(f.Fault)
		}
	}
	return all.Err()
}

// Of lists the findings for a field.
func (r CheckResult) Of(field string) []Finding {
	var all []Finding
	for _, f := range r.Findings {
		if f.Fault.Field == field {
			all = append(all, f)
		}
	}
	return all
}

func (r *CheckResult) block(err error) { r.add(false, err) }
func (r *CheckResult) warn(err error)  { r.add(true, err) }

func (r *CheckResult) add(warn bool, err error) {
	for _, f := range fault.All(err) {
		r.Findings = append(r.Findings, Finding{Warn: warn, Fault: f})
	}
}

// checking is everything that the checks look at.
type checking struct {
	now      time.Time
	lateness time.Duration
	post     Post
	reaches  []reach
	pictures []media.Picture // in the order of post.Media
	rate     int64           // rupiah for a US dollar; 0 when not known
}

// check looks at a post as it would be submitted now.
func (c checking) check() CheckResult {
	var r CheckResult
	c.texts(&r)
	if err := checkLink(c.post.Link); err != nil {
		r.block(err)
	}
	c.channels(&r)
	c.belows(&r)
	c.alts(&r)
	c.atPlatforms(&r)
	c.window(&r)
	return r
}

func (c checking) texts(r *CheckResult) {
	shared := len(c.reaches) == 0
	for _, v := range c.reaches {
		shared = shared || !v.Own
	}
	if shared {
		if strings.TrimSpace(c.post.Text) == "" {
			r.block(fault.New(fault.Invalid, "post.text_empty", fault.Field("text")))
		}
		personal(r, c.post.Text, "text")
	}
	for _, v := range c.reaches {
		if !v.Own {
			continue
		}
		field := variantField(v.Channel)
		if strings.TrimSpace(v.Text) == "" {
			r.block(fault.New(fault.Invalid, "post.variant_empty", fault.Field(field), fault.Arg("account", account(v.channel))))
		}
		personal(r, v.Text, field)
	}
}

// personal looks for personal data in what we ourselves are about to publish
// (UU 27/2022 pasal 65). Nobody needs a population number in public; a phone
// or an address may be the office's own.
func personal(r *CheckResult, text, field string) {
	told := map[pii.Kind]bool{}
	for _, f := range pii.Find(text) {
		if told[f.Kind] {
			continue
		}
		told[f.Kind] = true
		switch f.Kind {
		case pii.NIK, pii.KK:
			r.block(fault.New(fault.Invalid, "post.personal_number", fault.Field(field), fault.Arg("kind", string(f.Kind))))
		case pii.Phone:
			r.warn(fault.New(fault.Invalid, "post.personal_phone", fault.Field(field)))
		case pii.Email:
			r.warn(fault.New(fault.Invalid, "post.personal_email", fault.Field(field)))
		default:
			r.warn(fault.New(fault.Invalid, "post.personal_other", fault.Field(field), fault.Arg("kind", string(f.Kind))))
		}
	}
}

func checkLink(link string) error {
	if link == "" {
		return nil
	}
	u, err := url.Parse(link)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Hostname() == "" || u.User != nil {
		return fault.New(fault.Invalid, "post.link_unusable", fault.Field("link"))
	}
	return nil
}

func (c checking) channels(r *CheckResult) {
	if len(c.reaches) == 0 {
		r.block(fault.New(fault.Invalid, "post.no_channel", fault.Field("channels")))
	}
	for _, v := range c.reaches {
		r.Channels = append(r.Channels, c.channelCheck(v))
		field, name := variantField(v.Channel), fault.Arg("account", account(v.channel))
		if v.channel.Broken() {
			r.block(fault.New(fault.Invalid, "post.channel_broken", fault.Field("channels"), name))
		}
		if v.length.Limit > 0 && v.length.Used > v.length.Limit {
			r.block(fault.New(fault.Invalid, "post.too_long", fault.Field(field), name,
				fault.Arg("used", v.length.Used), fault.Arg("limit", v.length.Limit), fault.Arg("over", v.length.Used-v.length.Limit)))
		}
		if n := len(c.pictures); n > v.can.MaxMedia {
			r.block(fault.New(fault.Invalid, "post.too_many_media", fault.Field("media"), name, fault.Arg("used", n), fault.Arg("limit", v.can.MaxMedia)))
		}
		for i, p := range c.pictures {
			if p.Video() {
				if err := media.FilmFits(p, media.LimitsOf(v.can)); err != nil {
					r.block(placed(err, mediaField(i), v.channel))
				}
			} else if !v.takes(p.Type) {
				r.block(fault.New(fault.Invalid, "post.media_type", fault.Field(mediaField(i)), name, fault.Arg("type", p.Type)))
			}
		}
	}
}

func (c checking) channelCheck(v reach) ChannelCheck {
	k := ChannelCheck{Channel: v.Channel, Used: v.length.Used, Limit: v.length.Limit, Unit: v.can.TextUnit, MaxMedia: v.can.MaxMedia, Price: v.price}
	// A rupiah is counted as soon as a part of it is due.
	k.Rupiah = (v.price*c.rate + 999_999) / 1_000_000
	for _, b := range v.below {
		if b.Part == PartComment {
			k.Comment = &b.length
		} else {
			k.Parts = append(k.Parts, b.length)
		}
	}
	return k
}

// takes says whether the platform accepts the type or one that it can be
// written as.
func (v reach) takes(kind string) bool {
	if len(v.can.MediaTypes) == 0 {
		return true
	}
	for _, t := range v.can.MediaTypes {
		if t == kind || t == media.JPEG || t == media.PNG {
			return true
		}
	}
	return false
}

func (c checking) alts(r *CheckResult) {
	for i, m := range c.post.Media {
		field := mediaField(i)
		if i < len(c.pictures) && c.pictures[i].Video() {
			// What moves and speaks carries a meaning, always (WCAG 2.2, 1.2.1).
			if m.Decorative || strings.TrimSpace(m.Alt) == "" {
				r.block(fault.New(fault.Invalid, "post.film_alt_missing", fault.Field(field), fault.Arg("position", i+1)))
				continue
			}
		}
		if m.Decorative {
			continue
		}
		if strings.TrimSpace(m.Alt) == "" {
			r.block(fault.New(fault.Invalid, "post.alt_missing", fault.Field(field), fault.Arg("position", i+1)))
			continue
		}
		personal(r, m.Alt, field)
		for _, v := range c.reaches {
			if n := utf8.RuneCountInString(m.Alt); v.can.MaxAlt > 0 && n > v.can.MaxAlt {
				r.block(fault.New(fault.Invalid, "post.alt_too_long", fault.Field(field),
					fault.Arg("account", account(v.channel)), fault.Arg("used", n), fault.Arg("limit", v.can.MaxAlt)))
			}
		}
	}
}

func (c checking) window(r *CheckResult) {
	due, w, err := windowAt(c.post.When, c.now, c.lateness)
	switch {
	case err != nil:
		r.block(err)
	case due.IsZero():
		return
	case !due.After(c.now):
		r.block(fault.New(fault.Invalid, "post.due_past", fault.Field("due")))
	case !w.NotAfter.After(due):
		r.block(fault.New(fault.Invalid, "post.window_ends_early", fault.Field("move_until")))
	}
}

func variantField(id channel.ID) string { return "variants." + string(id) + ".text" }
func mediaField(position int) string    { return fmt.Sprintf("media.%d.alt", position) }
