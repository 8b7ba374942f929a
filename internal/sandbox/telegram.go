package sandbox

import "net/http"

func telegramHabit() habit {
	return habit{
		name: Telegram, mount: "/tg", names: true,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(Telegram, "-1001450000101", "-1001450000202"),
	}
}
