package tiktok

import (
	"context"
	"encoding/json"
	"net/url"
	"slices"
	"strconv"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/safehttp"
)

// feedComments are the comments on our newest posts.
const feedComments = "comments"

// watchedPosts is how many of them are looked at.
const watchedPosts = 20

// number is a number that the API sends as one or as its digits.
type number int64

// UnmarshalJSON implements json.Unmarshaler.
func (n *number) UnmarshalJSON(raw []byte) error {
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	if text == "" || text == "null" {
		return nil
	}
	if v, err := strconv.ParseInt(text, 10, 64); err == nil {
		*n = number(v)
	}
	return nil // a figure that is none holds nothing else up
}

type businessPost struct {
	ID       string `json:"item_id"`
	Created  number `json:"create_time"`
	URL      string `json:"share_url"`
	Caption  string `json:"caption"`
	Views    number `json:"video_views"`
	Likes    number `json:"likes"`
	Comments number `json:"comments"`
	Shares   number `json:"shares"`
}

func (p businessPost) at() time.Time { return time.Unix(int64(p.Created), 0).UTC() }

type businessPage struct {
	Videos []businessPost `json:"videos"`
	Cursor int64          `json:"cursor"`
	More   bool           `json:"has_more"`
}

// businessPosts reads our posts, newest first. GET /business/video/list/.
func (c *Connector) businessPosts(ctx context.Context, a platform.Account, cursor int64, ids []string) (page businessPage, answer safehttp.Answer, err error) {
	query := url.Values{"fields": {`["item_id","create_time","share_url","caption","video_views","likes","comments","shares"]`}, "max_count": {strconv.Itoa(watchedPosts)}}
	if cursor > 0 {
		query.Set("cursor", strconv.FormatInt(cursor, 10))
	}
	if ids != nil {
		raw, err := json.Marshal(map[string][]string{"video_ids": ids})
		if err != nil {
			return page, answer, err
		}
		query.Set("filters", string(raw))
	}
	answer, err = c.ask(ctx, a, &page, query, "video", "list")
	return page, answer, err
}

func (c *Connector) measureBusiness(ctx context.Context, a platform.Account, remoteIDs []string) (map[string]platform.Counts, error) {
	all := map[string]platform.Counts{}
	for ids := range slices.Chunk(remoteIDs, watchedPosts) {
		page, _, err := c.businessPosts(ctx, a, 0, ids)
		if err != nil {
			return all, err
		}
		for _, p := range page.Videos {
			if slices.Contains(ids, p.ID) {
				all[p.ID] = platform.Counts{"views": int64(p.Views), "likes": int64(p.Likes), "shares": int64(p.Shares), "replies": int64(p.Comments)}
			}
		}
	}
	return all, nil
}

// remark is a comment or an answer below one.
type remark struct {
	ID      string `json:"comment_id"`
	Author  string `json:"unique_identifier"`
	User    string `json:"user_id"`
	Name    string `json:"username"`
	Video   string `json:"video_id"`
	Parent  string `json:"parent_comment_id"`
	Created number `json:"create_time"`
	Text    string `json:"text"`
	Replies number `json:"replies"`
	Owner   bool   `json:"owner"`
	Status  string `json:"status"`
}

func (r remark) at() time.Time { return time.Unix(int64(r.Created), 0).UTC() }

func (r remark) item(a platform.Account, film string) platform.Item {
	i := platform.Item{
		Kind: platform.Comment, RemoteID: r.ID, Thread: film, InReplyTo: r.Parent, AuthorID: r.Author, Author: r.Name, Text: r.Text,
		URL: profile(a.Handle) + "/video/" + url.PathEscape(film), At: r.at(), Hidden: r.Status != "" && r.Status != "PUBLIC",
	}
	if i.InReplyTo == "" {
		i.InReplyTo = film
	}
	if i.AuthorID == "" {
		i.AuthorID = r.User
	}
	if r.Owner {
		i.Kind = platform.OwnPost
	}
	return i
}

type remarks struct {
	Comments []remark `json:"comments"`
	Cursor   int64    `json:"cursor"`
	More     bool     `json:"has_more"`
}

// remarks reads a page of comments on a post, or of answers to a comment,
// newest first and hidden ones with them. GET /business/comment/list/ and
// /business/comment/reply/list/.
func (c *Connector) remarks(ctx context.Context, a platform.Account, film, below string, cursor int64) (list remarks, answer safehttp.Answer, err error) {
	query := url.Values{"video_id": {film}, "status": {"ALL"}, "sort_field": {"create_time"}, "sort_order": {"desc"}, "max_count": {"30"}}
	if cursor > 0 {
		query.Set("cursor", strconv.FormatInt(cursor, 10))
	}
	call := []string{"comment", "list"}
	if below != film {
		query.Set("comment_id", below)
		call = []string{"comment", "reply", "list"}
	}
	answer, err = c.ask(ctx, a, &list, query, call...)
	return list, answer, err
}

// everyRemark reads all comments on a post with their answers.
func (c *Connector) everyRemark(ctx context.Context, a platform.Account, film, below string) (all []remark, err error) {
	cursor := int64(0)
	for range 40 { // 1,200 comments
		list, _, err := c.remarks(ctx, a, film, below, cursor)
		if gone(err) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		for _, r := range list.Comments {
			all = append(all, r)
			if r.Replies > 0 && below == film {
				answers, err := c.everyRemark(ctx, a, film, r.ID)
				if err != nil {
					return nil, err
				}
				all = append(all, answers...)
			}
		}
		if !list.More || list.Cursor == cursor {
			return all, nil
		}
		cursor = list.Cursor
	}
	return all, nil
}

