package whatsapp

import (
	"context"

	"kentongan/internal/platform"
)

// IDs give a name that may be stored for one that may not, and the other way.
// The same name always gets the same alias.
type IDs interface {
	Alias(purpose, name string) string
	Name(purpose, alias string) (string, error)
}

// Private is a Connector whose ids may be stored: message ids hold the
// citizen's number, and so may a contact's. Whoever works with it sees aliases
// alone; WhatsApp sees the true names.
type Private struct {
	*Connector
	ids IDs
}

// Keep makes the connector's ids storable.
func Keep(c *Connector, ids IDs) *Private { return &Private{c, ids} }

const purpose = "whatsapp.id"

func (p *Private) alias(name string) string { return p.ids.Alias(purpose, name) }

// Stage implements platform.Connector.
func (p *Private) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	out, err := p.named(out)
	if err != nil {
		return err
	}
	return p.Connector.Stage(ctx, a, out, n)
}

// Publish implements platform.Connector.
func (p *Private) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	out, err := p.named(out)
	if err != nil {
		return platform.Receipt{}, err
	}
	r, err := p.Connector.Publish(ctx, a, out, n)
	r.RemoteID = p.alias(r.RemoteID)
	return r, err
}

// named gives an answer the true ids of what it answers.
func (p *Private) named(out platform.Outgoing) (platform.Outgoing, error) {
	for _, id := range []*string{&out.InReplyTo, &out.Thread, &out.To} {
		name, err := p.ids.Name(purpose, *id)
		if err != nil {
			return out, &platform.NotSent{Err: err}
		}
		*id = name
	}
	return out, nil
}

// Parse implements platform.Listener.
func (p *Private) Parse(body []byte) (map[string][]platform.Item, error) {
	all, err := p.Connector.Parse(body)
	for account, items := range all {
		for i := range items {
			it := &items[i]
			it.RemoteID, it.InReplyTo, it.Thread = p.alias(it.RemoteID), p.alias(it.InReplyTo), p.alias(it.Thread)
		}
		all[account] = items
	}
	return all, err
}
