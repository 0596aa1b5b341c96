package main

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
)

// backupOf makes a backup of a booth and returns its path.
func backupOf(t *testing.T, b *booth) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "cadangan")
	if got := play(t, b.env, "backup", file); got.code != 0 || got.err != "" || !strings.Contains(got.out, file) {
		t.Fatalf("backup: %+v", got)
	}
	return file
}

func TestBackupRestoreVerify(t *testing.T) {
	for _, running := range []bool{false, true} {
		t.Run(fmt.Sprintf("running=%v", running), func(t *testing.T) {
			b := newBooth(t)
			stop := func() played { return played{} }
			if running {
				stop = b.start(t)
				if got := play(t, b.env, "health"); got.code != 0 || !strings.Contains(got.out, `"name":"store","ok":true`) {
					t.Errorf("health: %+v", got)
				}
			}
			file := backupOf(t, b)
			if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("backup's mode: %v, %v", info.Mode(), err)
			}
			verified := play(t, b.env, "verify")
			if verified.code != 0 || verified.err != "" || strings.Count(verified.out, "\n") != map[bool]int{false: 3, true: 4}[running] {
				t.Errorf("verify: %+v", verified)
			}
			if got := stop(); got.code != 0 {
				t.Errorf("the bot ended with %+v", got)
			}

			other := withKeyOf(t, b)
			if got := play(t, other.env, "restore", file); got.code != 0 || got.err != "" {
				t.Fatalf("restore: %+v", got)
			}
			other.is(t, b.sha)
			if got := play(t, other.env, "verify"); got.code != 0 {
				t.Errorf("verify of what was restored: %+v", got)
			}
			for _, name := range other.files(t) {
				if strings.Contains(name, ".restore") || strings.Contains(name, ".backup") {
					t.Errorf("left over: %s", name)
				}
			}
			// And the bot starts on it.
			if got := other.start(t)(); got.code != 0 {
				t.Errorf("on the restored data the bot ended with %+v", got)
			}
		})
	}
}

// Without this program a backup is opened with age and tar, and the key is not in it.
func TestBackupIsAgeAndTar(t *testing.T) {
	b := newBooth(t)
	raw, err := os.ReadFile(backupOf(t, b))
	if err != nil {
		t.Fatal(err)
	}
	keyFile, err := os.ReadFile(b.cfg.KeyFile)
	if err != nil {
		t.Fatal(err)
	}
	ids, err := age.ParseIdentities(bytes.NewReader(keyFile))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := age.Decrypt(bytes.NewReader(raw), ids...)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for r := tar.NewReader(plain); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, h.Name)
		body, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		for _, never := range []string{"AGE-SECRET-KEY", "petugas1", boothFile} {
			if bytes.Contains(body, []byte(never)) {
				t.Errorf("%s holds %q in clear", h.Name, never)
			}
		}
	}
	want := []string{"store.db", "evidence/files/" + b.sha[:2] + "/" + b.sha + ".age", "manifest.json"}
	if fmt.Sprint(names) != fmt.Sprint(want) {
		t.Errorf("members %v, want %v", names, want)
	}
}

func TestBackupReplacesOnlyWhenForced(t *testing.T) {
	b := newBooth(t)
	file := writeText(t, "lama", "old")
	got := play(t, b.env, "backup", file)
	if text, err := os.ReadFile(file); got.code != 1 || !got.oneLine() || err != nil || string(text) != "old" {
		t.Errorf("%+v; the file is %q, %v", got, text, err)
	}
	if got := play(t, b.env, "backup", "--force", file); got.code != 0 {
		t.Errorf("%+v", got)
	}
	missing := filepath.Join(t.TempDir(), "no", "such", "folder")
	if got := play(t, b.env, "backup", missing); got.code != 1 || !got.oneLine() {
		t.Errorf("%+v", got)
	}
	if names, err := filepath.Glob(filepath.Dir(file) + "/*"); err != nil || len(names) != 1 {
		t.Errorf("left over: %v, %v", names, err)
	}
}

