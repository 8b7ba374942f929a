package sandbox

import "net/http"

func whatsappHabit() habit {
	return habit{
		name: WhatsApp, mount: "/wa", names: true,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(WhatsApp, "104500000000701", "104500000000702"),
	}
}
