package sandbox

import (
	"net/http"
	"strings"
	"time"
)

// graphRoute decides what a method on /{id}/{edge} is. The object's kind, not
// the path, says what can be done to it.
func (s *Sandbox) graphRoute(c *call, method, path string) route {
	id, edge, _ := strings.Cut(path, "/")
	rt := route{op: opVerify, limit: 4800, window: time.Hour}
	with := func(op string, run func(*Sandbox, *call) answer) route {
		rt.op, rt.run = op, run
		return rt
	}
	on := func(op string, run func(*Sandbox, *call, string) answer) route {
		return with(op, func(s *Sandbox, c *call) answer {
			if id == "me" {
				return run(s, c, c.account.ID)
			}
			return run(s, c, id)
		})
	}
	switch method + " " + edge {
	case "POST feed":
		return on(opPublish, (*Sandbox).graphFeed)
	case "POST photos":
		if c.has("published") && !c.flag("published") {
			return on(opStage, (*Sandbox).graphPhoto)
		}
		return on(opPublish, (*Sandbox).graphPhoto)
	case "POST comments":
		return on(opPublish, (*Sandbox).graphComment)
	case "POST messages":
		return on(opPublish, (*Sandbox).graphMessage)
	case "POST subscribed_apps":
		return on(opVerify, func(_ *Sandbox, _ *call, _ string) answer { return graphSuccess() })
	case "POST ":
		if c.has("is_hidden") {
			return on(opHide, (*Sandbox).graphAlter)
		}
		return on(opPublish, (*Sandbox).graphAlter)
	case "DELETE ":
		return on(opDelete, (*Sandbox).graphDelete)
	case "GET feed", "GET posts", "GET published_posts", "GET scheduled_posts":
		return on(opFind, func(s *Sandbox, c *call, id string) answer { return s.graphPosts(c, id, edge) })
	case "GET tagged", "GET visitor_posts":
		return on(opPull, (*Sandbox).graphTagged)
	case "GET comments":
		return on(opPull, (*Sandbox).graphComments)
	case "GET conversations":
		return on(opPull, (*Sandbox).graphConversations)
	case "GET insights":
		return on(opMeasure, (*Sandbox).graphInsights)
	case "GET accounts":
		return on(opVerify, (*Sandbox).graphAccounts)
	case "GET reactions", "GET likes", "GET attachments":
		return on(opMeasure, func(s *Sandbox, c *call, id string) answer { return s.graphEdge(c, id, edge) })
	case "GET ":
		switch {
		case id == "debug_token":
			return with(opVerify, (*Sandbox).graphDebug)
		case c.has("ids"):
			return with(opMeasure, (*Sandbox).graphMany)
		case id == "me" || s.graphIsPage(id):
			return on(opVerify, (*Sandbox).graphRead)
		}
		return on(opMeasure, (*Sandbox).graphRead)
	}
	return with(opVerify, func(*Sandbox, *call) answer {
		return graphError(http.StatusBadRequest, 2500, 0, "OAuthException", "Unknown path components: /"+edge)
	})
}

func (s *Sandbox) graphIsPage(id string) bool {
	return id != "" && s.world.account(Facebook, id) != nil // accounts never change after New
}

func graphSuccess() answer { return jsonAnswer(http.StatusOK, object{"success": true}) }
