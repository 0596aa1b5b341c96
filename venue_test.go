package main

import (
	"bytes"
	"context"
	"fmt"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// simVenue is the built-in training network.
type simVenue struct {
	*scene
	net   *sim.Network      // made by the first program; later ones find it as it was
	seen  map[string]uint64 // revision up to which a chat was heard
	noted map[string]uint64
}

func onSim(s *scene) venue {
	return &simVenue{scene: s, seen: map[string]uint64{}, noted: map[string]uint64{}}
}

func (s *simVenue) settings() map[string]string { return map[string]string{} }

func (s *simVenue) parts() parts { return parts{Network: s.net, Session: "s"} }

func (s *simVenue) started(p *program) { s.net = p.training }

func (s *simVenue) stopping() {}

func (s *simVenue) quiet() {}

func (s *simVenue) end() {}

func (s *simVenue) address(chat string) string { return chat }

func simAddress(name string) bot.Address { return bot.Address{Network: bot.Sim, Chat: name} }

func (s *simVenue) verb(verb, arg string) bool {
	ctx := context.Background()
	switch verb {
	case "down", "up":
		s.net.Down(verb == "down")
	case "dup":
		s.check(s.net.Duplicate(ctx))
	case "block", "unblock":
		s.net.Block(simAddress(arg), verb == "block")
	case "migrate":
		s.check(s.net.Migrate(ctx, s.net.Group(), simAddress(arg)))
	case "group":
		s.check(s.net.AddGroup(simAddress(arg)))
	case "person": // one more citizen
		s.check(s.net.AddPerson(sim.Person{Address: simAddress(arg), Name: "Warga " + strings.TrimPrefix(arg, "warga")}))
	default:
		return false
	}
	return true
}

func (s *simVenue) say(who, group string, marks []mark, text string) {
	p := sim.Post{From: simAddress(who), Text: text}
	switch group {
	case "":
	case "koordinator":
		p.To = s.net.Group()
	default:
		p.To = simAddress(group)
	}
	for _, m := range marks {
		if s.touch(m, p) {
			return
		}
		s.mark(&p, m)
	}
	_, err := s.net.Say(context.Background(), p)
	s.check(err)
}

// touch plays what is not a new message: pressing a button, editing. It reports whether it did.
func (s *simVenue) touch(m mark, p sim.Post) bool {
	ctx := context.Background()
	chat := where(p)
	switch m.verb {
	case "press":
		s.check(s.net.Press(ctx, p.From, chat, m.arg))
	case "forge": // a button no message ever had
		s.check(s.net.PressData(ctx, p.From, chat, s.find(chat, ""), m.arg))
	case "edit":
		s.check(s.net.Edit(ctx, p.From, chat, s.find(chat, m.arg), p.Text))
	default:
		return false
	}
	return true
}

func where(p sim.Post) bot.Address {
	if p.To.IsZero() {
		return p.From
	}
	return p.To
}

// mark adds to a post what a bracket says.
func (s *simVenue) mark(p *sim.Post, m mark) {
	switch m.verb {
	case "fwd":
		kind, title, _ := strings.Cut(m.arg, " ")
		p.Forward = &bot.Forward{Kind: bot.ForwardKind(kind), Title: title}
	case "photo", "document", "voice", "video", "audio":
		for name := range strings.FieldsSeq(m.arg) {
			f, err := s.net.Upload(context.Background(), name, bot.FileKind(m.verb), bytes.NewReader(picture(name)))
			s.check(err)
			p.Files = append(p.Files, f)
		}
	case "big": // megabytes and a name: too large to be fetched
		mb, name, _ := strings.Cut(m.arg, " ")
		n, err := strconv.Atoi(mb)
		s.check(err)
		p.Files = append(p.Files, bot.Attachment{Kind: bot.Video, Network: bot.Sim, FileID: "big-" + name, Name: name, Size: int64(n) << 20})
	case "location":
		la, lo := s.point(m.arg)
		p.Location = &bot.Location{Latitude: la, Longitude: lo}
	case "sticker", "contact", "dice":
		p.Unsupported = m.verb
	case "re":
		p.ReplyTo = s.find(where(*p), m.arg)
	default:
		s.t.Fatalf("no mark [%s]", m.verb)
	}
}

// point reads "-1.61,103.61".
func (s *scene) point(arg string) (latitude, longitude float64) {
	lat, lon, _ := strings.Cut(arg, ",")
	la, err := strconv.ParseFloat(lat, 64)
	s.check(err)
	lo, err := strconv.ParseFloat(lon, 64)
	s.check(err)
	return la, lo
}

// find is the latest message of a chat that contains words.
func (s *simVenue) find(chat bot.Address, words string) bot.MessageID {
	all := s.net.Messages(chat, 0)
	for i := len(all) - 1; i >= 0; i-- {
		if strings.Contains(bot.Asterisks(all[i].Text), words) {
			return all[i].ID
		}
	}
	s.t.Fatalf("nothing in %s contains %q", chat, words)
	return ""
}

func (s *simVenue) chats() []string {
	var out []string
	for _, p := range s.net.People() {
		out = append(out, p.Address.Chat)
	}
	return append(out, s.net.Group().Chat, "lain")
}

func (s *simVenue) news(chat string) string {
	var out strings.Builder
	for _, m := range s.net.Messages(simAddress(chat), s.seen[chat]) {
		s.seen[chat] = max(s.seen[chat], m.Rev)
		if m.From != "" {
			continue
		}
		line := said{chat: m.Chat, edit: !m.Edited.IsZero(), text: strings.Split(bot.Asterisks(m.Text), "\n")}
		if m.File != nil {
			line.kind, line.file = string(m.File.Kind), m.File.Name
		}
		for _, row := range m.Buttons {
			var labels []string
			for _, b := range row {
				labels = append(labels, b.Label)
			}
			line.rows = append(line.rows, labels)
		}
		out.WriteString(line.String())
	}
	return out.String()
}

func (s *simVenue) notes() string {
	var out strings.Builder
	for _, p := range s.net.People() {
		for _, n := range s.net.Notes(p.Address, s.noted[p.Address.Chat]) {
			s.noted[p.Address.Chat] = n.Rev
			if n.Text != "" {
				fmt.Fprintf(&out, "bot>%s (note): %s\n", n.Person, bot.Asterisks(n.Text))
			}
		}
	}
	return out.String()
}
