package media

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"kentongan/internal/db"
	"kentongan/internal/db/dbtest"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

func crc(b []byte) uint32 { return crc32.ChecksumIEEE(b) }

func store(t *testing.T) *Store {
	t.Helper()
	s, err := OpenStore(filepath.Join(t.TempDir(), "media"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func actor(agency identity.AgencyID, role identity.Role) identity.Actor {
	return identity.NewActor("p", "P", agency, identity.Web, map[identity.AgencyID][]identity.Role{agency: {role}})
}

func withAgency(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Update(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO agency (id, slug, name, zone, created_at) VALUES ('a', 'a', 'A', 'Asia/Jakarta', 1)`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAPictureIsKeptAndRendered(t *testing.T) {
	t.Parallel()
	dbtest.Both(t, func(t *testing.T, d *db.DB) {
		withAgency(t, d)
		ctx, s, officer := t.Context(), store(t), actor("a", identity.Officer)
		raw := withExif(asJPEG(t, noise(300, 100)), binary.BigEndian, 6)
		p, err := s.Add(ctx, d, officer, "C:\\rumah\\foto\x00.jpg", raw)
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != 100 || p.Height != 300 || p.Name != "foto.jpg" || p.Agency != "a" || p.By != "p" {
			t.Errorf("%+v", p)
		}
		err = d.View(ctx, func(tx *db.Tx) error {
			again, err := Find(ctx, tx, officer, p.ID)
			if err != nil || again != p {
				t.Errorf("read back %+v, %v", again, err)
			}
			for _, id := range []ID{p.ID, "no-such"} {
				if _, err := Find(ctx, tx, actor("b", identity.Officer), id); fault.Code(err) != "media.not_found" {
					t.Errorf("another agency's actor sees %s: %v", id, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := s.Read(p.SHA256)
		if err != nil || int64(len(kept)) != p.Size || bytes.Contains(kept, []byte("GPS")) {
			t.Errorf("%d bytes kept, %v", len(kept), err)
		}
		limits := Limits{Types: []string{JPEG}, MaxBytes: 10_000, MaxSide: 150}
		var group sync.WaitGroup
		made := make([]Rendition, 4)
		for i := range made {
			group.Go(func() {
				var err error
				if made[i], err = s.Render(ctx, d, p, limits); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		for _, r := range made {
			if r != made[0] || r.Width != 50 || r.Height != 150 || r.Size > 10_000 {
				t.Errorf("rendition %+v", r)
			}
		}
		if out, err := s.Read(made[0].SHA256); err != nil || int64(len(out)) != made[0].Size {
			t.Errorf("rendition on disk: %v", err)
		}
		if _, err := s.Add(ctx, d, actor("a", identity.Auditor), "x.jpg", raw); fault.KindOf(err) != fault.Denied {
			t.Errorf("an auditor added a picture: %v", err)
		}
	})
}

func TestFilesAreWhatTheirNameSays(t *testing.T) {
	t.Parallel()
	s := store(t)
	sha, err := s.put([]byte("hello"))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.put([]byte("hello")); err != nil || again != sha {
		t.Errorf("the same again: %s, %v", again, err)
	}
	path, _ := s.path(sha)
	if leftover, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".new-*")); len(leftover) > 0 {
		t.Errorf("left behind: %v", leftover)
	}
	if err := os.WriteFile(path, []byte("jello"), 0o600); err != nil {
		t.Fatal(err)
	}
	if raw, err := s.Read(sha); err == nil {
		t.Errorf("handed out changed bytes: %q", raw)
	}
	for _, name := range []string{"", "../../etc/passwd", "abc", sha + "0", "ZZ" + sha[2:]} {
		if _, err := s.Read(name); fault.Code(err) != "media.not_found" {
			t.Errorf("%q: %v", name, err)
		}
	}
}

func TestWaitingForMemoryEndsWithTheRequest(t *testing.T) {
	t.Parallel()
	s := store(t)
	s.one <- struct{}{}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Add(ctx, nil, actor("a", identity.Officer), "x", asPNG(t, quarters(8, 8))); err != context.Canceled {
		t.Errorf("got %v", err)
	}
}
