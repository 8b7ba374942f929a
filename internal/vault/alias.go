package vault

import (
	"encoding/base64"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"kentongan/internal/fault"
)

// aliasMark begins every alias, so that a name which was never sealed is told
// apart.
const aliasMark = "k1."

// Alias is a name sealed so that the same name always gives the same alias:
// for platform ids that hold personal data (WhatsApp's message ids hold the
// citizen's number) and must still be unique and found again. The nonce is a
// keyed hash of the name, as in RFC 5297's synthetic IV; the oldest key seals,
// so that a rotation changes no alias.
func (v *Vault) Alias(purpose, name string) string {
	if name == "" {
		return ""
	}
	nonce := v.mac("alias/"+purpose, name)[:chacha20poly1305.NonceSizeX]
	sealed := v.keys[v.oldest].Seal(append([]byte(nil), nonce...), nonce, []byte(name), []byte("alias/"+purpose))
	return aliasMark + base64.RawURLEncoding.EncodeToString(sealed)
}

// Name opens an alias. What is none is given back as it is.
func (v *Vault) Name(purpose, alias string) (string, error) {
	text, ok := strings.CutPrefix(alias, aliasMark)
	if !ok {
		return alias, nil
	}
	sealed, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(sealed) < chacha20poly1305.NonceSizeX+chacha20poly1305.Overhead {
		return "", fault.New(fault.Internal, "vault.not_sealed")
	}
	nonce, body := sealed[:chacha20poly1305.NonceSizeX], sealed[chacha20poly1305.NonceSizeX:]
	name, err := v.keys[v.oldest].Open(nil, nonce, body, []byte("alias/"+purpose))
	if err != nil {
		return "", fault.Wrap(fault.Internal, "vault.does_not_open", err)
	}
	return string(name), nil
}
