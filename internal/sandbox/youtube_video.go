package sandbox

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// ytParts are the parts of a resource that a call asks for.
func ytParts(c *call) []string {
	var parts []string
	for _, p := range c.query["part"] {
		for one := range strings.SplitSeq(p, ",") {
			parts = append(parts, strings.TrimSpace(one))
		}
	}
	return parts
}

// ytIDs is the id parameter: repeated, or joined by commas.
func ytIDs(c *call) []string {
	var ids []string
	for _, v := range c.query["id"] {
		ids = append(ids, strings.Split(v, ",")...)
	}
	return ids
}

func ytTag(p *Post) string { return fmt.Sprintf("%x", spread(p.ID+p.Text+p.EditedAt.String())) }

func ytTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// ytVideo is a film that the caller may see; private ones only their owner.
func (s *Sandbox) ytVideo(c *call, id string) *Post {
	p := s.world.visible(YouTube, id)
	if p == nil || p.Kind != kindPost || p.Draft && p.AuthorID != c.account.ID {
		return nil
	}
	return p
}

func ytVideoGone() answer {
	return ytError(http.StatusNotFound, "videoNotFound", "youtube.video", `The video that you are trying to update cannot be found. Check the value of the <code>id</code> field in the request body to ensure that it is correct.`)
}

// ytVideos: GET /youtube/v3/videos. What is not there is left out of the list.
func (s *Sandbox) ytVideos(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	ids := ytIDs(c)
	if len(ids) == 0 {
		return ytError(http.StatusBadRequest, "missingRequiredParameter", "youtube.parameter", "No filter selected. Expected one of: id, chart, myRating")
	}
	items := []object{}
	for _, id := range ids {
		if p := s.ytVideo(c, id); p != nil {
			s.ytLook(p)
			items = append(items, s.ytVideoJSON(p, ytParts(c), c.now))
		}
	}
	return jsonAnswer(http.StatusOK, ytList("youtube#videoListResponse", items, len(items), len(items)))
}

func ytList(kind string, items []object, total, page int) object {
	return object{"kind": kind, "etag": fmt.Sprintf("%x", spread(kind+strconv.Itoa(total))), "items": items, "pageInfo": object{"totalResults": total, "resultsPerPage": page}}
}

// ytLook counts the times a film's state was read: YouTube works on it a while.
func (s *Sandbox) ytLook(p *Post) {
	if s.ytLooks == nil {
		s.ytLooks = map[string]int{}
	}
	s.ytLooks[p.ID]++
}

// ytState is where YouTube's own work on a film stands.
func (s *Sandbox) ytState(p *Post) (upload, processing string) {
	switch {
	case len(p.Media) > 0 && !strings.HasPrefix(p.Media[0].Type, "video/"):
		return "failed", "failed"
	case s.ytLooks[p.ID] < 2 && p.Draft:
		return "uploaded", "processing"
	}
	return "processed", "succeeded"
}

func (s *Sandbox) ytVideoJSON(p *Post, parts []string, now time.Time) object {
	v := object{"kind": "youtube#video", "etag": ytTag(p), "id": p.ID}
	title, face := ytFilm(p)
	upload, processing := s.ytState(p)
	for _, part := range parts {
		switch part {
		case "snippet":
			sn := object{
				"publishedAt": ytTime(p.At), "channelId": p.AuthorID, "title": title, "description": face["description"], "thumbnails": ytThumbnails(p),
				"channelTitle": s.world.account(YouTube, p.Account).Name, "categoryId": face["category"], "liveBroadcastContent": "none",
				"localized": object{"title": title, "description": face["description"]},
			}
			if tags := face["tags"]; tags != "" {
				sn["tags"] = strings.Split(tags, "\n")
			}
			v["snippet"] = sn
		case "status":
			st := object{
				"uploadStatus": upload, "privacyStatus": face["privacy"], "license": "youtube", "embeddable": true, "publicStatsViewable": true,
				"madeForKids": face["kids"] == "true", "selfDeclaredMadeForKids": face["kids"] == "true",
			}
			if upload == "failed" {
				st["failureReason"] = "invalidFile"
			}
			if at := face["publishAt"]; at != "" {
				st["publishAt"] = at
			}
			v["status"] = st
		case "statistics":
			m := s.metrics(p, now)
			v["statistics"] = object{"viewCount": strconv.FormatInt(m.views, 10), "likeCount": strconv.FormatInt(m.likes, 10), "favoriteCount": "0", "commentCount": strconv.Itoa(len(s.world.below(p)))}
		case "processingDetails":
			v["processingDetails"] = object{"processingStatus": processing, "fileDetailsAvailability": "available", "processingIssuesAvailability": "available", "tagSuggestionsAvailability": "unavailable", "editorSuggestionsAvailability": "unavailable", "thumbnailsAvailability": "available"}
		}
	}
	return v
}

