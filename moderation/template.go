package moderation

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kentongan/inbox"
	"kentongan/internal/channel"
	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
	"kentongan/internal/platform"
	"kentongan/publisher"
)

// Templated is an approved template with its values.
type Templated struct {
	Name, Language string
	Values         []string
}

// Templates lists what the platform of a message lets out after its answering
// window. The platform is asked.
func (m *Moderation) Templates(ctx context.Context, by identity.Actor, to inbox.MessageID) ([]platform.Approved, error) {
	if !by.May(identity.Answer, by.Agency) {
		return nil, fault.New(fault.Denied, "inbox.no_power")
	}
	var ch channel.Channel
	err := m.DB.View(ctx, func(tx *db.Tx) error {
		msg, err := inbox.LoadMessage(ctx, tx, by.Agency, to)
		if err == nil {
			ch, err = channel.Load(ctx, tx, by.Agency, msg.Channel)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	connector, err := m.Channels.Connector(ch.Platform)
	if err != nil {
		return nil, err
	}
	t, ok := connector.(platform.Templater)
	if !ok {
		return nil, fault.New(fault.Invalid, "reply.template_cannot", fault.Arg("platform", string(ch.Platform)))
	}
	account, err := m.Channels.Account(ctx, ch)
	if err != nil {
		return nil, err
	}
	all, err := t.Templates(ctx, account)
	if err != nil {
		return nil, fault.Wrap(fault.Transient, "reply.template_unknown", err, fault.Field("template"))
	}
	return all, nil
}

// filled is what a template will say, and the template as it is kept.
func (m *Moderation) filled(ctx context.Context, by identity.Actor, say Answering) (text, kept string, err error) {
	all, err := m.Templates(ctx, by, say.To)
	if err != nil {
		return "", "", err
	}
	for _, a := range all {
		if a.Name != say.Template.Name || a.Language != say.Template.Language {
			continue
		}
		if a.State != "APPROVED" {
			return "", "", fault.New(fault.Conflict, "reply.template_not_approved", fault.Field("template"), fault.Arg("state", a.State))
		}
		values := trimmed(say.Template.Values)
		if text, err = fill(a.Body, values); err != nil {
			return "", "", err
		}
		raw, err := json.Marshal(publisher.Template{Name: a.Name, Language: a.Language, Values: values})
		return text, string(raw), err
	}
	return "", "", fault.New(fault.Invalid, "reply.template_missing", fault.Field("template"), fault.Arg("name", say.Template.Name))
}

// fill puts values into a template's body: {{1}}, {{2}}, … All at once, as the
// platform does: a value that looks like a place is no place.
func fill(body string, values []string) (string, error) {
	pairs := make([]string, 0, 2*len(values))
	for i, v := range values {
		place := fmt.Sprintf("{{%d}}", i+1)
		if v == "" || !strings.Contains(body, place) {
			return "", fault.New(fault.Invalid, "reply.template_values", fault.Field("values"))
		}
		pairs = append(pairs, place, v)
	}
	if strings.Contains(body, fmt.Sprintf("{{%d}}", len(values)+1)) {
		return "", fault.New(fault.Invalid, "reply.template_values", fault.Field("values"))
	}
	return strings.NewReplacer(pairs...).Replace(body), nil
}

// trimmed are the values as they are sent, and as they are shown to who signs.
func trimmed(values []string) []string {
	all := make([]string, len(values))
	for i, v := range values {
		all[i] = strings.TrimSpace(v)
	}
	return all
}
