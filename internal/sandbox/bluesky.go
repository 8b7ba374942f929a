package sandbox

import (
	"crypto/sha256"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// skyDomain is where the pretended network's people have their names.
const skyDomain = ".bsky.example"

// Collections (NSIDs) of records.
const (
	skyPost       = "app.bsky.feed.post"
	skyGate       = "app.bsky.feed.threadgate"
	skyLike       = "app.bsky.feed.like"
	skyRepost     = "app.bsky.feed.repost"
	skyBlock      = "app.bsky.graph.block"
	skyFollow     = "app.bsky.graph.follow"
	skyProfile    = "app.bsky.actor.profile"
	skyPostgate   = "app.bsky.feed.postgate"
	skyChatHeader = "did:web:api.bsky.chat#bsky_chat"
)

// blueskyHabit: people are DIDs, posts are addresses in their repositories.
func blueskyHabit() habit {
	return habit{
		name: Bluesky, mount: "/bsky", hears: []string{kindMention, kindDirect},
		routes: (*Sandbox).blueskyRoutes,
		accounts: []*Account{
			{Platform: Bluesky, ID: "did:plc:tirtawangikotaaaaaaaaaaa", Handle: "tirtawangikota" + skyDomain, Name: "Pemerintah Kota Tirtawangi", Bio: bioKota},
			{Platform: Bluesky, ID: "did:plc:protokoltirtaaaaaaaaaaaa", Handle: "protokol-tirtawangi" + skyDomain, Name: "Protokol Kota Tirtawangi", Bio: bioProtokol},
		},
		tokens: skyFirstToken, passwords: skyPasswords,
		id: skyID, person: skyPerson, gone: skyRemoved,
		direct: func(p *Post) string { return skyConversation(p.Account, p.AuthorID) },
	}
}

// skyPerson is somebody's DID and handle: a host name, so without underscores.
func skyPerson(name string) (id, handle string) {
	name = strings.TrimSuffix(strings.ToLower(name), skyDomain)
	var b strings.Builder
	for _, r := range name {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			b.WriteRune(r)
		} else {
			b.WriteByte('-')
		}
	}
	handle = strings.Trim(b.String(), "-")
	if handle == "" {
		handle = "warga"
	}
	handle += skyDomain
	sum := sha256.Sum256([]byte(handle))
	return "did:plc:" + lowerBase32.EncodeToString(sum[:15]), handle
}

// skyFace answers as a PDS does that passes app.bsky.* on to the AppView and
// chat.bsky.* to the chat service (atproto.com/specs/xrpc).
type skyFace struct{}

func (skyFace) platform() string { return Bluesky }

func skyError(status int, name, message string) answer {
	return jsonAnswer(status, object{"error": name, "message": message})
}

func skyInvalid(message string) answer {
	return skyError(http.StatusBadRequest, "InvalidRequest", message)
}

func skyBroken() answer {
	return skyError(http.StatusInternalServerError, "InternalServerError", "Internal Server Error")
}

// authenticate: a wrong token is 400, not 401 (measured on a real PDS).
func (skyFace) authenticate(s *Sandbox, c *call) *answer {
	header := c.r.Header.Get("Authorization")
	if header == "" {
		no := skyError(http.StatusUnauthorized, "AuthMissing", "Authentication Required")
		return &no
	}
	bearer, ok := strings.CutPrefix(header, "Bearer ")
	t := s.world.tokens[bearer]
	if !ok || t == nil || !strings.HasPrefix(t.Account, Bluesky+"/") || t.Revoked {
		c.token = &token{} // a wrong credential is refused where none is needed, too
		no := skyFace{}.revoked()
		return &no
	}
	c.token = t
	if t.dead(c.now) {
		no := skyError(http.StatusBadRequest, "ExpiredToken", "Token has expired")
		return &no
	}
	c.account = s.world.owner(t)
	return nil
}

func (skyFace) unreadable() answer {
	return skyInvalid("Request body is not valid JSON")
}
func (skyFace) tooMany(*meter) answer {
	return skyError(http.StatusTooManyRequests, "RateLimitExceeded", "Rate Limit Exceeded")
}
func (skyFace) revoked() answer {
	return skyError(http.StatusBadRequest, "InvalidToken", "Token could not be verified")
}

// meterHeaders: the reset is in Unix seconds, the policy "points;w=seconds".
func (skyFace) meterHeaders(a answer, m *meter) answer {
	return a.with("RateLimit-Limit", strconv.Itoa(m.limit)).
		with("RateLimit-Remaining", strconv.Itoa(m.remaining())).
		with("RateLimit-Reset", strconv.FormatInt(m.reset.Add(time.Second-1).Unix(), 10)).
		with("RateLimit-Policy", strconv.Itoa(m.limit)+";w="+strconv.Itoa(int(m.window.Seconds())))
}

