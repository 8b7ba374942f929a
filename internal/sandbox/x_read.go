package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Sandbox) xMe(c *call) answer {
	return jsonAnswer(http.StatusOK, object{"data": s.xUser(c, c.account.ID)})
}

// xMissing is the partial error of a lookup.
func xMissing(c *call, parameter, id string) object {
	kind := xProblems
	if c.dialect().post {
		kind = "https://api.x.com/2/problems/" // the host changed with the names
	}
	return object{
		"value": id, "detail": "Could not find tweet with " + parameter + ": [" + id + "].", "title": "Not Found Error",
		"resource_type": "tweet", "parameter": parameter, "resource_id": id, "type": kind + "resource-not-found",
	}
}

// xLookup: GET /2/tweets?ids=: 200 with what there is and errors for the rest.
func (s *Sandbox) xLookup(c *call) answer {
	ids := c.asked("ids")
	if len(ids) == 0 || len(ids) > 100 {
		return xInvalid("ids", strings.Join(ids, ","), "The number of values in the `ids` query parameter list must be between 1 and 100")
	}
	var found []*Post
	var missing []object
	for _, id := range ids {
		if p := s.xFind(id); p != nil && p.Kind != kindDirect {
			found = append(found, p)
		} else {
			missing = append(missing, xMissing(c, "ids", id))
		}
	}
	out := object{}
	if len(found) > 0 {
		out = s.xPage(c, found)
	}
	if missing != nil {
		out["errors"] = missing
	}
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) xTweet(c *call) answer {
	id := c.r.PathValue("id")
	p := s.xFind(id)
	if p == nil || p.Kind == kindDirect {
		return jsonAnswer(http.StatusOK, object{"errors": []object{xMissing(c, "id", id)}})
	}
	out := s.xPage(c, []*Post{p})
	out["data"] = s.xPost(c, p)
	return jsonAnswer(http.StatusOK, out)
}

func (s *Sandbox) xPage(c *call, posts []*Post) object {
	data := []object{}
	for _, p := range posts {
		data = append(data, s.xPost(c, p))
	}
	out := object{"data": data}
	if inc := s.xIncludes(c, posts); len(inc) > 0 {
		out["includes"] = inc
	}
	return out
}

func (s *Sandbox) xMentions(c *call) answer {
	a := s.world.account(X, c.r.PathValue("id"))
	if a == nil {
		return xInvalid("id", c.r.PathValue("id"), "The `id` query parameter value is not valid")
	}
	return s.xTimeline(c, 5, 100, func(p *Post) bool { return s.world.addressed(p, a) })
}

func (s *Sandbox) xUserTweets(c *call) answer {
	id := c.r.PathValue("id")
	not := c.asked("exclude")
	return s.xTimeline(c, 5, 100, func(p *Post) bool {
		return p.AuthorID == id && (p.InReplyTo == "" || !slices.Contains(not, "replies"))
	})
}

// searchReach is how far back recent search looks: seven days.
const searchReach = 7 * 24 * time.Hour

func (s *Sandbox) xSearch(c *call) answer {
	query := strings.TrimSpace(c.str("query"))
	if query == "" || len(query) > 4096 {
		return xInvalid("query", query, "The `query` query parameter can not be empty")
	}
	return s.xTimeline(c, 10, 100, func(p *Post) bool {
		return c.now.Sub(p.At) <= searchReach && s.xMatches(p, query)
	})
}

// xTimeline is a page of X posts, newest first.
func (s *Sandbox) xTimeline(c *call, least, most int, keep func(*Post) bool) answer {
	size := 10
	if v := c.str("max_results"); v != "" {
		n, err := strconv.Atoi(v)
		if err != nil || n < least || n > most {
			return xInvalid("max_results", v, "The `max_results` query parameter value ["+v+"] is not between "+strconv.Itoa(least)+" and "+strconv.Itoa(most))
		}
		size = n
	}
	until := c.str("until_id")
	for _, name := range []string{"pagination_token", "next_token"} {
		if t := c.str(name); t != "" {
			id, ok := strings.CutPrefix(t, "7140dibdnow9c7btw")
			if !ok {
				return xInvalid(name, t, "The `"+name+"` query parameter value is not valid")
			}
			until = id
		}
	}
	start, end := xBound(c.str("start_time")), xBound(c.str("end_time"))
	var page []*Post
	next := ""
	for _, p := range s.xNewest(keep) {
		id := xLatest(p)
		if since := c.str("since_id"); since != "" && compareIDs(id, since) <= 0 {
			break
		}
		if until != "" && compareIDs(id, until) >= 0 || !start.IsZero() && p.At.Before(start) || !end.IsZero() && !p.At.Before(end) {
			continue
		}
		if len(page) == size {
			next = "7140dibdnow9c7btw" + xLatest(page[size-1])
			break
		}
		page = append(page, p)
	}
	meta := object{"result_count": len(page)}
	if len(page) == 0 {
		return jsonAnswer(http.StatusOK, object{"meta": meta})
	}
	meta["newest_id"], meta["oldest_id"] = xLatest(page[0]), xLatest(page[len(page)-1])
	if next != "" {
		meta["next_token"] = next
	}
	out := s.xPage(c, page)
	out["meta"] = meta
	return jsonAnswer(http.StatusOK, out)
}

