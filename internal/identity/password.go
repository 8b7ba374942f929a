package identity

import (
	"context"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"

	"kentongan/internal/fault"
)

// Length of a password. Length is what protects; rules about digits and signs
// only make people write passwords down (NIST SP 800-63B-4, 3.1.1.2).
const (
	minPassword = 12
	maxPassword = 128
)

// common are passwords and their beginnings that are tried first, here as
// elsewhere.
var common = [...]string{
	"password", "katasandi", "kata sandi", "rahasia", "indonesia", "bismillah", "qwerty", "administrator",
	"diskominfo", "pemkot", "pemkab", "kentongan", "123456", "abcdef", "sayang", "merdeka",
}

// cleanPassword makes the same characters the same bytes on every keyboard.
func cleanPassword(p string) string { return norm.NFKC.String(p) }

// checkPassword judges a clean password.
func checkPassword(password, username string) error {
	field, low := fault.Field("password"), strings.ToLower(password)
	switch n := utf8.RuneCountInString(password); {
	case n < minPassword:
		return fault.New(fault.Invalid, "person.password_short", field, fault.Arg("min", minPassword))
	case n > maxPassword:
		return fault.New(fault.Invalid, "person.password_long", field, fault.Arg("max", maxPassword))
	case username != "" && strings.Contains(low, username):
		return fault.New(fault.Invalid, "person.password_holds_name", field)
	case guessable(low):
		return fault.New(fault.Invalid, "person.password_common", field)
	}
	return nil
}

// guessable is true for a common password with little behind it, and for a
// few characters repeated.
func guessable(low string) bool {
	for _, c := range common {
		if rest, ok := strings.CutPrefix(low, c); ok && utf8.RuneCountInString(rest) < 8 {
			return true
		}
	}
	distinct := map[rune]bool{}
	for _, r := range low {
		distinct[r] = true
	}
	return len(distinct) < 5
}

// hasher turns passwords into Argon2id hashes, a few at a time: each takes
// 19 MiB (RFC 9106; OWASP's second choice m=19456, t=2, p=1), and eight at once
// with the library's 64 MiB take 250 MB.
type hasher struct {
	turns chan struct{}
	cost  argon2id.Params
}

func newHasher() hasher {
	return hasher{
		turns: make(chan struct{}, 2),
		cost:  argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32},
	}
}

// decoy is compared with when there is no such person, so that the answer
// takes as long. Nobody knows a password for it: its key is drawn at random.
const decoy = "$argon2id$v=19$m=19456,t=2,p=1$jyL76gmmztmBVNoakXasRA$Qnm1yRI3hADJGTYokhjXg9z6YY070R6hMfck+L0QGZg"

func (h hasher) turn(ctx context.Context, f func() error) error {
	select {
	case h.turns <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { <-h.turns }()
	return f()
}

func (h hasher) hash(ctx context.Context, password string) (hash string, err error) {
	err = h.turn(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(password, &h.cost)
		return err
	})
	return hash, err
}

// matches compares; hash "" stands for a person that does not exist.
func (h hasher) matches(ctx context.Context, password, hash string) (ok bool, err error) {
	known := hash != ""
	if !known {
		hash = decoy
	}
	err = h.turn(ctx, func() (err error) {
		ok, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	return ok && known, err
}
