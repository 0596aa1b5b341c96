package sim

import (
	"cmp"
	"context"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"

	"awassiber/bot"
)

// MaxText is the longest text a person can send, in UTF-16 units, as in Telegram.
const MaxText = 4096

// maxFiles is the most files of one album, as in Telegram.
const maxFiles = 10

// Post is something a person sends. At least one of Text, Files, Location and Unsupported is set.
type Post struct {
	From bot.Address // who
	To   bot.Address // a group; zero, or From: their private chat with the bot
	Text string      // text, or caption of the first file
	// Forward marks it as forwarded.
	Forward *bot.Forward
	ReplyTo bot.MessageID
	// Files come from Upload. Several make an album: one message each, as networks do it. An
	// attachment made up by a test is known by reference only; fetching it fails as gone.
	Files       []bot.Attachment
	Location    *bot.Location
	Unsupported string // "sticker", "contact", "dice"
}

// Say sends a post and returns the id of its (first) message. A bot that is down is no error: the
// update waits for it.
func (n *Network) Say(ctx context.Context, p Post) (bot.MessageID, error) {
	us, err := n.post(p)
	if err != nil {
		return "", err
	}
	n.push(ctx, us...)
	return us[0].Message.ID, nil
}

// post shows the post's messages and returns the updates they make.
func (n *Network) post(p Post) ([]bot.Update, error) {
	switch {
	case strings.TrimSpace(p.Text) == "" && len(p.Files) == 0 && p.Location == nil && p.Unsupported == "":
		return nil, ErrEmpty
	case len(utf16.Encode([]rune(p.Text))) > MaxText:
		return nil, ErrTooLong
	case len(p.Files) > maxFiles:
		return nil, ErrTooMany
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	u, err := n.begin(p.From, p.To)
	if err != nil {
		return nil, err
	}
	var quoted *bot.Quoted
	if p.ReplyTo != "" {
		m := n.find(u.Chat.Chat, p.ReplyTo)
		if m == nil {
			return nil, ErrUnknown
		}
		quoted = &bot.Quoted{ID: m.ID}
		if m.From != "" {
			who, _ := n.person(at(m.From))
			quoted.From = bot.Person{Address: at(m.From), Name: who.Name}
		}
	}
	files := make([]*bot.Attachment, max(1, len(p.Files)))
	for i := range p.Files {
		files[i] = &p.Files[i]
	}
	var (
		us    []bot.Update
		album string
	)
	for i, f := range files {
		m := &Message{
			Chat: u.Chat.Chat, From: p.From.Chat, ReplyTo: p.ReplyTo, Forward: p.Forward, Album: album,
			File: f, Location: p.Location, Unsupported: p.Unsupported,
		}
		if i == 0 {
			m.Text = p.Text
		}
		n.add(m)
		if len(files) > 1 && i == 0 {
			album = "album" + string(m.ID)
			m.Album = album
		}
		us = append(us, n.incoming(u, m, quoted))
	}
	return us, nil
}

// incoming completes an update about a person's message. mu is held.
func (n *Network) incoming(u bot.Update, m *Message, quoted *bot.Quoted) bot.Update {
	u.Kind, u.At = bot.KindMessage, m.At
	u.Message = &bot.Incoming{
		ID: m.ID, Text: m.Text, Links: links(m.Text), Forward: m.Forward, Album: m.Album,
		ReplyTo: quoted, Location: m.Location, Unsupported: m.Unsupported,
	}
	if m.File != nil {
		u.Message.Files = []bot.Attachment{*m.File}
	}
	return u
}

// begin makes the part of an update that tells who and where. mu is held.
func (n *Network) begin(from, to bot.Address) (bot.Update, error) {
	who, ok := n.person(from)
	if !ok {
		return bot.Update{}, ErrUnknown
	}
	to.Chat = n.current(cmp.Or(to, from).Chat)
	c := n.chats[to.Chat]
	private := to.Chat == from.Chat
	if !private && (c == nil || !c.Group) {
		return bot.Update{}, ErrUnknown
	}
	return bot.Update{
		Network: bot.Sim, Chat: at(to.Chat), Private: private, At: n.clock.Now(),
		From: bot.Person{Address: from, Name: who.Name},
	}, nil
}

// Edit changes the text (or caption) of a person's own message. The zero chat is their private one.
func (n *Network) Edit(ctx context.Context, from, chat bot.Address, id bot.MessageID, text string) error {
	u, err := n.edit(from, chat, id, text)
	if err != nil {
		return err
	}
	n.push(ctx, u)
	return nil
}

func (n *Network) edit(from, chat bot.Address, id bot.MessageID, text string) (bot.Update, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	u, err := n.begin(from, chat)
	if err != nil {
		return u, err
	}
	m := n.find(u.Chat.Chat, id)
	switch {
	case m == nil:
		return u, ErrUnknown
	case m.From != from.Chat || m.Forward != nil:
		return u, ErrNotYours
	case strings.TrimSpace(text) == "":
		return u, ErrEmpty
	case len(utf16.Encode([]rune(text))) > MaxText:
		return u, ErrTooLong
	}
	m.Text, m.Edited, m.Delivered = text, u.At, false
	n.touch(m)
	at := u.At
	u = n.incoming(u, m, nil)
	u.Kind, u.At = bot.KindEdit, at
	return u, nil
}

// Press presses the button of the latest message in chat that carries one whose label or data is
// button, or failing that whose label contains it. The zero chat is from's private one.
func (n *Network) Press(ctx context.Context, from, chat bot.Address, button string) error {
	n.mu.Lock()
	c := n.chats[n.current(cmp.Or(chat, from).Chat)]
	var (
		id   bot.MessageID
		data string
	)
	if c != nil {
		id, data = c.button(button)
	}
	n.mu.Unlock()
	if id == "" {
		return ErrUnknown
	}
	return n.PressData(ctx, from, chat, id, data)
}

func (c *chat) button(want string) (id bot.MessageID, data string) {
	exact := func(b bot.Button) bool { return b.Label == want || b.Data == want }
	loose := func(b bot.Button) bool {
		return strings.Contains(strings.ToLower(b.Label), strings.ToLower(want))
	}
	for _, fits := range []func(bot.Button) bool{exact, loose} {
		for i := len(c.Messages) - 1; i >= 0; i-- {
			for _, row := range c.Messages[i].Buttons {
				for _, b := range row {
					if b.Data != "" && fits(b) {
						return c.Messages[i].ID, b.Data
					}
				}
			}
		}
	}
	return "", ""
}

// PressData presses with any data, as a made-up client can, whether such a button exists or not.
// The message must exist. ErrTooLong over bot.MaxButtonData bytes.
func (n *Network) PressData(ctx context.Context, from, chat bot.Address, id bot.MessageID, data string) error {
	if len(data) > bot.MaxButtonData {
		return ErrTooLong
	}
	n.mu.Lock()
	u, err := n.begin(from, chat)
	if err == nil && n.find(u.Chat.Chat, id) == nil {
		err = ErrUnknown
	}
	if err != nil {
		n.mu.Unlock()
		return err
	}
	n.lastUpd++
	press := n.session + "/p" + strconv.FormatUint(n.lastUpd, 10)
	u.Kind, u.Press = bot.KindPress, &bot.Press{ID: press, Data: data, MessageID: id}
	n.presses[press] = pressed{chat: u.Chat.Chat, person: from.Chat}
	if n.pressIDs = append(n.pressIDs, press); len(n.pressIDs) > maxPresses {
		delete(n.presses, n.pressIDs[0])
		n.pressIDs = n.pressIDs[1:]
	}
	n.mu.Unlock()
	n.push(ctx, u)
	return nil
}

// linkPattern finds what networks turn into a link by themselves.
var linkPattern = regexp.MustCompile(`(?i)\b(?:https?://|www\.)[^\s<>"]+`)

// links returns the URLs of a text in order. Punctuation at the end belongs to the sentence.
func links(text string) []string {
	var out []string
	for _, l := range linkPattern.FindAllString(text, -1) {
		out = append(out, strings.TrimRight(l, `.,;:!?)]}'*_`))
	}
	return out
}
