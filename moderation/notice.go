package moderation

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kentongan/inbox"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
)

// NoticeID is a UUIDv7 as text.
type NoticeID string

// How a citizen is told.
const (
	Privately = "private"
	InPublic  = "public" // below the comment, without clause and reason
	NoWay     = "none"
)

// Where a notice stands before the answer path has it.
const (
	NoticeHeld    = "held"    // until what it tells of is carried out
	NoticeDue     = "due"     // on its way to the answer path
	NoticeQueued  = "queued"  // an answer; its own state says more
	NoticeNone    = "none"    // not possible: the code says why
	NoticeDropped = "dropped" // what it would tell of was not carried out
)

// Notice is what one citizen is told of a decision.
type Notice struct {
	ID        NoticeID
	Agency    identity.AgencyID
	Decision  DecisionID
	Objection ObjectionID     // "" for the decision itself
	After     DecisionID      // held until this is carried out; "" for at once
	Message   inbox.MessageID // that it answers
	Way       string
	Text      string
	State     string
	Code      string // why it was not possible
	Reply     inbox.ReplyID
	By        identity.PersonID // whose words they are
	At        time.Time
	ReplyIs   inbox.ReplyState // "" before there is an answer
	Delivery  string           // the delivery's state
	Said      string           // code of what stopped it at the platform
}

// Stands is one word for where the notice is: held, due, waiting (for a second
// signature), queued, sent, failed, none or dropped.
func (n Notice) Stands() string {
	switch {
	case n.State != NoticeQueued:
		return n.State
	case n.ReplyIs == inbox.ReplyPublished:
		return "sent"
	case n.ReplyIs == inbox.ReplyWaiting:
		return "waiting"
	case n.ReplyIs == inbox.ReplyReturned, n.Delivery == "failed", n.Delivery == "void", n.Delivery == "missed", n.Delivery == "cancelled":
		return "failed"
	}
	return NoticeQueued
}

// Draft is what a citizen would be told, and how.
type Draft struct {
	Way    string
	Code   string // why there is no way
	Text   string // with {nomor} and {tautan} to be filled in
	Limit  int
	Unit   string
	Closes time.Time // of the platform's window; zero is none
}

// way finds how the author of a message can be told that act was done.
func (e exchange) way(r ObjectionRules, act Act, now time.Time) (way, code string, closes time.Time) {
	direct := e.message.Kind == platform.Direct
	private := e.closes(true, false)
	switch {
	case len(r.Notices) == 0:
		return NoWay, "notice.off", closes
	case !e.message.DeletedAt.IsZero():
		return NoWay, "notice.message_gone", closes
	case direct && !e.can.ReplyDirect:
		return NoWay, "notice.no_private_way", closes
	case direct:
		if closes = e.closes(false, false); !closes.IsZero() && !now.Before(closes) {
			return NoWay, "notice.window_closed", closes
		}
		return Privately, "", closes
	case e.can.PrivateReply > 0 && now.Before(private) && (!e.can.PrivateOnce || e.privately == 0):
		return Privately, "", private
	case act == Remove:
		return NoWay, "notice.nothing_to_answer", closes
	case r.Public && e.can.Reply:
		return InPublic, "", closes
	case e.can.PrivateReply > 0 && now.Before(private):
		return NoWay, "notice.told_once", private
	case e.can.PrivateReply > 0:
		return NoWay, "notice.window_closed", private
	case e.can.Reply:
		return NoWay, "notice.public_not_chosen", closes
	}
	return NoWay, "notice.no_private_way", closes
}

// answering is the notice as the answer path takes it.
func (n Notice) answering(kind platform.ItemKind) Answering {
	return Answering{To: n.Message, Text: n.Text, Private: n.Way == Privately && kind != platform.Direct}
}

// saying is what can be filled into a notice.
type saying struct {
	office, clause, reason, days, number, link string
}

func (s saying) fill(text string) string {
	return strings.NewReplacer("{instansi}", s.office, "{klausul}", s.clause, "{alasan}", sentence(s.reason), "{batas}", s.days,
		"{nomor}", s.number, "{tautan}", s.link).Replace(text)
}

// sentence ends with a sign.
func sentence(s string) string {
	s = strings.Join(strings.Fields(s), " ")
	if last, _ := utf8.DecodeLastRuneInString(s); s != "" && !strings.ContainsRune(".!?…", last) {
		s += "."
	}
	return s
}

// within says how long there is to object, in the words of a notice.
func within(run Running, timed bool) string {
	if !timed {
		return ""
	}
	unit := map[string]string{"wd": "hari kerja", "d": "hari", "h": "jam"}[run.Unit]
	return " dalam " + strconv.Itoa(run.N) + " " + unit
}

// addressed makes sure that whoever is told learns the number and how to
// object, whatever was cut from the draft.
func addressed(text string) string {
	text = strings.TrimSpace(text)
	if !strings.Contains(text, "{nomor}") {
		text += " Nomor kasus {nomor}."
	}
	if !strings.Contains(text, "{tautan}") {
		text += " Keberatan: {tautan}"
	}
	return text
}

// leastReason is how much of a long reason must be left in a notice; less of it
// says nothing, and the shorter wording leaves it to the case's page.
const leastReason = 40

// fitted is a drafted notice that the platform takes, in the first of the
// wordings that fits: a long reason is cut, never the way to object. The whole
// of it stands on the case's page.
func (e exchange) fitted(way string, wordings []string, s saying) (string, error) {
	for i, text := range wordings {
		least := leastReason
		if i == len(wordings)-1 {
			least = 1
		}
		if full, ok := e.fit(way, text, s, least); ok {
			return full, nil
		}
	}
	s.clause, _, _ = strings.Cut(s.clause, " ") // "3.4" without its title
	if full, ok := e.fit(way, wordings[len(wordings)-1], s, 1); ok {
		return full, nil
	}
	return "", fault.New(fault.Invalid, "notice.too_long", fault.Field("notice"))
}

// fit fills one wording and cuts the reason, but leaves so many letters of it.
func (e exchange) fit(way, text string, s saying, least int) (string, bool) {
	for range 8 {
		full := s.fill(text)
		n := e.connector.Count(e.account, platform.Outgoing{Text: full, InReplyTo: e.message.RemoteID, Thread: e.conversation.Thread, Private: way == Privately})
		if e.can.MaxReply > 0 && n.Limit > e.can.MaxReply {
			n.Limit = e.can.MaxReply
		}
		if n.Limit <= 0 || n.Used <= n.Limit {
			return full, true
		}
		cut, over := []rune(s.reason), n.Used-n.Limit
		if len(cut)-over-2 < least {
			return "", false
		}
		s.reason = string(cut[:len(cut)-over-2]) + "…"
	}
	return "", false
}

func masked(s string) string { return pii.Mask(strings.TrimSpace(s)).Text }
