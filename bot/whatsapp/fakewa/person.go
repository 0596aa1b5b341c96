package fakewa

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"sync"

	"go.mau.fi/whatsmeow"
	waBinary "go.mau.fi/whatsmeow/binary"
	"go.mau.fi/whatsmeow/store"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
	"go.mau.fi/whatsmeow/util/keys"
)

// Addressing says under which of a person's two addresses the network shows them.
type Addressing int

const (
	// ByLID shows the hidden identity with the phone number beside it; the usual form.
	ByLID Addressing = iota
	// ByLIDAlone shows the hidden identity and no number.
	ByLIDAlone
	// ByNumber shows the phone number with the hidden identity beside it.
	ByNumber
	// ByNumberAlone shows the phone number and nothing else, as before hidden identities.
	ByNumberAlone
)

// Person is somebody with a phone: a hidden identity (LID), an invented phone number, and the
// cryptography of a whatsmeow client that never connects. Its own methods speak in the direct chat
// with the account; [Person.InGroup] speaks in a group.
type Person struct {
	Voice
	// Name is what the network shows as the person's chosen name.
	Name string
	// LID and PN are the addresses without a device part: …@lid and …@s.whatsapp.net.
	LID, PN types.JID

	srv *Server

	mu      sync.Mutex // over everything cryptographic; taken before the server's lock, never after
	device  *store.Device
	memory  *memory
	client  *whatsmeow.Client // nil until first needed
	form    Addressing
	epoch   uint64            // of the linked device the session is with
	keyed   map[string]uint64 // group → the state of keys the device has been given
	sent    []sentMessage     // oldest first
	reading *events.Message   // set by the handler while a message is read
}

// Person gives the network one more person. Names need not differ.
func (s *Server) Person(name string) *Person {
	n := s.next()
	p := &Person{
		Name: name, srv: s, memory: newMemory(), keyed: map[string]uint64{},
		// No Indonesian number begins with a zero after the country code, hence these belong to nobody.
		PN:  types.NewJID(fmt.Sprintf("6200%09d", n), types.DefaultUserServer),
		LID: types.NewJID(fmt.Sprintf("2000000%08d", n), types.HiddenUserServer),
	}
	p.Voice = Voice{person: p}
	id := keys.NewKeyPair()
	p.device = &store.Device{
		NoiseKey: keys.NewKeyPair(), IdentityKey: id, SignedPreKey: id.CreateSignedPreKey(1),
		RegistrationID: uint32(n), ID: &p.PN, LID: p.LID,
		LIDs: &store.NoopStore{}, Container: &store.NoopStore{},
	}
	p.device.SetAllStores(p.memory)
	s.update(func() { s.people[p.LID.User], s.people[p.PN.User] = p, p })
	return p
}

// Show chooses under which address the person's further messages come. It begins new sessions and
// sender keys, since the device keeps them by address.
func (p *Person) Show(form Addressing) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.form, p.epoch = form, 0
	clear(p.keyed)
}

// InGroup is the person's voice in g.
func (p *Person) InGroup(g *Group) Voice { return Voice{person: p, group: g} }

// crypt is the person's client, made when first needed: in a group of a thousand most stay silent.
func (p *Person) crypt() *whatsmeow.DangerousInternalClient {
	if p.client == nil {
		p.client = whatsmeow.NewClient(p.device, nil)
		p.client.SynchronousAck = true // handle everything within the call: no goroutines
		p.client.AddEventHandler(func(evt any) {
			// A key distribution comes as a message of its own, without content (message.go).
			if m, is := evt.(*events.Message); is && !onlyKeys(m.RawMessage) {
				p.reading = m
			}
		})
	}
	//lint:ignore SA1019 the warning is for products; a far side without a connection has no other way
	return p.client.DangerousInternals()
}

var errUnreadable = errors.New("the person's phone cannot decrypt it")

// read lets the person's phone handle a message node as if it came from the network.
func (p *Person) read(ctx context.Context, n *node) (*events.Message, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n, err := overTheWire(n)
	if err != nil {
		return nil, err
	}
	p.reading = nil
	p.crypt().HandleEncryptedMessage(ctx, n)
	if p.reading == nil {
		return nil, errUnreadable
	}
	return p.reading, nil
}

// overTheWire is n as it is after encoding and decoding, with every number a text.
func overTheWire(n *node) (*node, error) {
	raw, err := waBinary.Marshal(*n)
	if err != nil {
		return nil, err
	}
	unpacked, err := waBinary.Unpack(raw)
	if err != nil {
		return nil, err
	}
	return waBinary.Unmarshal(unpacked)
}

// session returns the linked device, and a bundle if a session with it must be begun first.
func (p *Person) session() (*sessionTarget, error) {
	s := p.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.linked == nil {
		return nil, ErrNoDevice
	}
	t := &sessionTarget{lid: s.linked.lid, epoch: s.linked.epoch}
	if p.epoch != s.linked.epoch {
		t.bundle = s.linked.bundle()
	}
	return t, nil
}

// newMessageID is an id in the form phones of one maker use.
func newMessageID() string {
	b := make([]byte, 9)
	_, _ = rand.Read(b) // never fails
	return "3A" + strings.ToUpper(hex.EncodeToString(b))
}
