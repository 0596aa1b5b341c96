package seal

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"awassiber/bot"

	"pgregory.net/rapid"
)

func ring(t testing.TB) *Keyring {
	t.Helper()
	k, created, err := LoadOrCreate(filepath.Join(t.TempDir(), "key"), true)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	return k
}

func TestKeyFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "not yet", "awas.key")
	if _, _, err := LoadOrCreate(path, false); !errors.Is(err, bot.ErrKey) {
		t.Fatalf("missing: got %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Fatal("a key was made although it must not be")
	}
	first, created, err := LoadOrCreate(path, true)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	text, _ := os.ReadFile(path)
	if n := len(regexp.MustCompile(`(?m)^AGE-SECRET-KEY-1\w+$`).FindAll(text, -1)); n != 1 || !bytes.HasPrefix(text, []byte("# ")) {
		t.Fatalf("%d keys in the file, or no explanation", n)
	}
	for _, may := range []bool{true, false} {
		again, created, err := LoadOrCreate(path, may)
		if err != nil || created {
			t.Fatal(created, err)
		}
		if again.Age().String() != first.Age().String() {
			t.Fatal("another key was read than written")
		}
	}
	if after, _ := os.ReadFile(path); !bytes.Equal(text, after) {
		t.Fatal("the file was overwritten")
	}
	if names, _ := os.ReadDir(filepath.Dir(path)); len(names) != 1 {
		t.Fatalf("left behind: %v", names)
	}
}

func TestKeyFileMalformed(t *testing.T) {
	good := ring(t).Age().String()
	for name, text := range map[string]string{
		"empty":     "",
		"comments":  "# kunci\n\n",
		"two":       good + "\n" + good + "\n",
		"cut":       good[:len(good)-1],
		"slip":      strings.Replace(good, good[30:31], map[bool]string{true: "Q", false: "P"}[good[30] == 'P'], 1),
		"recipient": ring(t).Age().Recipient().String(),
		"noise":     "\x00\xff\n",
		"long line": strings.Repeat("A", 1<<17),
	} {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, _, err := LoadOrCreate(path, true)
		if !errors.Is(err, bot.ErrKey) {
			t.Errorf("%s: got %v", name, err)
		} else if text != "" && strings.Contains(err.Error(), strings.TrimSpace(text)) {
			t.Errorf("%s: the error quotes the file", name)
		}
		if after, _ := os.ReadFile(path); string(after) != text {
			t.Errorf("%s: the file was changed", name)
		}
	}
	path := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(path, []byte("\r\n# catatan\r\n  "+good+" \r\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if k, _, err := LoadOrCreate(path, false); err != nil || k.Age().String() != good {
		t.Errorf("a file with Windows line ends: %v", err)
	}
}

// TestKeyFileRace: several processes on a fresh machine end up with one key.
func TestKeyFileRace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "key")
	var mu sync.Mutex
	seen, made := map[string]bool{}, 0
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			k, created, err := LoadOrCreate(path, true)
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				t.Error(err)
				return
			}
			seen[k.Age().String()] = true
			if created {
				made++
			}
		})
	}
	wg.Wait()
	if len(seen) != 1 || made != 1 {
		t.Fatalf("%d keys, made %d times", len(seen), made)
	}
}

func TestSealOpen(t *testing.T) {
	k := ring(t)
	rapid.Check(t, func(t *rapid.T) {
		plain, aad := rapid.SliceOf(rapid.Byte()).Draw(t, "plain"), rapid.SliceOf(rapid.Byte()).Draw(t, "aad")
		sealed := k.Seal("test", aad, plain)
		if len(sealed) != len(plain)+Overhead {
			t.Fatalf("%d bytes became %d", len(plain), len(sealed))
		}
		got, err := k.Open("test", aad, sealed)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("got %q, %v", got, err)
		}
		if again := k.Seal("test", aad, plain); bytes.Equal(again, sealed) {
			t.Fatal("sealed twice alike")
		}
		broken := bytes.Clone(sealed)
		broken[rapid.IntRange(0, len(broken)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if _, err := k.Open("test", aad, broken); !errors.Is(err, ErrSealed) {
			t.Fatalf("changed: got %v", err)
		}
		if _, err := k.Open("test", aad, sealed[:rapid.IntRange(0, len(sealed)-1).Draw(t, "cut")]); !errors.Is(err, ErrSealed) {
			t.Fatalf("cut: got %v", err)
		}
	})
}

func TestSealIsBound(t *testing.T) {
	k := ring(t)
	sealed := k.Seal("test", []byte("row 1"), []byte("isi"))
	for name, open := range map[string]func() ([]byte, error){
		"purpose": func() ([]byte, error) { return k.Open("other", []byte("row 1"), sealed) },
		"place":   func() ([]byte, error) { return k.Open("test", []byte("row 2"), sealed) },
		"key":     func() ([]byte, error) { return ring(t).Open("test", []byte("row 1"), sealed) },
	} {
		if _, err := open(); !errors.Is(err, ErrSealed) {
			t.Errorf("another %s: got %v", name, err)
		}
	}
	if got, err := k.Box("test").Open([]byte("x"), []byte("row 1"), sealed); err != nil || string(got) != "xisi" {
		t.Errorf("Open does not append: %q, %v", got, err)
	}
}

func TestPseudonym(t *testing.T) {
	k, other := ring(t), ring(t)
	a := bot.Address{Network: bot.Sim, Chat: "warga1"}
	p := k.Pseudonym(a)
	if !regexp.MustCompile(`^[a-z2-7]{26}$`).MatchString(string(p)) {
		t.Errorf("pseudonym %q", p)
	}
	if k.Pseudonym(a) != p {
		t.Error("not the same twice")
	}
	again, err := New(k.Age())
	if err != nil || again.Pseudonym(a) != p {
		t.Error("not the same after a restart")
	}
	for _, b := range []bot.Address{{}, {Network: bot.Telegram, Chat: "warga1"}, {Network: bot.Sim, Chat: "warga2"},
		{Network: "simw", Chat: "arga1"}} {
		if k.Pseudonym(b) == p {
			t.Errorf("%v has the same pseudonym", b)
		}
	}
	if other.Pseudonym(a) == p {
		t.Error("the same with another key")
	}
}

func TestMark(t *testing.T) {
	k := ring(t)
	seen := map[Mark]string{}
	for _, parts := range [][]string{{"a"}, {"a", ""}, {"a", "b"}, {"ab"}, {"a", "b", ""}, {"", "a", "b"}, {"b", "a"}} {
		m := k.Mark(parts[0], parts[1:]...)
		if old, ok := seen[m]; ok {
			t.Errorf("%q and %s have one mark", parts, old)
		}
		seen[m] = strings.Join(parts, "|")
		if k.Mark(parts[0], parts[1:]...) != m {
			t.Errorf("%q: not the same twice", parts)
		}
	}
	var wg sync.WaitGroup
	want := k.Mark("x", "y")
	for range 8 {
		wg.Go(func() {
			for range 100 {
				if k.Mark("x", "y") != want || k.Pseudonym(bot.Address{Chat: "z"}) == "" {
					t.Error("marks disturb each other")
				}
				k.Box("made by many")
			}
		})
	}
	wg.Wait()
}
