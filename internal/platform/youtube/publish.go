package youtube

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// Publish implements platform.Connector: it makes the staged film public, or
// sends an answer. Making the same film public twice is one publication.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if out.InReplyTo != "" {
		if no := c.Check(a, out); len(no) > 0 {
			return platform.Receipt{}, no[0]
		}
		return c.answer(ctx, a, out)
	}
	id := n.Value(noteVideo)
	if id == "" {
		return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
	}
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	v, _, err := c.film(ctx, a, id)
	switch {
	case gone(err):
		return platform.Receipt{}, filmGone()
	case err != nil:
		return platform.Receipt{}, unsent(err)
	case v.Status.Privacy == "public":
		return receipt(v), nil
	}
	if r := platform.AsRefusal(v.usable()); r != nil {
		return platform.Receipt{}, r
	}
	return c.open(ctx, a, v)
}

// open makes a film public. PUT videos?part=status writes the part whole: what
// the channel had set must be said again.
func (c *Connector) open(ctx context.Context, a platform.Account, v video) (platform.Receipt, error) {
	status := map[string]any{"privacyStatus": "public"}
	if v.Status.License != "" {
		status["license"] = v.Status.License
	}
	for name, set := range map[string]*bool{
		"embeddable": v.Status.Embed, "publicStatsViewable": v.Status.Stats, "selfDeclaredMadeForKids": v.Status.Kids, "containsSyntheticMedia": v.Status.Synthetic,
	} {
		if set != nil {
			status[name] = *set
		}
	}
	req, err := wire.JSON(ctx, http.MethodPut, address(a, "videos")+"?part=status", map[string]any{"id": v.ID, "status": status})
	if err != nil {
		return platform.Receipt{}, err
	}
	var made video
	answer, err := c.read(ctx, a, req, &made)
	switch {
	case err != nil:
		return platform.Receipt{}, err
	case made.ID != v.ID:
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no video id"}
	case made.Status.Privacy == "private" || made.Status.Privacy == "unlisted":
		// YouTube keeps films of projects private that it has not verified.
		return platform.Receipt{}, &platform.Refusal{Code: "platform.youtube.kept_private", Said: "privacyStatus " + made.Status.Privacy, Fix: platform.FixAdmin}
	}
	if made.Status.Privacy != "public" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "not confirmed to be public"}
	}
	made.Snippet.PublishedAt.Time = served(answer)
	return receipt(made), nil
}

// served is the platform's clock, or ours.
func served(answer safehttp.Answer) time.Time {
	if t, err := http.ParseTime(answer.Header.Get("Date")); err == nil {
		return t.UTC()
	}
	return time.Now().UTC()
}

func receipt(v video) platform.Receipt {
	return platform.Receipt{RemoteID: v.ID, URL: watch(v.ID, ""), At: v.Snippet.PublishedAt.UTC()}
}

// answer writes a comment below a film, or an answer to a comment. YouTube has
// two levels only: what answers an answer goes below the same comment.
func (c *Connector) answer(ctx context.Context, a platform.Account, out platform.Outgoing) (platform.Receipt, error) {
	text := platform.Compose(out)
	resource, body := "comments", map[string]any{"snippet": map[string]any{"parentId": top(out.InReplyTo), "textOriginal": text}}
	if isVideo(out.InReplyTo) {
		resource, body = "commentThreads", map[string]any{"snippet": map[string]any{
			"videoId": out.InReplyTo, "topLevelComment": map[string]any{"snippet": map[string]any{"textOriginal": text}},
		}}
	}
	req, err := wire.JSON(ctx, http.MethodPost, address(a, resource)+"?part=snippet", body)
	if err != nil {
		return platform.Receipt{}, err
	}
	var made struct {
		comment
		Snippet struct {
			commentSnippet
			Top comment `json:"topLevelComment"`
		} `json:"snippet"`
	}
	answer, err := c.read(ctx, a, req, &made)
	if gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: platform.AsRefusal(err).Said, Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	sn := made.Snippet.commentSnippet
	if made.Snippet.Top.ID != "" {
		sn = made.Snippet.Top.Snippet
	}
	if made.ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no comment id"}
	}
	if sn.PublishedAt.IsZero() {
		sn.PublishedAt.Time = served(answer)
	}
	return platform.Receipt{RemoteID: made.ID, URL: watch(sn.VideoID, made.ID), At: sn.PublishedAt.UTC()}, nil
}

// Edit implements platform.Editor. PUT videos?part=snippet writes the part
// whole, so its category, tags and languages are read first.
func (c *Connector) Edit(ctx context.Context, a platform.Account, remoteID string, out platform.Outgoing) error {
	if l := c.Count(a, out); l.Used > l.Limit {
		return &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	if isVideo(remoteID) && strings.ContainsAny(platform.Compose(out), "<>") {
		return &platform.Refusal{Code: "platform.youtube.brackets", Fix: platform.FixAuthor}
	}
	text := platform.Compose(out)
	resource, body := "comments", map[string]any{"id": remoteID, "snippet": map[string]any{"textOriginal": text}}
	if isVideo(remoteID) {
		v, _, err := c.film(ctx, a, remoteID)
		if err != nil {
			return err
		}
		resource, body = "videos", v.renamed(text)
	}
	req, err := wire.JSON(ctx, http.MethodPut, address(a, resource)+"?"+url.Values{"part": {"snippet"}}.Encode(), body)
	if err != nil {
		return err
	}
	var now struct {
		ID string `json:"id"`
	}
	answer, err := c.read(ctx, a, req, &now)
	if err == nil && now.ID != remoteID {
		return &platform.Unclear{Status: answer.Status, Said: "the change is not confirmed"}
	}
	return err
}

func (v video) renamed(text string) map[string]any {
	title, description := split(text)
	snippet := map[string]any{"title": title, "description": description, "categoryId": v.Snippet.CategoryID}
	if len(v.Snippet.Tags) > 0 {
		snippet["tags"] = v.Snippet.Tags
	}
	for name, set := range map[string]string{"defaultLanguage": v.Snippet.Language, "defaultAudioLanguage": v.Snippet.Audio} {
		if set != "" {
			snippet[name] = set
		}
	}
	return map[string]any{"id": v.ID, "snippet": snippet}
}
