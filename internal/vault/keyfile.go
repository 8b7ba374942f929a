package vault

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"

	"kentongan/internal/fault"
)

const header = "# Kentongan key file. Without it no token and no original message can be read.\n" +
	"# Keep a copy in a safe place, apart from the database's backup. Newest key last.\n"

// Open reads the key file at path and makes it at the first start. A key file
// that other accounts of the machine can read is refused.
func Open(path string) (*Vault, error) {
	text, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		if err = create(path); err == nil {
			text, err = read(path)
		}
	}
	if err != nil {
		if fault.Find(err) != nil {
			return nil, err
		}
		return nil, fault.Wrap(fault.Invalid, "vault.key_unreadable", err, fault.Arg("path", path))
	}
	return parse(path, text)
}

// Rotate adds a new key to the file: what is sealed from the next Open on uses
// it; what was sealed before still opens.
func Rotate(path string) error {
	text, err := read(path)
	if err != nil {
		return err
	}
	if _, err := parse(path, text); err != nil {
		return err
	}
	return replace(path, append(text, newKey()...))
}

func read(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fault.New(fault.Invalid, "vault.key_open_to_others",
			fault.Arg("path", path), fault.Arg("mode", fmt.Sprintf("%04o", info.Mode().Perm())))
	}
	return os.ReadFile(path)
}

// create writes the first key beside path and links it into place, so that of
// two programs starting at once both end with the same key.
func create(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp, err := written(path, []byte(header+newKey()))
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Link(temp, path); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return syncDir(path)
}

func replace(path string, text []byte) error {
	temp, err := written(path, text)
	if err != nil {
		return err
	}
	defer os.Remove(temp)
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(path)
}

// written puts text on the disk, for good, in a file beside path.
func written(path string, text []byte) (string, error) {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // made with 0600
	if err != nil {
		return "", err
	}
	_, err = f.Write(text)
	err = errors.Join(err, f.Sync(), f.Close())
	if err != nil {
		os.Remove(f.Name())
	}
	return f.Name(), err
}

func syncDir(path string) error {
	dir, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

func newKey() string {
	key := make([]byte, chacha20poly1305.KeySize)
	rand.Read(key) // never fails: crypto/rand
	return base64.StdEncoding.EncodeToString(key) + "\n"
}

// parse reads one key a line. A key's id is made from the key itself, so that
// the two cannot be mixed up.
func parse(path string, text []byte) (*Vault, error) {
	v := &Vault{keys: map[keyID]cipher.AEAD{}}
	for line := range strings.Lines(string(bytes.TrimSpace(text))) {
		line = strings.TrimSpace(line)
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := v.add(line); err != nil {
			return nil, fault.Wrap(fault.Invalid, "vault.key_malformed", err, fault.Arg("path", path))
		}
	}
	if len(v.keys) == 0 {
		return nil, fault.New(fault.Invalid, "vault.key_malformed", fault.Arg("path", path))
	}
	return v, nil
}

func (v *Vault) add(line string) error {
	key, err := base64.StdEncoding.DecodeString(line)
	if err != nil || len(key) != chacha20poly1305.KeySize {
		return errors.New("a line is not a key") // the line itself is a secret
	}
	id, err := hkdf.Key(sha256.New, key, nil, "kentongan key id", idSize)
	if err != nil {
		return err
	}
	if v.lookup == nil {
		if v.lookup, err = hkdf.Key(sha256.New, key, nil, "kentongan lookup", sha256.Size); err != nil {
			return err
		}
	}
	if len(v.keys) == 0 {
		v.oldest = keyID(id)
	}
	v.newest = keyID(id)
	v.keys[v.newest], err = chacha20poly1305.NewX(key)
	return err
}
