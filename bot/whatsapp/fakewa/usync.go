package fakewa

import (
	"strings"

	"go.mau.fi/whatsmeow/types"
)

// usync answers who somebody is and which devices they have (user.go): everybody has one phone, the
// account has its phone and the linked device.
func (s *Server) usync(n *node) []node {
	query := n.GetChildByTag("usync", "query")
	list := n.GetChildByTag("usync", "list")
	var users []node
	for _, user := range list.GetChildren() {
		if contact, ok := user.GetOptionalChildByTag("contact"); ok {
			users = append(users, s.contact(&contact))
			continue
		}
		jid, _ := user.Attrs["jid"].(types.JID)
		if p := s.person(jid); p != nil {
			users = append(users, node{Tag: "user", Attrs: attrs{"jid": jid}, Content: s.describe(p, &query)})
		}
	}
	out := node{Tag: "list"}
	if len(users) > 0 {
		out.Content = users
	}
	return []node{{Tag: "usync", Content: []node{{Tag: "result"}, out}}}
}

func (s *Server) describe(p *Person, query *node) []node {
	var out []node
	for _, asked := range query.GetChildren() {
		switch asked.Tag {
		case "devices":
			out = append(out, node{Tag: "devices", Content: []node{s.deviceList(p)}})
		case "lid":
			out = append(out, node{Tag: "lid", Attrs: attrs{"val": p.LID}})
		case "status":
			out = append(out, node{Tag: "status", Content: []byte("fakewa")})
		}
	}
	return out
}

func (s *Server) deviceList(p *Person) node {
	devices := []node{{Tag: "device", Attrs: attrs{"id": 0}}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p == s.owner && s.linked != nil {
		devices = append(devices, node{Tag: "device", Attrs: attrs{"id": int(s.linked.jid.Device)}})
	}
	return node{Tag: "device-list", Content: devices}
}

// contact answers whether a phone number is on the network (user.go, IsOnWhatsApp).
func (s *Server) contact(n *node) node {
	var asked string
	switch v := n.Content.(type) {
	case []byte:
		asked = string(v)
	case string:
		asked = v
	case types.JID:
		asked = v.String()
	}
	number, _, _ := strings.Cut(strings.TrimPrefix(asked, "+"), "@")
	pn := types.NewJID(number, types.DefaultUserServer)
	contact := node{Tag: "contact", Attrs: attrs{"type": "out"}, Content: []byte(asked)}
	p := s.person(pn)
	if p == nil {
		return node{Tag: "user", Attrs: attrs{"jid": pn}, Content: []node{contact}}
	}
	contact.Attrs["type"] = "in"
	return node{Tag: "user", Attrs: attrs{"jid": p.LID, "pn_jid": p.PN}, Content: []node{contact}}
}
