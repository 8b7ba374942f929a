package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// Limits of the lexicons (app.bsky.feed.post, app.bsky.embed.*).
const (
	skyMaxGraphemes = 300
	skyMaxBytes     = 3000
	skyMaxImages    = 4
	skyMaxImage     = 2_000_000
	skyMaxThumb     = 1_000_000
	skyMaxVideo     = 300_000_000
	skyMaxHidden    = 300
)

// skyComplaint says what does not fit, where.
func skyComplaint(collection, what, where string) *answer {
	a := skyInvalid("Invalid " + collection + " record: " + what + " at $.record" + where)
	return &a
}

// skyCheck holds a record against its lexicon, as far as the pretended network
// knows one.
func (s *Sandbox) skyCheck(a *Account, w skyWrite) (complaint *answer, known bool) {
	no := func(what, where string) (*answer, bool) { return skyComplaint(w.collection, what, where), true }
	switch w.collection {
	case skyPost, skyGate, skyLike, skyRepost, skyBlock, skyFollow, skyPostgate:
		if _, err := time.Parse(time.RFC3339, asText(w.record["createdAt"])); err != nil {
			return no(fmt.Sprintf("Invalid datetime (got %q)", asText(w.record["createdAt"])), ".createdAt")
		}
	case skyProfile:
		return nil, true
	default:
		return nil, false
	}
	switch w.collection {
	case skyPost:
		return s.skyCheckPost(w.record), true
	case skyGate:
		if _, _, _, ok := skyParts(asText(w.record["post"])); !ok {
			return no(fmt.Sprintf("Invalid at-uri (got %q)", asText(w.record["post"])), ".post")
		}
		if n := len(asTexts(w.record["hiddenReplies"])); n > skyMaxHidden {
			return no(fmt.Sprintf("array too big (maximum %d, got %d)", skyMaxHidden, n), ".hiddenReplies")
		}
		if list, ok := w.record["allow"].([]any); ok && len(list) > 5 {
			return no(fmt.Sprintf("array too big (maximum 5, got %d)", len(list)), ".allow")
		}
	case skyLike, skyRepost:
		subject, _ := w.record["subject"].(map[string]any)
		if !skyStrongRef(subject) {
			return no("Missing required key \"subject\"", "")
		}
	case skyBlock, skyFollow:
		if !strings.HasPrefix(asText(w.record["subject"]), "did:") {
			return no("Invalid DID", ".subject")
		}
	}
	return nil, true
}

func skyStrongRef(ref map[string]any) bool {
	_, _, _, ok := skyParts(asText(ref["uri"]))
	_, err := cidBytes(asText(ref["cid"]))
	return ok && err == nil
}

func (s *Sandbox) skyCheckPost(r map[string]any) *answer {
	no := func(what, where string) *answer { return skyComplaint(skyPost, what, where) }
	text, ok := r["text"].(string)
	if !ok {
		return no("Missing required key \"text\"", "")
	}
	if len(text) > skyMaxBytes {
		return no(fmt.Sprintf("string too big (maximum %d, got %d)", skyMaxBytes, len(text)), ".text")
	}
	if n := uniseg.GraphemeClusterCount(text); n > skyMaxGraphemes {
		return no(fmt.Sprintf("grapheme too big (maximum %d, got %d)", skyMaxGraphemes, n), ".text")
	}
	if list, ok := r["langs"].([]any); ok && len(list) > 3 {
		return no(fmt.Sprintf("array too big (maximum 3, got %d)", len(list)), ".langs")
	}
	if list, ok := r["tags"].([]any); ok && len(list) > 8 {
		return no(fmt.Sprintf("array too big (maximum 8, got %d)", len(list)), ".tags")
	}
	if reply, there := r["reply"]; there {
		ref, _ := reply.(map[string]any)
		root, _ := ref["root"].(map[string]any)
		parent, _ := ref["parent"].(map[string]any)
		for name, to := range map[string]map[string]any{"root": root, "parent": parent} {
			if to == nil {
				return no(fmt.Sprintf("Missing required key %q", name), ".reply")
			}
			if !skyStrongRef(to) {
				return no(fmt.Sprintf("Invalid at-uri (got %q)", asText(to["uri"])), ".reply."+name+".uri")
			}
		}
	}
	if facets, there := r["facets"]; there {
		if complaint := skyCheckFacets(facets, text); complaint != nil {
			return complaint
		}
	}
	if embed, there := r["embed"]; there {
		e, _ := embed.(map[string]any)
		return s.skyCheckEmbed(e, ".embed")
	}
	return nil
}

