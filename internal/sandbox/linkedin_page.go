package sandbox

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// linkedinPages are the pages a credential may speak for.
func (s *Sandbox) linkedinPages(c *call) []*Account {
	var all []*Account
	for _, a := range s.world.accounts {
		if a.Platform == LinkedIn && (a == c.account || c.token.Scopes != nil && c.token.may(a.ID)) {
			all = append(all, a)
		}
	}
	return all
}

// linkedinMember is the person who gave the consent.
func linkedinMember(c *call) string {
	return "tw" + objectPart(strings.ReplaceAll(c.account.ID, ":", "_"))
}

// linkedinAcls: GET /rest/organizationAcls?q=roleAssignee.
func (s *Sandbox) linkedinAcls(c *call) answer {
	if c.query.Get("q") != "roleAssignee" {
		return linkedinInvalid(http.StatusBadRequest, "q", "PARAM_INVALID", "Only q=roleAssignee is supported")
	}
	if !c.token.may("rw_organization_admin") && !c.token.may("r_organization_admin") {
		return linkedinDenied(c, "organizationAcls.FINDER-roleAssignee")
	}
	pages := s.linkedinPages(c)
	return s.linkedinPage(c, len(pages), 100, func(i int) object {
		return object{"organization": pages[i].ID, "roleAssignee": "urn:li:person:" + linkedinMember(c), "role": "ADMINISTRATOR", "state": "APPROVED"}
	})
}

func (s *Sandbox) linkedinOrganization(c *call) answer {
	a := s.world.account(LinkedIn, "urn:li:organization:"+c.r.PathValue("id"))
	if a == nil {
		return linkedinGone("urn:li:organization:" + c.r.PathValue("id"))
	}
	id, _ := strconv.ParseInt(c.r.PathValue("id"), 10, 64)
	return jsonAnswer(http.StatusOK, object{"id": id, "localizedName": a.Name, "vanityName": a.Handle, "primaryOrganizationType": "NONE"})
}

func (s *Sandbox) linkedinMe(c *call) answer {
	return jsonAnswer(http.StatusOK, object{"id": linkedinMember(c), "localizedFirstName": "Admin", "localizedLastName": c.account.Name})
}

func (s *Sandbox) linkedinUserinfo(c *call) answer {
	return jsonAnswer(http.StatusOK, object{"sub": linkedinMember(c), "name": "Admin " + c.account.Name, "given_name": "Admin", "family_name": c.account.Name, "locale": object{"country": "ID", "language": "in"}})
}

// linkedinMetadata: GET /rest/socialMetadata/:urn.
func (s *Sandbox) linkedinMetadata(c *call) answer {
	p := s.linkedinPost(c.r.PathValue("urn"))
	if p == nil {
		return linkedinGone(c.r.PathValue("urn"))
	}
	if no := s.linkedinReads(c, p); no != nil {
		return *no
	}
	return jsonAnswer(http.StatusOK, object{
		"entity": c.r.PathValue("urn"), "commentsState": "OPEN", "reactionSummaries": object{"LIKE": object{"reactionType": "LIKE", "count": s.metrics(p, c.now).likes}},
		"commentSummary": object{"count": len(s.world.below(p)), "topLevelCount": len(s.world.replies(p))},
	})
}

// linkedinStatistics: GET /rest/organizationalEntityShareStatistics, of a page
// or of some of its posts: shares=List(urn,urn).
func (s *Sandbox) linkedinStatistics(c *call) answer {
	page := c.query.Get("organizationalEntity")
	if c.query.Get("q") != "organizationalEntity" {
		return linkedinInvalid(http.StatusBadRequest, "q", "PARAM_INVALID", "Only q=organizationalEntity is supported")
	}
	if !s.linkedinMay(c, page, "r_organization_social") {
		return linkedinDenied(c, "organizationalEntityShareStatistics.FINDER-organizationalEntity")
	}
	asked := slices.Concat(linkedinList(c, "shares"), linkedinList(c, "ugcPosts"))
	var posts []*Post
	for _, p := range s.world.byAuthor[at(LinkedIn, page)] {
		if !p.Deleted && p.Kind == kindPost && (len(asked) == 0 || slices.Contains(asked, p.ID)) {
			posts = append(posts, p)
		}
	}
	count := func(of []*Post) object {
		likes, shares, views, replies := int64(0), int64(0), int64(0), 0
		for _, p := range of {
			m := s.metrics(p, c.now)
			likes, shares, views, replies = likes+m.likes, shares+m.shares, views+m.views, replies+len(s.world.below(p))
		}
		return object{
			"likeCount": likes, "shareCount": shares, "impressionCount": views, "uniqueImpressionsCount": views * 4 / 5,
			"commentCount": replies, "clickCount": views / 30, "engagement": 0.0,
		}
	}
	if len(asked) == 0 {
		return s.linkedinPage(c, 1, 1, func(int) object { return object{"organizationalEntity": page, "totalShareStatistics": count(posts)} })
	}
	return s.linkedinPage(c, len(posts), 1000, func(i int) object {
		return object{"organizationalEntity": page, "share": posts[i].ID, "totalShareStatistics": count(posts[i : i+1])}
	})
}

// linkedinList reads a Rest.li list: List(a,b), whose items are encoded.
func linkedinList(c *call, name string) []string {
	inner, ok := strings.CutPrefix(c.query.Get(name), "List(")
	if inner = strings.TrimSuffix(inner, ")"); !ok || inner == "" {
		return nil
	}
	all := strings.Split(inner, ",")
	for i, v := range all {
		if plain, err := url.QueryUnescape(v); err == nil {
			all[i] = plain
		}
	}
	return all
}
