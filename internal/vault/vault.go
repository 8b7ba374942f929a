// Package vault keeps secrets and originals at rest: platform tokens, and
// citizens' messages as they were written. What it seals can be opened only by
// the holder of the key file, and only for the purpose it was sealed for.
//
// Sealed values are XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): its
// 24-byte nonce may be drawn at random for any number of values. The purpose
// (table and id of the row) is bound as associated data, so that a value copied
// to another row or column does not open there.
package vault

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"

	"golang.org/x/crypto/chacha20poly1305"

	"kentongan/internal/fault"
)

// A sealed value: version, key id, nonce, ciphertext with tag.
const (
	version  = 1
	idSize   = 4
	overhead = 1 + idSize + chacha20poly1305.NonceSizeX
)

type keyID [idSize]byte

// Vault seals with the newest key and opens with any key it has. It never
// changes after Open and may be shared.
type Vault struct {
	newest keyID
	oldest keyID // seals aliases: a rotation must not change them
	keys   map[keyID]cipher.AEAD
	lookup []byte // for Hash; from the oldest key, so that rotation keeps lookups
}

// Seal encrypts plain for one purpose: "channel.token:<id>".
func (v *Vault) Seal(purpose string, plain []byte) []byte {
	sealed := make([]byte, overhead, overhead+len(plain)+chacha20poly1305.Overhead)
	sealed[0] = version
	copy(sealed[1:], v.newest[:])
	nonce := sealed[1+idSize : overhead]
	rand.Read(nonce) // never fails: crypto/rand
	return v.keys[v.newest].Seal(sealed, nonce, plain, bound(sealed, purpose))
}

// Open decrypts what Seal made for the same purpose.
func (v *Vault) Open(purpose string, sealed []byte) ([]byte, error) {
	if len(sealed) < overhead+chacha20poly1305.Overhead || sealed[0] != version {
		return nil, fault.New(fault.Internal, "vault.not_sealed")
	}
	aead, ok := v.keys[keyID(sealed[1:1+idSize])]
	if !ok {
		return nil, fault.New(fault.Internal, "vault.key_missing", fault.Arg("key", hex.EncodeToString(sealed[1:1+idSize])))
	}
	plain, err := aead.Open(nil, sealed[1+idSize:overhead], sealed[overhead:], bound(sealed, purpose))
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "vault.does_not_open", err)
	}
	return plain, nil
}

// SealedWithNewest is false for a value that a rotation has still to reseal.
func (v *Vault) SealedWithNewest(sealed []byte) bool {
	return len(sealed) > overhead && sealed[0] == version && keyID(sealed[1:1+idSize]) == v.newest
}

// bound is the associated data: the header and the purpose.
func bound(sealed []byte, purpose string) []byte {
	header := sealed[:1+idSize]
	return append(append(make([]byte, 0, len(header)+len(purpose)), header...), purpose...)
}

// Hash is the same for the same value and purpose and says nothing to whoever
// has no key: for looking up an author without storing the name in clear.
func (v *Vault) Hash(purpose, value string) string {
	return hex.EncodeToString(v.mac(purpose, value))
}

// crockford has no letter that is read as another.
var crockford = base32.NewEncoding("0123456789ABCDEFGHJKMNPQRSTVWXYZ").WithPadding(base32.NoPadding)

// Pseudonym is a short name for a citizen on screens: "W-7K3F" (W for warga).
// Four characters tell apart the people of one conversation list; they are not
// unique in a city and must not be used as a key.
func (v *Vault) Pseudonym(purpose, value string) string {
	return "W-" + crockford.EncodeToString(v.mac(purpose, value))[:4]
}

func (v *Vault) mac(purpose, value string) []byte {
	h := hmac.New(sha256.New, v.lookup)
	h.Write([]byte(purpose))
	h.Write([]byte{0}) // no purpose holds a zero byte: ("ab","c") is not ("a","bc")
	h.Write([]byte(value))
	return h.Sum(nil)
}
