package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf16"
)

// Limits of LinkedIn's texts, in UTF-16 units.
const (
	linkedinMaxText    = 3000
	linkedinMaxComment = 1250
)

// linkedinMemory is how long a text counts as a duplicate, even of a post that
// was deleted since.
const linkedinMemory = 24 * time.Hour

func linkedinLength(text string) int { return len(utf16.Encode([]rune(text))) }

// linkedinPublish: POST /rest/posts answers 201 without a body; the id is in a
// header.
func (s *Sandbox) linkedinPublish(c *call) answer {
	author := c.str("author")
	if no := linkedinShape(c); no != nil {
		return *no
	}
	if !s.linkedinMay(c, author, "w_organization_social") {
		return linkedinDenied(c, "partnerApiPostsExternal.CREATE")
	}
	a := s.world.account(LinkedIn, author)
	p := &Post{Platform: LinkedIn, Kind: kindPost, Account: a.ID, AuthorID: a.ID, Author: a.Handle, Ours: true, Text: linkedinRead(c.str("commentary")), Face: map[string]string{}}
	if linkedinLength(p.Text) > linkedinMaxText {
		return linkedinInvalid(http.StatusUnprocessableEntity, "commentary", "FIELD_LENGTH_TOO_LONG", "Commentary is longer than 3000 characters")
	}
	if no := s.linkedinContent(c, p); no != nil {
		return *no
	}
	if old := s.linkedinTwin(p, c.now); old != nil {
		return linkedinInvalid(http.StatusUnprocessableEntity, "", "DUPLICATE_POST", "com.linkedin.content.common.exception.BadRequestResponseException: Content is a duplicate of "+old.ID)
	}
	if err := s.publish(p, c.now); err != nil {
		return linkedinBroken()
	}
	return linkedinCreated(p.ID)
}

func linkedinCreated(id string) answer {
	return answer{status: http.StatusCreated, header: http.Header{}}.with("x-restli-id", id).with("x-linkedin-id", id)
}

// linkedinShape refuses what the Posts API's schema does not have.
func linkedinShape(c *call) *answer {
	known := []string{
		"author", "commentary", "visibility", "distribution", "content", "lifecycleState", "isReshareDisabledByAuthor",
		"contentCallToActionLabel", "contentLandingPage", "reshareContext", "adContext", "container", "publishedAt",
	}
	for k := range c.json {
		if !slices.Contains(known, k) {
			return ptr(linkedinInvalid(http.StatusUnprocessableEntity, k, "UNRECOGNIZED_FIELD", "Unrecognized field: "+k))
		}
	}
	for _, k := range []string{"author", "visibility", "distribution", "lifecycleState"} {
		if !c.has(k) {
			return ptr(linkedinInvalid(http.StatusUnprocessableEntity, k, "MISSING_FIELD", "field is required but not found and has no default value: "+k))
		}
	}
	switch {
	case c.object("distribution")["feedDistribution"] == nil:
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "distribution/feedDistribution", "MISSING_FIELD", "field is required but not found and has no default value"))
	case c.str("lifecycleState") != "PUBLISHED" && c.str("lifecycleState") != "DRAFT":
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "lifecycleState", "INVALID_VALUE", "not an enum symbol"))
	case c.str("commentary") == "" && c.object("content") == nil:
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "commentary", "MISSING_FIELD", "Either commentary or content is required"))
	}
	return nil
}

// linkedinContent reads the post's picture, pictures, film or article.
func (s *Sandbox) linkedinContent(c *call, p *Post) *answer {
	content := c.object("content")
	if media, ok := content["media"].(map[string]any); ok {
		return s.linkedinAttach(c, p, media)
	}
	if article, ok := content["article"].(map[string]any); ok {
		if p.Link = asText(article["source"]); p.Link == "" || asText(article["title"]) == "" {
			return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content/article", "MISSING_FIELD", "an article needs source and title"))
		}
		p.Title = asText(article["title"])
		return nil
	}
	if multi, ok := content["multiImage"].(map[string]any); ok {
		images := asList(multi["images"])
		if len(images) < 2 || len(images) > 20 {
			return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content/multiImage/images", "INVALID_VALUE", "multiImage takes 2 to 20 images"))
		}
		for _, v := range images {
			one, _ := v.(map[string]any)
			if no := s.linkedinAttach(c, p, one); no != nil {
				return no
			}
		}
		return nil
	}
	if content != nil {
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content", "INVALID_VALUE", "content is none of media, multiImage, article"))
	}
	p.Link = firstURL(p.Text)
	return nil
}

func (s *Sandbox) linkedinAttach(c *call, p *Post, one map[string]any) *answer {
	id := asText(one["id"])
	m := s.world.media[at(LinkedIn, id)]
	switch {
	case m == nil || m.Account != p.AuthorID:
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content/media/id", "INVALID_URN", "Urn "+id+" does not exist or is not owned by the author"))
	case m.Size == 0 || !m.Ready:
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content/media/id", "MEDIA_ASSET_PROCESSING", "Media asset "+id+" is not AVAILABLE"))
	case len([]rune(asText(one["altText"]))) > 4086:
		return ptr(linkedinInvalid(http.StatusUnprocessableEntity, "content/media/altText", "FIELD_LENGTH_TOO_LONG", "altText is longer than 4086 characters"))
	}
	file := *m
	file.Alt = asText(one["altText"])
	p.Media = append(p.Media, file)
	return nil
}

// linkedinTwin is a post of the same page and words, not long ago.
func (s *Sandbox) linkedinTwin(p *Post, now time.Time) *Post {
	if s.rules.AllowDuplicate || len(p.Media) > 0 {
		return nil
	}
	for _, old := range slices.Backward(s.world.byAuthor[at(LinkedIn, p.AuthorID)]) {
		if now.Sub(old.At) > linkedinMemory {
			return nil
		}
		if old.Text == p.Text && old.Link == p.Link && old.InReplyTo == p.InReplyTo && len(old.Media) == 0 {
			return old
		}
	}
	return nil
}

