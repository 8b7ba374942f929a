package whatsapp

import (
	"context"
	"net/http"
	"regexp"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
)

// fields is a JSON object in the making.
type fields map[string]any

// opaque begins what we send along to know our own message by. It says nothing
// about anybody.
const opaque = "kt:"

// Stage implements platform.Connector: it uploads the file. An upload is seen
// by nobody, and may be repeated.
func (c *Connector) Stage(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) error {
	if no := c.Check(a, out); len(no) > 0 {
		return no[0]
	}
	for _, m := range out.Media {
		if n.Value(m.Key) != "" {
			continue
		}
		req, err := wire.MultipartFilm(ctx, path(a, a.RemoteID, "media"), [][2]string{{"messaging_product", "whatsapp"}}, "file", m)
		if err != nil {
			return err
		}
		var up struct {
			ID string `json:"id"`
		}
		if err := c.call(ctx, a, req, &up); err != nil {
			return err
		}
		if up.ID == "" {
			return &platform.Unclear{Status: http.StatusOK, Said: "no media id"}
		}
		if err := n.Save(ctx, m.Key, up.ID); err != nil {
			return err
		}
	}
	return nil
}

// userID is a business-scoped user id: a country and up to 128 signs.
var userID = regexp.MustCompile(`^[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}$`)

// Publish implements platform.Connector: one answer to one person.
func (c *Connector) Publish(ctx context.Context, a platform.Account, out platform.Outgoing, n platform.Notes) (platform.Receipt, error) {
	if no := c.Check(a, out); len(no) > 0 {
		return platform.Receipt{}, no[0]
	}
	person := out.To
	if person == "" {
		person = out.Thread
	}
	if person == "" {
		return platform.Receipt{}, &platform.Refusal{Code: "platform.parent_gone", Said: "nobody to answer", Fix: platform.FixNobody}
	}
	in := fields{"messaging_product": "whatsapp", "recipient_type": "individual"}
	if userID.MatchString(person) {
		in["recipient"] = person
	} else {
		in["to"] = person
	}
	if out.Key != "" {
		in["biz_opaque_callback_data"] = opaque + out.Key
	}
	if out.InReplyTo != "" && out.Template == nil {
		in["context"] = fields{"message_id": out.InReplyTo}
	}
	if err := content(in, out, n); err != nil {
		return platform.Receipt{}, err
	}
	var sent struct {
		Messages []struct {
			ID string `json:"id"`
		} `json:"messages"`
	}
	if err := c.post(ctx, a, &sent, in, path(a, a.RemoteID, "messages")); err != nil {
		return platform.Receipt{}, err
	}
	if len(sent.Messages) == 0 || sent.Messages[0].ID == "" {
		return platform.Receipt{}, &platform.Unclear{Status: http.StatusOK, Said: "no message id"}
	}
	// Accepted: what becomes of it is told later by a status.
	return platform.Receipt{RemoteID: sent.Messages[0].ID, At: time.Now().UTC()}, nil
}

// content puts what is said into a message.
func content(in fields, out platform.Outgoing, n platform.Notes) error {
	text := platform.Compose(out)
	switch {
	case out.Template != nil:
		t := fields{"name": out.Template.Name, "language": fields{"code": out.Template.Language, "policy": "deterministic"}}
		var values []fields
		for _, v := range out.Template.Values {
			values = append(values, fields{"type": "text", "text": v})
		}
		if len(values) > 0 {
			t["components"] = []fields{{"type": "body", "parameters": values}}
		}
		in["type"], in["template"] = "template", t
	case len(out.Media) == 1:
		m := out.Media[0]
		id := ""
		if n != nil {
			id = n.Value(m.Key)
		}
		if id == "" {
			return &platform.NotSent{Err: errNotStaged}
		}
		file := fields{"id": id}
		if text != "" {
			file["caption"] = text
		}
		kind := "image"
		if m.Video() {
			kind = "video"
		}
		in["type"], in[kind] = kind, file
	default:
		body := fields{"body": text}
		if out.Link != "" {
			body["preview_url"] = true
		}
		in["type"], in["text"] = "text", body
	}
	return nil
}
