package main

import (
	"regexp"
	"strconv"
	"strings"

	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"

	"awassiber/bot/whatsapp/fakewa"
)

// say plays what a person does. Nothing can be pressed on WhatsApp: see press.
func (w *waVenue) say(who, group string, marks []mark, text string) {
	person, chat := w.people[who], who
	if person == nil {
		w.t.Fatalf("nobody is called %q", who)
	}
	voice := person.Voice
	if group != "" {
		w.address(group)
		voice, chat = person.InGroup(w.groups[group]), group
	}
	p := waPost{waVenue: w, voice: voice, person: person, chat: chat, text: w.typed(text)}
	for _, m := range marks {
		p.mark(m)
	}
	if !p.done {
		p.send()
	}
}

// waPost is something a person is about to send.
type waPost struct {
	*waVenue
	voice   fakewa.Voice
	person  *fakewa.Person
	chat    string
	text    string
	context *waE2E.ContextInfo
	files   []fakewa.File
	message *waE2E.Message // of another content than text and files
	done    bool           // it is sent
}

func (p *waPost) mark(m mark) {
	switch m.verb {
	case "press":
		p.press(m.arg)
	case "edit":
		old := p.find(p.chat, func(l *waLine) bool { return l.from == p.person && strings.Contains(l.text, m.arg) })
		p.found(old, m)
		id, err := p.voice.Edit(old.id, p.text)
		p.sent(id, err)
		old.text = p.text
	case "re":
		old := p.find(p.chat, func(l *waLine) bool { return strings.Contains(l.text, m.arg) })
		p.found(old, m)
		p.context = p.quoting(old)
	case "fwd":
		p.context = forwarded(m.arg)
	case "photo", "document", "voice", "video", "audio":
		for name := range strings.FieldsSeq(m.arg) {
			p.files = append(p.files, fakewa.File{Kind: fakeKind(m.verb), Data: picture(name), Name: name})
		}
	case "big":
		p.big(m.arg)
	case "location":
		la, lo := p.point(m.arg)
		p.message = &waE2E.Message{LocationMessage: &waE2E.LocationMessage{DegreesLatitude: &la, DegreesLongitude: &lo}}
	case "sticker":
		p.message = &waE2E.Message{StickerMessage: &waE2E.StickerMessage{Mimetype: proto.String("image/webp")}}
	case "contact":
		p.message = &waE2E.Message{ContactMessage: &waE2E.ContactMessage{DisplayName: proto.String("Kenalan"), Vcard: proto.String("BEGIN:VCARD\nEND:VCARD")}}
	default:
		p.t.Fatalf("no mark [%s] on WhatsApp: say in the file why it is not played", m.verb)
	}
}

func (p *waPost) found(l *waLine, m mark) {
	p.t.Helper()
	if l == nil {
		p.t.Fatalf("nothing in %s for [%s %s]", p.chat, m.verb, m.arg)
	}
}

// menuLine is a button as WhatsApp shows it: "1 Kabar bohong", or "1. Ambil" where the label has no number.
var menuLine = regexp.MustCompile(`^(\d+)\.? (.+)$`)

// press does what a person does who sees numbered lines where others see buttons: in a group they reply
// to the card with the number; in their own chat they type it, or the words of a list that is not the last
// thing the bot said.
func (p *waPost) press(button string) {
	number, label := "", ""
	old := p.find(p.chat, func(l *waLine) bool {
		if l.from != nil {
			return false
		}
		_, list, ok := cutLast(l.text, "\n\n")
		for line := range strings.SplitSeq(list, "\n") {
			f := menuLine.FindStringSubmatch(line)
			if ok && f != nil && (line == button || f[2] == button || strings.Contains(line, button)) {
				number, label = f[1], f[2]
				return true
			}
		}
		return false
	})
	p.found(old, mark{"press", button})
	p.text = number
	switch latest := p.find(p.chat, func(l *waLine) bool { return l.from == nil }); {
	case p.groups[p.chat] != nil:
		p.context = p.quoting(old)
	case latest != old:
		p.text = label
	}
}