// xNewest are the readable posts that are kept, newest first; an edited post
// counts as new.
func (s *Sandbox) xNewest(keep func(*Post) bool) []*Post {
	var all []*Post
	edited := false
	for _, p := range slices.Backward(s.world.order) {
		if p.Platform == X && !p.Deleted && p.Kind != kindDirect && keep(p) {
			all = append(all, p)
			edited = edited || !p.EditedAt.IsZero()
		}
	}
	if edited {
		slices.SortStableFunc(all, func(x, y *Post) int { return compareIDs(xLatest(y), xLatest(x)) })
	}
	return all
}

func xBound(v string) time.Time {
	t, err := time.Parse(time.RFC3339, v)
	if err != nil {
		return time.Time{}
	}
	return t
}

// xMatches understands the part of X's search language that offices use:
// operators joined by spaces, OR, a minus, words.
func (s *Sandbox) xMatches(p *Post, query string) bool {
	for either := range strings.SplitSeq(query, " OR ") {
		all := true
		for term := range strings.FieldsSeq(strings.NewReplacer("(", " ", ")", " ").Replace(either)) {
			bare, not := strings.CutPrefix(term, "-")
			if s.xTerm(p, bare) == not {
				all = false
			}
		}
		if all {
			return true
		}
	}
	return false
}

func (s *Sandbox) xTerm(p *Post, term string) bool {
	op, arg, _ := strings.Cut(term, ":")
	arg = strings.TrimPrefix(arg, "@")
	switch op {
	case "conversation_id":
		return p.Thread == arg
	case "in_reply_to_tweet_id":
		return p.InReplyTo == arg
	case "from":
		return strings.EqualFold(p.Author, arg) || p.AuthorID == arg
	case "to":
		parent := s.world.post(X, p.InReplyTo)
		return parent != nil && (strings.EqualFold(parent.Author, arg) || parent.AuthorID == arg)
	case "is":
		return arg == "reply" && p.InReplyTo != ""
	case "has":
		return arg == "links" && p.Link != "" || (arg == "media" || arg == "images") && len(p.Media) > 0
	case "lang":
		return arg == "in"
	}
	if name, ok := strings.CutPrefix(term, "@"); ok {
		return names(s.fullText(p), name)
	}
	return strings.Contains(strings.ToLower(s.fullText(p)), strings.ToLower(strings.Trim(term, `"`)))
}

// xUserByID: GET /2/users/:id.
func (s *Sandbox) xUserByID(c *call) answer { return s.xSomebody(c, c.r.PathValue("id"), "id") }

// xUserByName: GET /2/users/by/username/:username.
func (s *Sandbox) xUserByName(c *call) answer {
	id := ""
	if who := s.world.knows(X, c.r.PathValue("name")); who != nil {
		id = who.ID
	} else if a := s.world.account(X, c.r.PathValue("name")); a != nil {
		id = a.ID
	}
	return s.xSomebody(c, id, "username")
}

func (s *Sandbox) xSomebody(c *call, id, parameter string) answer {
	if s.world.account(X, id) == nil && s.world.people[at(X, id)] == nil || id == "" {
		value := c.r.PathValue(strings.Replace(parameter, "username", "name", 1))
		missing := xMissing(c, parameter, value)
		missing["resource_type"], missing["detail"] = "user", "Could not find user with "+parameter+": ["+value+"]."
		return jsonAnswer(http.StatusOK, object{"errors": []object{missing}})
	}
	return jsonAnswer(http.StatusOK, object{"data": s.xUser(c, id)})
}
