package sandbox

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// repoRecord is something in an account's repository that is no post: a
// threadgate, a block, a like.
type repoRecord struct {
	URI     string          `json:"uri"`
	CID     string          `json:"cid"`
	Value   json.RawMessage `json:"value"`
	At      time.Time       `json:"at"`
	Deleted bool            `json:"deleted,omitempty"`
}

func skyURI(did, collection, rkey string) string {
	return "at://" + did + "/" + collection + "/" + rkey
}

// skyParts takes an address apart; ok is false when it is none.
func skyParts(uri string) (did, collection, rkey string, ok bool) {
	rest, found := strings.CutPrefix(uri, "at://")
	parts := strings.Split(rest, "/")
	if !found || len(parts) != 3 || !strings.HasPrefix(parts[0], "did:") {
		return "", "", "", false
	}
	return parts[0], parts[1], parts[2], true
}

// skyID gives a post its address, its record and its CID.
func skyID(w *world, p *Post, now time.Time) string {
	if p.Kind == kindDirect {
		return w.nextTID(now)
	}
	p.Face = maps.Clone(p.Face)
	if p.Face == nil {
		p.Face = map[string]string{}
	}
	rkey := p.Face["rkey"]
	if rkey == "" {
		rkey = w.nextTID(now)
	}
	if p.Face["record"] == "" {
		raw, _ := json.Marshal(w.skyRecordOf(p)) // plain values always marshal
		p.Face["record"] = string(raw)
	}
	p.Face["cid"], _ = recordCID(skyDecode([]byte(p.Face["record"])))
	return skyURI(p.AuthorID, skyPost, rkey)
}

// skyDecode reads a record with its numbers as they were written.
func skyDecode(raw []byte) map[string]any {
	d := json.NewDecoder(strings.NewReader(string(raw)))
	d.UseNumber()
	var v map[string]any
	_ = d.Decode(&v) // only what we wrote ourselves is read here
	return v
}

// skyRecordOf is the record of something that was not written through the API.
func (w *world) skyRecordOf(p *Post) object {
	r := object{"$type": skyPost, "text": p.Text, "createdAt": skyTime(p.At), "langs": []string{"id"}}
	if facets := w.skyFacets(p.Text); len(facets) > 0 {
		r["facets"] = facets
	}
	if parent := w.post(Bluesky, p.InReplyTo); parent != nil {
		root := w.post(Bluesky, parent.Thread)
		if root == nil {
			root = parent
		}
		r["reply"] = object{"root": skyRef(root), "parent": skyRef(parent)}
	}
	return r
}

func skyRef(p *Post) object { return object{"uri": p.ID, "cid": p.Face["cid"]} }

// skyRecord is a post's record and CID as they are now.
func skyRecord(p *Post) (map[string]any, string) {
	r := skyDecode([]byte(p.Face["record"]))
	if p.EditedAt.IsZero() || r == nil {
		return r, p.Face["cid"]
	}
	r["text"] = p.Text
	delete(r, "facets")
	cid, _ := recordCID(r)
	return r, cid
}

// skyWrite is a request to write, checked.
type skyWrite struct {
	collection, rkey string
	record           map[string]any
	status           string // validationStatus
}

// skyReadWrite checks what createRecord and putRecord have in common.
func (s *Sandbox) skyReadWrite(c *call, rkey string) (skyWrite, *answer) {
	no := func(a answer) (skyWrite, *answer) { return skyWrite{}, &a }
	if repo := strings.TrimPrefix(c.str("repo"), "@"); repo != c.account.ID && repo != c.account.Handle {
		if repo == "" {
			return no(skyInvalid("Missing required key \"repo\" at $"))
		}
		return no(skyError(http.StatusUnauthorized, "AuthenticationRequired", "Authentication Required"))
	}
	w := skyWrite{collection: c.str("collection"), rkey: rkey, record: c.object("record"), status: "valid"}
	if strings.Count(w.collection, ".") < 2 {
		return no(skyInvalid(fmt.Sprintf("Invalid NSID (got %q) at $.collection", w.collection)))
	}
	if w.record == nil {
		return no(skyInvalid("Missing required key \"record\" at $"))
	}
	if kind, ok := w.record["$type"]; !ok {
		w.record["$type"] = w.collection
	} else if kind != w.collection {
		return no(skyInvalid(fmt.Sprintf("Invalid $type: expected %s, got %v", w.collection, kind)))
	}
	// Likes, blocks and follows have TIDs; a threadgate its post's key.
	if slices.Contains([]string{skyPost, skyGate, skyLike, skyRepost, skyBlock, skyFollow, skyPostgate}, w.collection) && !validTID(rkey) {
		return no(skyInvalid("Invalid record key for " + w.collection + ": Invalid TID string (got " + fmt.Sprintf("%q", rkey) + ") at $"))
	}
	if complaint, known := s.skyCheck(c.account, w); complaint != nil {
		return no(*complaint)
	} else if !known {
		if c.flag("validate") {
			return no(skyInvalid("Unknown lexicon type: " + w.collection))
		}
		w.status = "unknown"
	}
	return w, nil
}