func (s *Sandbox) blueskyRoutes(m *http.ServeMux) {
	f := skyFace{}
	add := func(method, nsid string, rt route) {
		if rt.window == 0 {
			rt.limit, rt.window = 3000, 5*time.Minute // 3,000 in five minutes, per address
		}
		m.HandleFunc(method+" /bsky/xrpc/"+nsid, s.serve(f, nsid, rt))
	}
	get := func(nsid, op string, run func(*Sandbox, *call) answer) {
		add("GET", nsid, route{op: op, run: run})
	}
	public := func(nsid, op string, run func(*Sandbox, *call) answer) {
		add("GET", nsid, route{op: op, open: true, run: run})
	}
	post := func(nsid, op string, run func(*Sandbox, *call) answer) {
		add("POST", nsid, route{op: op, run: run})
	}
	hour := time.Hour
	public("com.atproto.server.describeServer", opVerify, (*Sandbox).skyDescribe)
	add("POST", "com.atproto.server.createSession", route{op: opVerify, open: true, limit: 30, window: 5 * time.Minute, run: (*Sandbox).skySignIn})
	get("com.atproto.server.getSession", opVerify, (*Sandbox).skySession)
	get("com.atproto.server.getServiceAuth", opStage, (*Sandbox).skyServiceAuth)
	public("com.atproto.identity.resolveHandle", opVerify, (*Sandbox).skyResolve)
	// A repository has 5,000 points an hour: create 3, update 2, delete 1.
	add("POST", "com.atproto.repo.createRecord", route{opOf: skyWriteOp, limit: 1666, window: hour, run: (*Sandbox).skyCreate})
	add("POST", "com.atproto.repo.putRecord", route{opOf: skyWriteOp, limit: 2500, window: hour, run: (*Sandbox).skyPut})
	add("POST", "com.atproto.repo.deleteRecord", route{opOf: skyDeleteOp, limit: 5000, window: hour, run: (*Sandbox).skyDelete})
	add("POST", "com.atproto.repo.uploadBlob", route{op: opStage, limit: 1000, window: 24 * hour, run: (*Sandbox).skyUpload})
	add("GET", "com.atproto.repo.getRecord", route{opOf: skyReadOp, open: true, run: (*Sandbox).skyGet})
	public("com.atproto.repo.listRecords", opFind, (*Sandbox).skyList)
	public("app.bsky.actor.getProfile", opVerify, (*Sandbox).skyGetProfile)
	public("app.bsky.feed.getAuthorFeed", opPull, (*Sandbox).skyAuthorFeed)
	public("app.bsky.feed.getPosts", opMeasure, (*Sandbox).skyGetPosts)
	public("app.bsky.feed.getPostThread", opPull, (*Sandbox).skyThread)
	get("app.bsky.notification.listNotifications", opPull, (*Sandbox).skyNotifications)
	get("app.bsky.notification.getUnreadCount", opPull, (*Sandbox).skyUnread)
	post("app.bsky.notification.updateSeen", opPull, func(*Sandbox, *call) answer { return skyDone() })
	s.skyVideoRoutes(add)
	get("chat.bsky.convo.listConvos", opPull, skyChat((*Sandbox).skyConvos))
	get("chat.bsky.convo.getConvo", opPull, skyChat((*Sandbox).skyConvo))
	get("chat.bsky.convo.getConvoForMembers", opVerify, skyChat((*Sandbox).skyConvoFor))
	get("chat.bsky.convo.getMessages", opPull, skyChat((*Sandbox).skyMessages))
	get("chat.bsky.convo.getLog", opPull, skyChat((*Sandbox).skyLog))
	post("chat.bsky.convo.sendMessage", opPublish, skyChat((*Sandbox).skySend))
	m.HandleFunc("POST /bsky/xrpc/com.atproto.server.refreshSession", s.skyTokens((*Sandbox).skyRefresh))
	m.HandleFunc("POST /bsky/xrpc/com.atproto.server.deleteSession", s.skyTokens((*Sandbox).skySignOut))
	m.HandleFunc("/bsky/", func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/bsky/xrpc/") {
			skyError(http.StatusNotImplemented, "MethodNotImplemented", "Method Not Implemented").write(w)
			return
		}
		jsonAnswer(http.StatusNotFound, object{"error": "NotFound", "message": "Not Found"}).write(w)
	})
}

// skyDone is the answer of a procedure without output.
func skyDone() answer { return answer{status: http.StatusOK, header: http.Header{}} }

// What one address does is decided by the collection.
func skyWriteOp(c *call) string {
	switch c.str("collection") {
	case skyGate, skyPostgate, skyBlock:
		return opHide
	}
	return opPublish
}

func skyDeleteOp(c *call) string {
	if c.str("collection") == skyBlock {
		return opHide
	}
	return opDelete
}

func skyReadOp(c *call) string {
	if c.str("collection") == skyGate {
		return opHide
	}
	return opFind
}
