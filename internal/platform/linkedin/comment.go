package linkedin

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// remark is one comment. Comments API.
type remark struct {
	URN     string `json:"commentUrn"`
	Old     string `json:"$URN"`
	ID      string `json:"id"`
	Actor   string `json:"actor"`
	Object  string `json:"object"`
	Parent  string `json:"parentComment"`
	Message struct {
		Text string `json:"text"`
	} `json:"message"`
	Content []struct {
		Type string `json:"type"`
	} `json:"content"`
	Created struct {
		Time int64 `json:"time"`
	} `json:"created"`
	Modified struct {
		Time int64 `json:"time"`
	} `json:"lastModified"`
	Below struct {
		Total int `json:"aggregatedTotalComments"`
		First int `json:"totalFirstLevelComments"`
	} `json:"commentsSummary"`
}

// urn is the comment's own name.
func (r remark) urn() string {
	switch {
	case r.URN != "":
		return r.URN
	case r.Old != "":
		return r.Old
	case r.Object == "" || r.ID == "":
		return ""
	}
	return "urn:li:comment:(" + r.Object + "," + r.ID + ")"
}

func (r remark) replies() int { return max(r.Below.Total, r.Below.First) }

// comment takes a comment's URN apart: urn:li:comment:(urn:li:activity:A,C).
func comment(urn string) (activity, id string, ok bool) {
	inner, found := strings.CutPrefix(urn, "urn:li:comment:(")
	if !found || !strings.HasSuffix(inner, ")") {
		return "", "", false
	}
	activity, id, ok = strings.Cut(strings.TrimSuffix(inner, ")"), ",")
	return activity, id, ok && strings.HasPrefix(activity, "urn:li:") && id != "" && strings.Trim(id, "0123456789") == ""
}

// noteTop is the first-level comment that an answer hangs below.
const noteTop = "linkedin.top"

// answer publishes a comment: below our own post, or below a first-level
// comment; LinkedIn has no third level.
func (c *Connector) answer(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	target, object := out.InReplyTo, out.InReplyTo
	body := map[string]any{"actor": a.RemoteID, "message": map[string]string{"text": words(out)}}
	if activity, _, ok := comment(out.InReplyTo); ok {
		if target = n.Value(noteTop); target == "" {
			return platform.Receipt{}, &platform.NotSent{Err: errNotStaged}
		}
		object = activity
		body["parentComment"] = target
	}
	body["object"] = object
	answer, err := c.send(ctx, a, "socialActions/"+url.QueryEscape(target)+"/comments", "", body)
	if gone(err) {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: "404", Fix: platform.FixNobody}
	}
	if err != nil {
		return platform.Receipt{}, err
	}
	var made remark
	_ = wire.Decode(answer.Body, &made) // the header may say it alone
	if made.ID == "" {
		made.ID = answer.Header.Get("x-restli-id")
	}
	if made.Object == "" {
		made.Object = object
	}
	urn := made.urn()
	if urn == "" {
		return platform.Receipt{}, &platform.Unclear{Status: answer.Status, Said: "no comment id"}
	}
	at := served(answer.Header)
	if made.Created.Time > 0 {
		at = millis(made.Created.Time)
	}
	return platform.Receipt{RemoteID: urn, URL: address(urn), At: at}, nil
}

// stageAnswer finds out where an answer must hang.
func (c *Connector) stageAnswer(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	activity, id, ok := comment(out.InReplyTo)
	if !ok || n.Value(noteTop) != "" {
		return nil
	}
	var r remark
	err := c.get(ctx, a, &r, "socialActions/"+url.QueryEscape(activity)+"/comments/"+id, "")
	if gone(err) {
		return &platform.Refusal{Code: "platform.parent_gone", Said: "404", Fix: platform.FixNobody}
	}
	if err != nil {
		return err
	}
	if r.Parent == "" {
		r.Parent = out.InReplyTo
	}
	return n.Save(ctx, noteTop, r.Parent)
}

// comments reads what is directly below something, all of it; whole is false
// where there is more than one look covers.
func (c *Connector) comments(ctx context.Context, a platform.Account, urn string) (all []remark, header http.Header, whole bool, err error) {
	for n := range maxPages {
		var page struct {
			Elements []remark `json:"elements"`
			Paging   paging   `json:"paging"`
		}
		answer, err := c.list(ctx, a, &page, "socialActions/"+url.QueryEscape(urn)+"/comments", "count="+strconv.Itoa(pageSize)+"&start="+strconv.Itoa(n*pageSize))
		if err != nil {
			return all, nil, false, err
		}
		all, header = append(all, page.Elements...), answer.Header
		if page.Paging.last(len(page.Elements)) {
			return all, header, true, nil
		}
	}
	return all, header, false, nil
}

// findAnswer looks for a comment of ours where it should be.
func (c *Connector) findAnswer(ctx context.Context, a platform.Account, at platform.Attempt) (platform.Finding, error) {
	target := at.Out.InReplyTo
	if at.Notes != nil && at.Notes.Value(noteTop) != "" {
		if _, _, ok := comment(target); ok {
			target = at.Notes.Value(noteTop)
		}
	}
	all, header, whole, err := c.comments(ctx, a, target)
	if gone(err) {
		return platform.Finding{Complete: true}, nil // with what it answered, the answer is gone, too
	}
	if err != nil {
		return platform.Finding{}, err
	}
	from := platform.WindowStart(at, header, time.Now())
	var seen []platform.Seen
	for _, r := range all {
		if r.Actor == a.RemoteID {
			seen = append(seen, platform.Seen{RemoteID: r.urn(), URL: address(r.urn()), Text: r.Message.Text, InReplyTo: at.Out.InReplyTo, At: millis(r.Created.Time), Media: len(r.Content)})
		}
	}
	return platform.Finding{Receipts: matching(at, from, seen), Complete: whole}, nil
}

// Remove implements platform.Remover: a page may delete anybody's comment below
// its own posts. What is gone is gone.
func (c *Connector) Remove(ctx context.Context, a platform.Account, remoteID string) error {
	activity, id, ok := comment(remoteID)
	if !ok {
		return &platform.Refusal{Code: "platform.not_found", Said: "not a comment", Fix: platform.FixNobody}
	}
	req, err := wire.Request(ctx, http.MethodDelete, c.path(a, "socialActions/"+url.QueryEscape(activity)+"/comments/"+id), url.Values{"actor": {a.RemoteID}})
	if err != nil {
		return err
	}
	if err = c.change(ctx, a, req); gone(err) {
		return nil
	}
	return err
}
