package moderation

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kentongan/inbox"
	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
)

// DecisionID is a UUIDv7 as text.
type DecisionID string

// States of a decision and of each message it is about.
const (
	Waiting = "waiting" // for the platform
	Done    = "done"
	Failed  = "failed"  // the platform refused at least one
	ByHand  = "by_hand" // a person has to do it in the platform's own pages
)

// Decision is what a person decided, on which ground.
type Decision struct {
	ID       DecisionID
	Agency   identity.AgencyID
	Number   string // "MOD-2026-00042-K7QX"
	Message  inbox.MessageID
	Channel  channel.ID
	Act      Act
	Clause   string
	Reason   string
	Policy   string // "contoh/1"
	By       identity.PersonID
	State    string
	Code     string
	Said     string
	At       time.Time
	DoneAt   time.Time
	Targets  int64
	Reverses DecisionID        // the decision that this one takes back
	Second   identity.PersonID // who confirmed a large one
	// Of what a rule hid by itself: the rule, and on whose order it may.
	Rule    string
	Ordered identity.PersonID
	// Whether a second person looks at it within a day: "" (no need), RatifyDue,
	// Ratified or Overruled.
	Ratify     string
	RatifiedBy identity.PersonID
	RatifiedAt time.Time
	evidence   []byte
}

// Order is what a person asks for.
type Order struct {
	Messages []inbox.MessageID
	Copies   bool // and every identical copy of these messages
	Act      Act  // Hide, Remove, Restore, Block, Unblock, Warn, Escalate or Keep
	Clause   string
	Reason   string
	Notice   string            // what the citizen is told, where they are
	To       identity.PersonID // who is to know or advise, when it is passed on
	Seen     *DecisionID       // the latest decision about the first message that the person knew of; nil asks nothing
	Reverses DecisionID        // the decision that is taken back; "" for none
	Second   identity.Actor    // confirms a large one; zero if nobody
	// Read is which version of each message the person has read. A citizen may
	// edit one meanwhile: what nobody has read is not decided about.
	Read map[inbox.MessageID]int64

	policy  string   // under which it is decided
	warrant *warrant // by which a rule acts; nil for people
}

// edited says that a message is not any more as the person has read it.
func (o Order) edited(msg inbox.Message) bool {
	version, asked := o.Read[msg.ID]
	return asked && version != msg.Version
}

// Exhibit is one message as it stood before the act: kept sealed.
type Exhibit struct {
	Message  inbox.MessageID `json:"message"`
	RemoteID string          `json:"remote_id"`
	Original inbox.Original  `json:"original"`
	Version  int64           `json:"version"`
	Labels   []string        `json:"labels"`
	Verdict  Shown           `json:"verdict"`
	PostedAt time.Time       `json:"posted_at"`
	TakenAt  time.Time       `json:"taken_at"`
}

func evidencePurpose(id DecisionID) string { return "decision.evidence/" + string(id) }

// Decide writes a person's decision: its evidence is sealed before anything is
// asked of the platform, which Enforce then does.
func (m *Moderation) Decide(ctx context.Context, by identity.Actor, o Order) (d Decision, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		if d, err = m.decide(ctx, tx, by, o); err != nil {
			return err
		}
		return nil
	})
	if err != nil {
		return Decision{}, err
	}
	return d, nil
}

// decide is Decide inside a transaction. Its messages are held first and read
// after that: two people at once are one after the other.
func (m *Moderation) decide(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) (Decision, error) {
	if err := m.hold(ctx, tx, by, o.Messages); err != nil {
		return Decision{}, err
	}
	if err := m.unchanged(ctx, tx, by, o); err != nil {
		return Decision{}, err
	}
	all, err := m.ordered(ctx, tx, by, o)
	if err != nil {
		return Decision{}, err
	}
	p, err := m.usePolicy(ctx, tx, by.Agency)
	if err != nil {
		return Decision{}, err
	}
	o.policy = p.ID()
	its := items(all)
	if restricts(o.Act) {
		for i, msg := range all {
			if its[i].Cleared, err = cleared(ctx, tx, msg); err != nil {
				return Decision{}, err
			}
		}
	}
	if err := Check(p, by, Wanted{Act: o.Act, Clause: o.Clause, Reason: o.Reason, Items: its, Second: o.Second, warrant: o.warrant}); err != nil {
		return Decision{}, err
	}
	if err := m.possible(ctx, tx, by, o, all); err != nil {
		return Decision{}, err
	}
	d, err := m.write(ctx, tx, by, o, all)
	if err != nil {
		return Decision{}, err
	}
	return d, m.release(ctx, tx, by, all)
}

// unchanged refuses a decision that was made up before somebody else's.
func (m *Moderation) unchanged(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) error {
	if o.Seen == nil || len(o.Messages) == 0 {
		return nil
	}
	past, err := decisionsOn(ctx, tx, by.Agency, o.Messages[0])
	if err != nil {
		return err
	}
	if len(past) > 0 && past[0].ID != *o.Seen {
		return fault.New(fault.Conflict, "decision.decided_meanwhile", fault.Arg("number", past[0].Number))
	}
	return nil
}

