package sandbox

import (
	"net/http"
	"time"
)

// xHabit: X allows fifteen characters in a name.
func xHabit() habit {
	return habit{
		name: X, mount: "/x", hears: []string{kindMention, kindDirect},
		routes: func(s *Sandbox, m *http.ServeMux) { s.xRoutes(m); s.x1Routes(m) },
		accounts: []*Account{
			{Platform: X, ID: "1580021000000001024", Handle: "tirtawangikota", Name: "Pemkot Tirtawangi", Bio: bioKota},
			{Platform: X, ID: "1580021000000002048", Handle: "protokol_tirta", Name: "Protokol Tirtawangi", Bio: bioProtokol},
		},
		tokens: func(seed int64, a *Account) []*token {
			who := at(a.Platform, a.ID)
			return []*token{{Access: derive(seed, "access", who), Refresh: derive(seed, "refresh", who), Account: who}, {
				Access: a.ID + "-" + derive(seed, "oauth1", who), Secret: derive(seed, "oauth1-secret", who), Account: who, Mode: "v1.1",
			}}
		},
		direct: func(p *Post) string { return xConversation(p.AuthorID, p.Account) },
		push: func(s *Sandbox, h Hook, p *Post, verb string, now time.Time) []byte {
			if h.Shape == shapeAccount {
				return s.accountPush(p, verb, now)
			}
			return s.activityPush(h, p, verb)
		},
		challenge: xChallenge, signed: xSigned,
	}
}

// facebookHabit: Graph joins ids: PAGE_POST and POST_COMMENT.
func facebookHabit() habit {
	return habit{
		name: Facebook, mount: "/fb", names: true, hears: []string{kindMention, kindDirect},
		routes:   (*Sandbox).facebookRoutes,
		accounts: twoOffices(Facebook, "104500000000101", "104500000000202"),
		tokens:   plainToken("EAA"),
		id: func(w *world, p *Post, now time.Time) string {
			n := w.nextID(Facebook, now)
			switch p.Kind {
			case kindDirect:
				return "m_" + n
			case kindComment:
				return objectPart(p.Thread) + "_" + n
			}
			return p.AuthorID + "_" + n
		},
		direct: func(p *Post) string { return "t_" + p.AuthorID },
		push: func(s *Sandbox, _ Hook, p *Post, verb string, now time.Time) []byte {
			return s.facebookPush(p, verb, now)
		},
		challenge: metaChallenge, signed: metaSigned,
	}
}

func mastodonHabit() habit {
	return habit{
		name: Mastodon, mount: "/masto", hears: []string{kindMention, kindDirect},
		routes: (*Sandbox).mastodonRoutes, heard: mastoHeard,
		accounts: twoOffices(Mastodon, "110000000000000101", "110000000000000202"),
	}
}
