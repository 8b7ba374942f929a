package sandbox

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func (s *Sandbox) tgGetMe(c *call) answer {
	me := tgBotJSON(c.account)
	me["can_join_groups"], me["can_read_all_group_messages"], me["supports_inline_queries"] = true, false, false
	me["can_connect_to_business"], me["has_main_web_app"] = false, false
	return tgOK(me)
}

func (s *Sandbox) tgGetChat(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	var chat object
	switch t.kind {
	case "channel":
		chat = tgChannelJSON(c.account)
		chat["description"] = c.account.Bio
		if !s.rules.WithoutDiscussion {
			chat["linked_chat_id"] = tgInt(tgGroup(c.account.ID))
		}
	case "supergroup":
		chat = tgGroupJSON(c.account)
		chat["linked_chat_id"] = tgInt(c.account.ID)
	default:
		chat = s.tgPrivateJSON(t.chat)
	}
	chat["accent_color_id"], chat["max_reaction_count"] = 2, 11
	chat["accepted_gift_types"] = object{
		"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false, "premium_subscription": false, "gifts_from_channels": false,
	}
	return tgOK(chat)
}

// tgAdministrator is the bot's own rights; in a channel it posts, in a group it
// deletes and bans.
func (s *Sandbox) tgAdministrator(c *call, kind string) object {
	if s.rules.BotDemoted {
		return object{"status": "member", "user": tgBotJSON(c.account)}
	}
	m := object{
		"status": "administrator", "user": tgBotJSON(c.account), "can_be_edited": false, "is_anonymous": false,
		"can_manage_chat": true, "can_delete_messages": true, "can_manage_video_chats": false, "can_restrict_members": true,
		"can_promote_members": false, "can_change_info": false, "can_invite_users": true,
		"can_post_stories": false, "can_edit_stories": false, "can_delete_stories": false,
	}
	if kind == "channel" {
		m["can_post_messages"], m["can_edit_messages"] = true, true
	} else {
		m["can_pin_messages"], m["can_manage_topics"] = false, false
	}
	return m
}

func (s *Sandbox) tgGetChatMember(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	user := c.str("user_id")
	switch {
	case user == tgBot(c.account.ID):
		return tgOK(s.tgAdministrator(c, t.kind))
	case s.world.people[at(Telegram, user)] == nil:
		return tgBad("PARTICIPANT_ID_INVALID")
	case s.world.isBlocked(Telegram, c.account.ID, user):
		return tgOK(object{"status": "kicked", "user": s.tgUserJSON(user), "until_date": 0})
	}
	return tgOK(object{"status": "member", "user": s.tgUserJSON(user)})
}

func (s *Sandbox) tgGetChatAdministrators(c *call) answer {
	t, no := s.tgTarget(c)
	switch {
	case no != nil:
		return *no
	case t.kind == "private":
		return tgBad("there are no administrators in the private chat")
	}
	owner := object{
		"status": "creator", "is_anonymous": true,
		"user": object{"id": 5100000001, "is_bot": false, "first_name": "Admin", "last_name": "Humas"},
	}
	admins := []object{owner}
	if !s.rules.BotDemoted {
		admins = append(admins, s.tgAdministrator(c, t.kind))
	}
	return tgOK(admins)
}

func (s *Sandbox) tgGetChatMemberCount(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	if t.kind == "private" {
		return tgOK(2)
	}
	return tgOK(1200 + int(spread(t.chat)%900))
}

// tgNumbered is the message that chat_id and message_id name.
func (s *Sandbox) tgNumbered(c *call, missing string) (*Post, *answer) {
	t, no := s.tgTarget(c)
	if no != nil {
		return nil, no
	}
	n, err := strconv.ParseInt(c.str("message_id"), 10, 64)
	if err != nil || n <= 0 {
		bad := tgBad("message identifier is not specified")
		return nil, &bad
	}
	p := s.tgFind(c.account, t.chat, n)
	if p == nil {
		bad := tgBad(missing)
		return nil, &bad
	}
	return p, nil
}

const tgSame = "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message"

func (s *Sandbox) tgEditText(c *call) answer {
	return s.tgEdit(c, "text", tgMaxText, false)
}

func (s *Sandbox) tgEditCaption(c *call) answer {
	return s.tgEdit(c, "caption", tgMaxCaption, true)
}

func (s *Sandbox) tgEdit(c *call, field string, limit int, media bool) answer {
	p, no := s.tgNumbered(c, "message to edit not found")
	if no != nil {
		return *no
	}
	text, no := tgWords(c.str(field), c.str("parse_mode"), limit, "MESSAGE_TOO_LONG")
	switch {
	case no != nil:
		return *no
	case !p.Ours || s.rules.BotDemoted:
		return tgBad("message can't be edited")
	case media && len(p.Media) == 0:
		return tgBad("there is no caption in the message to edit")
	case !media && len(p.Media) > 0:
		return tgBad("there is no text in the message to edit")
	case !media && text == "":
		return tgBad("message text is empty")
	case p.Text == text:
		return tgBad(tgSame)
	}
	if err := s.edit(p, text, c.now); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	return tgOK(s.tgMessage(p, 0))
}

func (s *Sandbox) tgEditMarkup(c *call) answer {
	p, no := s.tgNumbered(c, "message to edit not found")
	switch {
	case no != nil:
		return *no
	case !p.Ours:
		return tgBad("message can't be edited")
	}
	return tgBad(tgSame)
}