func ytThumbnails(p *Post) object {
	return object{"default": object{"url": "https://i.ytimg.com/vi/" + p.ID + "/default.jpg", "width": 120, "height": 90}}
}

// ytUpdate: PUT /youtube/v3/videos changes the parts that are named.
func (s *Sandbox) ytUpdate(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	about, no := ytResource(c)
	if no != nil {
		return *no
	}
	p := s.ytVideo(c, about.ID)
	switch {
	case p == nil:
		return ytVideoGone()
	case p.AuthorID != c.account.ID:
		return ytError(http.StatusForbidden, "forbidden", "youtube.video", "The video cannot be updated. The request might not be properly authorized.")
	}
	parts := ytParts(c)
	if !slices.Contains(parts, "snippet") {
		about.Snippet = nil
	}
	if !slices.Contains(parts, "status") {
		about.Status = nil
	}
	if no := about.check(false); no != nil {
		return *no
	}
	was := p.Draft
	edited := about.Snippet != nil && youtubeText(about.Snippet.Title, about.Snippet.Description) != p.Text
	err := s.world.change(p, func(p *Post) {
		about.apply(p, c.now)
		if edited && !p.Draft {
			p.EditedAt = c.now
		}
	})
	if err != nil {
		return ytError(http.StatusInternalServerError, "backendError", "global", "Backend Error")
	}
	if was && !p.Draft {
		s.tell(p, "add", c.now)
	}
	return jsonAnswer(http.StatusOK, s.ytVideoJSON(p, parts, c.now))
}

// ytDelete: DELETE /youtube/v3/videos -> 204.
func (s *Sandbox) ytDelete(c *call) answer {
	p := s.ytVideo(c, c.query.Get("id"))
	switch {
	case p == nil:
		return ytError(http.StatusNotFound, "videoNotFound", "youtube.video", "The video that you are trying to delete cannot be found.")
	case p.AuthorID != c.account.ID:
		return ytError(http.StatusForbidden, "forbidden", "youtube.video", "The video that you are trying to delete cannot be deleted.")
	}
	return s.ytRemove(p, c.now)
}

func (s *Sandbox) ytRemove(p *Post, now time.Time) answer {
	if err := s.remove(p, now); err != nil {
		return ytError(http.StatusInternalServerError, "backendError", "global", "Backend Error")
	}
	return answer{status: http.StatusNoContent, header: http.Header{}}
}

// ytChannels: GET /youtube/v3/channels?mine=true or ?id=.
func (s *Sandbox) ytChannels(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	ids := ytIDs(c)
	if c.query.Get("mine") == "true" {
		ids = []string{c.account.ID}
	}
	items := []object{}
	for _, id := range ids {
		a := s.world.account(YouTube, id)
		if a == nil || id != a.ID {
			continue
		}
		ch := object{"kind": "youtube#channel", "etag": fmt.Sprintf("%x", spread(id)), "id": id}
		for _, part := range ytParts(c) {
			switch part {
			case "snippet":
				ch["snippet"] = object{"title": a.Name, "description": a.Bio, "customUrl": "@" + a.Handle, "publishedAt": "2019-03-04T02:00:00Z", "country": "ID", "thumbnails": object{}}
			case "contentDetails":
				ch["contentDetails"] = object{"relatedPlaylists": object{"likes": "", "uploads": youtubeUploads(id)}}
			case "statistics":
				ch["statistics"] = object{"viewCount": "0", "subscriberCount": "0", "hiddenSubscriberCount": false, "videoCount": strconv.Itoa(len(s.ytFilms(a.ID, false)))}
			}
		}
		items = append(items, ch)
	}
	return jsonAnswer(http.StatusOK, ytList("youtube#channelListResponse", items, len(items), 5))
}

