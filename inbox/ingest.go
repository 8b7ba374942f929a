package inbox

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"kentongan/internal/audit"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/identity"
	"kentongan/internal/live"
	"kentongan/internal/outbox"
	"kentongan/internal/pii"
	"kentongan/internal/platform"
	"kentongan/internal/text"
)

// Received counts what became of a batch.
type Received struct {
	New     int // messages stored for the first time
	Changed int // new words of known messages, and late old ones
	Deleted int
	Own     int // sightings of our own account
	Known   int // nothing new
}

// arrival is one batch on its way in.
type arrival struct {
	*Inbox
	ch      channel.Channel
	asked   time.Time
	now     time.Time
	got     Received
	touched map[ConversationID]bool
	triage  bool
}

// Receive is the one door for what was polled and what was pushed. It may be
// given anything twice, late and out of order. asked is when the platform was
// asked; zero for a push.
func (in *Inbox) Receive(ctx context.Context, tx *db.Tx, ch channel.Channel, items []platform.Item, asked time.Time) (Received, error) {
	a := &arrival{Inbox: in, ch: ch, asked: asked, now: in.Now(), touched: map[ConversationID]bool{}}
	// One order for everybody: two batches with the same messages must not
	// wait for each other.
	items = slices.Clone(items)
	slices.SortStableFunc(items, func(x, y platform.Item) int {
		if c := x.At.Compare(y.At); c != 0 {
			return c
		}
		return strings.Compare(x.RemoteID, y.RemoteID)
	})
	for _, it := range items {
		if err := a.take(ctx, tx, it); err != nil {
			return a.got, err
		}
	}
	return a.got, a.tell(ctx, tx)
}

// tell puts what follows from the batch.
func (a *arrival) tell(ctx context.Context, tx *db.Tx) error {
	ids := make([]string, 0, len(a.touched))
	for id := range a.touched {
		ids = append(ids, string(id))
	}
	slices.Sort(ids)
	for _, id := range ids {
		if err := live.Tell(ctx, tx, a.ch.Agency, "conversation", id); err != nil {
			return err
		}
	}
	if a.got.Own > 0 {
		if err := a.nudge(ctx, tx, KindWatch); err != nil {
			return err
		}
	}
	if a.triage {
		return a.nudge(ctx, tx, KindTriage)
	}
	return nil
}

func (a *arrival) nudge(ctx context.Context, tx *db.Tx, kind string) error {
	return outbox.Nudge(ctx, tx, outbox.Promise{Kind: kind, Key: string(a.ch.ID), Agency: a.ch.Agency, Class: outbox.Inbox, Due: a.now})
}

func (a *arrival) take(ctx context.Context, tx *db.Tx, it platform.Item) error {
	it = storable(it)
	if it.RemoteID == "" {
		return nil // nothing that could be answered, or told apart
	}
	if it.Kind == platform.Status {
		return a.outcome(ctx, tx, it)
	}
	if it.Kind == platform.OwnPost || it.AuthorID == a.ch.RemoteID {
		return a.sight(ctx, tx, it)
	}
	m, found, err := lockMessage(ctx, tx, a.ch.ID, it.RemoteID)
	if err != nil {
		return err
	}
	if found {
		return a.again(ctx, tx, m, it)
	}
	if it.Deleted {
		a.got.Deleted++
		return putRemoved(ctx, tx, a.ch.ID, it.RemoteID, a.now)
	}
	return a.first(ctx, tx, it)
}

func (a *arrival) sight(ctx context.Context, tx *db.Tx, it platform.Item) error {
	if it.Deleted {
		return nil // a sighting stays: that something was there is the point
	}
	fresh, err := channel.Saw(ctx, tx, channel.Sighting{
		Channel: a.ch.ID, RemoteID: it.RemoteID, URL: it.URL, InReplyTo: it.InReplyTo,
		Fingerprint: channel.Fingerprint(it.Text), PostedAt: it.At, SeenAt: a.now,
	})
	if err != nil {
		return err
	}
	if !fresh {
		a.got.Known++
		return nil
	}
	a.got.Own++
	return nil
}

// outcome keeps what the platform says of something of ours that it had
// accepted: whose it is and what follows is the publisher's.
func (a *arrival) outcome(ctx context.Context, tx *db.Tx, it platform.Item) error {
	news, err := channel.Saw(ctx, tx, channel.Sighting{
		Channel: a.ch.ID, RemoteID: it.RemoteID, InReplyTo: it.RemoteID, PostedAt: it.At, SeenAt: a.now, DeliveryKey: it.Key, Failed: it.Failed,
	})
	if err != nil || !news {
		return err
	}
	a.got.Own++
	return nil
}