// talk is where the comments feed was left: what each post's count was, and
// which comments were given.
type talk struct {
	Posts map[string]known `json:"posts"`
}

type known struct {
	Count int64    `json:"n"`
	IDs   []string `json:"ids,omitempty"`
	Again bool     `json:"again,omitempty"` // the count and the list did not agree: look once more
}

// pullBusiness reads the comments on the first post whose count has changed
// since the last look, one post a page.
func (c *Connector) pullBusiness(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	var was talk
	// A cursor we cannot read starts the feed anew: the inbox drops doubles.
	_ = json.Unmarshal([]byte(cursor), &was)
	posts, _, err := c.businessPosts(ctx, a, 0, nil)
	if err != nil {
		return platform.Page{}, err
	}
	next := talk{Posts: map[string]known{}}
	var changed []businessPost
	for _, p := range posts.Videos {
		k, ok := was.Posts[p.ID]
		if p.ID != "" && (ok && (k.Count != int64(p.Comments) || k.Again) || !ok && p.Comments > 0) {
			changed = append(changed, p)
		}
		if ok {
			next.Posts[p.ID] = k
		}
	}
	page := platform.Page{More: len(changed) > 1}
	if len(changed) > 0 {
		p := changed[0]
		all, err := c.everyRemark(ctx, a, p.ID, p.ID)
		if err != nil {
			return platform.Page{}, err
		}
		old := was.Posts[p.ID]
		page.Items = c.news(a, p.ID, old, all)
		k := known{Count: int64(p.Comments)}
		for _, r := range all {
			k.IDs = append(k.IDs, r.ID)
		}
		k.Again = int64(len(all)) != k.Count && !old.Again
		if int64(len(all)) < k.Count && (len(all) == 0 || !old.Again) {
			// The list is shorter than the count says: what is not in it need
			// not be deleted. It is asked for once more.
			page.Items = slices.DeleteFunc(page.Items, func(i platform.Item) bool { return i.Deleted })
			for _, id := range old.IDs {
				if !slices.Contains(k.IDs, id) {
					k.IDs = append(k.IDs, id)
				}
			}
		}
		next.Posts[p.ID] = k
	}
	raw, err := json.Marshal(next)
	if err != nil {
		return platform.Page{}, err
	}
	page.Cursor = string(raw)
	return page, nil
}

// news are the comments that were not given before, and those that are gone.
func (c *Connector) news(a platform.Account, film string, old known, all []remark) (items []platform.Item) {
	there := map[string]bool{}
	for _, r := range all {
		there[r.ID] = true
		c.films.Store(r.ID, film)
		if r.ID != "" && !slices.Contains(old.IDs, r.ID) {
			items = append(items, r.item(a, film))
		}
	}
	slices.SortStableFunc(items, func(x, y platform.Item) int { return x.At.Compare(y.At) })
	for _, id := range old.IDs {
		if !there[id] {
			items = append(items, platform.Item{Kind: platform.Comment, RemoteID: id, Thread: film, Deleted: true, At: time.Now().UTC()})
		}
	}
	return items
}

// pullOwnBusiness are our newest posts.
func (c *Connector) pullOwnBusiness(ctx context.Context, a platform.Account, cursor string) (platform.Page, error) {
	page, _, err := c.businessPosts(ctx, a, 0, nil)
	if err != nil {
		return platform.Page{}, err
	}
	var all []post
	for _, p := range page.Videos {
		all = append(all, post{ID: p.ID, Created: p.Created, Description: p.Caption, ShareURL: p.URL})
	}
	return sightings(a, all, cursor)
}

// SetHidden implements platform.Hider. POST /business/comment/hide/ wants the
// post, too: it is known from reading, or looked for among the newest posts.
func (c *Connector) SetHidden(ctx context.Context, a platform.Account, remoteID string, hidden bool) error {
	if a.Mode != Business {
		return &platform.Refusal{Code: "platform.hide_unsupported", Fix: platform.FixNobody}
	}
	film, err := c.filmOf(ctx, a, remoteID)
	if err != nil {
		return err
	}
	action := "UNHIDE"
	if hidden {
		action = "HIDE"
	}
	_, err = c.tell(ctx, a, map[string]any{"video_id": film, "comment_id": remoteID, "action": action}, &struct{}{}, "comment", "hide")
	return err
}

func (c *Connector) filmOf(ctx context.Context, a platform.Account, comment string) (string, error) {
	if film, ok := c.films.Load(comment); ok {
		return film.(string), nil
	}
	page, _, err := c.businessPosts(ctx, a, 0, nil)
	if err != nil {
		return "", err
	}
	ids, err := json.Marshal([]string{comment})
	if err != nil {
		return "", err
	}
	for _, p := range page.Videos {
		var list remarks
		_, err := c.ask(ctx, a, &list, url.Values{"video_id": {p.ID}, "comment_ids": {string(ids)}, "status": {"ALL"}}, "comment", "list")
		if err != nil {
			return "", err
		}
		if slices.ContainsFunc(list.Comments, func(r remark) bool { return r.ID == comment }) {
			c.films.Store(comment, p.ID)
			return p.ID, nil
		}
	}
	return "", &platform.Refusal{Code: "platform.not_found", Said: "not below our newest posts", Fix: platform.FixNobody}
}
