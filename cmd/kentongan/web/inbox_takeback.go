package web

import (
	"kentongan/inbox"
	"kentongan/internal/identity"
	"kentongan/moderation"
)

// TakeBackView is how a published answer can be taken back, or how far that is.
type TakeBackView struct {
	Ask    string // POST address with a reason; "" when it cannot be asked for
	Words  string // how far it is: "Ditarik 23 Nov 10.12 oleh Siti: …"
	Page   string // of the platform, where a person deletes it
	ByHand string // POST address to record that she has; "" for nothing to record
}

// takeBackOf draws it for one answer of the conversation.
func takeBackOf(r *Request, k inbox.Case, s inbox.Sent, known map[inbox.ReplyID]moderation.TakeBack, names map[identity.PersonID]string) (v TakeBackView) {
	f := r.Frame
	path := threadPath(k.ID) + "/balasan/" + string(s.ID)
	may := r.By.May(identity.Moderate, r.By.Agency)
	b, asked := known[s.ID]
	if may && s.State == inbox.ReplyPublished && (!asked || b.State == moderation.Failed) {
		v.Ask = path + "/tarik"
	}
	if !asked {
		return v
	}
	switch b.State {
	case moderation.Waiting:
		v.Words = f.T("inbox.take_back.waiting", "name", names[b.By], "reason", b.Reason)
	case moderation.Failed:
		v.Words = f.T("inbox.take_back.failed", "why", f.T("fault."+b.Code))
	case moderation.ByHand:
		v.Words, v.Page = f.T("inbox.take_back.by_hand", "name", names[b.By], "reason", b.Reason), b.Page
		if may {
			v.ByHand = path + "/sudah-dihapus"
		}
	case moderation.Done:
		v.Words = f.T("inbox.take_back.done", "when", f.Brief(b.DoneAt), "name", names[b.By], "reason", b.Reason)
	}
	return v
}

func (p *Pages) takeBack(r *Request) (Answer, error) {
	b, err := p.Moderation.TakeBack(r.Context(), r.By, inbox.ReplyID(r.PathValue("reply")), r.PostFormValue("reason"))
	key := "flash.take_back"
	if b.State == moderation.ByHand {
		key = "flash.take_back_by_hand"
	}
	return p.after(r.Context(), r, err, key)
}

func (p *Pages) tookBackByHand(r *Request) (Answer, error) {
	err := p.Moderation.TookBackByHand(r.Context(), r.By, inbox.ReplyID(r.PathValue("reply")))
	return p.after(r.Context(), r, err, "flash.taken_back")
}
