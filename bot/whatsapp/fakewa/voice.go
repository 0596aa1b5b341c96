package fakewa

import (
	"context"
	"fmt"
	"time"

	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/types"
	"google.golang.org/protobuf/proto"
)

// Voice is a person in one chat. Nothing waits for the network: a message is encrypted and queued,
// and comes to the client when it is connected.
type Voice struct {
	person *Person
	group  *Group // nil: the direct chat
}

// Envelope is what surrounds a message. The zero value is an ordinary one.
type Envelope struct {
	// ID is the message id. Zero: a new one.
	ID string
	// At is the server's time stamp. Zero: now.
	At time.Time
	// WithoutKey leaves out the sender key in a group, which the device then cannot read and asks for.
	WithoutKey bool
}

// sessionTarget is the device to encrypt for; bundle is nil when a session exists.
type sessionTarget struct {
	lid    types.JID
	epoch  uint64
	bundle *prekey.Bundle
}

// sentMessage is kept for retries.
type sentMessage struct {
	id      string
	voice   Voice
	message *waE2E.Message
	at      time.Time
}

// keptSent is how many messages a phone keeps for retries (whatsmeow keeps as many: retry.go,
// recentMessagesSize).
const keptSent = 256

// Say sends a text and returns its id.
func (v Voice) Say(text string) (string, error) {
	return v.Send(&waE2E.Message{Conversation: proto.String(text)})
}

// Send sends any message and returns its id.
func (v Voice) Send(m *waE2E.Message) (string, error) { return v.Post(Envelope{}, m) }

// Post sends any message in a given envelope and returns its id.
func (v Voice) Post(e Envelope, m *waE2E.Message) (string, error) {
	if e.ID == "" {
		e.ID = newMessageID()
	}
	if e.At.IsZero() {
		e.At = v.person.srv.opt.Now()
	}
	p := v.person
	p.mu.Lock()
	defer p.mu.Unlock()
	p.remember(sentMessage{id: e.ID, voice: v, message: m, at: e.At})
	enc, err := v.encrypt(e, m)
	if err != nil {
		return "", fmt.Errorf("fakewa: %s: %w", p.Name, err)
	}
	return e.ID, v.queue(e, m, enc)
}

// Again sends a message of the person once more under the same id, encrypted anew: what a phone does
// that never heard of the server taking it.
func (v Voice) Again(id string) error {
	p := v.person
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.recall(id)
	if !ok {
		return fmt.Errorf("fakewa: %s sent no message %s lately", p.Name, id)
	}
	e := Envelope{ID: id, At: m.at}
	enc, err := m.voice.encrypt(e, m.message)
	if err != nil {
		return fmt.Errorf("fakewa: %s: %w", p.Name, err)
	}
	return m.voice.queue(e, m.message, enc)
}

func (v Voice) encrypt(e Envelope, m *waE2E.Message) ([]node, error) {
	if v.group != nil {
		return v.encryptForGroup(e, m)
	}
	enc, err := v.person.encryptForDevice(m, attrs{})
	return []node{enc}, err
}

// encryptForDevice encrypts for the linked device, beginning a session where there is none.
func (p *Person) encryptForDevice(m *waE2E.Message, extra attrs) (node, error) {
	target, err := p.session()
	if err != nil {
		return node{}, err
	}
	return p.encryptTo(target, m, extra)
}

func (p *Person) encryptTo(target *sessionTarget, m *waE2E.Message, extra attrs) (node, error) {
	plain, err := proto.Marshal(m)
	if err != nil {
		return node{}, err
	}
	if _, media := kindOf(m); media != "" {
		extra["mediatype"] = media
	}
	enc, _, err := p.crypt().EncryptMessageForDevice(context.Background(), plain, target.lid, target.bundle, extra, nil)
	if err != nil {
		return node{}, err
	}
	p.epoch = target.epoch
	return *enc, nil
}

// queue puts an encrypted message into the offline queue.
func (v Voice) queue(e Envelope, m *waE2E.Message, enc []node) error {
	kind, _ := kindOf(m)
	a := v.source()
	a["id"], a["t"], a["type"], a["notify"] = e.ID, e.At.Unix(), kind, v.person.Name
	if edit := editOf(m); edit != "" {
		a["edit"] = edit
	}
	return v.person.srv.enqueue(&delivery{id: e.ID, message: true, sender: v.person, node: node{Tag: "message", Attrs: a, Content: enc}})
}

// source is the addressing of what the person does in the chat (message.go, parseMessageSource).
func (v Voice) source() attrs {
	p := v.person
	own, other := p.LID, p.PN
	if p.form == ByNumber || p.form == ByNumberAlone {
		own, other = p.PN, p.LID
	}
	ownKey, otherKey := "from", map[string]string{types.DefaultUserServer: "sender_pn", types.HiddenUserServer: "sender_lid"}
	a := attrs{}
	if v.group != nil {
		ownKey = "participant"
		otherKey = map[string]string{types.DefaultUserServer: "participant_pn", types.HiddenUserServer: "participant_lid"}
		a["from"] = v.group.JID
		a["addressing_mode"] = "lid"
		if own.Server == types.DefaultUserServer {
			a["addressing_mode"] = "pn"
		}
	}
	a[ownKey] = own
	if p.form == ByLID || p.form == ByNumber {
		a[otherKey[other.Server]] = other
	}
	return a
}

func (p *Person) remember(m sentMessage) {
	p.sent = append(p.sent, m)
	if len(p.sent) > keptSent {
		p.sent = p.sent[1:]
	}
}

func (p *Person) recall(id string) (sentMessage, bool) {
	for i := len(p.sent) - 1; i >= 0; i-- {
		if p.sent[i].id == id {
			return p.sent[i], true
		}
	}
	return sentMessage{}, false
}
