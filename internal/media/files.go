package media

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"

	"kentongan/internal/fault"
	"kentongan/internal/platform"
)

// Store keeps files by the SHA-256 of their content, below one folder.
type Store struct {
	folder string
	one    chan struct{} // held while a picture is unfolded in memory

	mu    sync.Mutex
	sound map[string]fs.FileInfo // files that were read through, as they lay then
}

// ChangedOnDisk is the code of a file that is not what its name says.
const ChangedOnDisk = "media.changed_on_disk"

// OpenStore makes the folder when it is not there.
func OpenStore(folder string) (*Store, error) {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fault.Wrap(fault.Invalid, "media.no_folder", err, fault.Field("data"), fault.Arg("path", folder))
	}
	return &Store{folder: folder, one: make(chan struct{}, 1), sound: map[string]fs.FileInfo{}}, nil
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

// Verify reads a file through and says whether it is still what its name says,
// without holding it in memory.
func (s *Store) Verify(sha string) error {
	f, info, err := s.file(sha)
	if err != nil {
		return err
	}
	defer f.Close()
	return s.verify(sha, f, info)
}

func (s *Store) verify(sha string, f *os.File, info fs.FileInfo) error {
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(f, 0, info.Size()+1)); err != nil {
		return fault.Wrap(fault.Internal, "media.unreadable", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if hex.EncodeToString(sum.Sum(nil)) != sha {
		delete(s.sound, sha)
		return fault.New(fault.Internal, ChangedOnDisk)
	}
	if len(s.sound) > 1000 {
		clear(s.sound) // they are read through once more
	}
	s.sound[sha] = info
	return nil
}

// Open returns a file for reading in pieces. It is read through first unless
// that was done since it was written; like Read it never hands out a file that
// is not what its name says.
func (s *Store) Open(sha string) (platform.File, error) {
	f, info, err := s.file(sha)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	was := s.sound[sha]
	s.mu.Unlock()
	if was == nil || !os.SameFile(was, info) || was.Size() != info.Size() || !was.ModTime().Equal(info.ModTime()) {
		if err := s.verify(sha, f, info); err != nil {
			f.Close()
			return nil, err
		}
	}
	return f, nil
}

func (s *Store) file(sha string) (*os.File, fs.FileInfo, error) {
	path, ok := s.path(sha)
	if !ok {
		return nil, nil, fault.New(fault.NotFound, "media.not_found")
	}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, fault.New(fault.NotFound, "media.not_found")
	}
	if err != nil {
		return nil, nil, fault.Wrap(fault.Internal, "media.unreadable", err)
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, nil, fault.Wrap(fault.Internal, "media.unreadable", err)
	}
	return f, info, nil
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
