package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// threadsHabit: no private messages; people answer and name us.
func threadsHabit() habit {
	return habit{
		name: Threads, mount: "/threads", hears: []string{kindMention},
		routes:   (*Sandbox).threadsRoutes,
		accounts: twoOffices(Threads, "27300000000000101", "27300000000000202"),
		tokens:   plainToken("THAA"),
		id: func(w *world, _ *Post, now time.Time) string {
			return w.growing(Threads, 18_000_000_000_000_000+now.UnixMilli()-1_700_000_000_000)
		},
		push: func(s *Sandbox, _ Hook, p *Post, verb string, now time.Time) []byte {
			return s.threadsPush(p, verb, now)
		},
		challenge: metaChallenge, signed: metaSigned,
	}
}

func (s *Sandbox) threadsRoutes(m *http.ServeMux) {
	s.graphServe(m, graphFace{Threads})
	s.consentPage(m, Threads, "/threads/oauth/authorize", ",", "client_id")
}

// threadsRoute decides what a method on /{id}/{edge} is.
func (s *Sandbox) threadsRoute(c *call, method, path string) route {
	id, edge, _ := strings.Cut(strings.Trim(path, "/"), "/")
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
	switch method + " " + edge {
	case "POST threads":
		rt.fetch = func(c *call) []string { return []string{c.str("image_url"), c.str("video_url")} }
		if c.flag("auto_publish_text") {
			return on(opPublish, "threads_content_publish", (*Sandbox).threadsCreate)
		}
		return on(opStage, "threads_content_publish", (*Sandbox).threadsCreate)
	case "POST threads_publish":
		return on(opPublish, "threads_content_publish", (*Sandbox).threadsPublish)
	case "GET threads":
		return on(opFind, "threads_basic", func(s *Sandbox, c *call, id string) answer { return s.threadsOwn(c, id, kindPost) })
	case "GET replies":
		if id == "me" {
			return on(opFind, "threads_read_replies", func(s *Sandbox, c *call, id string) answer { return s.threadsOwn(c, id, kindComment) })
		}
		return on(opPull, "threads_read_replies", func(s *Sandbox, c *call, id string) answer { return s.threadsReplies(c, id, false) })
	case "GET conversation":
		return on(opPull, "threads_read_replies", func(s *Sandbox, c *call, id string) answer { return s.threadsReplies(c, id, true) })
	case "GET mentions":
		return on(opPull, "threads_manage_mentions", (*Sandbox).threadsMentions)
	case "GET threads_publishing_limit":
		return on(opVerify, "threads_basic", (*Sandbox).threadsLimit)
	case "GET insights":
		return on(opMeasure, "threads_manage_insights", (*Sandbox).threadsInsights)
	case "POST manage_reply":
		return on(opHide, "threads_manage_replies", (*Sandbox).threadsHide)
	case "DELETE ":
		return on(opDelete, "threads_delete", (*Sandbox).threadsDelete)
	case "GET ":
		switch fields := c.fieldsOr("id"); {
		case hasField(fields, "status") || hasField(fields, "error_message"):
			return on(opFind, "threads_content_publish", (*Sandbox).threadsState)
		case id == "debug_token":
			return on(opVerify, "", func(s *Sandbox, c *call, _ string) answer { return s.graphDebug(c) })
		case id == "me" || s.world.account(Threads, id) != nil:
			return on(opVerify, "threads_basic", (*Sandbox).threadsUser)
		}
		return on(opMeasure, "threads_basic", (*Sandbox).threadsRead)
	}
	return on(opVerify, "", func(*Sandbox, *call, string) answer {
		return graphError(http.StatusBadRequest, 2500, 0, "OAuthException", "Unknown path components: /"+edge)
	})
}

func hasField(fields []field, name string) bool {
	for _, f := range fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// threadsUser: GET /me.
func (s *Sandbox) threadsUser(c *call, id string) answer {
	a := s.world.account(Threads, id)
	if a == nil {
		return graphMissing("get", id)
	}
	out := object{"id": a.ID}
	for _, f := range c.fieldsOr("id") {
		switch f.name {
		case "username":
			out["username"] = a.Handle
		case "name":
			out["name"] = a.Name
		case "threads_biography":
			out["threads_biography"] = a.Bio
		case "threads_profile_picture_url":
			out["threads_profile_picture_url"] = c.base + "/threads/photo/" + a.ID
		case "is_verified":
			out["is_verified"] = false
		}
	}
	return jsonAnswer(http.StatusOK, out)
}
