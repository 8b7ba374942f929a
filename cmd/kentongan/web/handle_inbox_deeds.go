package web

import (
	"strings"

	"kentongan/inbox"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

func (r *Request) conversation() inbox.ConversationID { return inbox.ConversationID(r.PathValue("id")) }

// reply answers a message. A conversation that changed since the page was
// loaded is shown again first: a colleague may have answered already.
func (p *Pages) reply(r *Request) (Answer, error) {
	if err := p.sameRevision(r); err != nil {
		return p.tried(r, err)
	}
	say := moderation.Answering{To: inbox.MessageID(r.PostFormValue("in_reply_to")), Text: r.PostFormValue("text"), Private: r.PostFormValue("private") != ""}
	if name, language, ok := strings.Cut(r.PostFormValue("template"), "/"); ok {
		say.Template = &moderation.Templated{Name: name, Language: language, Values: lines(r.PostFormValue("values"))}
	}
	sent, err := p.Moderation.AnswerAs(r.Context(), r.By, say)
	key := "flash.reply_queued"
	if sent.State == inbox.ReplyWaiting {
		key = "flash.reply_waiting"
	}
	return p.after(r.Context(), r, err, key)
}

// lines are a field's lines that say something.
func lines(text string) (all []string) {
	for l := range strings.Lines(text) {
		if l = strings.TrimSpace(l); l != "" {
			all = append(all, l)
		}
	}
	return all
}

func (p *Pages) conversationNote(r *Request) (Answer, error) {
	return p.after(r.Context(), r, p.Inbox.Note(r.Context(), r.By, r.conversation(), r.PostFormValue("note")), "flash.note_kept")
}

func (p *Pages) assign(r *Request) (Answer, error) {
	to := identity.PersonID(r.PostFormValue("assignee"))
	return p.after(r.Context(), r, p.Inbox.Assign(r.Context(), r.By, r.conversation(), to), "flash.assigned")
}

func (p *Pages) closeConversation(r *Request) (Answer, error) {
	return p.after(r.Context(), r, p.Inbox.Close(r.Context(), r.By, r.conversation()), "flash.closed")
}

func (p *Pages) reopenConversation(r *Request) (Answer, error) {
	return p.after(r.Context(), r, p.Inbox.Reopen(r.Context(), r.By, r.conversation()), "flash.reopened")
}

func (p *Pages) escalate(r *Request) (Answer, error) {
	e := inbox.Escalation{Text: r.PostFormValue("reason"), LifeSafety: r.PostFormValue("life") != ""}
	return p.after(r.Context(), r, p.Inbox.Escalate(r.Context(), r.By, r.conversation(), e), "flash.escalated")
}

// unmask shows one message as it was written, once, on this answer only: the
// next loading of the page is masked again.
func (p *Pages) unmask(r *Request) (Answer, error) {
	id := inbox.MessageID(r.PathValue("message"))
	o, err := p.Inbox.Unmask(r.Context(), r.By, id, inbox.PurposeOf(r.PostFormValue("purpose"), r.PostFormValue("detail")))
	if err != nil {
		return p.tried(r, err)
	}
	v, err := p.inboxWith(r, r.conversation(), nil)
	if err != nil {
		return nil, err
	}
	for i := range v.Open.Items {
		if m := &v.Open.Items[i]; m.ID == string(id) {
			m.Pieces, m.Reveal = []Piece{{Kind: "kept", Text: o.Text}}, ""
			m.Meta += " · " + r.Frame.T("inbox.revealed", "author", strings.TrimPrefix(o.Author, "@"))
		}
	}
	return Show{View: v}, nil
}

// unmaskPurposes are the purposes to choose from.
func unmaskPurposes(f *Frame) (all []Choice) {
	for _, p := range inbox.Purposes {
		all = append(all, Choice{Value: p, Text: f.T("unmask.purpose." + p)})
	}
	return all
}

func (p *Pages) approveReply(r *Request) (Answer, error) {
	if err := p.Moderation.ApproveReply(r.Context(), r.By, inbox.ReplyID(r.PathValue("reply"))); err != nil {
		return nil, err
	}
	return GoTo{Path: backTo(r.Request), Flash: &Flash{Key: "flash.reply_queued"}}, nil
}
