package sim_test

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// mask is a sealer that is easy to check: it turns every bit around.
type mask struct{ refuse bool }

func (m mask) Seal(plain []byte) []byte {
	out := bytes.Clone(plain)
	for i := range out {
		out[i] ^= 0xff
	}
	return out
}

func (m mask) Open(sealed []byte) ([]byte, error) {
	if m.refuse {
		return nil, bot.ErrKey
	}
	return m.Seal(sealed), nil
}

func TestARestartKeepsClockAndChats(t *testing.T) {
	for name, sealer := range map[string]sim.Sealer{"latihan.json": nil, "latihan.sealed": mask{}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			ctx := t.Context()
			n, s := start(t, sim.Options{Dir: dir, Sealer: sealer, Clock: sim.NewManualClock(noon())})
			if err := n.AddPerson(sim.Person{Address: at("warga9"), Name: "Warga 9"}); err != nil {
				t.Fatal(err)
			}
			if _, err := n.Say(ctx, sim.Post{From: at("warga9"), Text: "kalimat yang dicari"}); err != nil {
				t.Fatal(err)
			}
			doc := &bot.Document{Name: "dataku.json", MIME: "application/json", Data: []byte(`{"a":1}`)}
			if _, err := n.Send(ctx, bot.Delivery{To: at("warga9"), Message: &bot.Message{Document: doc}, Unique: "doc"}); err != nil {
				t.Fatal(err)
			}
			if err := n.Migrate(ctx, n.Group(), at("pindah")); err != nil {
				t.Fatal(err)
			}
			s.failWith(errors.New("away"))
			if _, err := n.Say(ctx, sim.Post{From: at("warga1"), Text: "menunggu"}); err != nil {
				t.Fatal(err)
			}
			n.Clock().Advance(26 * time.Hour)
			before, ids := n.Messages(at("warga9"), 0), len(n.Messages(at("pindah"), 0))
			if err := n.Close(); err != nil {
				t.Fatal(err)
			}
			onDisk(t, filepath.Join(dir, name), sealer == nil)

			n2, s2 := start(t, sim.Options{Dir: dir, Sealer: sealer, Clock: sim.NewManualClock(noon())})
			if got := n2.Clock().Now(); !got.Equal(noon().Add(26 * time.Hour)) {
				t.Errorf("the clock went on at %v", got)
			}
			after := n2.Messages(at("warga9"), 0)
			if len(after) != len(before) || after[0].Text != before[0].Text || len(n2.Messages(at("pindah"), 0)) != ids || n2.Group() != at("pindah") {
				t.Errorf("chats went on as %+v in group %v", after, n2.Group())
			}
			if ref, err := n2.Send(ctx, bot.Delivery{To: at("warga9"), Message: &bot.Message{Document: doc}, Unique: "doc"}); err != nil || ref.ID != after[len(after)-1].ID {
				t.Errorf("a delivery repeated after the restart gave %v, %v", ref, err)
			}
			id, err := n2.Say(ctx, sim.Post{From: at("warga1"), Text: "lagi"})
			if err != nil {
				t.Fatal(err)
			}
			if us := s2.updates(); len(us) != 2 || us[0].Message.Text != "menunggu" {
				t.Errorf("what waited did not reach the next bot: %+v", us)
			}
			if number(t, id) <= number(t, after[len(after)-1].ID) {
				t.Errorf("message id %s was used before", id)
			}
			if err := n2.Close(); err != nil {
				t.Fatal(err)
			}
		})
	}
}

func onDisk(t *testing.T, file string, readable bool) {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(data, []byte("kalimat yang dicari")) != readable {
		t.Errorf("%s readable: %v, want %v", file, !readable, readable)
	}
	info, err := os.Stat(file)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 {
		t.Errorf("%s has mode %v", file, info.Mode())
	}
}

func number(t *testing.T, id bot.MessageID) int {
	t.Helper()
	n, err := strconv.Atoi(string(id))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestACrashNeverReusesAnID(t *testing.T) {
	dir := t.TempDir()
	used := map[bot.MessageID]bool{}
	updates := map[bot.UpdateID]bool{}
	for range 3 {
		n, err := sim.New(sim.Options{Dir: dir}) // the former one is abandoned without Close: nothing was saved
		if err != nil {
			t.Fatal(err)
		}
		if err := n.Attach(t.Context(), func(_ context.Context, us []bot.Update) error {
			for _, u := range us {
				if updates[u.ID] {
					t.Errorf("update id %s twice", u.ID)
				}
				updates[u.ID] = true
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		for range 5 {
			id, err := n.Say(t.Context(), sim.Post{From: at("warga1"), Text: "x"})
			if err != nil {
				t.Fatal(err)
			}
			if used[id] {
				t.Errorf("message id %s twice", id)
			}
			used[id] = true
		}
	}
}

func TestAnUnreadableFileIsPutAside(t *testing.T) {
	dir := t.TempDir()
	n, _ := start(t, sim.Options{Dir: dir, Sealer: mask{}})
	if _, err := n.Say(t.Context(), sim.Post{From: at("warga1"), Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	n2, _ := start(t, sim.Options{Dir: dir, Sealer: mask{refuse: true}})
	if got := n2.Messages(at("warga1"), 0); len(got) != 0 {
		t.Errorf("it went on with %+v", got)
	}
	if err := n2.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "latihan.sealed.unreadable")); err != nil {
		t.Errorf("the unreadable file is gone: %v", err)
	}
}

func TestRunSavesAndTriesAgain(t *testing.T) {
	dir := t.TempDir()
	n, s := start(t, sim.Options{Dir: dir})
	s.failWith(errors.New("away"))
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- n.Run(ctx) }()
	if _, err := n.Say(t.Context(), sim.Post{From: at("warga1"), Text: "x"}); err != nil {
		t.Fatal(err)
	}
	s.failWith(nil)
	wait, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	if err := n.Await(wait, func() bool { return n.Pending() == 0 }); err != nil {
		t.Errorf("the update still waits: %v", err)
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "latihan.json")); err != nil {
		t.Errorf("nothing was saved: %v", err)
	}
	if err := n.Close(); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if strings.Contains(e.Name(), "tmp") {
			t.Errorf("%s was left behind", e.Name())
		}
	}
}

func TestWithoutADirectoryNothingIsWritten(t *testing.T) {
	t.Chdir(t.TempDir())
	n, _ := start(t, sim.Options{})
	if _, err := n.Say(t.Context(), sim.Post{From: at("warga1"), Text: "x"}); err != nil {
		t.Fatal(err)
	}
	if err := n.Close(); err != nil {
		t.Fatal(err)
	}
	if entries, err := fs.ReadDir(os.DirFS("."), "."); err != nil || len(entries) != 0 {
		t.Errorf("it wrote %v, %v", entries, err)
	}
}

func TestTheGroupMustBeOfTheTrainingNetwork(t *testing.T) {
	if _, err := sim.New(sim.Options{Group: bot.Address{Network: bot.Telegram, Chat: "-100"}}); !errors.Is(err, bot.ErrAddress) {
		t.Errorf("got %v", err)
	}
}