func cutLast(s, sep string) (before, after string, ok bool) {
	if i := strings.LastIndex(s, sep); i >= 0 {
		return s[:i], s[i+len(sep):], true
	}
	return s, "", false
}

// quoting is the quotation of a message.
func (p *waPost) quoting(l *waLine) *waE2E.ContextInfo {
	author := p.srv.LID()
	if l.from != nil {
		author = l.from.LID
	}
	return &waE2E.ContextInfo{StanzaID: &l.id, Participant: proto.String(author.String()),
		QuotedMessage: &waE2E.Message{Conversation: &l.text}}
}

// forwarded marks a message as forwarded; WhatsApp names channels only.
func forwarded(arg string) *waE2E.ContextInfo {
	c := &waE2E.ContextInfo{IsForwarded: proto.Bool(true), ForwardingScore: proto.Uint32(1)}
	if title, is := strings.CutPrefix(arg, "channel "); is {
		c.ForwardedNewsletterMessageInfo = &waE2E.ContextInfo_ForwardedNewsletterMessageInfo{NewsletterName: &title}
	}
	return c
}

func fakeKind(verb string) fakewa.Kind {
	return map[string]fakewa.Kind{"photo": fakewa.Image, "video": fakewa.Video, "audio": fakewa.Audio,
		"voice": fakewa.VoiceNote, "document": fakewa.Document}[verb]
}

// fileOf is what a phone shows of a file: its kind, and the name of a document.
func fileOf(m *waE2E.Message) (kind, name string) {
	switch {
	case m.GetImageMessage() != nil:
		return "photo", ""
	case m.GetVideoMessage() != nil:
		return "video", ""
	case m.GetAudioMessage().GetPTT():
		return "voice", ""
	case m.GetAudioMessage() != nil:
		return "audio", ""
	case m.GetDocumentMessage() != nil:
		return "document", m.GetDocumentMessage().GetFileName()
	}
	return "", ""
}

// big is a video that says it is as large as that.
func (p *waPost) big(arg string) {
	mb, name, _ := strings.Cut(arg, " ")
	n, err := strconv.Atoi(mb)
	p.check(err)
	p.message, err = p.srv.Upload(fakewa.File{Kind: fakewa.Video, Data: picture(name), Caption: p.text})
	p.check(err)
	p.message.VideoMessage.FileLength = proto.Uint64(uint64(n) << 20)
}

func (p *waPost) send() {
	switch {
	case len(p.files) > 1:
		p.files[0].Caption = p.text
		ids, err := p.voice.Album(p.files...)
		p.check(err)
		for _, id := range ids {
			p.sent(id, nil)
		}
		p.stands(ids[1])
		return
	case len(p.files) == 1:
		var err error
		p.files[0].Caption = p.text
		p.message, err = p.srv.Upload(p.files[0])
		p.check(err)
	case p.message != nil:
	case p.context != nil:
		p.message = &waE2E.Message{ExtendedTextMessage: &waE2E.ExtendedTextMessage{Text: &p.text, ContextInfo: p.context}}
	default:
		p.message = &waE2E.Message{Conversation: &p.text}
	}
	id, err := p.voice.Send(p.message)
	p.sent(id, err)
	p.stands(id)
}

// sent notes what can come once more.
func (p *waPost) sent(id string, err error) {
	p.t.Helper()
	p.check(err)
	p.done = true
	p.last = func() error { return p.voice.Again(id) }
}

// stands puts a message of a person where everybody in the chat sees it.
func (p *waPost) stands(id string) {
	p.read() // what the bot said before stands before
	p.lines = append(p.lines, &waLine{chat: p.chat, id: id, from: p.person, text: p.text, at: p.clock.Now()})
}
