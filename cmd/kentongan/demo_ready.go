package main

import (
	"kentongan/cmd/kentongan/web"
	"kentongan/internal/platform"
)

// offer is what the pretended platform hands out to its first account's owner:
// the page of connections takes it for what a visitor leaves empty.
func (d *demonstration) offer(name platform.Name, mode string) (web.Ready, bool) {
	for _, c := range d.box.Credentials(d.base) {
		if c.Platform != string(name) || c.Mode != mode {
			continue
		}
		form := platform.Form{
			BaseURL: c.BaseURL, Account: c.Handle, Password: c.Password,
			App:   platform.App{ClientID: c.App.ClientID, ClientSecret: c.App.ClientSecret, VerifyToken: c.App.VerifyToken},
			Token: platform.Token{Access: c.Token.Access, Secret: c.Token.Secret, Refresh: c.Token.Refresh, Expires: c.Token.Expires},
		}
		switch name {
		case platform.Telegram:
			form.Account = "@" + c.Handle
		case platform.WhatsApp:
			form.Account = c.AccountID
		}
		return web.Ready{BaseURL: c.BaseURL, Form: form}, true
	}
	return web.Ready{}, false
}
