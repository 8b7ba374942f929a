package tiktok

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// checkBusiness is Check for this mode: answers are short and without files,
// and films need a public address, too.
func checkBusiness(out platform.Outgoing, used platform.Length) []*platform.Refusal {
	var all []*platform.Refusal
	no := func(code, fix string) { all = append(all, &platform.Refusal{Code: code, Fix: fix}) }
	switch {
	case used.Used > used.Limit:
		no("platform.text_too_long", platform.FixAuthor)
	case len(out.Media) > 0:
		no("platform.media_unsupported", platform.FixAuthor)
	case used.Used == 0:
		no("platform.invalid", platform.FixAuthor)
	}
	return all
}

// stageBusiness asks what the account may do; TikTok fetches the files itself.
func (c *Connector) stageBusiness(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if out.InReplyTo != "" {
		return nil
	}
	if _, ok := readNote[creator](n, noteCreator); ok {
		return nil
	}
	var who creator
	if _, err := c.ask(ctx, a, &who, url.Values{}, "video", "settings"); err != nil {
		return err
	}
	switch m := out.Media[0]; {
	case !slices.Contains(who.Levels, public):
		return &platform.Refusal{Code: "platform.tiktok.not_public", Said: strings.Join(who.Levels, ","), Fix: platform.FixAdmin}
	case who.MaxSeconds > 0 && m.Length > time.Duration(who.MaxSeconds)*time.Second:
		return &platform.Refusal{Code: "platform.video_too_long", Said: "this account: " + strconv.FormatInt(who.MaxSeconds, 10) + " s", Fix: platform.FixAuthor}
	}
	return saveNote(ctx, n, noteCreator, who)
}

func (c *Connector) publishBusiness(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if out.InReplyTo != "" {
		return c.answer(ctx, a, out)
	}
	if id := n.Value(notePhoto); id != "" {
		return c.settledBusiness(ctx, a, out, id)
	}
	who, ok := readNote[creator](n, noteCreator)
	if !ok {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	if n.Value(noteSent) != "" {
		return platform.Receipt{}, &platform.Unclear{Said: "an earlier call was not answered"}
	}
	call, body := "video", map[string]any{"video_url": out.Media[0].URL}
	info := map[string]any{"caption": platform.Compose(out), "disable_comment": who.NoComments}
	if out.Media[0].Video() {
		info["disable_duet"], info["disable_stitch"] = who.NoDuet, who.NoStitch
	} else {
		var addresses []string
		for _, m := range out.Media {
			addresses = append(addresses, m.URL)
		}
		call, body = "photo", map[string]any{"photo_images": addresses, "photo_cover_index": 0}
		info["privacy_level"] = public
	}
	body["post_info"] = info
	if err := n.Save(ctx, noteSent, time.Now().UTC().Format(time.RFC3339)); err != nil {
		return platform.Receipt{}, &platform.NotSent{Err: err}
	}
	var data struct {
		ID string `json:"share_id"`
	}
	_, err := c.tell(ctx, a, body, &data, call, "publish")
	if _, unclear := errors.AsType[*platform.Unclear](err); err != nil {
		if !unclear { // certainly not accepted: it may be sent again
			if err := n.Save(ctx, noteSent, ""); err != nil {
				return platform.Receipt{}, &platform.NotSent{Err: err}
			}
		}
		return platform.Receipt{}, err
	}
	if data.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no share id"}
	}
	if err := n.Save(ctx, notePhoto, data.ID); err != nil {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "accepted, and not noted", Err: err}
	}
	return c.settledBusiness(ctx, a, out, data.ID)
}

type businessStatus struct {
	State  string   `json:"status"`
	Reason string   `json:"reason"`
	IDs    []string `json:"post_ids"`
}

// settledBusiness waits a while for the post's id. GET /business/publish/status/.
func (c *Connector) settledBusiness(ctx context.Context, a platform.Account, out platform.Outgoing, id string) (platform.Receipt, error) {
	pause := 50 * time.Millisecond
	for range 12 {
		var s businessStatus
		if _, err := c.ask(ctx, a, &s, url.Values{"publish_id": {id}}, "publish", "status"); err != nil {
			return platform.Receipt{}, landed(err)
		}
		if s.State == failed {
			return platform.Receipt{}, status{Reason: s.Reason}.why()
		}
		if s.State == complete && len(s.IDs) > 0 && s.IDs[0] != "" {
			return platform.Receipt{RemoteID: s.IDs[0], URL: profile(a.Handle) + "/video/" + s.IDs[0], At: time.Now().UTC()}, nil
		}
		if wire.Wait(ctx, pause) != nil {
			break
		}
		pause = min(pause*2, 4*time.Second)
	}
	return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "TikTok is still working on it"}
}

// answer writes below a post, or below a comment on it. Answers have 150 signs.
func (c *Connector) answer(ctx context.Context, a platform.Account, out platform.Outgoing) (platform.Receipt, error) {
	film := cmp.Or(out.Thread, out.InReplyTo)
	body, call := map[string]any{"video_id": film, "text": platform.Compose(out)}, []string{"comment", "create"}
	if film != out.InReplyTo {
		body["comment_id"], call = out.InReplyTo, []string{"comment", "reply", "create"}
	}
	var made remark
	answer, err := c.tell(ctx, a, body, &made, call...)
	if gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	if made.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no comment id"}
	}
	return platform.Receipt{RemoteID: made.ID, URL: profile(a.Handle) + "/video/" + url.PathEscape(film), At: made.at()}, nil
}

// findBusiness shows what is there. It never says that it saw everything: the
// list shows a post some time after TikTok took it, and nobody says how long.
func (c *Connector) findBusiness(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	if at.Out.InReplyTo != "" {
		return c.findAnswer(ctx, a, at)
	}
	if at.Notes != nil && at.Notes.Value(notePhoto) != "" {
		r, err := c.settledBusiness(ctx, a, at.Out, at.Notes.Value(notePhoto))
		if err == nil {
			return platform.Finding{Receipts: []platform.Receipt{r}}, nil
		}
		if platform.AsRefusal(err) != nil {
			return platform.Finding{}, nil
		}
		return platform.Finding{}, err
	}
	page, answer, err := c.businessPosts(ctx, a, 0, nil)
	if err != nil {
		return platform.Finding{}, err
	}
	var seen []platform.Seen
	for _, p := range page.Videos {
		seen = append(seen, platform.Seen{RemoteID: p.ID, URL: p.URL, Text: p.Caption, At: p.at(), Media: -1})
	}
	return platform.Finding{Receipts: platform.Matching(at, platform.WindowStart(at, answer.Header, time.Now()), seen, platform.Fold)}, nil
}

func (c *Connector) findAnswer(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	film := cmp.Or(at.Out.Thread, at.Out.InReplyTo)
	list, answer, err := c.remarks(ctx, a, film, at.Out.InReplyTo, 0)
	if gone(err) {
		return platform.Finding{}, nil
	}
	if err != nil {
		return platform.Finding{}, err
	}
	var seen []platform.Seen
	for _, r := range list.Comments {
		if r.Owner {
			seen = append(seen, platform.Seen{RemoteID: r.ID, URL: profile(a.Handle) + "/video/" + film, Text: r.Text, InReplyTo: at.Out.InReplyTo, At: r.at(), Media: -1})
		}
	}
	return platform.Finding{Receipts: platform.Matching(at, platform.WindowStart(at, answer.Header, time.Now()), seen, platform.Fold)}, nil
}