func TestSecondProcessIsRefusedAtOnce(t *testing.T) {
	b := newBooth(t)
	stop := b.start(t)
	if got := play(t, b.env); got.code != 1 || !got.oneLine() || !strings.Contains(got.err, b.dir) {
		t.Errorf("second process: %+v", got)
	}
	if got := play(t, b.env, "restore", "--force", backupOf(t, b)); got.code != 1 || !got.oneLine() {
		t.Errorf("restore under a running bot: %+v", got)
	}
	if got := play(t, b.env, "verify"); got.code != 0 { // the first one is untouched
		t.Errorf("verify: %+v", got)
	}
	if got := stop(); got.code != 0 {
		t.Errorf("first process: %+v", got)
	}
	if _, err := os.Lstat(b.cfg.socket()); err == nil {
		t.Error("the socket is left after an orderly stop")
	}
}

func TestSocketOfADeadProcess(t *testing.T) {
	b := newBooth(t)
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: b.cfg.socket(), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	l.SetUnlinkOnClose(false)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	backupOf(t, b) // nobody answers: the store is opened directly
	stop := b.start(t)
	info, err := os.Lstat(b.cfg.socket())
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
	backupOf(t, b)
	if got := stop(); got.code != 0 {
		t.Errorf("%+v", got)
	}
}

func TestWrongOrMissingKeyChangesNothing(t *testing.T) {
	b, stranger := newBooth(t), newBooth(t)
	file := backupOf(t, b)
	before := fmt.Sprint(b.files(t))
	env := environ("AWAS_DATA", b.dir, "AWAS_KEY_FILE", stranger.cfg.KeyFile, "AWAS_HTTP", "127.0.0.1:0")
	for _, args := range [][]string{{"verify"}, {"backup", file + "2"}, {}} {
		if got := play(t, env, args...); got.code != 1 || !got.oneLine() || !strings.Contains(got.err, stranger.cfg.KeyFile) {
			t.Errorf("%v with another's key: %+v", args, got)
		}
	}
	for _, args := range [][]string{{"verify"}, {"backup", file + "2"}, {"restore", file, "--force"}, {}} {
		env := environ("AWAS_DATA", b.dir, "AWAS_KEY_FILE", b.dir+"/none", "AWAS_HTTP", "127.0.0.1:0")
		if got := play(t, env, args...); got.code != 1 || !got.oneLine() || !strings.Contains(got.err, b.dir+"/none") {
			t.Errorf("%v without a key: %+v", args, got)
		}
	}
	if after := fmt.Sprint(b.files(t)); after != before {
		t.Errorf("files were %s, are %s", before, after)
	}
	empty := withKeyOf(t, stranger)
	if got := play(t, empty.env, "restore", file); got.code != 1 || !got.oneLine() {
		t.Errorf("restore with another's key: %+v", got)
	}
	if left := empty.files(t); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	b.is(t, b.sha)
}