// ordered loads the messages an order is about. With copies, only those stay
// in it that can be part; when none can, the named ones say why.
func (m *Moderation) ordered(ctx context.Context, tx *db.Tx, by identity.Actor, o Order) ([]inbox.Message, error) {
	var named []inbox.Message
	for _, id := range slices.Compact(slices.Sorted(slices.Values(o.Messages))) {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, id)
		if err != nil {
			return nil, err
		}
		if o.edited(msg) {
			return nil, fault.New(fault.Conflict, "decision.edited_meanwhile")
		}
		named = append(named, msg)
	}
	if !o.Copies || len(named) == 0 {
		return named, nil
	}
	var copies []inbox.Message
	for n, msg := range named {
		if slices.ContainsFunc(named[:n], func(o inbox.Message) bool { return o.Fingerprint == msg.Fingerprint }) {
			continue
		}
		same, err := inbox.Copies(ctx, tx, by.Agency, msg.Fingerprint)
		if err != nil {
			return nil, err
		}
		copies = append(copies, same...)
	}
	var part []inbox.Message
	known := map[inbox.MessageID]bool{}
	for _, msg := range append(slices.Clone(named), copies...) {
		if known[msg.ID] {
			continue
		}
		known[msg.ID] = true
		takes, err := m.takesPart(ctx, tx, o.Act, msg)
		if err != nil {
			return nil, err
		}
		if takes {
			part = append(part, msg)
		}
	}
	if len(part) == 0 {
		return named, nil
	}
	return part, nil
}

// takesPart says whether a copy can be part of a decision: what is done
// already, on its way, or beyond the platform's means stays out.
func (m *Moderation) takesPart(ctx context.Context, tx *db.Tx, act Act, msg inbox.Message) (bool, error) {
	if act != Block && act != Unblock && msg.HiddenAt.IsZero() == (act == Restore) {
		return false, nil
	}
	busy, err := underWay(ctx, tx, msg.ID)
	if err != nil || busy {
		return false, err
	}
	if busy, err = inProposal(ctx, tx, msg.ID); err != nil || busy {
		return false, err
	}
	if !askedOf(act) {
		return true, nil
	}
	ch, err := channel.Load(ctx, tx, msg.Agency, msg.Channel)
	if err != nil {
		return false, err
	}
	_, cannot := m.means(ch, act)
	return cannot == nil, nil
}

func items(all []inbox.Message) []Item {
	var out []Item
	for _, msg := range all {
		it := Item{Agency: msg.Agency, Hidden: !msg.HiddenAt.IsZero(), Deleted: !msg.DeletedAt.IsZero(), Evidence: true, CopyKey: msg.Fingerprint}
		for _, l := range msg.Labels {
			it.Labels = append(it.Labels, Label(l))
		}
		out = append(out, it)
	}
	return out
}

// possible refuses what a platform cannot do, and a second decision while the
// first is still on its way.
func (m *Moderation) possible(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, all []inbox.Message) error {
	asked := map[channel.ID]bool{}
	for _, msg := range all {
		busy, err := underWay(ctx, tx, msg.ID)
		if err != nil {
			return err
		}
		if busy {
			return fault.New(fault.Conflict, "decision.under_way")
		}
		if busy, err = inProposal(ctx, tx, msg.ID); err != nil {
			return err
		}
		if busy {
			return fault.New(fault.Conflict, "decision.proposed")
		}
		if asked[msg.Channel] || !askedOf(o.Act) {
			continue
		}
		asked[msg.Channel] = true
		ch, err := channel.Load(ctx, tx, by.Agency, msg.Channel)
		if err != nil {
			return err
		}
		if _, err := m.means(ch, o.Act); err != nil {
			return err
		}
	}
	return nil
}