// skyCreate: com.atproto.repo.createRecord. A key that exists already is an
// inner failure, not a conflict (measured on a real PDS).
func (s *Sandbox) skyCreate(c *call) answer {
	rkey := c.str("rkey")
	if rkey == "" {
		rkey = s.world.nextTID(c.now)
	}
	w, no := s.skyReadWrite(c, rkey)
	if no != nil {
		return *no
	}
	if _, _, there := s.skyFindRecord(skyURI(c.account.ID, w.collection, rkey)); there {
		return skyBroken()
	}
	return s.skyCommit(c, w)
}

// skyPut: com.atproto.repo.putRecord. The identical record again is no commit
// and answers the same address and CID (measured on a real PDS).
func (s *Sandbox) skyPut(c *call) answer {
	w, no := s.skyReadWrite(c, c.str("rkey"))
	if no != nil {
		return *no
	}
	uri := skyURI(c.account.ID, w.collection, w.rkey)
	old, oldCID, there := s.skyFindRecord(uri)
	if swap, asked := c.json["swapRecord"]; asked {
		if swap == nil && there || swap != nil && (!there || asText(swap) != oldCID) {
			at := oldCID
			if at == "" {
				at = "null"
			}
			return skyError(http.StatusBadRequest, "InvalidSwap", "Record was at "+at)
		}
	}
	cid, err := recordCID(w.record)
	if err != nil {
		return skyInvalid("Invalid record: " + err.Error())
	}
	if there && cid == oldCID {
		return jsonAnswer(http.StatusOK, object{"uri": uri, "cid": cid, "validationStatus": w.status})
	}
	if p := s.world.visible(Bluesky, uri); p != nil && old != nil {
		return s.skyRewrite(c, p, w, cid)
	}
	return s.skyCommit(c, w)
}

// skyRewrite changes a post's record: possible in the repository, although the
// network shows what it saw first.
func (s *Sandbox) skyRewrite(c *call, p *Post, w skyWrite, cid string) answer {
	raw, _ := json.Marshal(w.record) // it came as JSON
	err := s.world.change(p, func(p *Post) {
		p.Face = maps.Clone(p.Face)
		p.Face["record"], p.Face["cid"], p.Text, p.EditedAt = string(raw), cid, asText(w.record["text"]), time.Time{}
	})
	if err != nil {
		return skyBroken()
	}
	return s.skyWritten(p.ID, cid, w)
}

func (s *Sandbox) skyWritten(uri, cid string, w skyWrite) answer {
	head := object{"cid": cidOf(codecDagCBOR, []byte(uri+cid)), "rev": tidOf(s.now().UnixMicro(), 3)}
	return jsonAnswer(http.StatusOK, object{"uri": uri, "cid": cid, "commit": head, "validationStatus": w.status})
}

// skyCommit puts a new record, or a new state of one that is no post, in place.
func (s *Sandbox) skyCommit(c *call, w skyWrite) answer {
	uri := skyURI(c.account.ID, w.collection, w.rkey)
	if w.collection == skyPost {
		p, no := s.skyNewPost(c, w)
		if no != nil {
			return *no
		}
		if err := s.publish(p, c.now); err != nil {
			return skyBroken()
		}
		return s.skyWritten(p.ID, p.Face["cid"], w)
	}
	cid, err := recordCID(w.record)
	if err != nil {
		return skyInvalid("Invalid record: " + err.Error())
	}
	raw, _ := json.Marshal(w.record) // it came as JSON
	r := &repoRecord{URI: uri, CID: cid, Value: raw, At: c.now}
	old := s.world.records[uri]
	if err := s.skyKeep(r); err != nil {
		return skyBroken()
	}
	if err := s.skyEffect(c, w, old); err != nil {
		return skyBroken()
	}
	return s.skyWritten(uri, cid, w)
}