func TestRestoreMovesOldDataAside(t *testing.T) {
	b := newBooth(t)
	file := backupOf(t, b)
	got := play(t, b.env, "restore", file)
	if got.code != 1 || !got.oneLine() || !strings.Contains(got.err, "--force") {
		t.Errorf("restore over data: %+v", got)
	}
	before, err := os.ReadFile(filepath.Join(b.dir, "awas.db"))
	if err != nil {
		t.Fatal(err)
	}
	if got := play(t, b.env, "restore", "--force", file); got.code != 0 || !strings.Contains(got.out, "before-restore-") {
		t.Fatalf("restore --force: %+v", got)
	}
	b.is(t, b.sha)
	kept, err := filepath.Glob(filepath.Join(b.dir, "before-restore-*", "awas.db"))
	if err != nil || len(kept) != 1 {
		t.Fatalf("old store: %v, %v", kept, err)
	}
	if after, err := os.ReadFile(kept[0]); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the old store was changed: %v", err)
	}
	if files, err := filepath.Glob(filepath.Join(b.dir, "before-restore-*", "evidence", "files", "*", "*")); err != nil || len(files) != 1 {
		t.Errorf("old evidence: %v, %v", files, err)
	}
	// A damaged store is a reason to restore, not to refuse.
	if err := os.WriteFile(filepath.Join(b.dir, "awas.db"), []byte("garbage"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := play(t, b.env, "restore", "--force", file); got.code != 0 {
		t.Errorf("over a damaged store: %+v", got)
	}
	b.is(t, b.sha)
}

func TestStoreOutsideTheDataDirectory(t *testing.T) {
	b := newBooth(t)
	file := backupOf(t, b)
	other := withKeyOf(t, b)
	elsewhere := filepath.Join(t.TempDir(), "in", "store.db")
	env := environ("AWAS_DATA", other.dir, "AWAS_STORE", "bolt:"+elsewhere)
	for range 2 {
		if got := play(t, env, "restore", "--force", file); got.code != 0 {
			t.Fatalf("%+v", got)
		}
	}
	if got := play(t, env, "verify"); got.code != 0 {
		t.Errorf("%+v", got)
	}
	if old, err := filepath.Glob(elsewhere + ".before-restore-*"); err != nil || len(old) != 1 {
		t.Errorf("old store: %v, %v", old, err)
	}
}

func TestVerifyFindsDamage(t *testing.T) {
	b := newBooth(t)
	path := filepath.Join(b.cfg.evidence(), "files", b.sha[:2], b.sha+".age")
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	raw[len(raw)-1] ^= 1
	if err := os.WriteFile(path, raw, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, running := range []bool{false, true} {
		if running {
			defer b.start(t)()
		}
		got := play(t, b.env, "verify")
		if got.code != 1 || !got.oneLine() || !strings.Contains(got.out, b.sha) {
			t.Errorf("running=%v: %+v", running, got)
		}
	}
	// A backup of it restores nowhere: what is wrong is found before anything is put in place.
	file := backupOf(t, b)
	other := withKeyOf(t, b)
	if got := play(t, other.env, "restore", file); got.code != 1 || !got.oneLine() || !strings.Contains(got.err, b.sha) {
		t.Errorf("restore: %+v", got)
	}
	if left := other.files(t); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

func TestDamagedBackupIsRefused(t *testing.T) {
	b := newBooth(t)
	whole, err := os.ReadFile(backupOf(t, b))
	if err != nil {
		t.Fatal(err)
	}
	damaged := map[string][]byte{"empty": {}, "text": []byte("not a backup\n"), "longer": append(bytes.Clone(whole), 0)}
	for _, at := range []int{0, 30, 100, len(whole) / 2, len(whole) - 1} {
		flipped := bytes.Clone(whole)
		flipped[at] ^= 0x40
		damaged[fmt.Sprintf("byte %d of %d", at, len(whole))] = flipped
		damaged[fmt.Sprintf("cut at %d", at)] = whole[:at]
	}
	for name, raw := range damaged {
		t.Run(name, func(t *testing.T) { refuses(t, b, raw) })
	}
}

// refuses fails unless a restore of raw is refused with one line and nothing is written.
func refuses(t *testing.T, b *booth, raw []byte) {
	t.Helper()
	other := withKeyOf(t, b)
	file := writeText(t, "cadangan", string(raw))
	if got := play(t, other.env, "restore", file); got.code != 1 || !got.oneLine() {
		t.Errorf("%+v", got)
	}
	if left := other.files(t); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
	if names, err := filepath.Glob(filepath.Join(filepath.Dir(other.dir), "*")); err != nil || len(names) > 2 {
		t.Errorf("outside the directory: %v, %v", names, err)
	}
}

// Somebody who knows the key's public half can make a backup that decrypts. It is still not believed.
func TestForgedBackupIsRefused(t *testing.T) {
	b := newBooth(t)
	keys, err := b.cfg.keys()
	if err != nil {
		t.Fatal(err)
	}
	db, err := os.ReadFile(filepath.Join(b.dir, "awas.db"))
	if err != nil {
		t.Fatal(err)
	}
	sha := strings.Repeat("ab", 32)
	good := "evidence/files/ab/" + sha + ".age"
	reg := func(name, body string) entry { return entry{tar.Header{Typeflag: tar.TypeReg, Name: name}, body} }
	link := func(name, to string, kind byte) entry {
		return entry{tar.Header{Typeflag: kind, Name: name, Linkname: to}, ""}
	}
	base := reg(storeMember, string(db))
	for name, c := range map[string]struct {
		members []entry
		change  func(*manifest)
		bare    bool // no manifest
	}{
		"up":              {members: []entry{base, reg("evidence/files/../../../evil", "x")}},
		"up in form":      {members: []entry{base, reg("../"+good, "x")}},
		"absolute":        {members: []entry{base, reg("/tmp/evil", "x")}},
		"windows":         {members: []entry{base, reg(`evidence\files\ab\x`, "x")}},
		"key":             {members: []entry{base, reg("awas.key", "x")}},
		"wrong folder":    {members: []entry{base, reg("evidence/files/cd/"+sha+".age", "x")}},
		"symbolic link":   {members: []entry{base, link(good, "/etc/passwd", tar.TypeSymlink)}},
		"hard link":       {members: []entry{base, link(good, storeMember, tar.TypeLink)}},
		"folder":          {members: []entry{base, link("evidence/", "", tar.TypeDir)}},
		"twice":           {members: []entry{base, base}},
		"no store":        {members: []entry{reg(good, "x")}},
		"empty store":     {members: []entry{reg(storeMember, "")}},
		"not a store":     {members: []entry{reg(storeMember, "garbage")}},
		"file not sealed": {members: []entry{base, reg(good, "plain")}},
		"nothing":         {},
		"no manifest":     {members: []entry{base}, bare: true},
		"newer":           {members: []entry{base}, change: func(m *manifest) { m.Format = archiveFormat + 1 }},
		"unlisted":        {members: []entry{base, reg(good, "x")}, change: func(m *manifest) { m.Members = m.Members[:1] }},
		"listed only":     {members: []entry{base}, change: func(m *manifest) { m.Members = append(m.Members, member{Name: good}) }},
		"other hash":      {members: []entry{base}, change: func(m *manifest) { m.Members[0].SHA256 = sha }},
		"other size":      {members: []entry{base}, change: func(m *manifest) { m.Members[0].Size++ }},
	} {
		t.Run(name, func(t *testing.T) {
			refuses(t, b, forge(t, keys.Age().Recipient(), c.members, c.change, c.bare))
		})
	}
	other := withKeyOf(t, b) // the forge itself works
	file := writeText(t, "cadangan", string(forge(t, keys.Age().Recipient(), []entry{base}, nil, false)))
	if got := play(t, other.env, "restore", file); got.code != 0 {
		t.Errorf("%+v", got)
	}
}

// entry is a member of a forged backup.
type entry struct {
	header tar.Header
	body   string
}

func forge(t *testing.T, to age.Recipient, members []entry, change func(*manifest), bare bool) []byte {
	t.Helper()
	var raw bytes.Buffer
	a, err := newArchive(&raw, to, moment())
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range members {
		if m.header.Typeflag == tar.TypeReg && m.header.Name != "" {
			if err := a.add(t.Context(), m.header.Name, int64(len(m.body)), strings.NewReader(m.body)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := a.tar.WriteHeader(&m.header); err != nil {
			t.Fatal(err)
		}
	}
	if change != nil {
		change(&a.man)
	}
	if bare {
		err = errors.Join(a.tar.Close(), a.sealed.Close())
	} else {
		err = a.close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return raw.Bytes()
}

func TestManifestSaysWhatIsInside(t *testing.T) {
	var raw bytes.Buffer
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	a, err := newArchive(&raw, id.Recipient(), moment())
	if err != nil {
		t.Fatal(err)
	}
	if err := a.add(t.Context(), storeMember, 3, strings.NewReader("abc")); err != nil {
		t.Fatal(err)
	}
	if err := a.add(t.Context(), "short", 5, strings.NewReader("abc")); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("a member shorter than announced: %v", err)
	}
	text, err := json.Marshal(a.man)
	if err != nil {
		t.Fatal(err)
	}
	want := `{"format":1,"version":"` + version + `","time":"2026-11-24T11:00:00Z","members":[` +
		`{"name":"store.db","size":3,"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}]}`
	if string(text) != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
}
