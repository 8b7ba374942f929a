package sandbox

import "net/http"

func linkedinHabit() habit {
	return habit{
		name: LinkedIn, mount: "/li", names: true,
		routes:   func(*Sandbox, *http.ServeMux) {},
		accounts: twoOffices(LinkedIn, "urn:li:organization:10450101", "urn:li:organization:10450202"),
	}
}
