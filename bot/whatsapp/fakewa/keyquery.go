package fakewa

import (
	"encoding/binary"

	"go.mau.fi/libsignal/ecc"
	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/util/keys"
)

// keyQuery answers about prekeys: how many are left, here are more, give me those of others
// (prekeys.go).
func (s *Server) keyQuery(n *node) ([]node, error) {
	if _, ok := n.GetOptionalChildByTag("count"); ok {
		return []node{{Tag: "count", Attrs: attrs{"value": s.keysLeft()}}}, nil
	}
	if ask, ok := n.GetOptionalChildByTag("key"); ok {
		return []node{s.bundles(&ask)}, nil
	}
	return nil, s.takeKeys(n)
}

// keysLeft is at least 1: at 0 the library makes 812 keys instead of 50 (prekeys.go, uploadPreKeys),
// which takes seconds on a disk.
func (s *Server) keysLeft() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.linked == nil {
		return 1
	}
	return max(1, len(s.linked.oneTime))
}

func (s *Server) takeKeys(n *node) error {
	list := n.GetChildByTag("list")
	var oneTime []keys.PreKey
	for _, child := range list.GetChildren() {
		key, ok := readKey(&child)
		if !ok {
			return errBadRequest()
		}
		oneTime = append(oneTime, key)
	}
	skey := n.GetChildByTag("skey")
	signed, ok := readKey(&skey)
	identity, _ := n.GetChildByTag("identity").Content.([]byte)
	if !ok || signed.Signature == nil || len(identity) != 32 {
		return errBadRequest()
	}
	known := true
	s.update(func() {
		l := s.linked
		if known = l != nil && string(identity) == string(l.identity[:]); known {
			l.signed = signed
			l.oneTime = append(l.oneTime, oneTime...)
			l.oneTime = l.oneTime[max(0, len(l.oneTime)-1000):]
		}
	})
	if !known {
		return errBadRequest()
	}
	return nil
}

// readKey reads a <key> or <skey> node (prekeys.go, preKeyToNode).
func readKey(n *node) (keys.PreKey, bool) {
	id, _ := n.GetChildByTag("id").Content.([]byte)
	value, _ := n.GetChildByTag("value").Content.([]byte)
	if len(id) != 3 || len(value) != 32 {
		return keys.PreKey{}, false
	}
	key := keys.PreKey{KeyID: binary.BigEndian.Uint32(append([]byte{0}, id...))}
	key.Pub = (*[32]byte)(value)
	if signature, _ := n.GetChildByTag("signature").Content.([]byte); len(signature) == 64 {
		key.Signature = (*[64]byte)(signature)
	}
	return key, true
}

func (s *Server) bundles(ask *node) node {
	list := node{Tag: "list"}
	var users []node
	for _, child := range ask.GetChildren() {
		jid, _ := child.Attrs["jid"].(types.JID)
		user := node{Tag: "user", Attrs: attrs{"jid": jid}}
		if p := s.person(jid); p != nil && jid.Device == 0 {
			user.Content = p.keyNodes()
		} else {
			user.Content = []node{{Tag: "error", Attrs: attrs{"code": 404, "text": "item-not-found"}}}
		}
		users = append(users, user)
	}
	list.Content = users
	return list
}

// person is whose address that is, or nil.
func (s *Server) person(jid types.JID) *Person {
	s.mu.Lock()
	defer s.mu.Unlock()
	if jid.Server != types.DefaultUserServer && jid.Server != types.HiddenUserServer {
		return nil
	}
	return s.people[jid.User]
}

// keyNodes hands out the person's keys with a fresh one-time key.
func (p *Person) keyNodes() []node {
	registration := binary.BigEndian.AppendUint32(nil, p.device.RegistrationID)
	return []node{
		{Tag: "registration", Content: registration},
		{Tag: "type", Content: []byte{ecc.DjbType}},
		{Tag: "identity", Content: p.device.IdentityKey.Pub[:]},
		keyNode("key", p.memory.newPreKey()),
		keyNode("skey", p.device.SignedPreKey),
	}
}

func keyNode(tag string, key *keys.PreKey) node {
	id := binary.BigEndian.AppendUint32(nil, key.KeyID)
	content := []node{{Tag: "id", Content: id[1:]}, {Tag: "value", Content: key.Pub[:]}}
	if key.Signature != nil {
		content = append(content, node{Tag: "signature", Content: key.Signature[:]})
	}
	return node{Tag: tag, Content: content}
}