// linkedinByAuthor: GET /rest/posts?q=author&author=urn, newest first.
func (s *Sandbox) linkedinByAuthor(c *call) answer {
	author := c.query.Get("author")
	if c.query.Get("q") != "author" || author == "" {
		return linkedinInvalid(http.StatusBadRequest, "q", "PARAM_INVALID", "Only q=author is supported")
	}
	if !s.linkedinMay(c, author, "r_organization_social") {
		return linkedinDenied(c, "partnerApiPostsExternal.FINDER-author")
	}
	var all []*Post
	for _, p := range slices.Backward(s.world.byAuthor[at(LinkedIn, author)]) {
		if !p.Deleted && p.Kind == kindPost {
			all = append(all, p)
		}
	}
	if c.query.Get("sortBy") != "CREATED" { // LAST_MODIFIED is the default
		slices.SortStableFunc(all, func(x, y *Post) int { return linkedinModified(y).Compare(linkedinModified(x)) })
	}
	return s.linkedinPage(c, len(all), 100, func(i int) object { return s.linkedinJSON(all[i]) })
}

// linkedinPage is a Rest.li collection.
func (s *Sandbox) linkedinPage(c *call, total, most int, one func(int) object) answer {
	start, count := c.number("start", 0, 0, 1<<20), c.number("count", 10, 0, most)
	elements := []object{}
	for i := start; i < total && i < start+count; i++ {
		elements = append(elements, one(i))
	}
	links := []object{}
	if start+count < total {
		links = append(links, object{"rel": "next", "type": "application/json", "href": c.r.URL.Path})
	}
	return jsonAnswer(http.StatusOK, object{"elements": elements, "paging": object{"start": start, "count": count, "total": total, "links": links}})
}

func linkedinModified(p *Post) time.Time {
	if p.EditedAt.After(p.At) {
		return p.EditedAt
	}
	return p.At
}

func (s *Sandbox) linkedinJSON(p *Post) object {
	out := object{
		"id": p.ID, "author": p.AuthorID, "commentary": linkedinWrite(p.Text), "visibility": "PUBLIC", "lifecycleState": "PUBLISHED",
		"createdAt": p.At.UnixMilli(), "publishedAt": p.At.UnixMilli(), "lastModifiedAt": linkedinModified(p).UnixMilli(),
		"lifecycleStateInfo": object{"isEditedByAuthor": !p.EditedAt.IsZero()}, "isReshareDisabledByAuthor": false,
		"distribution": object{"feedDistribution": "MAIN_FEED", "targetEntities": []string{}, "thirdPartyDistributionChannels": []string{}},
	}
	switch {
	case len(p.Media) == 1:
		out["content"] = object{"media": object{"id": p.Media[0].ID, "altText": p.Media[0].Alt}}
	case len(p.Media) > 1:
		images := []object{}
		for _, m := range p.Media {
			images = append(images, object{"id": m.ID, "altText": m.Alt})
		}
		out["content"] = object{"multiImage": object{"images": images}}
	case p.Title != "":
		out["content"] = object{"article": object{"source": p.Link, "title": p.Title}}
	}
	return out
}

func (s *Sandbox) linkedinOne(c *call) answer {
	p := s.linkedinPost(c.r.PathValue("urn"))
	if p == nil || p.Kind != kindPost {
		return linkedinGone(c.r.PathValue("urn"))
	}
	if !s.linkedinMay(c, p.AuthorID, "r_organization_social") {
		return linkedinDenied(c, "partnerApiPostsExternal.GET")
	}
	return jsonAnswer(http.StatusOK, s.linkedinJSON(p))
}

// linkedinEdit: a partial update of the commentary.
func (s *Sandbox) linkedinEdit(c *call) answer {
	p := s.linkedinPost(c.r.PathValue("urn"))
	set, _ := c.object("patch")["$set"].(map[string]any)
	text, ok := set["commentary"].(string)
	switch {
	case !strings.EqualFold(c.r.Header.Get("X-RestLi-Method"), "PARTIAL_UPDATE"):
		return linkedinError(http.StatusMethodNotAllowed, 0, "METHOD_NOT_SUPPORTED", "POST operation named null not supported on resource 'posts'")
	case p == nil || p.Kind != kindPost:
		return linkedinGone(c.r.PathValue("urn"))
	case !s.linkedinMay(c, p.AuthorID, "w_organization_social"):
		return linkedinDenied(c, "partnerApiPostsExternal.PARTIAL_UPDATE")
	case !ok:
		return linkedinInvalid(http.StatusUnprocessableEntity, "patch/$set", "INVALID_VALUE", "nothing to update")
	}
	text = linkedinRead(text)
	if linkedinLength(text) > linkedinMaxText {
		return linkedinInvalid(http.StatusUnprocessableEntity, "commentary", "FIELD_LENGTH_TOO_LONG", "Commentary is longer than 3000 characters")
	}
	if err := s.edit(p, text, c.now); err != nil {
		return linkedinBroken()
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

// linkedinDelete is idempotent: what is gone is 204 again.
func (s *Sandbox) linkedinDelete(c *call) answer {
	p := s.linkedinPost(c.r.PathValue("urn"))
	if p != nil {
		if !s.linkedinMay(c, p.AuthorID, "w_organization_social") {
			return linkedinDenied(c, "partnerApiPostsExternal.DELETE")
		}
		if err := s.remove(p, c.now); err != nil {
			return linkedinBroken()
		}
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}
