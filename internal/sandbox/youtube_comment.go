package sandbox

import (
	"encoding/json"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ytResource reads a film's resource from a body.
func ytResource(c *call) (v ytAbout, no *answer) {
	if err := json.Unmarshal(c.raw, &v); err != nil {
		a := youtubeFace{}.unreadable()
		return v, &a
	}
	return v, nil
}

// ytThreads: GET /youtube/v3/commentThreads by film, by channel or by id.
func (s *Sandbox) ytThreads(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	video, channel := c.query.Get("videoId"), c.query.Get("allThreadsRelatedToChannelId")
	status := c.query.Get("moderationStatus")
	var tops []*Post
	switch {
	case video != "":
		p := s.ytVideo(c, video)
		if p == nil {
			return ytError(http.StatusNotFound, "videoNotFound", "youtube.commentThread", "The video identified by the <code>videoId</code> parameter could not be found.")
		}
		channel = p.Account
		tops = s.ytTops(p)
	case channel != "":
		if a := s.world.account(YouTube, channel); a == nil || a.ID != channel {
			return ytError(http.StatusNotFound, "channelNotFound", "youtube.commentThread", "The channel could not be found.")
		}
		for _, p := range s.ytFilms(channel, true) {
			tops = append(tops, s.ytTops(p)...)
		}
	case len(ytIDs(c)) > 0:
		for _, id := range ytIDs(c) {
			if p := s.world.visible(YouTube, id); p != nil && p.Kind == kindComment && p.ID == youtubeTop(p.ID) {
				tops = append(tops, p)
			}
		}
		return s.ytThreadList(c, tops, tops, "")
	default:
		return ytError(http.StatusBadRequest, "missingRequiredParameter", "youtube.parameter", "No filter selected. Expected one of: videoId, id, allThreadsRelatedToChannelId")
	}
	if status != "" && status != "published" && channel != c.account.ID {
		return ytError(http.StatusForbidden, "forbidden", "youtube.commentThread", "One or more of the requested comment threads cannot be retrieved due to insufficient permissions. The request might not be properly authorized.")
	}
	tops = slices.DeleteFunc(tops, func(p *Post) bool { return p.Hidden != (status == "heldForReview") })
	slices.SortFunc(tops, func(a, b *Post) int { return b.order - a.order })
	page, next := ytPage(c, tops, 20, 100)
	return s.ytThreadList(c, tops, page, next)
}

// ytTops are a film's comments; answers hang below them.
func (s *Sandbox) ytTops(film *Post) []*Post {
	return slices.DeleteFunc(s.world.replies(film), func(p *Post) bool { return p.Kind != kindComment })
}

func (s *Sandbox) ytThreadList(c *call, all, page []*Post, next string) answer {
	items := []object{}
	for _, p := range page {
		items = append(items, s.ytThreadJSON(c, p))
	}
	out := ytList("youtube#commentThreadListResponse", items, len(all), len(page))
	if next != "" {
		out["nextPageToken"] = next
	}
	return jsonAnswer(http.StatusOK, out)
}

// ytThreadJSON is a comment with the newest five of its answers.
func (s *Sandbox) ytThreadJSON(c *call, p *Post) object {
	answers := s.ytAnswers(p)
	t := object{"kind": "youtube#commentThread", "etag": ytTag(p), "id": p.ID, "snippet": object{
		"channelId": p.Account, "videoId": p.Thread, "topLevelComment": s.ytCommentJSON(c, p), "canReply": true, "totalReplyCount": len(answers), "isPublic": !p.Hidden,
	}}
	if slices.Contains(ytParts(c), "replies") && len(answers) > 0 {
		list := []object{}
		for _, a := range answers[:min(len(answers), 5)] {
			list = append(list, s.ytCommentJSON(c, a))
		}
		t["replies"] = object{"comments": list}
	}
	return t
}

// ytAnswers are the published answers below a comment, the newest first.
func (s *Sandbox) ytAnswers(top *Post) []*Post {
	all := slices.DeleteFunc(s.world.below(top), func(p *Post) bool { return p.Hidden })
	slices.Reverse(all)
	return all
}

func (s *Sandbox) ytCommentJSON(c *call, p *Post) object {
	text := p.Text
	if c.query.Get("textFormat") != "plainText" {
		text = strings.ReplaceAll(html.EscapeString(p.Text), "\n", "<br>")
	}
	updated := p.At
	if !p.EditedAt.IsZero() {
		updated = p.EditedAt
	}
	sn := object{
		"channelId": p.Account, "videoId": p.Thread, "textDisplay": text, "textOriginal": p.Text, "authorDisplayName": "@" + p.Author,
		"authorProfileImageUrl": "https://yt3.ggpht.com/" + p.AuthorID, "authorChannelUrl": "http://www.youtube.com/@" + p.Author,
		"authorChannelId": object{"value": p.AuthorID}, "canRate": true, "viewerRating": "none", "likeCount": s.metrics(p, c.now).likes,
		"publishedAt": ytTime(p.At), "updatedAt": ytTime(updated),
	}
	if p.ID != youtubeTop(p.ID) {
		sn["parentId"] = youtubeTop(p.ID)
	}
	if p.Account == c.account.ID && c.query.Get("moderationStatus") != "" {
		sn["moderationStatus"] = map[bool]string{true: "heldForReview", false: "published"}[p.Hidden]
	}
	return object{"kind": "youtube#comment", "etag": ytTag(p), "id": p.ID, "snippet": sn}
}

// ytComments: GET /youtube/v3/comments by parent or by id.
func (s *Sandbox) ytComments(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	var all, page []*Post
	next := ""
	switch parent := c.query.Get("parentId"); {
	case parent != "":
		p := s.world.visible(YouTube, parent)
		if p == nil || p.Kind != kindComment {
			return ytError(http.StatusNotFound, "commentNotFound", "youtube.comment", "The specified comment cannot be found.")
		}
		all = s.ytAnswers(p)
		page, next = ytPage(c, all, 20, 100)
	case len(ytIDs(c)) > 0:
		for _, id := range ytIDs(c) {
			if p := s.world.visible(YouTube, id); p != nil && p.Kind == kindComment && (!p.Hidden || p.Account == c.account.ID) {
				all = append(all, p)
			}
		}
		page = all
	default:
		return ytError(http.StatusBadRequest, "missingRequiredParameter", "youtube.parameter", "No filter selected. Expected one of: id, parentId")
	}
	items := []object{}
	for _, p := range page {
		items = append(items, s.ytCommentJSON(c, p))
	}
	out := ytList("youtube#commentListResponse", items, len(all), len(page))
	if next != "" {
		out["nextPageToken"] = next
	}
	return jsonAnswer(http.StatusOK, out)
}

// ytWords is a comment's text in a body, checked.
func ytWords(text, domain string) *answer {
	switch {
	case strings.TrimSpace(text) == "":
		no := ytError(http.StatusBadRequest, "commentTextRequired", domain, "The comment resource that is being inserted must specify a value for the <code>snippet.textOriginal</code> property.")
		return &no
	case len([]rune(text)) > 10_000:
		no := ytError(http.StatusBadRequest, "commentTextTooLong", domain, "The comment resource that is being inserted contains too many characters in the <code>snippet.textOriginal</code> property.")
		return &no
	}
	return nil
}

type ytCommentBody struct {
	ID      string `json:"id"`
	Snippet struct {
		ChannelID string `json:"channelId"`
		VideoID   string `json:"videoId"`
		ParentID  string `json:"parentId"`
		Text      string `json:"textOriginal"`
		Top       struct {
			Snippet struct {
				Text string `json:"textOriginal"`
			} `json:"snippet"`
		} `json:"topLevelComment"`
	} `json:"snippet"`
}

func ytBody(c *call) (b ytCommentBody, no *answer) {
	if no := ytPart(c); no != nil {
		return b, no
	}
	if err := json.Unmarshal(c.raw, &b); err != nil {
		a := youtubeFace{}.unreadable()
		return b, &a
	}
	return b, nil
}

// ytThreadInsert: POST /youtube/v3/commentThreads, a comment below a film.
func (s *Sandbox) ytThreadInsert(c *call) answer {
	b, no := ytBody(c)
	if no != nil {
		return *no
	}
	film := s.ytVideo(c, b.Snippet.VideoID)
	if film == nil {
		return ytError(http.StatusNotFound, "videoNotFound", "youtube.commentThread", "The video identified by the <code>videoId</code> property could not be found.")
	}
	if no := ytWords(b.Snippet.Top.Snippet.Text, "youtube.commentThread"); no != nil {
		return *no
	}
	p, no := s.ytSay(c, film, b.Snippet.Top.Snippet.Text)
	if no != nil {
		return *no
	}
	return jsonAnswer(http.StatusOK, s.ytThreadJSON(c, p))
}

// ytCommentInsert: POST /youtube/v3/comments, an answer to a comment.
func (s *Sandbox) ytCommentInsert(c *call) answer {
	b, no := ytBody(c)
	if no != nil {
		return *no
	}
	if b.Snippet.ParentID == "" {
		return ytError(http.StatusBadRequest, "parentCommentIdRequired", "youtube.comment", "The comment resource that is being inserted must specify a value for the <code>snippet.parentId</code> property.")
	}
	parent := s.world.visible(YouTube, b.Snippet.ParentID)
	if parent == nil || parent.Kind != kindComment || parent.ID != youtubeTop(parent.ID) {
		return ytError(http.StatusNotFound, "parentCommentNotFound", "youtube.comment", "The specified parent comment could not be found.")
	}
	if no := ytWords(b.Snippet.Text, "youtube.comment"); no != nil {
		return *no
	}
	p, no := s.ytSay(c, parent, b.Snippet.Text)
	if no != nil {
		return *no
	}
	return jsonAnswer(http.StatusOK, s.ytCommentJSON(c, p))
}

func (s *Sandbox) ytSay(c *call, parent *Post, text string) (*Post, *answer) {
	p := &Post{Platform: YouTube, Kind: kindComment, Account: parent.Account, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: text, InReplyTo: parent.ID, Link: firstURL(text)}
	if err := s.publish(p, c.now); err != nil {
		no := ytError(http.StatusInternalServerError, "processingFailure", "youtube.comment", "The API server failed to successfully process the request.")
		return nil, &no
	}
	return p, nil
}

func (s *Sandbox) ytComment(id string) *Post {
	if p := s.world.visible(YouTube, id); p != nil && p.Kind == kindComment {
		return p
	}
	return nil
}

func ytCommentGone() answer {
	return ytError(http.StatusNotFound, "commentNotFound", "youtube.comment", "The specified comment could not be found.")
}

// ytCommentUpdate: PUT /youtube/v3/comments, by whoever wrote it.
func (s *Sandbox) ytCommentUpdate(c *call) answer {
	b, no := ytBody(c)
	if no != nil {
		return *no
	}
	p := s.ytComment(b.ID)
	switch {
	case p == nil:
		return ytCommentGone()
	case p.AuthorID != c.account.ID:
		return ytError(http.StatusForbidden, "forbidden", "youtube.comment", "The specified comment cannot be updated. The request might not be properly authorized.")
	}
	if no := ytWords(b.Snippet.Text, "youtube.comment"); no != nil {
		return *no
	}
	if err := s.edit(p, b.Snippet.Text, c.now); err != nil {
		return ytError(http.StatusInternalServerError, "processingFailure", "youtube.comment", "The API server failed to successfully process the request.")
	}
	return jsonAnswer(http.StatusOK, s.ytCommentJSON(c, p))
}

// ytCommentDelete: DELETE /youtube/v3/comments -> 204, by whoever wrote it.
func (s *Sandbox) ytCommentDelete(c *call) answer {
	p := s.ytComment(c.query.Get("id"))
	switch {
	case p == nil:
		return ytCommentGone()
	case p.AuthorID != c.account.ID:
		return ytError(http.StatusForbidden, "forbidden", "youtube.comment", "The specified comment cannot be deleted. The request might not be properly authorized.")
	}
	return s.ytRemove(p, c.now)
}

// ytModerate: POST /youtube/v3/comments/setModerationStatus -> 204. Only below
// the caller's own films; banAuthor only together with rejected.
func (s *Sandbox) ytModerate(c *call) answer {
	status, ban := c.query.Get("moderationStatus"), c.query.Get("banAuthor") == "true"
	if !slices.Contains([]string{"published", "heldForReview", "rejected"}, status) {
		return ytError(http.StatusBadRequest, "invalidModerationStatus", "youtube.comment", "Invalid moderation status.")
	}
	if ban && status != "rejected" {
		return ytError(http.StatusBadRequest, "banWithoutReject", "youtube.comment", "The banAuthor parameter can only be used if the moderationStatus parameter value is rejected.")
	}
	var all []*Post
	for _, id := range ytIDs(c) {
		p := s.world.post(YouTube, id)
		switch {
		case p == nil || p.Kind != kindComment || p.Deleted && p.Face["moderation"] != "rejected":
			return ytError(http.StatusNotFound, "commentNotFound", "youtube.comment", "One or more of the comments that you are trying to update cannot be found.")
		case p.Account != c.account.ID || p.AuthorID == c.account.ID:
			return ytError(http.StatusForbidden, "forbidden", "youtube.comment", "The moderation status of one or more comments cannot be set due to insufficient permissions.")
		}
		all = append(all, p)
	}
	for _, p := range all {
		if err := s.ytSetStatus(p, status, c.now); err != nil {
			return ytError(http.StatusInternalServerError, "operationNotSupported", "youtube.comment", "Backend Error")
		}
		if ban {
			if err := s.block(YouTube, c.account.ID, p.AuthorID, true); err != nil {
				return ytError(http.StatusInternalServerError, "operationNotSupported", "youtube.comment", "Backend Error")
			}
		}
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

// ytSetStatus: a rejected comment is gone for everybody, and its owner can
// still take that back.
func (s *Sandbox) ytSetStatus(p *Post, status string, now time.Time) error {
	rejected := p.Face["moderation"] == "rejected"
	switch {
	case status == "rejected" && rejected:
		return nil
	case status == "rejected":
		if err := s.world.change(p, func(p *Post) { p.Face = map[string]string{"moderation": "rejected"} }); err != nil {
			return err
		}
		return s.remove(p, now)
	case rejected:
		if err := s.world.change(p, func(p *Post) { p.Face, p.Deleted = nil, false }); err != nil {
			return err
		}
	}
	return s.setHidden(p, status == "heldForReview", now)
}
