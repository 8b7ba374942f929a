package telegram

import (
	"context"
	"strings"

	"kentongan/internal/platform"
)

// Edit implements platform.Editor.
func (c *Connector) Edit(ctx context.Context, a platform.Account, remoteID string, out platform.Outgoing) error {
	to, id, ok := split(remoteID)
	if !ok {
		return notFound()
	}
	if l := c.Count(a, out); l.Used > l.Limit {
		return &platform.Refusal{Code: "platform.text_too_long", Fix: platform.FixAuthor}
	}
	text := platform.Compose(out)
	words := fields{"chat_id": to, "message_id": id, "text": text}
	if out.Link != "" {
		words["link_preview_options"] = fields{"url": out.Link}
	}
	caption := fields{"chat_id": to, "message_id": id, "caption": text}
	var done message
	var err error
	if len(out.Media) == 0 {
		err = c.ask(ctx, a, "editMessageText", words, &done)
	}
	// Which of the two it is, Telegram knows better than we do.
	if len(out.Media) > 0 || says(err, "there is no text in the message") {
		err = c.ask(ctx, a, "editMessageCaption", caption, &done)
	}
	if says(err, "message is not modified") {
		return nil
	}
	return err
}

// Delete implements platform.Connector. An album's pictures are deleted with
// it; what is already gone is deleted.
func (c *Connector) Delete(ctx context.Context, a platform.Account, remoteID string) error {
	to, id, ok := split(remoteID)
	if !ok {
		return notFound()
	}
	// The first one last: while it stands, a repeat begins anew.
	// Telegram says true of what it did; telegram-test-api says nothing.
	for i := int64(c.memory.size(to, id)) - 1; i >= 0; i-- {
		var done *bool
		if err := c.ask(ctx, a, "deleteMessage", fields{"chat_id": to, "message_id": id + i}, &done); err != nil && !gone(err) {
			return err
		} else if err == nil && done != nil && !*done {
			return notDone()
		}
	}
	return nil
}

// Remove implements platform.Remover: a citizen's message in the discussion
// group, by the right to delete there.
func (c *Connector) Remove(ctx context.Context, a platform.Account, remoteID string) error {
	return c.Delete(ctx, a, remoteID)
}

// SetBlocked implements platform.Blocker: from the discussion group. Somebody
// who writes there as a channel is banned as that channel.
func (c *Connector) SetBlocked(ctx context.Context, a platform.Account, authorID, remoteID string, blocked bool) error {
	group, _, ok := split(remoteID)
	if !ok || group > 0 { // a private conversation: a bot cannot close it
		if len(a.Also) == 0 {
			return &platform.Refusal{Code: "platform.block_without_group", Fix: platform.FixAdmin}
		}
		group, _, _ = split(a.Also[0] + "_1")
	}
	name, in := "banChatMember", fields{"chat_id": group}
	if !blocked {
		name = "unbanChatMember"
	}
	if strings.HasPrefix(authorID, "-") {
		name, in["sender_chat_id"] = strings.Replace(name, "Member", "SenderChat", 1), authorID
	} else {
		in["user_id"] = authorID
		if !blocked {
			in["only_if_banned"] = true // without it, a member would be thrown out
		}
	}
	id, _, ok := split(authorID + "_1")
	if !ok {
		return notFound()
	}
	for _, key := range []string{"sender_chat_id", "user_id"} {
		if _, has := in[key]; has {
			in[key] = id
		}
	}
	var done *bool
	if err := c.ask(ctx, a, name, in, &done); err != nil {
		return err
	}
	if done != nil && !*done {
		return notDone()
	}
	return nil
}

// notDone: it said in so many words that it did not.
func notDone() error { return &platform.Unclear{Status: 200, Said: "not confirmed"} }

func notFound() error {
	return &platform.Refusal{Code: "platform.not_found", Said: "no such message", Fix: platform.FixNobody}
}