func (s *Sandbox) skyKeep(r *repoRecord) error {
	if err := s.world.journal.write(entry{Record: r}); err != nil {
		return err
	}
	s.world.apply(entry{Record: r})
	return nil
}

// skyFindRecord is a record of anybody's, its CID, and whether it is there.
func (s *Sandbox) skyFindRecord(uri string) (map[string]any, string, bool) {
	if p := s.world.visible(Bluesky, uri); p != nil {
		record, cid := skyRecord(p)
		return record, cid, true
	}
	if r := s.world.records[uri]; r != nil {
		return skyDecode(r.Value), r.CID, true
	}
	return nil, "", false
}

// skyDelete: com.atproto.repo.deleteRecord. What is not there is deleted.
func (s *Sandbox) skyDelete(c *call) answer {
	if repo := c.str("repo"); repo != c.account.ID && repo != c.account.Handle {
		return skyError(http.StatusUnauthorized, "AuthenticationRequired", "Authentication Required")
	}
	uri := skyURI(c.account.ID, c.str("collection"), c.str("rkey"))
	_, cid, there := s.skyFindRecord(uri)
	if swap := c.str("swapRecord"); swap != "" && swap != cid {
		return skyError(http.StatusBadRequest, "InvalidSwap", "Record was at "+cid)
	}
	if !there {
		return jsonAnswer(http.StatusOK, object{})
	}
	if p := s.world.visible(Bluesky, uri); p != nil {
		if err := s.remove(p, c.now); err != nil {
			return skyBroken()
		}
	} else if err := s.skyForget(c, uri); err != nil {
		return skyBroken()
	}
	return jsonAnswer(http.StatusOK, object{"commit": object{"cid": cidOf(codecDagCBOR, []byte("gone"+uri)), "rev": tidOf(c.now.UnixMicro(), 3)}})
}

func (s *Sandbox) skyForget(c *call, uri string) error {
	old := s.world.records[uri]
	_, collection, rkey, _ := skyParts(uri)
	if err := s.skyKeep(&repoRecord{URI: uri, Deleted: true}); err != nil {
		return err
	}
	return s.skyEffect(c, skyWrite{collection: collection, rkey: rkey}, old)
}

// skyGet: com.atproto.repo.getRecord.
func (s *Sandbox) skyGet(c *call) answer {
	did := s.skyActor(c.str("repo"))
	uri := skyURI(did, c.str("collection"), c.str("rkey"))
	record, cid, there := s.skyFindRecord(uri)
	if !there || c.has("cid") && c.str("cid") != cid {
		return skyError(http.StatusBadRequest, "RecordNotFound", "Could not locate record: "+uri)
	}
	return jsonAnswer(http.StatusOK, object{"uri": uri, "cid": cid, "value": record})
}

// skyActor is the DID of a DID or handle.
func (s *Sandbox) skyActor(who string) string {
	if strings.HasPrefix(who, "did:") || who == "" {
		return who
	}
	if p := s.world.knows(Bluesky, strings.TrimPrefix(strings.ToLower(who), "@")); p != nil {
		return p.ID
	}
	return who
}

// skyList: com.atproto.repo.listRecords, newest key first.
func (s *Sandbox) skyList(c *call) answer {
	did := s.skyActor(c.str("repo"))
	prefix := "at://" + did + "/" + c.str("collection") + "/"
	var uris []string
	for _, p := range s.world.byAuthor[at(Bluesky, did)] {
		if !p.Deleted && strings.HasPrefix(p.ID, prefix) {
			uris = append(uris, p.ID)
		}
	}
	for uri := range s.world.records {
		if strings.HasPrefix(uri, prefix) {
			uris = append(uris, uri)
		}
	}
	slices.Sort(uris)
	if !c.flag("reverse") {
		slices.Reverse(uris)
	}
	if after := c.str("cursor"); after != "" {
		uris = slices.DeleteFunc(uris, func(u string) bool {
			return !c.flag("reverse") && u >= prefix+after || c.flag("reverse") && u <= prefix+after
		})
	}
	records := []object{}
	out := object{}
	for _, uri := range uris[:min(len(uris), c.number("limit", 50, 1, 100))] {
		value, cid, _ := s.skyFindRecord(uri)
		records = append(records, object{"uri": uri, "cid": cid, "value": value})
		out["cursor"] = strings.TrimPrefix(uri, prefix)
	}
	out["records"] = records
	return jsonAnswer(http.StatusOK, out)
}
