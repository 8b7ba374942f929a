package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// instagramHabit: professional accounts behind Instagram Login. People write
// comments, name us, and send direct messages.
func instagramHabit() habit {
	return habit{
		name: Instagram, mount: "/ig", hears: []string{kindMention, kindDirect},
		routes:   (*Sandbox).instagramRoutes,
		accounts: twoOffices(Instagram, "17841400000000101", "17841400000000202"),
		tokens:   plainToken("IGAA"),
		id: func(w *world, p *Post, now time.Time) string {
			n := w.growing(Instagram, 17_900_000_000_000_000+now.UnixMilli()-1_700_000_000_000)
			if p.Kind == kindDirect {
				return "aWdfZAG1faXRlbToxOkl_" + n
			}
			return n
		},
		direct: func(p *Post) string { return "t_" + p.AuthorID },
		push: func(s *Sandbox, _ Hook, p *Post, verb string, now time.Time) []byte {
			return s.instagramPush(p, verb, now)
		},
		challenge: metaChallenge, signed: metaSigned,
	}
}

func (s *Sandbox) instagramRoutes(m *http.ServeMux) {
	s.graphServe(m, graphFace{Instagram})
	s.consentPage(m, Instagram, "/ig/oauth/authorize", ",", "client_id")
}

// Instagram Login's permissions.
const (
	igBasic    = "instagram_business_basic"
	igPublish  = "instagram_business_content_publish"
	igComments = "instagram_business_manage_comments"
	igMessages = "instagram_business_manage_messages"
	igInsights = "instagram_business_manage_insights"
)

// instagramRoute decides what a method on /{id}/{edge} is.
func (s *Sandbox) instagramRoute(c *call, method, path string) route {
	id, edge, _ := strings.Cut(path, "/")
	rt := route{limit: 4800, window: 24 * time.Hour}
	on := func(op, scope string, run func(*Sandbox, *call, string) answer) route {
		rt.op = op
		rt.run = func(s *Sandbox, c *call) answer {
			if id == "me" {
				return run(s, c, c.account.ID)
			}
			return run(s, c, id)
		}
		return metaNeeds(rt, scope)
	}
	if id == "ig-api-upload" && method == http.MethodPost {
		id = edge[strings.LastIndexByte(edge, '/')+1:]
		return on(opStage, igPublish, (*Sandbox).instagramUpload)
	}
	switch method + " " + edge {
	case "POST media":
		rt.fetch = func(c *call) []string { return []string{c.str("image_url"), c.str("video_url")} }
		return on(opStage, igPublish, (*Sandbox).instagramCreate)
	case "POST media_publish":
		return on(opPublish, igPublish, (*Sandbox).instagramPublish)
	case "GET content_publishing_limit":
		return on(opVerify, igPublish, (*Sandbox).instagramLimit)
	case "GET media":
		return on(opFind, igBasic, (*Sandbox).instagramMedia)
	case "GET tags":
		return on(opPull, igComments, (*Sandbox).instagramTags)
	case "GET comments":
		return on(opPull, igComments, (*Sandbox).instagramComments)
	case "GET replies":
		return on(opPull, igComments, (*Sandbox).instagramReplies)
	case "POST comments", "POST replies":
		return on(opPublish, igComments, func(s *Sandbox, c *call, id string) answer { return s.instagramAnswer(c, id, edge) })
	case "POST mentions":
		return on(opPublish, igComments, (*Sandbox).instagramMention)
	case "GET insights":
		return on(opMeasure, igInsights, (*Sandbox).instagramInsights)
	case "GET conversations":
		return on(opPull, igMessages, (*Sandbox).graphConversations)
	case "GET messages":
		return on(opPull, igMessages, (*Sandbox).graphThreadMessages)
	case "POST messages":
		return on(opPublish, igMessages, (*Sandbox).graphMessage)
	case "POST subscribed_apps":
		return on(opVerify, igBasic, (*Sandbox).instagramSubscribe)
	case "POST ":
		return on(opHide, igComments, (*Sandbox).instagramHide)
	case "DELETE ":
		return on(opDelete, igComments, (*Sandbox).instagramDelete)
	case "GET ":
		switch fields := c.str("fields"); {
		case strings.Contains(fields, "status_code") || strings.Contains(fields, "video_status"):
			return on(opFind, igPublish, (*Sandbox).instagramState)
		case id == "me" || s.world.account(Instagram, id) != nil:
			return on(opVerify, igBasic, (*Sandbox).instagramUser)
		}
		return on(opMeasure, igBasic, (*Sandbox).instagramRead)
	}
	return on(opVerify, "", func(*Sandbox, *call, string) answer {
		return graphError(http.StatusBadRequest, 2500, 0, "OAuthException", "Unknown path components: /"+edge)
	})
}

// metaOwn: writing for an account takes that account's token.
func metaOwn(c *call, id string) *answer {
	if id == c.account.ID || id == c.account.Handle {
		return nil
	}
	no := graphMissing("post", id)
	return &no
}

// instagramSubscribe: POST /{ig}/subscribed_apps.
func (s *Sandbox) instagramSubscribe(c *call, id string) answer {
	if no := metaOwn(c, id); no != nil {
		return *no
	}
	return metaSubscribed(c, "comments", "mentions", "messages", "live_comments", "message_reactions", "messaging_postbacks", "messaging_seen", "story_insights")
}

// metaSubscribed wants fields that exist.
func metaSubscribed(c *call, known ...string) answer {
	fields := c.texts("subscribed_fields")
	if len(fields) == 0 {
		return graphBad("The parameter subscribed_fields is required.")
	}
	for _, f := range fields {
		if !contains(known, f) {
			return graphBad("Param subscribed_fields[0] must be one of {" + strings.Join(known, ", ") + "} - got \"" + f + "\".")
		}
	}
	return graphSuccess()
}

func contains(list []string, s string) bool {
	for _, x := range list {
		if x == s {
			return true
		}
	}
	return false
}
