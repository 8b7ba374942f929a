package vault

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"sync"
	"testing"

	"kentongan/internal/fault"
)

func open(t *testing.T, path string) *Vault {
	t.Helper()
	v, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestSealedValuesOpenOnlyWhereTheyBelong(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "key")
	v, other := open(t, path), open(t, filepath.Join(t.TempDir(), "key"))
	plain := []byte("token of channel 1")
	sealed := v.Seal("channel.token:1", plain)
	if bytes.Contains(sealed, plain) || bytes.Equal(sealed, v.Seal("channel.token:1", plain)) {
		t.Error("the value is in clear, or sealing it twice gives the same bytes")
	}
	flipped := func(i int) []byte { c := bytes.Clone(sealed); c[i] ^= 1; return c }
	for _, row := range []struct {
		what    string
		v       *Vault
		purpose string
		sealed  []byte
		code    string
	}{
		{"the same purpose opens it", v, "channel.token:1", sealed, ""},
		{"the same key after a restart opens it", open(t, path), "channel.token:1", sealed, ""},
		{"moved to another row", v, "channel.token:2", sealed, "vault.does_not_open"},
		{"moved to another column", v, "channel.secret:1", sealed, "vault.does_not_open"},
		{"another installation's key", other, "channel.token:1", sealed, "vault.key_missing"},
		{"a changed byte in the text", v, "channel.token:1", flipped(len(sealed) - 1), "vault.does_not_open"},
		{"a changed byte in the nonce", v, "channel.token:1", flipped(10), "vault.does_not_open"},
		{"a changed version", v, "channel.token:1", flipped(0), "vault.not_sealed"},
		{"cut short", v, "channel.token:1", sealed[:20], "vault.not_sealed"},
		{"nothing", v, "channel.token:1", nil, "vault.not_sealed"},
	} {
		got, err := row.v.Open(row.purpose, row.sealed)
		if row.code == "" {
			if err != nil || !bytes.Equal(got, plain) {
				t.Errorf("%s: %q, %v", row.what, got, err)
			}
			continue
		}
		if f := fault.Find(err); f == nil || f.Code != row.code || got != nil {
			t.Errorf("%s: got %q, %v, want %s", row.what, got, err, row.code)
		}
	}
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	open(t, path)
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("%v, %v: want 0600", info.Mode(), err)
	}
	leftover, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".key-*"))
	if len(leftover) > 0 {
		t.Errorf("left behind: %v", leftover)
	}
	for _, row := range []struct {
		what, text string
		mode       os.FileMode
		code       string
	}{
		{"a key that the group can read", "", 0o640, "vault.key_open_to_others"},
		{"a key that everybody can read", "", 0o604, "vault.key_open_to_others"},
		{"an empty file", "# nothing\n", 0o600, "vault.key_malformed"},
		{"a line that is no key", "c2hvcnQ=\n", 0o600, "vault.key_malformed"},
	} {
		p := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(p, []byte(row.text), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(p, row.mode); err != nil {
			t.Fatal(err)
		}
		_, err := Open(p)
		if fault.Code(err) != row.code {
			t.Errorf("%s: got %v, want %s", row.what, err, row.code)
		}
	}
	if _, err := Open(t.TempDir()); fault.Code(err) == "" {
		t.Errorf("a folder is no key file: %v", err)
	}
}

func TestTwoProgramsStartingAtOnceShareOneKey(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	hashes := make([]string, 16)
	var group sync.WaitGroup
	for i := range hashes {
		group.Go(func() {
			if v, err := Open(path); err == nil {
				hashes[i] = v.Hash("p", "v")
			}
		})
	}
	group.Wait()
	for _, h := range hashes {
		if h == "" || h != hashes[0] {
			t.Fatalf("different keys: %v", hashes)
		}
	}
}

func TestRotationKeepsWhatWasSealedAndLookups(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	before := open(t, path)
	sealed, hash := before.Seal("a:1", []byte("x")), before.Hash("author", "ani")
	if err := Rotate(path); err != nil {
		t.Fatal(err)
	}
	after := open(t, path)
	if got, err := after.Open("a:1", sealed); err != nil || string(got) != "x" {
		t.Errorf("the old value is lost: %v", err)
	}
	if after.SealedWithNewest(sealed) || !after.SealedWithNewest(after.Seal("a:1", nil)) {
		t.Error("cannot tell what has still to be resealed")
	}
	if _, err := before.Open("a:1", after.Seal("a:1", []byte("x"))); err == nil {
		t.Error("the new key is the old key")
	}
	if after.Hash("author", "ani") != hash {
		t.Error("lookups changed with the key")
	}
}

func TestHashes(t *testing.T) {
	v := open(t, filepath.Join(t.TempDir(), "key"))
	once, again := v.Hash("author", "ani"), v.Hash("author", "ani")
	if once != again || once == v.Hash("phone", "ani") || v.Hash("ab", "c") == v.Hash("a", "bc") {
		t.Error("a hash must depend on value and purpose, and on nothing else")
	}
	name := v.Pseudonym("author", "ani")
	if !regexp.MustCompile(`^W-[0-9A-HJKMNP-TV-Z]{4}$`).MatchString(name) || name != v.Pseudonym("author", "ani") {
		t.Errorf("pseudonym %q", name)
	}
}

func FuzzOpen(f *testing.F) {
	v, err := Open(filepath.Join(f.TempDir(), "key"))
	if err != nil {
		f.Fatal(err)
	}
	genuine := v.Seal("t:1", []byte("hello"))
	f.Add(genuine)
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if plain, err := v.Open("t:1", sealed); err == nil && !bytes.Equal(sealed, genuine) {
			t.Errorf("opened a forgery: %q", plain)
		}
	})
}
