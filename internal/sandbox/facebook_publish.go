package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	graphMaxText    = 63206
	graphMaxComment = 8000
	graphMaxPhotos  = 10
)

// graphOwnPage: writing on a Page takes that Page's token.
func (s *Sandbox) graphOwnPage(c *call, id string) *answer {
	if id == c.account.ID || id == c.account.Handle {
		return nil
	}
	no := graphDenied("Permissions error: this Page access token belongs to another Page")
	if !s.graphIsPage(id) {
		no = graphMissing("post", id)
	}
	return &no
}

// graphFeed: POST /{page}/feed.
func (s *Sandbox) graphFeed(c *call, id string) answer {
	if no := s.graphOwnPage(c, id); no != nil {
		return *no
	}
	p := s.graphOwn(c, kindPost)
	p.Text, p.Link = c.str("message"), c.str("link")
	p.Draft = c.has("published") && !c.flag("published")
	for _, v := range c.list("attached_media") {
		o, _ := v.(map[string]any)
		m := s.world.media[at(Facebook, asText(o["media_fbid"]))]
		if m == nil || m.Account != c.account.ID {
			return graphBad("Invalid parameter: attached_media")
		}
		p.Media = append(p.Media, *m)
	}
	switch {
	case len(p.Media) > graphMaxPhotos:
		return graphBad("Too many photos attached")
	case strings.TrimSpace(p.Text) == "" && p.Link == "" && len(p.Media) == 0:
		return graphBad("Missing message or attachment")
	case utf8.RuneCountInString(p.Text) > graphMaxText:
		return graphBad("Param message must be at most 63206 characters long")
	case s.graphRepeats(p):
		return graphError(http.StatusBadRequest, 506, 1455006, "OAuthException", "(#506) Duplicate status message")
	}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	if c.has("fields") {
		return jsonAnswer(http.StatusOK, s.graphObject(c, p, parseFields(c.str("fields"))))
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

func (s *Sandbox) graphOwn(c *call, kind string) *Post {
	return &Post{Platform: Facebook, Kind: kind, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true}
}

// graphRepeats: Graph refuses the same status twice in a row.
func (s *Sandbox) graphRepeats(p *Post) bool {
	if s.rules.AllowDuplicate || len(p.Media) > 0 {
		return false
	}
	for _, old := range slices.Backward(s.world.byAuthor[at(Facebook, p.AuthorID)]) {
		if old.Kind == kindPost && !old.Deleted {
			return old.Text == p.Text && old.Link == p.Link && len(old.Media) == 0
		}
	}
	return false
}

// graphPhoto: POST /{page}/photos with bytes (source) or a url. With
// published=false it is only there to be attached.
func (s *Sandbox) graphPhoto(c *call, id string) answer {
	if no := s.graphOwnPage(c, id); no != nil {
		return *no
	}
	m, no := graphPicture(c)
	if no != nil {
		return *no
	}
	m.ID, m.At, m.Ready, m.Alt = s.world.nextID(Facebook, c.now), c.now, true, c.str("alt_text_custom")
	if err := s.world.putMedia(m); err != nil {
		return graphBroken()
	}
	if c.has("published") && !c.flag("published") {
		return jsonAnswer(http.StatusOK, object{"id": m.ID})
	}
	p := s.graphOwn(c, kindPost)
	if p.Text = c.str("message"); p.Text == "" {
		p.Text = c.str("caption")
	}
	p.Media = []Media{*m}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	return jsonAnswer(http.StatusOK, object{"id": m.ID, "post_id": p.ID})
}

func graphPicture(c *call) (*Media, *answer) {
	for _, f := range c.files {
		m := newMedia(Facebook, c.account, f.data)
		if !strings.HasPrefix(m.Type, "image/") {
			no := graphError(http.StatusBadRequest, 324, 2069019, "OAuthException", "(#324) Missing or invalid image file")
			return nil, &no
		}
		return m, nil
	}
	link := c.str("url")
	if !strings.HasPrefix(link, "http://") && !strings.HasPrefix(link, "https://") {
		no := graphError(http.StatusBadRequest, 324, 2069019, "OAuthException", "(#324) Missing or invalid image file")
		return nil, &no
	}
	// Graph would fetch the address; the sandbox reaches out to nobody and keeps it.
	return &Media{Platform: Facebook, Account: c.account.ID, Type: "image/jpeg", Link: link}, nil
}

// graphComment: POST /{post or comment}/comments.
func (s *Sandbox) graphComment(c *call, id string) answer {
	parent := s.world.visible(Facebook, id)
	if parent == nil || parent.Kind == kindDirect {
		return graphMissing("post", id)
	}
	p := s.graphOwn(c, kindComment)
	p.Text, p.InReplyTo = c.str("message"), parent.ID
	if m := s.world.media[at(Facebook, c.str("attachment_id"))]; m != nil && m.Account == c.account.ID {
		p.Media = append(p.Media, *m)
	}
	if strings.TrimSpace(p.Text) == "" && len(p.Media) == 0 {
		return graphBad("Missing message or attachment")
	}
	if utf8.RuneCountInString(p.Text) > graphMaxComment {
		return graphBad("Param message must be at most 8000 characters long")
	}
	if err := s.publish(p, c.now); err != nil {
		return graphBroken()
	}
	if c.has("fields") {
		return jsonAnswer(http.StatusOK, s.graphObject(c, p, parseFields(c.str("fields"))))
	}
	return jsonAnswer(http.StatusOK, object{"id": p.ID})
}

// graphAlter: POST /{post or comment}: hide, show or edit.
func (s *Sandbox) graphAlter(c *call, id string) answer {
	p := s.world.visible(Facebook, id)
	if p == nil {
		return graphMissing("post", id)
	}
	root := s.world.post(Facebook, p.Thread)
	if c.has("is_hidden") {
		if p.Kind != kindComment || root == nil || root.AuthorID != c.account.ID || p.AuthorID == c.account.ID {
			return graphDenied("Permissions error: this comment cannot be hidden by this Page")
		}
		if err := s.setHidden(p, c.flag("is_hidden"), c.now); err != nil {
			return graphBroken()
		}
		return graphSuccess()
	}
	if p.AuthorID != c.account.ID {
		return graphDenied("Permissions error")
	}
	if !c.has("message") {
		return graphBad("Missing message or attachment")
	}
	if err := s.edit(p, c.str("message"), c.now); err != nil {
		return graphBroken()
	}
	return graphSuccess()
}

// graphDelete: a Page deletes its own things and comments below its own posts.
func (s *Sandbox) graphDelete(c *call, id string) answer {
	p := s.world.visible(Facebook, id)
	if p == nil {
		return graphMissing("delete", id)
	}
	root := s.world.post(Facebook, p.Thread)
	if p.AuthorID != c.account.ID && (root == nil || root.AuthorID != c.account.ID) {
		return graphDenied("Permissions error")
	}
	if err := s.remove(p, c.now); err != nil {
		return graphBroken()
	}
	return graphSuccess()
}

// asObject is an object parameter, sent as JSON or as JSON inside a form.
func asObject(c *call, name string) map[string]any {
	if o := c.object(name); o != nil {
		return o
	}
	if l := asList(c.str(name)); len(l) == 1 {
		o, _ := l[0].(map[string]any)
		return o
	}
	return nil
}