// ytFilms are a channel's films, the newest first.
func (s *Sandbox) ytFilms(channel string, drafts bool) []*Post {
	var films []*Post
	for _, p := range s.world.byAuthor[at(YouTube, channel)] {
		if p.Kind == kindPost && !p.Deleted && (drafts || !p.Draft) {
			films = append(films, p)
		}
	}
	slices.Reverse(films)
	return films
}

// ytPlaylistItems: GET /youtube/v3/playlistItems of an uploads playlist, the
// newest upload first; its owner sees what is private, too.
func (s *Sandbox) ytPlaylistItems(c *call) answer {
	if no := ytPart(c); no != nil {
		return *no
	}
	list := c.query.Get("playlistId")
	channel := "UC" + strings.TrimPrefix(list, "UU")
	if a := s.world.account(YouTube, channel); a == nil || !strings.HasPrefix(list, "UU") {
		return ytError(http.StatusNotFound, "playlistNotFound", "youtube.playlistItem", "The playlist identified with the request's <code>playlistId</code> parameter cannot be found.")
	}
	films := s.ytFilms(channel, channel == c.account.ID)
	page, next := ytPage(c, films, 5, 50)
	items := []object{}
	for _, p := range page {
		title, face := ytFilm(p)
		item := object{"kind": "youtube#playlistItem", "etag": ytTag(p), "id": "UU" + p.ID}
		for _, part := range ytParts(c) {
			switch part {
			case "snippet":
				item["snippet"] = object{"publishedAt": ytTime(p.At), "channelId": channel, "title": title, "description": face["description"], "thumbnails": ytThumbnails(p),
					"playlistId": list, "position": slices.Index(films, p), "resourceId": object{"kind": "youtube#video", "videoId": p.ID}}
			case "contentDetails":
				cd := object{"videoId": p.ID}
				if !p.Draft {
					cd["videoPublishedAt"] = ytTime(p.At)
				}
				item["contentDetails"] = cd
			case "status":
				item["status"] = object{"privacyStatus": face["privacy"]}
			}
		}
		items = append(items, item)
	}
	out := ytList("youtube#playlistItemListResponse", items, len(films), len(page))
	if next != "" {
		out["nextPageToken"] = next
	}
	return jsonAnswer(http.StatusOK, out)
}

// ytPage cuts a list, newest first, at the page token, which names the last
// thing of the page before.
func ytPage(c *call, all []*Post, fallback, most int) (page []*Post, next string) {
	size := c.number("maxResults", fallback, 1, most)
	start := 0
	if from := c.query.Get("pageToken"); from != "" {
		n, err := strconv.Atoi(strings.TrimPrefix(from, "CD"))
		for start = 0; err == nil && start < len(all) && all[start].order >= n; start++ {
		}
	}
	page = all[start:min(start+size, len(all))]
	if start+size < len(all) {
		next = "CD" + strconv.Itoa(page[len(page)-1].order)
	}
	return page, next
}

// ytFilm is a film's title, and what else only YouTube knows of it. What
// somebody put on the channel past the API gets both from its text.
func ytFilm(p *Post) (title string, face map[string]string) {
	if p.Face != nil {
		return p.Title, p.Face
	}
	title, rest, _ := strings.Cut(p.Text, "\n")
	if r := []rune(title); len(r) > 100 {
		title, rest = string(r[:99])+"…", p.Text
	}
	return title, map[string]string{"privacy": "public", "category": "22", "kids": "false", "description": rest}
}
