package sandbox

import (
	"regexp"
	"strconv"
	"strings"
)

// tgInt: ids are numbers on the wire.
func tgInt(id string) int64 {
	n, _ := strconv.ParseInt(id, 10, 64) // ids of chats and people are ours
	return n
}

func tgChannelJSON(a *Account) object {
	return object{"id": tgInt(a.ID), "type": "channel", "title": a.Name, "username": a.Handle}
}

func tgGroupJSON(a *Account) object {
	return object{"id": tgInt(tgGroup(a.ID)), "type": "supergroup", "title": "Diskusi " + a.Name}
}

func tgBotJSON(a *Account) object {
	return object{"id": tgInt(tgBot(a.ID)), "is_bot": true, "first_name": "Bot " + a.Name, "username": a.Handle + "_bot"}
}

var tgName = regexp.MustCompile(`^[A-Za-z]\w{4,31}$`)

// tgUserJSON: somebody who has no user name shows only what they call themselves.
func (s *Sandbox) tgUserJSON(id string) object {
	handle := s.world.handle(Telegram, id)
	first, last, _ := strings.Cut(displayName(handle), " ")
	u := object{"id": tgInt(id), "is_bot": false, "first_name": first, "language_code": "id"}
	if last != "" {
		u["last_name"] = last
	}
	if tgName.MatchString(handle) {
		u["username"] = handle
	}
	return u
}

func (s *Sandbox) tgPrivateJSON(id string) object {
	u := s.tgUserJSON(id)
	delete(u, "is_bot")
	delete(u, "language_code")
	u["type"] = "private"
	return u
}

// tgMessage is a post as a Message; i is the picture of an album.
func (s *Sandbox) tgMessage(p *Post, i int) object {
	a := s.world.account(Telegram, p.Account)
	_, n := tgSplit(p.ID)
	m := object{"message_id": n + int64(i), "date": p.At.Unix()}
	switch p.Kind {
	case kindPost:
		m["chat"], m["sender_chat"] = tgChannelJSON(a), tgChannelJSON(a)
	case kindDirect:
		m["chat"], m["from"] = s.tgPrivateJSON(p.Thread), s.tgFrom(p, a)
	default:
		m["chat"], m["from"] = tgGroupJSON(a), s.tgFrom(p, a)
		if p.Ours && p.Face[tgByBot] == "" {
			m["from"] = object{"id": 136817688, "is_bot": true, "first_name": "Channel", "username": "Channel_Bot"}
			m["sender_chat"] = tgChannelJSON(a) // an administrator who writes as the channel
		}
	}
	s.tgContent(m, p, i)
	s.tgBelow(m, p, a)
	if !p.EditedAt.IsZero() {
		m["edit_date"] = p.EditedAt.Unix()
	}
	return m
}

func (s *Sandbox) tgFrom(p *Post, a *Account) object {
	if p.Ours {
		return tgBotJSON(a)
	}
	return s.tgUserJSON(p.AuthorID)
}

// tgBelow says what a message answers, and which channel post it stands below.
func (s *Sandbox) tgBelow(m object, p *Post, a *Account) {
	parent := s.world.post(Telegram, p.InReplyTo)
	root := s.world.post(Telegram, p.Thread)
	inGroup := p.Kind == kindComment || p.Kind == kindMention
	if inGroup && root != nil && root.Kind == kindPost && root != p {
		m["message_thread_id"] = tgInt(root.Face[tgForward])
	}
	if parent == nil || parent.Deleted {
		return
	}
	var to object
	if inGroup && parent.Kind == kindPost {
		to = s.tgForwarded(parent, 0)
	} else {
		to = s.tgMessage(parent, 0)
	}
	delete(to, "reply_to_message") // one level only
	m["reply_to_message"] = to
}

// tgForwarded is a channel post's copy in the discussion group.
func (s *Sandbox) tgForwarded(p *Post, i int) object {
	a := s.world.account(Telegram, p.Account)
	_, n := tgSplit(p.ID)
	m := object{
		"message_id": tgInt(p.Face[tgForward]) + int64(i), "date": p.At.Unix(), "chat": tgGroupJSON(a),
		"from":        object{"id": 777000, "is_bot": false, "first_name": "Telegram"},
		"sender_chat": tgChannelJSON(a), "is_automatic_forward": true,
		"forward_origin": object{"type": "channel", "date": p.At.Unix(), "chat": tgChannelJSON(a), "message_id": n + int64(i)},
	}
	s.tgContent(m, p, i)
	if parent := s.world.visible(Telegram, p.InReplyTo); parent != nil && parent.Kind == kindPost {
		to := s.tgForwarded(parent, 0)
		delete(to, "reply_to_message")
		m["reply_to_message"] = to
	}
	if !p.EditedAt.IsZero() {
		m["edit_date"] = p.EditedAt.Unix()
	}
	return m
}

// tgContent puts words and files into a message; an album's words stand with
// its first picture.
func (s *Sandbox) tgContent(m object, p *Post, i int) {
	words, entities := "text", "entities"
	if i < len(p.Media) {
		words, entities = "caption", "caption_entities"
		tgMedia(m, p.Media[i])
	}
	for kind := range strings.SplitSeq(p.Face[tgFiles], ",") {
		if kind != "" {
			words, entities = "caption", "caption_entities"
			tgCitizenFile(m, kind, p.ID)
		}
	}
	if p.Face[tgGroupID] != "" {
		m["media_group_id"] = p.Face[tgGroupID]
	}
	if i > 0 || p.Text == "" {
		return
	}
	m[words] = p.Text
	if found := tgEntities(p.Text); len(found) > 0 {
		m[entities] = found
	}
	if words == "text" && p.Link != "" && p.Link != firstURL(p.Text) {
		m["link_preview_options"] = object{"url": p.Link}
	}
}

func tgMedia(m object, f Media) {
	w, h, _ := strings.Cut(f.Category, "x")
	file := object{"file_id": f.ID, "file_unique_id": "AQAD" + f.SHA256[:12], "file_size": f.Size, "width": tgInt(w), "height": tgInt(h)}
	if strings.HasPrefix(f.Type, "video/") {
		file["mime_type"], file["duration"] = f.Type, 0
		m["video"] = file
		return
	}
	m["photo"] = []object{file}
}

// tgCitizenFile is what a citizen sent along.
func tgCitizenFile(m object, kind, id string) {
	file := object{"file_id": "AgACAgUAAx0CB" + id, "file_unique_id": "AQADc" + id, "file_size": 48211}
	sized := func() object { file["width"], file["height"] = 1280, 720; return file }
	switch kind {
	case "image":
		m["photo"] = []object{sized()}
	case "video":
		sized()["duration"] = 12
		m["video"] = file
	case "audio":
		file["duration"] = 7
		m["voice"] = file
	case "sticker":
		sized()["type"], file["is_animated"], file["is_video"] = "regular", false, false
		m["sticker"] = file
	case "location":
		m["location"] = object{"latitude": -6.9147, "longitude": 107.6098}
	default:
		m["document"] = file
	}
}
