package sandbox

import (
	"encoding/json"
	"slices"
	"strings"
)

// skyNewPost is the post that a checked record makes.
func (s *Sandbox) skyNewPost(c *call, w skyWrite) (*Post, *answer) {
	raw, err := json.Marshal(w.record)
	if err != nil {
		no := skyInvalid("Invalid record")
		return nil, &no
	}
	p := &Post{
		Platform: Bluesky, Kind: kindPost, Account: c.account.ID, AuthorID: c.account.ID, Author: c.account.Handle, Ours: true,
		Text: asText(w.record["text"]), Face: map[string]string{"rkey": w.rkey, "record": string(raw)},
	}
	p.Link = firstURL(p.Text)
	if reply, ok := w.record["reply"].(map[string]any); ok {
		// What is answered may be gone: the network keeps the reference.
		parent, _ := reply["parent"].(map[string]any)
		root, _ := reply["root"].(map[string]any)
		p.Kind, p.InReplyTo, p.Thread = kindComment, asText(parent["uri"]), asText(root["uri"])
	}
	embed, _ := w.record["embed"].(map[string]any)
	s.skyEmbedded(p, embed)
	return p, nil
}

// skyEmbedded notes what hangs on a post.
func (s *Sandbox) skyEmbedded(p *Post, embed map[string]any) {
	attach := func(blob any, alt string) {
		if m := s.world.media[at(Bluesky, skyBlobCID(blob))]; m != nil {
			next := *m
			next.Alt = alt
			p.Media = append(p.Media, next)
		}
	}
	switch embed["$type"] {
	case "app.bsky.embed.images":
		list, _ := embed["images"].([]any)
		for _, x := range list {
			image, _ := x.(map[string]any)
			attach(image["image"], asText(image["alt"]))
		}
	case "app.bsky.embed.video":
		attach(embed["video"], asText(embed["alt"]))
	case "app.bsky.embed.external":
		external, _ := embed["external"].(map[string]any)
		p.Link = asText(external["uri"])
	case "app.bsky.embed.recordWithMedia":
		media, _ := embed["media"].(map[string]any)
		s.skyEmbedded(p, media)
	}
}

// skyBlobCID is the CID in a blob reference, "" if it is none.
func skyBlobCID(blob any) string {
	b, _ := blob.(map[string]any)
	ref, _ := b["ref"].(map[string]any)
	return asText(ref["$link"])
}

// skyEffect is what a record that is no post does in the world; old is its
// state before, w without a record means that it was deleted.
func (s *Sandbox) skyEffect(c *call, w skyWrite, old *repoRecord) error {
	before := object{}
	if old != nil {
		before = skyDecode(old.Value)
	}
	subject := func(r map[string]any) string {
		if ref, ok := r["subject"].(map[string]any); ok {
			return asText(ref["uri"])
		}
		return asText(r["subject"])
	}
	switch w.collection {
	case skyGate:
		return s.skyHide(c, asTexts(before["hiddenReplies"]), asTexts(w.record["hiddenReplies"]))
	case skyBlock:
		if old != nil && subject(before) != subject(w.record) {
			if err := s.block(Bluesky, c.account.ID, subject(before), s.skyBlocks(c.account.ID, subject(before))); err != nil {
				return err
			}
		}
		if w.record != nil {
			return s.block(Bluesky, c.account.ID, subject(w.record), true)
		}
	case skyLike, skyRepost:
		by := int64(1)
		what := subject(w.record)
		if w.record == nil {
			by, what = -1, subject(before)
		}
		if p := s.world.visible(Bluesky, what); p != nil {
			likes, shares := by, int64(0)
			if w.collection == skyRepost {
				likes, shares = 0, by
			}
			return s.world.change(p, func(p *Post) { p.Likes += likes; p.Shares += shares })
		}
	}
	return nil
}

// skyBlocks says whether any block record of an account names somebody.
func (s *Sandbox) skyBlocks(did, subject string) bool {
	for uri, r := range s.world.records {
		if strings.HasPrefix(uri, "at://"+did+"/"+skyBlock+"/") && asText(skyDecode(r.Value)["subject"]) == subject {
			return true
		}
	}
	return false
}

// skyHide hides the replies that a threadgate names and shows those it no
// longer does.
func (s *Sandbox) skyHide(c *call, before, after []string) error {
	set := func(uris []string, hidden bool) error {
		for _, uri := range uris {
			if p := s.world.visible(Bluesky, uri); p != nil && p.Account == c.account.ID {
				if err := s.setHidden(p, hidden, c.now); err != nil {
					return err
				}
			}
		}
		return nil
	}
	shown := slices.DeleteFunc(slices.Clone(before), func(uri string) bool { return slices.Contains(after, uri) })
	if err := set(shown, false); err != nil {
		return err
	}
	return set(after, true)
}

func asTexts(v any) []string {
	list, _ := v.([]any)
	var out []string
	for _, x := range list {
		out = append(out, asText(x))
	}
	return out
}
