package evidence

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"filippo.io/age"

	"awassiber/bot"
)

func newKey(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func openStore(t *testing.T, o Options) (*Store, string) {
	t.Helper()
	dir, id := t.TempDir(), newKey(t)
	s, err := Open(dir, id, id.Recipient(), o)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir
}

func put(t *testing.T, s *Store, data []byte) bot.Attachment {
	t.Helper()
	got, err := s.Put(t.Context(), bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func hashOf(data []byte) string {
	h := sha256.Sum256(data)
	return hex.EncodeToString(h[:])
}

// under lists the regular files below dir, relative to it.
func under(t *testing.T, dir string) []string {
	t.Helper()
	var names []string
	err := filepath.WalkDir(dir, func(p string, d os.DirEntry, err error) error {
		if err == nil && d.Type().IsRegular() {
			rel, _ := filepath.Rel(dir, p)
			names = append(names, filepath.ToSlash(rel))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func randomBytes(n int) []byte {
	b := make([]byte, n)
	rand.NewChaCha8([32]byte{1}).Read(b)
	return b
}

// zipped is an archive of a megabyte of nothing.
func zipped(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	w, err := z.Create("a.txt")
	if err == nil {
		_, err = w.Write(make([]byte, 1<<20))
	}
	if err := errors.Join(err, z.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestPutKeepsWhatCame(t *testing.T) {
	jpegHead := append([]byte("\xff\xd8\xff\xe0\x00\x10JFIF\x00"), randomBytes(50)...)
	for name, c := range map[string]struct {
		data []byte
		mime string
	}{
		"empty":               {nil, "text/plain"},
		"one byte":            {[]byte{0}, "application/octet-stream"},
		"text":                {[]byte("kotak suara dibuka sebelum waktunya\n"), "text/plain"},
		"pdf":                 {[]byte("%PDF-1.7\n1 0 obj\n"), "application/pdf"},
		"voice":               {append([]byte("OggS\x00\x02"), make([]byte, 40)...), "application/ogg"},
		"zip stays packed":    {zipped(t), "application/zip"},
		"several age chunks":  {randomBytes(3*64<<10 + 17), "application/octet-stream"},
		"exactly at the cap":  {randomBytes(1 << 18), "application/octet-stream"},
		"broken JPEG is kept": {jpegHead, "image/jpeg"},
		"cut in the PNG head": {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "image/png"},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openStore(t, Options{MaxBytes: 1 << 18})
			got := put(t, s, c.data)
			want := bot.Attachment{SHA256: hashOf(c.data), Size: int64(len(c.data)), MIME: c.mime, State: bot.FileStored}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("Put = %+v, want %+v", got, want)
			}
			r, err := s.Open(got.SHA256)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if back, err := io.ReadAll(r); err != nil || !bytes.Equal(back, c.data) {
				t.Errorf("read back %d bytes, %v; want the %d put", len(back), err, len(c.data))
			}
			if names := under(t, dir); len(names) != 1 || names[0] != "files/"+got.SHA256[:2]+"/"+got.SHA256+".age" {
				t.Errorf("directory holds %v", names)
			}
		})
	}
}

func TestPutRefuses(t *testing.T) {
	broken := errors.New("connection cut")
	for name, c := range map[string]struct {
		r    io.Reader
		want error
	}{
		"one over the cap":      {bytes.NewReader(randomBytes(1<<16 + 1)), bot.ErrTooLarge},
		"endless":               {endless{}, bot.ErrTooLarge},
		"cut in the middle":     {io.MultiReader(strings.NewReader("half"), iotest.ErrReader(broken)), broken},
		"cut at once":           {iotest.ErrReader(io.ErrUnexpectedEOF), io.ErrUnexpectedEOF},
		"over the cap and then": {io.MultiReader(bytes.NewReader(randomBytes(1<<16+1)), iotest.ErrReader(broken)), bot.ErrTooLarge},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir := openStore(t, Options{MaxBytes: 1 << 16})
			got, err := s.Put(t.Context(), c.r)
			if !errors.Is(err, c.want) || !reflect.DeepEqual(got, bot.Attachment{}) {
				t.Errorf("Put = %+v, %v; want nothing, %v", got, err, c.want)
			}
			if names := under(t, dir); len(names) != 0 {
				t.Errorf("left behind: %v", names)
			}
		})
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { return len(p), nil }

func TestPutEndsWithItsContext(t *testing.T) {
	s, dir := openStore(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	r := readFunc(func(p []byte) (int, error) { cancel(); return len(p), nil })
	if _, err := s.Put(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("Put = %v, want context.Canceled", err)
	}
	if names := under(t, dir); len(names) != 0 {
		t.Errorf("left behind: %v", names)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

func TestSameContentTwiceAtOnce(t *testing.T) {
	s, dir := openStore(t, Options{})
	data := randomBytes(200_000)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, err := s.Put(t.Context(), iotest.HalfReader(bytes.NewReader(data))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if names := under(t, dir); len(names) != 1 {
		t.Errorf("directory holds %v, want one file", names)
	}
	if rep, err := s.Verify(t.Context(), nil); err != nil || len(rep.Bad) != 0 || rep.Files != 1 {
		t.Errorf("Verify = %+v, %v", rep, err)
	}
}

func TestNoPlainByteOnDisk(t *testing.T) {
	s, dir := openStore(t, Options{})
	secret := "saksi melihat amplop di rumah ketua"
	put(t, s, []byte(strings.Repeat(secret+"\n", 5000)))
	for _, name := range under(t, dir) {
		raw, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(raw, []byte("amplop")) {
			t.Errorf("%s holds plain text", name)
		}
	}
}

func TestOpenWithAnotherKey(t *testing.T) {
	s, dir := openStore(t, Options{})
	sha := put(t, s, []byte("bukti")).SHA256
	id := newKey(t)
	other, err := Open(dir, id, id.Recipient(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.Open(sha); !errors.Is(err, bot.ErrKey) {
		t.Errorf("Open = %v, want bot.ErrKey", err)
	}
	if rep, err := other.Verify(t.Context(), nil); err != nil || len(rep.Bad) != 1 || !errors.Is(rep.Bad[0].Err, bot.ErrKey) {
		t.Errorf("Verify = %+v, %v; want the file named with bot.ErrKey", rep, err)
	}
}

func TestNamesFromOutside(t *testing.T) {
	s, dir := openStore(t, Options{})
	sha := put(t, s, []byte("bukti")).SHA256
	outside := filepath.Join(dir, "files", "x"+suffix)
	if err := os.WriteFile(outside, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"", "x", "..", "../../etc/passwd", "../x", sha[:63], sha + "0", strings.ToUpper(sha),
		"/" + sha[1:], sha[:62] + "..", strings.Repeat("g", 64), sha[:63] + "\x00", strings.Repeat("é", 32),
	} {
		if name == strings.ToLower(name) && name == sha {
			t.Fatalf("table holds the valid name")
		}
		if _, err := s.Open(name); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("Open(%q) = %v, want bot.ErrNotFound", name, err)
		}
		if err := s.Remove(name); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("Remove(%q) = %v, want bot.ErrNotFound", name, err)
		}
	}
	if names := under(t, dir); len(names) != 2 {
		t.Errorf("directory holds %v, want both files untouched", names)
	}
}

func TestRemove(t *testing.T) {
	s, dir := openStore(t, Options{})
	a, b := put(t, s, []byte("a")).SHA256, put(t, s, []byte("b")).SHA256
	for range 2 { // the second time there is nothing to remove
		if err := s.Remove(a); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := s.Open(a); !errors.Is(err, bot.ErrNotFound) {
		t.Errorf("Open after Remove = %v", err)
	}
	if names := under(t, dir); len(names) != 1 || !strings.Contains(names[0], b) {
		t.Errorf("directory holds %v, want only %s", names, b)
	}
}

func TestOpenSweepsLeftovers(t *testing.T) {
	s, dir := openStore(t, Options{})
	kept := put(t, s, []byte("bukti")).SHA256
	old, young := filepath.Join(dir, "tmp", "put-1"), filepath.Join(dir, "tmp", "put-2")
	for _, p := range []string{old, young} {
		if err := os.WriteFile(p, []byte("half"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	past := time.Now().Add(-2 * stale)
	if err := os.Chtimes(old, past, past); err != nil {
		t.Fatal(err)
	}
	id := newKey(t)
	if _, err := Open(dir, id, id.Recipient(), Options{}); err != nil {
		t.Fatal(err)
	}
	want := []string{"files/" + kept[:2] + "/" + kept + ".age", "tmp/put-2"}
	if got := under(t, dir); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("directory holds %v, want %v", got, want)
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	s, dir := openStore(t, Options{})
	whole, flipped, cut, swapped := put(t, s, []byte("whole")).SHA256, put(t, s, randomBytes(100_000)).SHA256,
		put(t, s, randomBytes(90_000)).SHA256, put(t, s, []byte("swapped")).SHA256
	at := func(sha string) string { return filepath.Join(dir, "files", sha[:2], sha+suffix) }
	edit := func(sha string, f func([]byte) []byte) {
		raw, err := os.ReadFile(at(sha))
		if err == nil {
			err = os.WriteFile(at(sha), f(raw), 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	edit(flipped, func(b []byte) []byte { b[len(b)/2] ^= 1; return b })
	edit(cut, func(b []byte) []byte { return b[:len(b)-70_000] })
	other, err := os.ReadFile(at(whole))
	if err != nil {
		t.Fatal(err)
	}
	edit(swapped, func([]byte) []byte { return other })
	if err := os.WriteFile(filepath.Join(dir, "files", "README"), nil, 0o600); err != nil {
		t.Fatal(err)
	}

	var last, total int64
	rep, err := s.Verify(t.Context(), func(d, n int64) {
		if d <= last || d > n {
			t.Errorf("progress went from %d to %d of %d", last, d, n)
		}
		last, total = d, n
	})
	if err != nil || rep.Files != 4 || last != total || last != rep.Bytes {
		t.Fatalf("Verify = %+v, %v; progress ended at %d of %d", rep, err, last, total)
	}
	bad := map[string]error{}
	for _, d := range rep.Bad {
		bad[d.SHA256] = d.Err
	}
	if len(bad) != 3 || bad[flipped] == nil || bad[cut] == nil || !errors.Is(bad[swapped], errContent) {
		t.Errorf("Bad = %v, want the flipped, cut and swapped files", bad)
	}
}

func TestEachGivesSealedBytes(t *testing.T) {
	s, dir := openStore(t, Options{})
	a, b := put(t, s, []byte("a")).SHA256, put(t, s, []byte("b")).SHA256
	var seen []string
	err := s.Each(t.Context(), func(f Sealed) error {
		seen = append(seen, f.SHA256)
		raw, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(f.Path)))
		if err != nil || int64(len(raw)) != f.Size {
			t.Errorf("%s: %d bytes, %v; Size says %d", f.Path, len(raw), err, f.Size)
		}
		r, err := f.Open()
		if err != nil {
			return err
		}
		defer r.Close()
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, raw) {
			t.Errorf("%s: Open gave other bytes, %v", f.Path, err)
		}
		if err := s.Remove(f.SHA256); err != nil {
			return err
		}
		if _, err := f.Open(); !errors.Is(err, bot.ErrNotFound) {
			t.Errorf("Open after Remove = %v", err)
		}
		return nil
	})
	if err != nil || len(seen) != 2 || seen[0] != min(a, b) || seen[1] != max(a, b) {
		t.Errorf("Each saw %v, %v; want both in order", seen, err)
	}
	stop := errors.New("stop")
	put(t, s, []byte("c"))
	if err := s.Each(t.Context(), func(Sealed) error { return stop }); !errors.Is(err, stop) {
		t.Errorf("Each = %v, want what fn returned", err)
	}
	done, cancel := context.WithCancel(t.Context())
	cancel()
	if err := s.Each(done, func(Sealed) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("Each = %v, want context.Canceled", err)
	}
}
