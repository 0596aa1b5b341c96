package fakewa

import (
	"bytes"
	"context"
	"crypto/rand"
	"slices"

	"go.mau.fi/libsignal/groups"
	"go.mau.fi/libsignal/protocol"
	"go.mau.fi/whatsmeow/proto/waE2E"
	"go.mau.fi/whatsmeow/store"
	"google.golang.org/protobuf/proto"
)

// keyState says which sender key is current: it is handed out anew to a new device, and replaced
// after somebody left.
func (g *Group) keyState(p *Person) (state uint64, err error) {
	s := g.srv
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.linked == nil:
		return 0, ErrNoDevice
	case !g.inside || !slices.Contains(g.members, p):
		return 0, ErrNotMember
	}
	return s.linked.epoch<<20 + g.rounds + 1, nil
}

// encryptForGroup encrypts under the person's sender key, with the key itself beside it when the
// device does not have it (send.go, sendGroup, which distributes it always).
func (v Voice) encryptForGroup(e Envelope, m *waE2E.Message) ([]node, error) {
	p, g := v.person, v.group
	state, err := g.keyState(p)
	if err != nil {
		return nil, err
	}
	if p.keyed[g.JID.User] != state {
		p.memory.dropSenderKey(g.JID.String(), p.LID.SignalAddress().String())
	}
	key, err := v.senderKey()
	if err != nil {
		return nil, err
	}
	var out []node
	if p.keyed[g.JID.User] != state && !e.WithoutKey {
		enc, err := p.encryptForDevice(&waE2E.Message{SenderKeyDistributionMessage: key}, attrs{})
		if err != nil {
			return nil, err
		}
		out = append(out, enc)
	}
	if !e.WithoutKey {
		p.keyed[g.JID.User] = state
	}
	plain, err := proto.Marshal(m)
	if err != nil {
		return nil, err
	}
	builder := groups.NewGroupSessionBuilder(p.device, store.SignalProtobufSerializer)
	sealed, err := groups.NewGroupCipher(builder, v.senderKeyName(), p.device).Encrypt(context.Background(), pad(plain))
	if err != nil {
		return nil, err
	}
	a := attrs{"v": "2", "type": "skmsg"}
	if _, media := kindOf(m); media != "" {
		a["mediatype"] = media
	}
	return append(out, node{Tag: "enc", Attrs: a, Content: sealed.SignedSerialize()}), nil
}

func (v Voice) senderKeyName() *protocol.SenderKeyName {
	return protocol.NewSenderKeyName(v.group.JID.String(), v.person.LID.SignalAddress())
}

// senderKey is the current sender key, made when there is none, in the form it is handed out.
func (v Voice) senderKey() (*waE2E.SenderKeyDistributionMessage, error) {
	builder := groups.NewGroupSessionBuilder(v.person.device, store.SignalProtobufSerializer)
	key, err := builder.Create(context.Background(), v.senderKeyName())
	if err != nil {
		return nil, err
	}
	return &waE2E.SenderKeyDistributionMessage{
		GroupID: proto.String(v.group.JID.String()), AxolotlSenderKeyDistributionMessage: key.Serialize(),
	}, nil
}

// pad adds 1 to 15 bytes, each saying how many (message.go, padMessage).
func pad(plain []byte) []byte {
	var b [1]byte
	_, _ = rand.Read(b[:]) // never fails
	n := b[0]%15 + 1
	return append(plain, bytes.Repeat([]byte{n}, int(n))...)
}

// unpackGroup finds who reads a message to a group; it must be encrypted for every member. Called
// with the server's lock.
func (s *Server) unpackGroup(p *parcel, direct []node) int {
	g := s.groups[p.to.User]
	switch {
	case g == nil:
		return refuseUnknown
	case !g.inside:
		return refuseForbidden
	}
	p.group = g
	if len(direct) > 0 { // the answer to one member's retry receipt
		jid, _ := jidAttr(p.node, "participant")
		person := s.people[jid.User]
		if person == nil {
			return refuseUnknown
		}
		p.readers, p.enc[person.LID.User], p.again = []*Person{person}, direct, true
		return 0
	}
	for _, member := range g.members {
		p.alias(member)
		if len(p.enc[member.LID.User]) == 0 {
			p.readers = append([]*Person{member}, p.readers...) // to be told as a problem
		} else {
			p.readers = append(p.readers, member)
		}
	}
	p.readers = p.readers[:min(len(p.readers), s.opt.Readers)]
	return 0
}
