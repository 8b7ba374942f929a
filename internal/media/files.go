package media

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"kentongan/internal/fault"
)

// Store keeps files by the SHA-256 of their content, below one folder.
type Store struct {
	folder string
	one    chan struct{} // held while a picture is unfolded in memory
}

// ChangedOnDisk is the code of a file that is not what its name says.
const ChangedOnDisk = "media.changed_on_disk"

// OpenStore makes the folder when it is not there.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, "media.no_folder", err, fault.Field("data"), fault.Arg("path", folder))
	}
	return &Store{folder: folder, one: make(chan struct{}, 1)}, nil
}

// Read returns a file's bytes. A file that is not what its name says is never
// handed out: its hash is what people signed.
func (s *Store) Read(sha string) ([]byte, error) {
	path, ok := s.path(sha)
	if !ok {
		return nil, fault.New(fault.NotFound, "media.not_found")
	}
	raw, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "media.not_found")
	}
	if err != nil {
		return nil, fault.Wrap(fault.Internal, "media.unreadable", err)
	}
	if hash(raw) != sha {
		return nil, fault.New(fault.Internal, ChangedOnDisk)
	}
	return raw, nil
}

// put writes bytes for good (a temporary file, synced, then renamed; then the
// folder synced) and returns their hash. Writing the same again does nothing.
func (s *Store) put(raw []byte) (string, error) {
	sha := hash(raw)
	path, _ := s.path(sha)
	if info, err := os.Stat(path); err == nil && info.Size() == int64(len(raw)) {
		return sha, nil
	}
	if err := s.write(path, raw); err != nil {
		return "", fault.Wrap(fault.Transient, "media.cannot_write", err, fault.Field("media"))
	}
	return sha, nil
}

func (s *Store) write(path string, raw []byte) error {
	folder := filepath.Dir(path)
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // after the rename there is none
	_, err = f.Write(raw)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return errors.Join(syncFolder(folder), syncFolder(s.folder))
}

func syncFolder(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// path is where a hash lies: ab/abcd…; only a hash names a file.
func (s *Store) path(sha string) (string, bool) {
	if raw, err := hex.DecodeString(sha); err != nil || len(raw) != sha256.Size || hex.EncodeToString(raw) != sha {
		return "", false
	}
	return filepath.Join(s.folder, sha[:2], sha), true
}

func hash(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}
