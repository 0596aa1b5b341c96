package fakewa

import (
	"encoding/binary"

	"go.mau.fi/libsignal/ecc"
	identitykey "go.mau.fi/libsignal/keys/identity"
	"go.mau.fi/libsignal/keys/prekey"
	"go.mau.fi/libsignal/util/optional"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"google.golang.org/protobuf/proto"
)

// retries is how often anybody asks for one message again (retry.go: the library stops at the fifth).
const retries = 5

// askedAgain notes that the client could not read a message and wants it encrypted anew
// (retry.go, sendRetryReceipt). The phone's answer is queued when the client gives up the first form.
func (c *conn) askedAgain(key string, n *node) {
	s := c.srv
	retry := n.GetChildByTag("retry")
	count := attrInt(&retry, "count")
	bundle := bundleIn(n)
	s.update(func() {
		for _, seq := range s.queue.keys[key] {
			if d := s.queue.items[seq]; d.on == c && d.sender != nil && count < retries {
				d.retry = func() { _ = d.sender.repeat(d.id, count, bundle) } // full: it stays unread
			}
		}
	})
}

// bundleIn reads the device's keys from a retry receipt, nil if there are none.
func bundleIn(n *node) *prekey.Bundle {
	set, ok := n.GetOptionalChildByTag("keys")
	registration, _ := n.GetChildByTag("registration").Content.([]byte)
	identity, _ := set.GetChildByTag("identity").Content.([]byte)
	key, skey := set.GetChildByTag("key"), set.GetChildByTag("skey")
	oneTime, haveKey := readKey(&key)
	signed, haveSigned := readKey(&skey)
	if !ok || len(registration) != 4 || len(identity) != 32 || !haveKey || !haveSigned || signed.Signature == nil {
		return nil
	}
	return prekey.NewBundle(binary.BigEndian.Uint32(registration), 0,
		optional.NewOptionalUint32(oneTime.KeyID), signed.KeyID,
		ecc.NewDjbECPublicKey(*oneTime.Pub), ecc.NewDjbECPublicKey(*signed.Pub), *signed.Signature,
		identitykey.NewKey(ecc.NewDjbECPublicKey([32]byte(identity))))
}

// repeat encrypts a message once more, directly for the device, in a group with the sender key in it.
func (p *Person) repeat(id string, count int, bundle *prekey.Bundle) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	m, ok := p.recall(id)
	if !ok {
		return nil // a phone forgets, too
	}
	target, err := p.session()
	if err != nil {
		return err
	}
	if bundle != nil {
		target.bundle = bundle
	}
	content := m.message
	if m.voice.group != nil {
		content = proto.Clone(content).(*waE2E.Message)
		if content.SenderKeyDistributionMessage, err = m.voice.senderKey(); err != nil {
			return err
		}
	}
	enc, err := p.encryptTo(target, content, attrs{"count": count})
	if err != nil {
		return err
	}
	return m.voice.queue(Envelope{ID: id, At: m.at}, m.message, []node{enc})
}

// askAgain is a retry receipt of a person for a message of the client, with keys for a new session.
func (s *Server) askAgain(person *Person, p *parcel) {
	if p.own {
		return
	}
	count := 1
	for _, enc := range p.enc[person.LID.User] {
		count = max(count, attrInt(&enc, "count")+1)
	}
	if count >= retries {
		return
	}
	d := person.receiptFor(p.to, p.id, "retry")
	set := person.keyNodes()
	d.node.Content = []node{
		{Tag: "retry", Attrs: attrs{"count": count, "id": p.id, "t": d.node.Attrs["t"], "v": 1}},
		set[0],
		{Tag: "keys", Content: set[1:]},
	}
	_ = s.enqueue(d) // full: the message stays unread, and Problems tells
}
