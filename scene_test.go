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
	net   *sim.Network
	bot   *program
	seen  map[string]uint64 // revision up to which a chat was heard
	notes map[string]uint64
	said  []string // lines of verbs that answer for themselves
	dying string   // the chat the next message to which kills the program
	down  bool     // the process was stopped
}

// newScene begins at the time a script's first "clock" line tells: the clock never goes back.
func newScene(t *testing.T, text string) *scene {
	s := &scene{t: t, dir: t.TempDir(), seen: map[string]uint64{}, notes: map[string]uint64{}}
	start := "2026-11-23 09:00"
	if _, after, ok := strings.Cut(text, "\nclock "); ok {
		start, _, _ = strings.Cut(after, "\n")
	}
	at, err := time.ParseInLocation(clockForm, start, time.FixedZone("WIB", 7*60*60))
	if err != nil {
		t.Fatal(err)
	}
	s.clock = sim.NewManualClock(at)
	s.start()
	return s
}

// config is that of a training network with nothing else configured.
func (s *scene) config() Config {
	c, err := loadConfig(map[string]string{"data": s.dir}, func(string) string { return "" })
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// start starts the program. The first start makes the network; later ones find it as it was.
func (s *scene) start() {
	p, err := newProgram(s.config(), parts{
		Log:     slog.New(slog.DiscardHandler),
		Clock:   s.clock,
		Network: s.net,
		Session: "s",
		Random:  fixedRandom{},
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.bot, s.net = p, p.training
	s.bot.beforeSend = func(to bot.Address) bool { return to.Chat == s.dying }
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
	who, text, spoken := strings.Cut(line, "> ")
	if spoken && !strings.Contains(who, " ") {
		s.speak(who, text)
	} else {
		verb, arg, _ := strings.Cut(line, " ")
		s.verb(verb, strings.TrimSpace(arg))
	}
	s.settle()
}

// settle works until nothing is due, as the running program's loops would.
func (s *scene) settle() {
	ctx := context.Background()
	if s.down {
		return
	}
	for range 10_000 {
		worked, err := s.bot.step(ctx)
		if s.bot.died {
			s.dying = ""
			s.kill()
			s.start()
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
	if err := s.bot.Close(); err != nil {
		s.t.Fatal(err)
	}
}

func (s *scene) verb(verb, arg string) {
	ctx := context.Background()
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
	case "down", "up":
		s.net.Down(verb == "down")
	case "dup":
		s.check(s.net.Duplicate(ctx))
	case "block", "unblock":
		s.net.Block(address(arg), verb == "block")
	case "migrate":
		s.check(s.net.Migrate(ctx, s.net.Group(), address(arg)))
	case "group":
		s.check(s.net.AddGroup(address(arg)))
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
		s.t.Fatalf("no verb %q", verb)
	}
}

func (s *scene) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func address(name string) bot.Address { return bot.Address{Network: bot.Sim, Chat: name} }

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

// grep looks for words in every file the program wrote.
func (s *scene) grep(words string) string {
	found := "nowhere on disk"
	err := filepath.WalkDir(s.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
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
	for _, chat := range s.chats() {
		for _, m := range s.net.Messages(address(chat), s.seen[chat]) {
			s.seen[chat] = max(s.seen[chat], m.Rev)
			if m.From == "" {
				out.WriteString(script(m))
			}
		}
	}
	for _, p := range s.net.People() {
		for _, n := range s.net.Notes(p.Address, s.notes[p.Address.Chat]) {
			s.notes[p.Address.Chat] = n.Rev
			if n.Text != "" {
				fmt.Fprintf(&out, "bot>%s (note): %s\n", n.Person, bot.Asterisks(n.Text))
			}
		}
	}
	return out.String()
}

func (s *scene) chats() []string {
	var out []string
	for _, p := range s.net.People() {
		out = append(out, p.Address.Chat)
	}
	return append(out, s.net.Group().Chat, "lain")
}

// script writes a message of the bot as a scenario has it.
func script(m sim.Message) string {
	var out strings.Builder
	how := ""
	if !m.Edited.IsZero() {
		how = " (edit)"
	}
	lines := strings.Split(bot.Asterisks(m.Text), "\n")
	fmt.Fprintf(&out, "bot>%s%s: %s\n", m.Chat, how, lines[0])
	for _, l := range lines[1:] {
		out.WriteString(strings.TrimRight("    | "+l, " ") + "\n")
	}
	if m.File != nil {
		fmt.Fprintf(&out, "    <%s %s>\n", m.File.Kind, m.File.Name)
	}
	for _, row := range m.Buttons {
		out.WriteString("   ")
		for _, b := range row {
			out.WriteString(" [" + b.Label + "]")
		}
		out.WriteString("\n")
	}
	return out.String()
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
