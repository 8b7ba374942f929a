package web

import (
	"net/url"
	"slices"
	"strconv"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func (p *Pages) moderationRoutes() []Route {
	moderate := []identity.Power{identity.Moderate}
	read := []identity.Power{identity.ReadInbox}
	return []Route{
		{Pattern: "GET /moderasi", Powers: moderate, Do: p.cases},
		{Pattern: "GET /moderasi/pesan/{message}", Powers: moderate, Do: p.caseOf},
		{Pattern: "POST /moderasi/lepas", Powers: moderate, Do: p.leave},
		{Pattern: "POST /moderasi/keputusan", Powers: moderate, Do: p.judge},
		{Pattern: "POST /moderasi/keputusan/{id}/selesai", Powers: moderate, Do: p.handDone},
		{Pattern: "POST /moderasi/keputusan/{id}/urungkan", Powers: moderate, Do: p.undoDecision},
		{Pattern: "POST /moderasi/massal", Powers: moderate, Do: p.judgeMany},
		{Pattern: "GET /moderasi/orang-kedua", Powers: moderate, Do: p.secondPerson},
		{Pattern: "POST /moderasi/usulan/{id}", Powers: moderate, Do: p.settleProposal},
		{Pattern: "POST /moderasi/pengesahan/{id}", Powers: moderate, Do: p.ratify},
		{Pattern: "GET /moderasi/eskalasi", Powers: read, Do: p.escalated},
		{Pattern: "POST /moderasi/eskalasi/{id}", Powers: read, Do: p.advise},
		{Pattern: "GET /moderasi/bukti/{id}", Powers: []identity.Power{identity.Unmask}, Do: p.evidencePage},
		{Pattern: "POST /moderasi/bukti/{id}", Powers: []identity.Power{identity.Unmask}, Do: p.evidenceOpen},
		{Pattern: "GET /moderasi/mutu", Powers: read, Do: p.qualityPage},
		{Pattern: "GET /moderasi/mutu/nilai", Powers: moderate, Do: p.reviewPage},
		{Pattern: "POST /moderasi/mutu/nilai", Powers: moderate, Do: p.reviewDone},
		{Pattern: "POST /moderasi/istirahat", Powers: moderate, Do: p.rest},
		{Pattern: "POST /moderasi/selubung", Powers: moderate, Do: p.veil},
	}
}

// caseSize is how many cases, or decisions, one page of a list holds.
const caseSize = 40

func casePath(id inbox.MessageID) string { return "/moderasi/pesan/" + string(id) }

// cases shows the queue with the first case that nobody else holds, or the
// decisions.
func (p *Pages) cases(r *Request) (Answer, error) {
	if r.FormValue("status") == "putusan" {
		return p.decisions(r)
	}
	if a, err := p.resting(r); a != nil || err != nil {
		return a, err
	}
	q := caseQuery(r)
	var id inbox.MessageID
	var err error
	if skip := r.FormValue("lewati"); skip != "" {
		if q.Without, err = p.caseKeyOf(r, inbox.MessageID(skip)); err != nil {
			return nil, err
		}
	}
	if q.Holding != moderation.Taken {
		if id, err = p.Moderation.Next(r.Context(), r.By, q); err != nil {
			return nil, err
		}
	}
	v, err := p.caseList(r, id)
	if err != nil {
		return nil, err
	}
	if id != "" {
		if v.Open, err = p.openCase(r, id); err != nil {
			return nil, err
		}
	}
	return Show{View: v}, nil
}

// caseKeyOf is the case that a message belongs to, for skipping it.
func (p *Pages) caseKeyOf(r *Request, id inbox.MessageID) (keys []string, err error) {
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(r.Context(), tx, r.By.Agency, id)
		keys = []string{msg.CaseKey()}
		return err
	})
	return keys, err
}

// caseOf shows one case: of the queue, or any message a moderator came from.
func (p *Pages) caseOf(r *Request) (Answer, error) {
	if a, err := p.resting(r); a != nil || err != nil {
		return a, err
	}
	id := inbox.MessageID(r.PathValue("message"))
	claim, err := p.Moderation.Open(r.Context(), r.By, id)
	if err != nil {
		return nil, err
	}
	v, err := p.caseList(r, id)
	if err != nil {
		return nil, err
	}
	v.Chosen = true
	if v.Open, err = p.openCase(r, id); err != nil {
		return nil, err
	}
	return Show{View: v}, p.heldBy(r, v.Open, claim)
}