// first stores a message that was not there.
func (a *arrival) first(ctx context.Context, tx *db.Tx, it platform.Item) error {
	if it.At.IsZero() {
		it.At = a.now
	}
	m := Message{
		ID: MessageID(db.NewID()), Agency: a.ch.Agency, Channel: a.ch.ID, RemoteID: it.RemoteID, InReplyTo: it.InReplyTo, Kind: it.Kind,
		Citizen: a.citizen(a.ch, it.AuthorID, it.RemoteID), PostedAt: it.At, ReceivedAt: a.now, EditedAt: it.Edited, Files: kinds(it.Files),
	}
	if it.Hidden {
		m.HiddenAt = a.now
	}
	m, err := a.write(m, it)
	if err != nil {
		return err
	}
	if m.DeletedAt, err = takeRemoved(ctx, tx, a.ch.ID, it.RemoteID); err != nil {
		return err
	}
	c, begun, err := a.conversation(ctx, tx, it, m)
	if err != nil {
		return err
	}
	m.Conversation = c.ID
	fresh, err := insertMessage(ctx, tx, m)
	if err != nil {
		return err
	}
	if !fresh { // another batch was faster between our look and our write
		there, _, err := lockMessage(ctx, tx, a.ch.ID, it.RemoteID)
		if err != nil {
			return err
		}
		return a.again(ctx, tx, there, it)
	}
	a.got.New++
	a.triage = true
	a.touched[c.ID] = true
	return a.join(ctx, tx, c, m, begun)
}

// conversation finds or begins the one of this citizen below this thread. It
// begins closed: the message that joins it opens it, if there is something to
// answer.
func (a *arrival) conversation(ctx context.Context, tx *db.Tx, it platform.Item, m Message) (c Conversation, begun bool, err error) {
	thread := it.Thread
	if thread == "" {
		thread = it.RemoteID
	}
	origin, err := originOf(ctx, tx, a.ch.ID, thread)
	if err != nil {
		return c, false, err
	}
	id := ConversationID(db.NewID())
	c, err = keepConversation(ctx, tx, Conversation{
		ID: id, Agency: a.ch.Agency, Channel: a.ch.ID, Thread: thread, Kind: it.Kind, Citizen: m.Citizen,
		Summary: m.summary(), Origin: origin, Status: Closed, LastAt: m.PostedAt, CreatedAt: a.now,
	})
	return c, c.ID == id, err
}

// join lets a new message act on its conversation: a citizen who writes waits
// for an answer, also when an earlier one was given.
func (a *arrival) join(ctx context.Context, tx *db.Tx, c Conversation, m Message, begun bool) error {
	if m.PostedAt.After(c.LastAt) {
		c.LastAt, c.Summary = m.PostedAt, m.summary()
	}
	if c.Status != Open && m.DeletedAt.IsZero() && !isHistory(a.ch, m.PostedAt) {
		c = c.reopen()
		if !begun {
			if err := a.record(ctx, tx, "conversation.written_again", subject(c.ID)); err != nil {
				return err
			}
		}
	}
	return SaveConversation(ctx, tx, c)
}

// again is an item of a message that is stored.
func (a *arrival) again(ctx context.Context, tx *db.Tx, m Message, it platform.Item) error {
	switch {
	case it.Deleted && m.DeletedAt.IsZero():
		a.got.Deleted++
		a.touched[m.Conversation] = true
		if err := markDeleted(ctx, tx, m.ID, a.now); err != nil {
			return err
		}
		if err := a.record(ctx, tx, "message.deleted_by_citizen", "message/"+string(m.ID)); err != nil {
			return err
		}
		return a.withdraw(ctx, tx, m.Conversation)
	case it.Deleted:
		a.got.Known++
		return nil
	}
	if it.Hidden && m.HiddenAt.IsZero() {
		a.touched[m.Conversation] = true
		if err := MarkHidden(ctx, tx, m.ID, a.now); err != nil {
			return err
		}
	}
	if it.Text == "" {
		a.got.Known++ // told that it changed, not how: a "hide" event
		return nil
	}
	return a.rewrite(ctx, tx, m, it)
}