// skyCheckFacets: offsets are bytes of the UTF-8 text. The true server stores
// offsets beside the text, too, and then nothing is shown; here a client that
// counts wrongly is told.
func skyCheckFacets(v any, text string) *answer {
	list, ok := v.([]any)
	if !ok {
		return skyComplaint(skyPost, "Expected array value type", ".facets")
	}
	for i, x := range list {
		where := fmt.Sprintf(".facets[%d]", i)
		facet, _ := x.(map[string]any)
		index, _ := facet["index"].(map[string]any)
		start, ok1 := skyOffset(index["byteStart"])
		end, ok2 := skyOffset(index["byteEnd"])
		if !ok1 || !ok2 || start >= end || end > len(text) || !utf8.RuneStart((text + " ")[start]) || !utf8.RuneStart((text + " ")[end]) {
			return skyComplaint(skyPost, "Invalid byte slice", where+".index")
		}
		features, ok := facet["features"].([]any)
		if !ok {
			return skyComplaint(skyPost, "Missing required key \"features\"", where)
		}
		for _, x := range features {
			f, _ := x.(map[string]any)
			need := map[string]string{
				"app.bsky.richtext.facet#mention": "did", "app.bsky.richtext.facet#link": "uri", "app.bsky.richtext.facet#tag": "tag",
			}[asText(f["$type"])]
			if f["$type"] == nil || need != "" && asText(f[need]) == "" {
				return skyComplaint(skyPost, "Missing required key \""+need+"\"", where+".features")
			}
			if need == "did" && !strings.HasPrefix(asText(f["did"]), "did:") {
				return skyComplaint(skyPost, "Invalid DID", where+".features")
			}
			if tag := asText(f["tag"]); need == "tag" && (len(tag) > 640 || uniseg.GraphemeClusterCount(tag) > 64) {
				return skyComplaint(skyPost, "grapheme too big (maximum 64)", where+".features")
			}
		}
	}
	return nil
}

func skyOffset(v any) (int, bool) {
	n, ok := v.(json.Number)
	if !ok {
		return 0, false
	}
	i, err := n.Int64()
	return int(i), err == nil && i >= 0 && i <= skyMaxBytes
}

func (s *Sandbox) skyCheckEmbed(e map[string]any, where string) *answer {
	no := func(what, more string) *answer { return skyComplaint(skyPost, what, where+more) }
	record := func() *answer {
		ref, _ := e["record"].(map[string]any)
		if inner, ok := ref["record"].(map[string]any); ok {
			ref = inner
		}
		if !skyStrongRef(ref) {
			return no("Missing required key \"record\"", "")
		}
		return nil
	}
	switch e["$type"] {
	case "app.bsky.embed.images":
		list, ok := e["images"].([]any)
		if !ok {
			return no("Missing required key \"images\"", "")
		}
		if len(list) > skyMaxImages {
			return no(fmt.Sprintf("array too big (maximum %d, got %d)", skyMaxImages, len(list)), ".images")
		}
		for i, x := range list {
			image, _ := x.(map[string]any)
			if _, ok := image["alt"].(string); !ok {
				return no("Missing required key \"alt\"", fmt.Sprintf(".images[%d]", i))
			}
			if complaint := s.skyCheckBlob(image["image"], "image/", skyMaxImage); complaint != nil {
				return complaint
			}
		}
	case "app.bsky.embed.video":
		return s.skyCheckBlob(e["video"], "video/mp4", skyMaxVideo)
	case "app.bsky.embed.external":
		x, _ := e["external"].(map[string]any)
		for _, key := range []string{"uri", "title", "description"} {
			if _, ok := x[key].(string); !ok {
				return no("Missing required key \""+key+"\"", ".external")
			}
		}
		if !strings.Contains(asText(x["uri"]), ":") {
			return no(fmt.Sprintf("Invalid uri (got %q)", asText(x["uri"])), ".external.uri")
		}
		if thumb, there := x["thumb"]; there {
			return s.skyCheckBlob(thumb, "image/", skyMaxThumb)
		}
	case "app.bsky.embed.record":
		return record()
	case "app.bsky.embed.recordWithMedia":
		if complaint := record(); complaint != nil {
			return complaint
		}
		media, _ := e["media"].(map[string]any)
		return s.skyCheckEmbed(media, where+".media")
	}
	return nil // the list of embeds is open: one that nobody knows is stored
}

// skyCheckBlob: a record may only name what was uploaded, as it was uploaded
// (atproto packages/pds/src/actor-store/blob/transactor.ts).
func (s *Sandbox) skyCheckBlob(blob any, kind string, most int64) *answer {
	refuse := func(name, message string) *answer {
		a := skyError(http.StatusBadRequest, name, message)
		return &a
	}
	cid := skyBlobCID(blob)
	m := s.world.media[at(Bluesky, cid)]
	if m == nil || !m.Ready {
		return refuse("BlobNotFound", "Could not find blob: "+cid)
	}
	b, _ := blob.(map[string]any)
	if got := asText(b["mimeType"]); got != m.Type {
		return refuse("InvalidMimeType", "Referenced Mimetype does not match stored blob. Expected: "+m.Type+", Got: "+got)
	}
	if got := asText(b["size"]); got != fmt.Sprint(m.Size) {
		return refuse("InvalidSize", fmt.Sprintf("Referenced Size does not match stored blob. Expected: %d, Got: %s", m.Size, got))
	}
	if m.Size > most {
		return refuse("BlobTooLarge", fmt.Sprintf("This file is too large. It is %.2fMB but the maximum size is %.2fMB.", float64(m.Size)/1e6, float64(most)/1e6))
	}
	if !strings.HasPrefix(m.Type, kind) {
		return refuse("InvalidMimeType", "Wrong mimetype. It is "+m.Type+" but it must match "+kind+"*.")
	}
	return nil
}
