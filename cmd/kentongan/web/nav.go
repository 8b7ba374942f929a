package web

import "kentongan/internal/identity"

// NavItem is one entry of the menu.
type NavItem struct {
	Key    string // "today": its word is "nav.today"
	Path   string
	Icon   string
	Count  int  // waiting there
	Hot    bool // some of it is late
	Break  bool // a space before it
	Foot   bool // at the bottom
	Phone  bool // among the phone's tabs
	powers []identity.Power
}

// menu lists exactly the pages there are, and the powers one of which lets a
// person see the entry; none means everybody who is signed in.
func menu() []NavItem {
	return []NavItem{
		{Key: "today", Path: "/hari-ini", Icon: "house", Phone: true},
		{Key: "inbox", Path: "/kotak-masuk", Icon: "inbox", Phone: true, powers: []identity.Power{identity.ReadInbox}},
		{Key: "moderation", Path: "/moderasi", Icon: "shield", powers: []identity.Power{identity.Moderate, identity.Govern}},
		{Key: "calendar", Path: "/kalender", Icon: "calendar-days", Break: true, powers: []identity.Power{identity.ReadPosts}},
		{Key: "posts", Path: "/unggahan", Icon: "send", powers: []identity.Power{identity.ReadPosts}},
		{Key: "review", Path: "/persetujuan", Icon: "stamp", Phone: true, powers: []identity.Power{identity.Approve, identity.Compose}},
		{Key: "report", Path: "/laporan", Icon: "chart-column", Break: true, powers: []identity.Power{identity.ReadReport}},
		{Key: "transparency", Path: "/t/", Icon: "scale"},
		{Key: "queue", Path: "/antrean", Icon: "layers", Break: true, powers: []identity.Power{identity.ReadQueue}},
		{Key: "audit", Path: "/jejak", Icon: "history", powers: []identity.Power{identity.ReadAudit}},
		{Key: "channels", Path: "/pengaturan/kanal", Icon: "settings", Foot: true, powers: []identity.Power{identity.Connect, identity.Approve}},
	}
}

// Badges are the counts beside menu entries.
type Badges struct {
	Inbox, InboxLate, Moderation, Review int
}

// navFor is the menu of one person in one agency.
func navFor(by identity.Actor, slug string, b Badges) []NavItem {
	var mine []NavItem
	for _, n := range menu() {
		if !mayAny(by, n.powers) {
			continue
		}
		switch n.Key {
		case "inbox":
			n.Count, n.Hot = b.Inbox, b.InboxLate > 0
		case "moderation":
			n.Count = b.Moderation
			if !by.May(identity.Moderate, by.Agency) {
				n.Path = rulesPath // who governs the rules decides about no message
			}
		case "review":
			n.Count = b.Review
		case "transparency":
			n.Path += slug
		}
		mine = append(mine, n)
	}
	return mine
}

func mayAny(by identity.Actor, powers []identity.Power) bool {
	if len(powers) == 0 {
		return true
	}
	for _, p := range powers {
		if by.May(p, by.Agency) {
			return true
		}
	}
	return false
}
