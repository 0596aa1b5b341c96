package main

import (
	"bytes"
	"context"
	"strconv"
	"strings"

	"awassiber/bot"
	"awassiber/bot/sim"
)

// speak plays "who> text" (a private chat) or "who@group> text". Bracketed words before the text
// say what is special about it, for example [fwd channel Kabar Kita] or [photo tps.png].
func (s *scene) speak(who, text string) {
	name, group, _ := strings.Cut(who, "@")
	p := sim.Post{From: address(name)}
	switch group {
	case "":
	case "koordinator":
		p.To = s.net.Group()
	default:
		p.To = address(group)
	}
	for strings.HasPrefix(text, "[") {
		mark, rest, ok := strings.Cut(text[1:], "]")
		if !ok {
			s.t.Fatalf("unclosed bracket in %q", text)
		}
		text = strings.TrimSpace(rest)
		verb, arg, _ := strings.Cut(mark, " ")
		if s.touch(verb, arg, p, text) {
			return
		}
		s.mark(&p, verb, arg)
	}
	p.Text = strings.ReplaceAll(text, `\n`, "\n")
	_, err := s.net.Say(context.Background(), p)
	s.check(err)
}

// touch plays what is not a new message: pressing a button, editing. It reports whether it did.
func (s *scene) touch(verb, arg string, p sim.Post, text string) bool {
	ctx := context.Background()
	chat := p.To
	if chat.IsZero() {
		chat = p.From
	}
	switch verb {
	case "press":
		s.check(s.net.Press(ctx, p.From, chat, arg))
	case "forge": // a button no message ever had
		s.check(s.net.PressData(ctx, p.From, chat, s.find(chat, ""), arg))
	case "edit":
		s.check(s.net.Edit(ctx, p.From, chat, s.find(chat, arg), text))
	default:
		return false
	}
	return true
}

// mark adds to a post what a bracket says.
func (s *scene) mark(p *sim.Post, verb, arg string) {
	switch verb {
	case "fwd":
		kind, title, _ := strings.Cut(arg, " ")
		p.Forward = &bot.Forward{Kind: bot.ForwardKind(kind), Title: title}
	case "photo", "document", "voice", "video", "audio":
		for name := range strings.FieldsSeq(arg) {
			f, err := s.net.Upload(context.Background(), name, bot.FileKind(verb), bytes.NewReader(picture(name)))
			s.check(err)
			p.Files = append(p.Files, f)
		}
	case "big": // megabytes and a name: too large to be fetched
		mb, name, _ := strings.Cut(arg, " ")
		n, err := strconv.Atoi(mb)
		s.check(err)
		p.Files = append(p.Files, bot.Attachment{Kind: bot.Video, Network: bot.Sim, FileID: "big-" + name, Name: name, Size: int64(n) << 20})
	case "location":
		lat, lon, _ := strings.Cut(arg, ",")
		la, err := strconv.ParseFloat(lat, 64)
		s.check(err)
		lo, err := strconv.ParseFloat(lon, 64)
		s.check(err)
		p.Location = &bot.Location{Latitude: la, Longitude: lo}
	case "sticker", "contact", "dice":
		p.Unsupported = verb
	case "re":
		chat := p.To
		if chat.IsZero() {
			chat = p.From
		}
		p.ReplyTo = s.find(chat, arg)
	default:
		s.t.Fatalf("no mark [%s]", verb)
	}
}

// find is the latest message of a chat that contains words.
func (s *scene) find(chat bot.Address, words string) bot.MessageID {
	all := s.net.Messages(chat, 0)
	for i := len(all) - 1; i >= 0; i-- {
		if strings.Contains(bot.Asterisks(all[i].Text), words) {
			return all[i].ID
		}
	}
	s.t.Fatalf("nothing in %s contains %q", chat, words)
	return ""
}
