package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// clockForm is how scripts write a time, in WIB.
const clockForm = "2006-01-02 15:04"

// scene is where a scenario plays: a network of people that outlives the program, and the program,
// which can be killed and started again on the same directory.
type scene struct {
	t     *testing.T
	dir   string
	clock *sim.Clock
	venue venue
	bot   *program
	said  []string // lines of verbs that answer for themselves
	dying string   // the chat the next message to which kills the program
	down  bool     // the process was stopped
}

// venue is the network a scenario is played on. Chats and people have the names of the file.
type venue interface {
	settings() map[string]string // of the program
	parts() parts                // what the program takes from outside besides log, clock and chance
	started(*program)            // the program was made
	stopping()                   // it is about to be closed
	quiet()                      // returns when what was said has come to the program
	say(who, group string, marks []mark, text string)
	verb(verb, arg string) bool // plays a verb of networks; false if it is none
	address(chat string) string // bot.Address.Chat of a chat
	chats() []string
	news(chat string) string // what the bot said there since it was last asked
	notes() string           // passing answers to presses since then
	end()
}

// newScene begins at the time a script's first "clock" line tells: the clock never goes back.
func newScene(t *testing.T, text string, on func(*scene) venue) *scene {
	s := &scene{t: t, dir: t.TempDir()}
	start := "2026-11-23 09:00"
	if _, after, ok := strings.Cut(text, "\nclock "); ok {
		start, _, _ = strings.Cut(after, "\n")
	}
	at, err := time.ParseInLocation(clockForm, start, time.FixedZone("WIB", 7*60*60))
	if err != nil {
		t.Fatal(err)
	}
	s.clock = sim.NewManualClock(at)
	s.venue = on(s)
	s.start()
	return s
}

// start starts the program with nothing else configured.
func (s *scene) start() {
	set := s.venue.settings()
	set["data"] = s.dir
	c, err := loadConfig(set, func(string) string { return "" })
	if err != nil {
		s.t.Fatal(err)
	}
	o := s.venue.parts()
	o.Log, o.Clock, o.Random = slog.New(slog.DiscardHandler), s.clock, fixedRandom{}
	p, err := newProgram(c, o)
	if err != nil {
		s.t.Fatal(err)
	}
	s.bot = p
	s.bot.beforeSend = func(to bot.Address) bool { return s.dying != "" && to.Chat == s.venue.address(s.dying) }
	s.venue.started(p)
}

// fixedRandom makes invitation codes the same every time.
type fixedRandom struct{}

func (fixedRandom) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(i * 7)
	}
	return len(b), nil
}

// step plays one line and lets the program finish what it asks for.
func (s *scene) step(line string) {
	if who, text, spoken := speech(line); spoken {
		s.speak(who, text)
	} else {
		verb, arg, _ := strings.Cut(line, " ")
		s.verb(verb, strings.TrimSpace(arg))
	}
	s.settle()
}

// speech splits "who> text".
func speech(line string) (who, text string, ok bool) {
	who, text, ok = strings.Cut(line, "> ")
	return who, text, ok && !strings.Contains(who, " ")
}

// settle works until nothing is due, as the running program's loops would.
func (s *scene) settle() {
	ctx := context.Background()
	if s.down {
		return
	}
	s.venue.quiet()
	for range 10_000 {
		worked, err := s.bot.step(ctx)
		if s.bot.died {
			s.dying = ""
			s.kill()
			s.start()
			s.venue.quiet()
			continue
		}
		if err != nil {
			s.t.Fatal(err)
		}
		if !worked {
			return
		}
	}
	s.t.Fatal("the program never comes to rest")
}

func (s *scene) kill() {
	s.venue.stopping()
	if err := s.bot.catalog.Save(context.Background()); err != nil {
		s.t.Fatal(err)
	}
	if err := s.bot.Close(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) verb(verb, arg string) {
	switch verb {
	case "clock":
		at, err := time.ParseInLocation(clockForm, arg, s.bot.zone.Location)
		if err != nil {
			s.t.Fatal(err)
		}
		s.clock.Set(at)
	case "wait":
		d, err := time.ParseDuration(arg)
		if err != nil {
			s.t.Fatal(err)
		}
		s.clock.Advance(d)
	case "restart":
		s.kill()
		s.start()
	case "crash": // between the claim of the next message to that chat and its sending
		s.dying = arg
	case "stop": // the process is down until "start"
		s.kill()
		s.down = true
	case "start":
		s.start()
		s.down = false
	case "files":
		s.said = append(s.said, fmt.Sprintf("= %d files kept", len(s.kept())))
	case "grep":
		s.said = append(s.said, "= "+s.grep(arg))
	case "verify":
		s.verify()
	default:
		if !s.venue.verb(verb, arg) {
			s.t.Fatalf("no verb %q", verb)
		}
	}
}

func (s *scene) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// kept lists the evidence files on disk.
func (s *scene) kept() []string {
	var out []string
	err := filepath.WalkDir(filepath.Join(s.dir, "evidence"), func(path string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() {
			out = append(out, path)
		}
		return err
	})
	s.check(err)
	return out
}

// grep looks for words in every file the program wrote itself: see rig.absent for the one that is not.
func (s *scene) grep(words string) string {
	found := "nowhere on disk"
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(d.Name(), sessionMember) {
			return err
		}
		raw, err := os.ReadFile(path)
		if bytes.Contains(raw, []byte(words)) {
			found = "in " + filepath.Base(path)
		}
		return err
	})
	s.check(err)
	return found
}

// end checks the whole store once the conversation is over.
func (s *scene) end() {
	s.verify()
	if n := s.bot.panics(); n != 0 {
		s.t.Errorf("%d recovered panics", n)
	}
	s.kill()
	s.venue.end()
}

func (s *scene) verify() {
	report, err := s.bot.store.Verify(context.Background(), nil)
	if err != nil || !report.OK() {
		s.t.Errorf("the store does not verify: %v %+v", err, report)
	}
}

// heard writes what the bot said since the last step, chat by chat.
func (s *scene) heard() string {
	var out strings.Builder
	for _, line := range s.said {
		out.WriteString(line + "\n")
	}
	s.said = nil
	// Chat by chat: which of two chats is served first is nobody's promise.
	for _, chat := range s.venue.chats() {
		out.WriteString(s.venue.news(chat))
	}
	return out.String() + s.venue.notes()
}

// picture makes a small image that differs by name.
func picture(name string) []byte {
	img := image.NewGray(image.Rect(0, 0, 16, 16))
	for i, c := range []byte(name) {
		img.SetGray(i%16, i/16, color.Gray{Y: c})
	}
	var buf bytes.Buffer
	if err := png.Encode(&buf, img); err != nil {
		panic(err)
	}
	return buf.Bytes()
}