// write stores the decision with its evidence, and promises its enforcement.
func (m *Moderation) write(ctx context.Context, tx *db.Tx, by identity.Actor, o Order, all []inbox.Message) (Decision, error) {
	now := m.Now()
	a, err := identity.AgencyByID(ctx, tx, by.Agency)
	if err != nil {
		return Decision{}, err
	}
	serial, err := nextCase(ctx, tx, by.Agency, int64(now.In(a.Location()).Year()))
	if err != nil {
		return Decision{}, err
	}
	d := Decision{
		ID: DecisionID(db.NewID()), Agency: by.Agency, Number: newNumber(now, a.Location(), serial), Message: all[0].ID, Channel: all[0].Channel,
		Act: o.Act, Clause: o.Clause, Reason: pii.Mask(strings.TrimSpace(o.Reason)).Text, Policy: o.policy, By: by.ID,
		State: Waiting, At: now, Targets: int64(len(all)), Reverses: o.Reverses, Second: o.Second.ID,
	}
	if !askedOf(o.Act) {
		d.State, d.DoneAt = Done, now
	}
	if (d.Act == Hide || d.Act == Remove || d.Act == Block) && d.Second == "" && len(all) > 1 && OneSpam(items(all)) {
		d.Ratify = RatifyDue
	}
	if o.warrant != nil {
		d.Rule, d.Ordered, d.Ratify = o.warrant.rule, o.warrant.ordered, RatifyDue
	}
	if d.evidence, err = m.evidence(d, all); err != nil {
		return d, err
	}
	if err := insertDecision(ctx, tx, d); err != nil {
		return d, err
	}
	told := map[inbox.ConversationID]bool{}
	for _, msg := range all {
		if err := insertTarget(ctx, tx, d, msg.ID); err != nil {
			return d, err
		}
		if err := inbox.MarkDecided(ctx, tx, msg.ID, now); err != nil {
			return d, err
		}
		if told[msg.Conversation] {
			continue
		}
		told[msg.Conversation] = true
		if err := live.Tell(ctx, tx, d.Agency, "conversation", string(msg.Conversation)); err != nil {
			return d, err
		}
	}
	if err := m.record(ctx, tx, by, d, o.Second); err != nil {
		return d, err
	}
	if err := m.follow(ctx, tx, by, o, d, all); err != nil {
		return d, err
	}
	leaving, err := m.plan(ctx, tx, d, o.Notice, all)
	if err != nil || d.State == Done {
		return d, err
	}
	due := now
	if leaving && d.Act == Block {
		due = now.Add(lead) // whoever is blocked cannot be written to any more
	}
	return d, outbox.Put(ctx, tx, outbox.Promise{Kind: KindEnforce, Key: string(d.ID), Agency: d.Agency, Class: outbox.Inbox, Due: due})
}

// evidence seals the messages as they stand. The audit row binds it by hash.
func (m *Moderation) evidence(d Decision, all []inbox.Message) ([]byte, error) {
	var exhibits []Exhibit
	for _, msg := range all {
		o, err := m.Inbox.Original(msg)
		if err != nil {
			return nil, fault.Wrap(fault.Conflict, "decision.evidence_unreadable", err)
		}
		exhibits = append(exhibits, Exhibit{
			Message: msg.ID, RemoteID: msg.RemoteID, Original: o, Version: msg.Version, Labels: slices.Clone(msg.Labels),
			Verdict: VerdictOf(msg), PostedAt: msg.PostedAt, TakenAt: d.At,
		})
	}
	plain, err := json.Marshal(exhibits)
	if err != nil {
		return nil, err
	}
	return m.Vault.Seal(evidencePurpose(d.ID), plain), nil
}

func (m *Moderation) record(ctx context.Context, tx *db.Tx, by identity.Actor, d Decision, second identity.Actor) error {
	if err := live.Tell(ctx, tx, d.Agency, "decision", string(d.ID)); err != nil {
		return err
	}
	sum := sha256.Sum256(d.evidence)
	deed := audit.Deed{Name: "decision." + string(d.Act), Subject: "decision/" + string(d.ID), Digest: hex.EncodeToString(sum[:]), Detail: d.Number + " " + d.Clause}
	told := deed
	if d.Act == Warn { // done with the deciding: the public account counts it here
		facts, err := m.decisionFacts(ctx, tx, d, nil)
		if err != nil {
			return err
		}
		told.Detail += facts
	}
	if err := audit.Note(ctx, tx, by, d.At, told); err != nil || second.ID == "" {
		return err
	}
	deed.Name = "decision.second"
	return audit.Note(ctx, tx, second, d.At, deed)
}

// Evidence opens what a decision was made on, for a purpose that is written
// down. It holds what the citizen wrote.
func (m *Moderation) Evidence(ctx context.Context, by identity.Actor, id DecisionID, purpose string) (all []Exhibit, err error) {
	err = m.DB.Update(ctx, func(tx *db.Tx) error {
		d, err := LoadDecision(ctx, tx, by.Agency, id)
		if err != nil {
			return err
		}
		if !by.May(identity.Unmask, by.Agency) {
			return fault.New(fault.Denied, "message.unmask.no_power")
		}
		if purpose = strings.TrimSpace(purpose); purpose == "" {
			return fault.New(fault.Invalid, "message.unmask.no_purpose", fault.Field("purpose"))
		}
		plain, err := m.Vault.Open(evidencePurpose(d.ID), d.evidence)
		if err != nil {
			return err
		}
		if err := json.Unmarshal(plain, &all); err != nil {
			return err
		}
		if err := audit.Note(ctx, tx, by, m.Now(), audit.Deed{Name: "decision.evidence_opened", Subject: "decision/" + string(id), Detail: pii.Mask(purpose).Text}); err != nil {
			return err
		}
		return inbox.NoteOpening(ctx, tx, by, m.Now())
	})
	if err != nil {
		return nil, err
	}
	return all, nil
}