// tgDelete: with the right to delete, anything in the channel and the group; in
// a private chat for 48 hours.
func (s *Sandbox) tgDelete(c *call) answer {
	p, no := s.tgNumbered(c, "message to delete not found")
	if no != nil {
		return *no
	}
	if no := s.tgGone(c, p); no != nil {
		return *no
	}
	return tgOK(true)
}

func (s *Sandbox) tgGone(c *call, p *Post) *answer {
	old := p.Kind == kindDirect && c.now.Sub(p.At) > 48*time.Hour
	if old || s.rules.BotDemoted {
		no := tgBad("message can't be deleted for everyone")
		return &no
	}
	if len(p.Media) > 1 && p.Ours { // one picture of an album
		n, _ := strconv.ParseInt(c.str("message_id"), 10, 64) // tgNumbered has read it
		if p.Face[tgPicked] == "" {
			p.Face[tgPicked] = " "
		}
		mark := strconv.FormatInt(n, 10) + " "
		picked := p.Face[tgPicked]
		if !strings.Contains(picked, " "+mark) {
			picked += mark
		}
		if err := s.world.change(p, func(p *Post) { p.Face[tgPicked] = picked }); err != nil {
			no := tgError(http.StatusInternalServerError, "Internal Server Error")
			return &no
		}
		if len(strings.Fields(picked)) < len(p.Media) {
			return nil
		}
	}
	if err := s.remove(p, c.now); err != nil {
		no := tgError(http.StatusInternalServerError, "Internal Server Error")
		return &no
	}
	return nil
}

// tgPicked are the pictures of an album that were deleted one by one.
const tgPicked = "picked"

// tgDeleteMany skips what is not there, as Telegram does.
func (s *Sandbox) tgDeleteMany(c *call) answer {
	t, no := s.tgTarget(c)
	if no != nil {
		return *no
	}
	ids := c.texts("message_ids")
	if len(ids) == 0 || len(ids) > 100 {
		return tgBad("there must be from 1 to 100 message identifiers")
	}
	for _, id := range ids {
		p := s.tgFind(c.account, t.chat, tgInt(id))
		if p == nil {
			continue
		}
		c.query.Set("message_id", id)
		delete(c.json, "message_id")
		if no := s.tgGone(c, p); no != nil {
			return *no
		}
	}
	return tgOK(true)
}

func (s *Sandbox) tgBan(c *call) answer   { return s.tgBar(c, "user_id", true) }
func (s *Sandbox) tgUnban(c *call) answer { return s.tgBar(c, "user_id", false) }

func (s *Sandbox) tgBanSender(c *call) answer   { return s.tgBar(c, "sender_chat_id", true) }
func (s *Sandbox) tgUnbanSender(c *call) answer { return s.tgBar(c, "sender_chat_id", false) }

func (s *Sandbox) tgBar(c *call, field string, barred bool) answer {
	t, no := s.tgTarget(c)
	who := c.str(field)
	switch {
	case no != nil:
		return *no
	case t.kind == "private":
		return tgBad("can't ban members in private chats")
	case s.rules.BotDemoted:
		return tgBad("not enough rights to restrict/unrestrict chat member")
	case field == "user_id" && s.world.people[at(Telegram, who)] == nil:
		return tgBad("PARTICIPANT_ID_INVALID")
	case who == "":
		return tgBad("sender_chat_id is empty")
	}
	if err := s.block(Telegram, c.account.ID, who, barred); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	return tgOK(true)
}

// tgRestrict takes rights away from a member of the group.
func (s *Sandbox) tgRestrict(c *call) answer {
	t, no := s.tgTarget(c)
	permissions := tgObject(c, "permissions")
	switch {
	case no != nil:
		return *no
	case t.kind != "supergroup":
		return tgBad("method is available only for supergroups")
	case permissions == nil:
		return tgBad("can't parse permissions: expected an Object")
	case s.rules.BotDemoted:
		return tgBad("not enough rights to restrict/unrestrict chat member")
	case s.world.people[at(Telegram, c.str("user_id"))] == nil:
		return tgBad("PARTICIPANT_ID_INVALID")
	}
	if err := s.block(Telegram, c.account.ID, c.str("user_id"), asText(permissions["can_send_messages"]) != "true"); err != nil {
		return tgError(http.StatusInternalServerError, "Internal Server Error")
	}
	return tgOK(true)
}

// tgReact: a bot may set one reaction out of Telegram's own.
func (s *Sandbox) tgReact(c *call) answer {
	_, no := s.tgNumbered(c, "message to react not found")
	if no != nil {
		return *no
	}
	list := c.list("reaction")
	if len(list) > 1 {
		return tgBad("too many reactions")
	}
	for _, v := range list {
		r, _ := v.(object)
		known := []string{"👍", "👎", "❤", "🔥", "🎉", "😁", "🤔", "😢", "🙏", "👏", "👌", "💯", "👀", "🫡", "🤝"}
		if asText(r["type"]) == "emoji" && !slices.Contains(known, asText(r["emoji"])) {
			return tgBad("REACTION_INVALID")
		}
	}
	return tgOK(true)
}

func (s *Sandbox) tgGetFile(c *call) answer {
	id := c.str("file_id")
	m := s.world.media[at(Telegram, id)]
	if m == nil || m.Account != c.account.ID {
		return tgBad("wrong file_id or the file is temporarily unavailable")
	}
	return tgOK(object{"file_id": m.ID, "file_unique_id": "AQAD" + m.SHA256[:12], "file_size": m.Size, "file_path": "photos/file_" + m.ID[len(m.ID)-1:] + ".jpg"})
}

func (s *Sandbox) tgProfilePhotos(c *call) answer {
	return tgOK(object{"total_count": 0, "photos": []object{}})
}
