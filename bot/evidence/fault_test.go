package evidence

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"

	"awassiber/bot"
)

var errDisk = errors.New("no space left")

// faulty fails the step named by fail, the after-th time it is taken.
type faulty struct {
	disk
	fail  string
	after int
}

func (d *faulty) step(name string) error {
	if name != d.fail {
		return nil
	}
	if d.after--; d.after >= 0 {
		return nil
	}
	return errDisk
}

func (d *faulty) MkdirAll(dir string) error {
	return errors.Join(d.step("mkdir"), d.disk.MkdirAll(dir))
}

func (d *faulty) Rename(from, to string) error {
	if err := d.step("rename"); err != nil {
		return err
	}
	return d.disk.Rename(from, to)
}

func (d *faulty) Remove(name string) error {
	if err := d.step("remove"); err != nil {
		return err
	}
	return d.disk.Remove(name)
}

func (d *faulty) SyncDir(dir string) error {
	return errors.Join(d.step("syncdir"), d.disk.SyncDir(dir))
}

func (d *faulty) Create(dir string) (file, error) {
	if err := d.step("create"); err != nil {
		return nil, err
	}
	f, err := d.disk.Create(dir)
	return &faultyFile{f, d}, err
}

type faultyFile struct {
	file
	d *faulty
}

func (f *faultyFile) Write(p []byte) (int, error) {
	if err := f.d.step("write"); err != nil {
		n, _ := f.file.Write(p[:len(p)/2]) // a full disk takes what still fits
		return n, err
	}
	return f.file.Write(p)
}

func (f *faultyFile) Sync() error  { return errors.Join(f.d.step("sync"), f.file.Sync()) }
func (f *faultyFile) Close() error { return errors.Join(f.d.step("close"), f.file.Close()) }

func TestEveryFailedStepSurfaces(t *testing.T) {
	data := randomBytes(200_000)
	for _, c := range []struct {
		fail  string
		after int
		named bool // the file may stand under its name, though not durably
	}{
		{fail: "create"}, {fail: "write"}, {fail: "write", after: 1}, {fail: "write", after: 4}, {fail: "sync"},
		{fail: "close"}, {fail: "mkdir"}, {fail: "syncdir"}, {fail: "rename"}, {fail: "syncdir", after: 1, named: true},
	} {
		t.Run(c.fail, func(t *testing.T) {
			s, dir := openStore(t, Options{})
			s.disk = &faulty{disk: osDisk{}, fail: c.fail, after: c.after}
			if got, err := s.Put(t.Context(), bytes.NewReader(data)); !errors.Is(err, errDisk) || !reflect.DeepEqual(got, bot.Attachment{}) {
				t.Fatalf("Put = %+v, %v; want the disk's error", got, err)
			}
			for _, name := range under(t, dir) {
				if !c.named || !strings.HasPrefix(name, "files/") {
					t.Errorf("left behind: %s", name)
				}
			}
			s.disk = osDisk{} // the disk is well again
			put(t, s, data)
			if rep, err := s.Verify(t.Context(), nil); err != nil || rep.Files != 1 || len(rep.Bad) != 0 {
				t.Errorf("Verify after the next Put = %+v, %v", rep, err)
			}
		})
	}
}

func TestDuplicateSyncsForTheFirst(t *testing.T) {
	s, _ := openStore(t, Options{})
	put(t, s, []byte("bukti"))
	s.disk = &faulty{disk: osDisk{}, fail: "syncdir", after: 1}
	if _, err := s.Put(t.Context(), strings.NewReader("bukti")); !errors.Is(err, errDisk) {
		t.Errorf("Put of known content = %v; its directory was not synced", err)
	}
}

func TestRemoveFaults(t *testing.T) {
	for _, fail := range []string{"remove", "syncdir"} {
		s, _ := openStore(t, Options{})
		sha := put(t, s, []byte("bukti")).SHA256
		s.disk = &faulty{disk: osDisk{}, fail: fail}
		if err := s.Remove(sha); !errors.Is(err, errDisk) {
			t.Errorf("%s: Remove = %v, want the disk's error", fail, err)
		}
	}
}