// heldBy says who holds the case, and takes the form away: another person is
// deciding.
func (p *Pages) heldBy(r *Request, c *CaseView, claim moderation.Claim) error {
	if !claim.Held(r.By.ID, p.Now()) {
		return nil
	}
	l, err := p.lookUp(r)
	c.Held, c.Decide, c.Restore = l.names[claim.By], false, false
	return err
}

// leave gives back what the person held, when they go elsewhere.
func (p *Pages) leave(r *Request) (Answer, error) {
	return GoTo{Path: "/hari-ini"}, p.Moderation.Leave(r.Context(), r.By)
}

// caseQuery reads the filters. What cannot be read narrows nothing.
func caseQuery(r *Request) moderation.CaseQuery {
	q := moderation.CaseQuery{Channel: channel.ID(r.FormValue("kanal")), After: inbox.MessageID(r.FormValue("sesudah"))}
	if l := moderation.Label(r.FormValue("alasan")); slices.Contains(moderation.Labels(), l) {
		q.Label = l
	}
	if h := moderation.Holding(r.FormValue("keadaan")); h == moderation.Free || h == moderation.Taken {
		q.Holding = h
	}
	return q
}

func queuePath(q moderation.CaseQuery, after inbox.MessageID) string {
	v := url.Values{}
	for name, value := range map[string]string{"alasan": string(q.Label), "kanal": string(q.Channel), "keadaan": string(q.Holding), "sesudah": string(after)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	if len(v) == 0 {
		return "/moderasi"
	}
	return "/moderasi?" + v.Encode()
}

func (p *Pages) caseList(r *Request, here inbox.MessageID) (v ModerationView, err error) {
	var t moderation.Tallies
	if v.Tabs, t, err = p.moderationTabs(r, "/moderasi"); err != nil {
		return v, err
	}
	v.Waiting, v.Figures = t.Waiting, tallyFigures(r.Frame, t)
	l, err := p.lookUp(r)
	if err != nil {
		return v, err
	}
	if v.VeilAll, err = p.Moderation.VeilAlways(r.Context(), r.By); err != nil {
		return v, err
	}
	q := caseQuery(r)
	q.Limit = caseSize + 1
	all, err := p.Moderation.Cases(r.Context(), r.By, q)
	if err != nil {
		return v, err
	}
	if len(all) > caseSize {
		all = all[:caseSize]
		v.Cut.Older = queuePath(q, all[caseSize-1].ID)
	}
	if q.After != "" {
		v.Cut.Newer = queuePath(q, "")
	}
	v.Filters = filtersOf(r.Frame, q, l)
	v.Bulk = BulkForm{Clauses: clauseChoices(r.Frame, l.policy), Advisers: p.advisers(r, l)}
	for _, c := range all {
		row := p.caseRow(r, c, l, v.VeilAll)
		row.Here = c.ID == here
		v.Rows = append(v.Rows, row)
	}
	return v, nil
}

// judge writes what the moderator decided. What was typed stays on the page
// when it is refused.
func (p *Pages) judge(r *Request) (Answer, error) {
	id := inbox.MessageID(r.PostFormValue("message"))
	o := moderation.Order{
		Messages: []inbox.MessageID{id}, Copies: r.PostFormValue("copies") != "", Act: moderation.Act(r.PostFormValue("act")),
		Clause: r.PostFormValue("clause"), Reason: r.PostFormValue("reason"), Notice: r.PostFormValue("notice"), To: identity.PersonID(r.PostFormValue("to")),
	}
	o.Read = versionsRead(r, id)
	// The list of decisions shows again what it shows as hidden; every other form
	// says what its reader knew of.
	if _, given := r.PostForm["seen"]; given || o.Act != moderation.Restore {
		seen := moderation.DecisionID(r.PostFormValue("seen"))
		o.Seen = &seen
	}
	b, err := p.Moderation.DecideCase(r.Context(), r.By, o)
	if err == nil {
		return p.decided(r, b, o.Act), nil
	}
	kind := fault.KindOf(err)
	if kind != fault.Invalid && kind != fault.Conflict && fault.Find(err) == nil || kind == fault.NotFound {
		return nil, err
	}
	v, failed := p.caseList(r, id)
	if failed != nil {
		return nil, failed
	}
	if v.Open, failed = p.openCase(r, id); failed != nil {
		return nil, failed
	}
	v.Chosen = true
	v.Open.Problems, v.Open.Chosen, v.Open.Reason, v.Open.WithCopies, v.Open.Notice.Typed = r.Frame.Fault(err), o.Clause, o.Reason, o.Copies, o.Notice
	for i := range v.Open.Advisers {
		v.Open.Advisers[i].Picked = v.Open.Advisers[i].Value == string(o.To)
	}
	return Show{View: v, Status: statusOf(kind)}, nil
}

// versionsRead is which version of each message stood on the page that was sent.
func versionsRead(r *Request, ids ...inbox.MessageID) map[inbox.MessageID]int64 {
	read := map[inbox.MessageID]int64{}
	for _, id := range ids {
		if v, err := strconv.ParseInt(r.PostFormValue("version-"+string(id)), 10, 64); err == nil {
			read[id] = v
		}
	}
	return read
}

// decided goes on to the next case, and says what came of this one.
func (p *Pages) decided(r *Request, b moderation.Bulk, act moderation.Act) Answer {
	if b.Proposal != "" {
		return GoTo{Path: "/moderasi/orang-kedua", Flash: &Flash{Key: "flash.proposed", Args: map[string]string{"n": r.Frame.Int(int64(b.Count))}}}
	}
	args := map[string]string{"number": b.Decision.Number, "n": r.Frame.Int(b.Decision.Targets)}
	return GoTo{Path: "/moderasi", Flash: &Flash{Key: "flash.decided." + string(act), Args: args}}
}

// handDone records that a person has carried a decision out at the platform.
func (p *Pages) handDone(r *Request) (Answer, error) {
	if err := p.Moderation.DoneByHand(r.Context(), r.By, moderation.DecisionID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/moderasi?status=putusan", Flash: &Flash{Key: "flash.by_hand_done"}}, nil
}

// undoDecision takes a fresh decision back.
func (p *Pages) undoDecision(r *Request) (Answer, error) {
	if err := p.Moderation.Undo(r.Context(), r.By, moderation.DecisionID(r.PathValue("id"))); err != nil {
		return nil, err
	}
	return GoTo{Path: "/moderasi", Flash: &Flash{Key: "flash.undone"}}, nil
}

// decisions lists what was decided, the latest first.
func (p *Pages) decisions(r *Request) (Answer, error) {
	v := ModerationView{Done: true}
	var t moderation.Tallies
	var err error
	if v.Tabs, t, err = p.moderationTabs(r, "/moderasi?status=putusan"); err != nil {
		return nil, err
	}
	v.Waiting, v.Figures = t.Waiting, tallyFigures(r.Frame, t)
	before := moderation.DecisionID(r.FormValue("sebelum"))
	all, err := p.Moderation.Decisions(r.Context(), r.By, before, caseSize+1)
	if err != nil {
		return nil, err
	}
	l, err := p.lookUp(r)
	if err != nil {
		return nil, err
	}
	if len(all) > caseSize {
		all = all[:caseSize]
		v.Cut.Older = "/moderasi?status=putusan&sebelum=" + string(all[caseSize-1].ID)
	}
	if before != "" {
		v.Cut.Newer = "/moderasi?status=putusan"
	}
	err = p.DB.View(r.Context(), func(tx *db.Tx) error {
		v.Decisions = nil
		for _, d := range all {
			row := p.decisionRow(r.Frame, d, l)
			row.Undo, row.Evidence = moderation.MayUndo(r.By, d, p.Now()), r.By.May(identity.Unmask, r.By.Agency)
			msg, err := inbox.LoadMessage(r.Context(), tx, r.By.Agency, d.Message)
			if err != nil {
				return err
			}
			if d.Act == moderation.Hide && d.State == moderation.Done && !msg.HiddenAt.IsZero() {
				row.Restore = string(d.Message)
			}
			v.Decisions = append(v.Decisions, row)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return Show{View: v}, p.handwork(r, all, v.Decisions)
}

// handwork adds what is left for a person at a platform.
func (p *Pages) handwork(r *Request, all []moderation.Decision, rows []DecisionRow) error {
	for i, d := range all {
		if d.State != moderation.ByHand {
			continue
		}
		left, err := p.Moderation.Handwork(r.Context(), r.By, d.ID)
		if err != nil {
			return err
		}
		for _, h := range left {
			rows[i].Hand = append(rows[i].Hand, HandLine{Message: casePath(h.Message), Page: h.Page})
		}
	}
	return nil
}
