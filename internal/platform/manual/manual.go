// Package manual stands for platforms that have no interface a government may
// use: a person publishes there by hand, what is ready beside them. It counts
// and limits, and calls nobody.
package manual

import (
	"context"
	"strings"
	"unicode/utf8"

	"kentongan/internal/platform"
)

// Connector stands for one platform.
type Connector struct{ name platform.Name }

// New returns the stand-in for a platform.
func New(name platform.Name) *Connector { return &Connector{name: name} }

// Names are the platforms that people alone can publish on.
func Names() []platform.Name {
	return []platform.Name{platform.WhatsAppChannel, platform.YouTubeCommunity}
}

// Name implements platform.Connector.
func (c *Connector) Name() platform.Name { return c.name }

// Capabilities implements platform.Connector. Neither platform publishes a
// limit for the text, so none is assumed; 16 MB is WhatsApp's for a picture or
// film, and YouTube's for each of up to ten pictures of a community post.
func (c *Connector) Capabilities(platform.Account) platform.Capabilities {
	can := platform.Capabilities{
		Platform: c.name, TextUnit: "characters", MaxMedia: 10, MaxMediaBytes: 16 << 20,
		MediaTypes: []string{"image/jpeg", "image/png"}, HideNote: "cap.manual.hide", ReplyNote: "cap.manual.reply",
	}
	if c.name == platform.WhatsAppChannel {
		can.VideoTypes, can.MaxVideoBytes = []string{"video/mp4"}, 16<<20
	}
	return can
}

// Verify implements platform.Connector: who connects the account names it.
func (c *Connector) Verify(_ context.Context, a platform.Account) (platform.Profile, error) {
	id := a.RemoteID
	if id == "" {
		id = a.Handle
	}
	return platform.Profile{RemoteID: id, Handle: a.Handle, Name: a.Handle, URL: a.BaseURL}, nil
}

// Count implements platform.Connector.
func (c *Connector) Count(_ platform.Account, out platform.Outgoing) platform.Length {
	return platform.Length{Used: utf8.RuneCountInString(platform.Compose(out))}
}

// byHand is the answer to everything that only a person can do there.
func byHand() error {
	return &platform.Refusal{Code: "platform.by_hand", Said: "no interface", Fix: platform.FixNobody}
}

// Stage implements platform.Connector.
func (c *Connector) Stage(context.Context, platform.Account, platform.Outgoing, platform.Notes) error {
	return byHand()
}

// Publish implements platform.Connector.
func (c *Connector) Publish(context.Context, platform.Account, platform.Outgoing, platform.Notes) (platform.Receipt, error) {
	return platform.Receipt{}, byHand()
}

// Find implements platform.Connector: nothing can be read there.
func (c *Connector) Find(context.Context, platform.Account, platform.Attempt) (platform.Finding, error) {
	return platform.Finding{}, byHand()
}

// Delete implements platform.Connector.
func (c *Connector) Delete(context.Context, platform.Account, string) error { return byHand() }

// ByHand implements platform.Guide: where the page to write on is.
func (c *Connector) ByHand(a platform.Account, _, _, _ string) string {
	switch {
	case c.name == platform.WhatsAppChannel:
		return "https://web.whatsapp.com/"
	case strings.HasPrefix(a.Handle, "@"):
		return "https://www.youtube.com/" + a.Handle + "/posts"
	}
	return "https://www.youtube.com/"
}
