package sim

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"
	"strings"

	"awassiber/bot"
)

// Reasons of a bot.SendError of this network.
const (
	reasonDown    = "down"
	reasonBlocked = "blocked"
	reasonMoved   = "moved"
	reasonChat    = "no_chat"
	reasonGone    = "gone"
	reasonLarge   = "too_large"
)

// Send shows what the bot says, edits, or answers to a press. It keeps the outbox's contract: the
// reference it returns finds the message again, and the same delivery sent twice is one message.
// Its errors are *bot.SendError, temporary while the network is down.
func (n *Network) Send(ctx context.Context, d bot.Delivery) (bot.MessageRef, error) {
	if err := ctx.Err(); err != nil {
		return bot.MessageRef{}, &bot.SendError{Reason: "canceled", Err: err}
	}
	if d.Message == nil {
		return bot.MessageRef{}, &bot.SendError{Permanent: true, Reason: "not_a_message"}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.down {
		return bot.MessageRef{}, &bot.SendError{Reason: reasonDown, WholeNetwork: true}
	}
	if d.Message.Answer != "" {
		n.answer(d.Message.Answer, d.Message.Text)
		return bot.MessageRef{}, nil
	}
	if err := n.reachable(d.To); err != nil {
		return bot.MessageRef{}, err
	}
	if d.Ref.ID != "" {
		if m := n.find(d.Ref.Chat.Chat, d.Ref.ID); m != nil && m.From == "" {
			n.rewrite(m, d.Message)
			return bot.MessageRef{Chat: at(m.Chat), ID: m.ID}, nil
		}
	}
	for _, m := range n.chat(d.To.Chat).Messages {
		if d.Unique != "" && m.Unique == d.Unique {
			return bot.MessageRef{Chat: at(m.Chat), ID: m.ID}, nil
		}
	}
	m := &Message{
		Chat: d.To.Chat, Text: d.Message.Text, Buttons: d.Message.Buttons,
		ReplyTo: d.Message.ReplyTo, File: d.Message.File, Unique: d.Unique,
	}
	if doc := d.Message.Document; doc != nil {
		m.File = n.keep(doc)
	}
	n.add(m)
	return bot.MessageRef{Chat: at(m.Chat), ID: m.ID}, nil
}

// reachable tells why nothing can be said at an address, if so. mu is held.
func (n *Network) reachable(to bot.Address) error {
	if moved := n.current(to.Chat); moved != to.Chat {
		return &bot.SendError{Reason: reasonMoved, Moved: at(moved)}
	}
	if n.blocked[to.Chat] {
		return &bot.SendError{Permanent: true, Reason: reasonBlocked}
	}
	_, known := n.person(to)
	if c := n.chats[to.Chat]; !known && (c == nil || !c.Group) {
		return &bot.SendError{Permanent: true, Reason: reasonChat}
	}
	return nil
}

// rewrite edits a message of the bot. mu is held.
func (n *Network) rewrite(m *Message, to *bot.Message) {
	same := slices.EqualFunc(m.Buttons, to.Buttons, slices.Equal[[]bot.Button])
	if m.Text == to.Text && same {
		return
	}
	m.Text, m.Buttons, m.Edited = to.Text, to.Buttons, n.clock.Now()
	n.touch(m)
}

// answer shows the passing note. A press the network no longer knows gets none, which is no
// error: people have looked away. mu is held.
func (n *Network) answer(press, text string) {
	p, ok := n.presses[press]
	if !ok {
		return
	}
	delete(n.presses, press)
	n.touch(nil)
	n.notes = append(n.notes, Note{Rev: n.rev, Chat: p.chat, Person: p.person, Press: press, Text: text})
	if over := len(n.notes) - maxNotes; over > 0 {
		n.notes = slices.Clone(n.notes[over:])
	}
}

// keep stores a document of the bot and returns what a message shows of it. mu is held.
func (n *Network) keep(doc *bot.Document) *bot.Attachment {
	sum := sha256.Sum256(doc.Data)
	sha := hex.EncodeToString(sum[:])
	n.docs[sha] = doc.Data
	return &bot.Attachment{
		Kind: bot.File, Network: bot.Sim, FileID: sha, Unique: sha, Name: doc.Name, MIME: doc.MIME,
		Size: int64(len(doc.Data)), SHA256: sha, State: bot.FileStored,
	}
}

// Upload stores a file that a person is going to send, and returns the attachment for Post.Files.
// The kind may be empty: it then follows from the sniffed type. ErrNoFiles without an evidence
// store; otherwise the store's own errors.
func (n *Network) Upload(ctx context.Context, name string, kind bot.FileKind, r io.Reader) (bot.Attachment, error) {
	if n.evidence == nil {
		return bot.Attachment{}, ErrNoFiles
	}
	sha, size, mime, err := n.evidence.Put(ctx, r)
	if err != nil {
		return bot.Attachment{}, err
	}
	if kind == "" {
		kind = kindOf(mime)
	}
	// State stays pending: as on any network, the bot gets a reference and has to fetch.
	return bot.Attachment{
		Kind: kind, Network: bot.Sim, FileID: sha, Unique: sha, Name: bot.Clean(name), MIME: mime, Size: size,
	}, nil
}

// kindOf is what a chat client sends a file of a type as.
func kindOf(mime string) bot.FileKind {
	mime, _, _ = strings.Cut(mime, ";")
	switch {
	case mime == "image/gif":
		return bot.Animation
	case mime == "image/jpeg", mime == "image/png", mime == "image/webp":
		return bot.Photo
	case mime == "audio/ogg", mime == "application/ogg":
		return bot.Voice
	case strings.HasPrefix(mime, "audio/"):
		return bot.Audio
	case strings.HasPrefix(mime, "video/"):
		return bot.Video
	}
	return bot.File
}

// Fetch opens the bytes of an attachment, as the outbox asks for. It fails with a *bot.SendError:
// permanent, around bot.ErrGone or (over 20 MiB, as in Telegram) bot.ErrTooLarge; or temporary.
func (n *Network) Fetch(ctx context.Context, a bot.Attachment) (io.ReadCloser, error) {
	n.mu.Lock()
	down := n.down
	n.mu.Unlock()
	switch {
	case ctx.Err() != nil:
		return nil, &bot.SendError{Reason: "canceled", Err: ctx.Err()}
	case down:
		return nil, &bot.SendError{Reason: reasonDown, WholeNetwork: true}
	case a.Size > maxUpload:
		return nil, &bot.SendError{Permanent: true, Reason: reasonLarge, Err: bot.ErrTooLarge}
	case n.evidence == nil || !isSHA(a.FileID):
		return nil, &bot.SendError{Permanent: true, Reason: reasonGone, Err: bot.ErrGone}
	}
	r, err := n.evidence.Open(a.FileID)
	if err != nil {
		return nil, &bot.SendError{Permanent: true, Reason: reasonGone, Err: bot.ErrGone}
	}
	return r, nil
}

// isSHA reports whether s has the form of a SHA-256 in lower-case hex, so that it can be no path.
func isSHA(s string) bool {
	return len(s) == 2*sha256.Size && strings.Trim(s, "0123456789abcdef") == ""
}