// withdraw closes a conversation of which the citizen has deleted everything:
// nobody waits any more. A plea for help stays open for a person to judge.
func (a *arrival) withdraw(ctx context.Context, tx *db.Tx, id ConversationID) error {
	c, err := lockConversation(ctx, tx, id)
	if err != nil || c.Status != Open || c.Class == LifeSafety {
		return err
	}
	left, err := countStanding(ctx, tx, id)
	if err != nil || left > 0 {
		return err
	}
	c.Status = Closed
	if err := SaveConversation(ctx, tx, c); err != nil {
		return err
	}
	return a.record(ctx, tx, "conversation.withdrawn", subject(id))
}

// rewrite keeps other words of a known message. Who wrote it stays who it was:
// an answer that is signed already goes to nobody else.
func (a *arrival) rewrite(ctx context.Context, tx *db.Tx, m Message, it platform.Item) error {
	said, err := a.Original(m)
	if err != nil {
		return err
	}
	if said.AuthorID != "" {
		it.AuthorID = said.AuthorID
	}
	if said.Author != "" && (it.Author == "" || it.AuthorID == said.AuthorID) {
		it.Author = said.Author
	}
	what, at := m.compare(it, a.content(it.Text), a.asked)
	n, err := a.write(m, it)
	if err != nil {
		return err
	}
	if what != same && !at.After(m.written()) || what == older {
		known, err := knowsVersion(ctx, tx, m.ID, n.content)
		if err != nil {
			return err
		}
		if known {
			what = same
		}
	}
	switch what {
	case same:
		a.got.Known++
		return nil
	case older:
		n.Version = m.Version
		err = lateVersion(ctx, tx, n, at, a.now)
	case newer:
		n.EditedAt = at
		a.triage = true
		err = rewriteMessage(ctx, tx, m, n, a.now)
	}
	if err != nil {
		return err
	}
	a.got.Changed++
	a.touched[m.Conversation] = true
	return a.record(ctx, tx, "message.edited_by_citizen", "message/"+string(m.ID))
}

func (a *arrival) record(ctx context.Context, tx *db.Tx, deed, subject string) error {
	return audit.Note(ctx, tx, identity.TheSystem("inbox", a.ch.Agency), a.now, audit.Deed{Name: deed, Subject: subject})
}

// content is a keyed hash of words: equal words are seen without opening.
func (in *Inbox) content(words string) string { return in.Vault.Hash("message.content", words) }

// storable is an item without what PostgreSQL does not keep in a text: a zero
// byte, bytes that are no UTF-8. One such comment must not keep out every other.
func storable(it platform.Item) platform.Item {
	for _, s := range []*string{&it.RemoteID, &it.InReplyTo, &it.Thread, &it.AuthorID, &it.Author, &it.Text, &it.URL, &it.Key, &it.Failed} {
		*s = strings.ReplaceAll(strings.ToValidUTF8(*s, "\uFFFD"), "\x00", "")
	}
	return it
}

// write puts what an item says into a message: sealed, and masked.
func (in *Inbox) write(m Message, it platform.Item) (Message, error) {
	plain, err := json.Marshal(Original{Text: it.Text, Author: it.Author, AuthorID: it.AuthorID, URL: it.URL})
	if err != nil {
		return m, err
	}
	m.original = in.Vault.Seal(originalPurpose(m.ID), plain)
	m.content = in.content(it.Text)
	masked := pii.Mask(it.Text)
	m.Masked, m.Marks = masked.Text, nil
	for _, f := range masked.Found {
		at := masked.Place(f.Span())
		m.Marks = append(m.Marks, Mark{Kind: f.Kind, Start: at.Start, End: at.End})
	}
	m.HandleMasked = maskHandle(it.Author)
	m.URL = publicURL(it.URL, it.Author)
	m.Fingerprint = ""
	if key := text.CopyKey(it.Text); key != "" {
		m.Fingerprint = in.Vault.Hash("message.copy", key)
	}
	return m, nil
}

// kinds are the known kinds of files; a platform's new one is a file.
func kinds(files []string) (all []string) {
	for _, f := range files {
		if !slices.Contains([]string{"image", "video", "audio", "sticker", "location"}, f) {
			f = "file"
		}
		all = append(all, f)
	}
	return all
}

func originalPurpose(id MessageID) string { return "message.original/" + string(id) }

// Original opens what a citizen wrote for the system's own look and for
// evidence. It stays in memory; what a person sees goes through Unmask.
func (in *Inbox) Original(m Message) (o Original, err error) {
	plain, err := in.Vault.Open(originalPurpose(m.ID), m.original)
	if err != nil {
		return o, err
	}
	return o, json.Unmarshal(plain, &o)
}
