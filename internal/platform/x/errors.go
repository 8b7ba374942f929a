package x

import (
	"net/http"
	"strings"
	"time"

	"kentongan/internal/platform"
	"kentongan/internal/platform/wire"
	"kentongan/internal/safehttp"
)

// problem is an error body in each of the shapes X sends: v2's problem+json,
// v2's list of errors, and v1.1's codes.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Type   string `json:"type"`
	Reason string `json:"reason"`
	Errors []struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Detail  string `json:"detail"`
		Type    string `json:"type"`
	} `json:"errors"`
}

// readProblem is the body as a problem; ok is false when it is not X's.
func readProblem(body []byte) (p problem, ok bool) {
	if wire.Whole(body, &p) != nil {
		return problem{}, false
	}
	return p, p.Title != "" || p.Detail != "" || len(p.Errors) > 0
}

// words is what X said, in the sentence that says most.
func (p problem) words() string {
	said := p.Detail
	for _, e := range p.Errors {
		if e.Message != "" {
			said += " " + e.Message
		} else {
			said += " " + e.Detail
		}
	}
	if strings.TrimSpace(said) == "" {
		return p.Title
	}
	return strings.TrimSpace(said)
}

// is compares the type by its end: the host changed in August 2026.
func (p problem) is(kind string) bool { return strings.HasSuffix(p.Type, "/"+kind) }

func (p problem) has(codes ...int) bool {
	for _, e := range p.Errors {
		for _, c := range codes {
			if e.Code == c {
				return true
			}
		}
	}
	return false
}

// refused reads an answer that is not 2xx. Only X's own words are a definite
// no: what a gateway in between says leaves the outcome unknown.
func refused(answer safehttp.Answer, a platform.Account, now time.Time) error {
	p, own := readProblem(answer.Body)
	said := safehttp.Said([]byte(p.words()), a.Token.Access, a.Token.Secret)
	switch {
	case answer.Status == http.StatusTooManyRequests || p.has(88):
		return &platform.Throttle{Until: reset(answer.Header, now), Said: said}
	case answer.Status >= 500 || !own && answer.Status != http.StatusUnauthorized:
		return &platform.Unclear{Status: answer.Status, Said: said}
	}
	return p.refusal(answer.Status, said)
}

// refusal is the table of X's definite answers.
func (p problem) refusal(status int, said string) error {
	lower := strings.ToLower(said)
	says := func(part string) bool { return strings.Contains(lower, part) }
	no := func(code, fix string) error { return &platform.Refusal{Code: code, Said: said, Fix: fix} }
	switch {
	case says("duplicate content") || p.has(187):
		return &platform.Unclear{Status: status, Said: said, Duplicate: true}
	case status == http.StatusUnauthorized || p.has(32, 89, 215):
		return &platform.Refusal{Code: "platform.auth_lost", Said: said, Fix: platform.FixAdmin, Auth: true}
	case p.has(64, 326) || says("suspended") || says("temporarily locked"):
		return &platform.Refusal{Code: "platform.account_blocked", Said: said, Fix: platform.FixAdmin, Block: true}
	case status == http.StatusPaymentRequired:
		return no("platform.credits_exhausted", platform.FixAdmin)
	case p.has(433) || says("not allowed because you have not been mentioned") || says("reply to this conversation is not allowed"):
		return no("platform.not_summoned", platform.FixNobody)
	case p.has(385) || says("deleted or not visible"):
		return no("platform.parent_gone", platform.FixNobody)
	case p.has(186) || says("text is too long"):
		return no("platform.text_too_long", platform.FixAuthor)
	case says("invalid url"):
		return no("platform.link_refused", platform.FixAuthor)
	case says("media ids are invalid") || says("media id is invalid"):
		return no(codeMediaExpired, platform.FixAuthor)
	case p.has(261, 453) || p.is("client-forbidden") || says("not permitted to access this feature"):
		return no("platform.app_forbidden", platform.FixAdmin)
	case status == http.StatusNotFound || p.is("resource-not-found") || p.has(34, 144):
		return no("platform.not_found", platform.FixNobody)
	case status == http.StatusRequestEntityTooLarge || says("file size exceeds"):
		return no("platform.media_too_large", platform.FixAuthor)
	case status == http.StatusForbidden && says("cashtag"), status == http.StatusBadRequest:
		return no("platform.invalid", platform.FixAuthor)
	case status == http.StatusForbidden:
		return no("platform.forbidden", platform.FixAdmin)
	}
	return &platform.Unclear{Status: status, Said: said}
}

// codeMediaExpired is a refused upload id: Publish turns it into "upload it
// again", so the code never reaches a person as a refusal of the post.
const codeMediaExpired = "platform.media_refused"
