package fakewa

import (
	"errors"
	"io"

	"go.mau.fi/whatsmeow/types"
	"go.mau.fi/whatsmeow/types/events"
)

// The error codes a message is refused with. 404 and 403 are this server's own choice, 463 and the
// like come from RefuseSends.
const (
	refuseUnknown   = 404
	refuseForbidden = 403
	refuseFull      = 500
)

// parcel is a message of the client on its way: to whom, and what is encrypted for whom.
type parcel struct {
	id      string
	to      types.JID
	from    linked
	node    *node
	group   *Group            // nil: a direct message
	readers []*Person         // who shall decrypt it
	enc     map[string][]node // by the user part of the recipient
	own     bool              // for the account's own phone only
	again   bool              // the answer to a retry receipt, for one reader
	common  []node            // encrypted once for all: a sender-key message
}

// outgoing takes a message of the client: open it, decrypt it as its recipients, record, acknowledge.
func (c *conn) outgoing(n *node) error {
	s := c.srv
	if s.spend(func(f *faults) *int { return &f.drops }) {
		c.drop()
		return io.ErrUnexpectedEOF
	}
	if d := s.slowness(); d > 0 && !c.wait(d) {
		return c.ctx.Err()
	}
	id, _ := n.Attrs["id"].(string)
	to, _ := n.Attrs["to"].(types.JID)
	if code := s.sendRefusal(to); code != 0 {
		s.update(func() {
			s.record.refused = keepLast(append(s.record.refused, Attempt{ID: id, To: to, At: s.opt.Now()}), s.opt.Limit)
		})
		return c.acknowledge(n, code)
	}
	p, code := s.unpack(id, to, n)
	if code == 0 {
		code = s.pass(p)
	}
	if code == 0 && s.spend(func(f *faults) *int { return &f.loseAcks }) {
		c.drop()
		return io.ErrUnexpectedEOF
	}
	return c.acknowledge(n, code)
}

// acknowledge answers a message (send.go, SendMessage: error 0 is success).
func (c *conn) acknowledge(n *node, code int) error {
	a := attrs{"class": "message", "id": n.Attrs["id"], "from": n.Attrs["to"], "t": c.srv.opt.Now().Unix()}
	if code != 0 {
		a["error"] = code
	}
	return c.send(node{Tag: "ack", Attrs: a})
}

// unpack finds the recipients and what is encrypted for them.
func (s *Server) unpack(id string, to types.JID, n *node) (*parcel, int) {
	p := &parcel{id: id, to: to, node: n, enc: map[string][]node{}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.linked == nil {
		return nil, refuseForbidden
	}
	p.from = *s.linked
	direct := p.sortOut(n)
	if to.Server == types.GroupServer {
		return p, s.unpackGroup(p, direct)
	}
	person := s.people[to.User]
	if person == nil {
		return nil, refuseUnknown
	}
	p.own = person == s.owner
	p.readers = []*Person{person}
	p.again = len(direct) > 0 && !p.own
	p.enc[person.LID.User] = append(p.enc[person.LID.User], direct...)
	p.alias(person)
	return p, 0
}

// sortOut fills enc and common and returns what is encrypted for the one it is addressed to.
func (p *parcel) sortOut(n *node) (direct []node) {
	for _, child := range n.GetChildren() {
		switch {
		case child.Tag == "participants":
			for _, to := range child.GetChildrenByTag("to") {
				if jid, ok := to.Attrs["jid"].(types.JID); ok && jid.Device == 0 {
					p.enc[jid.User] = append(p.enc[jid.User], to.GetChildrenByTag("enc")...)
				}
			}
		case child.Tag == "enc" && child.Attrs["type"] == "skmsg":
			p.common = append(p.common, child)
		case child.Tag == "enc":
			direct = append(direct, child)
		}
	}
	return direct
}

// alias makes what is encrypted under a person's number count for the person.
func (p *parcel) alias(person *Person) {
	if enc := p.enc[person.PN.User]; len(enc) > 0 {
		p.enc[person.LID.User] = append(p.enc[person.LID.User], enc...)
		delete(p.enc, person.PN.User)
	}
}

// pass lets the recipients read p, and records it. What nobody can read is asked for again.
func (s *Server) pass(p *parcel) int {
	if !p.again && s.repeated(p) {
		return 0
	}
	misread := !p.own && s.spend(func(f *faults) *int { return &f.misread })
	var seen *events.Message
	var readers []*Person
	for _, person := range p.readers {
		m, err := s.readAs(person, p)
		if err != nil || misread {
			s.problem(p, person, err)
			s.askAgain(person, p)
			continue
		}
		readers = append(readers, person)
		if seen == nil {
			seen = m
		}
	}
	if p.own {
		return s.phoneRequest(p.id, seen)
	}
	if seen == nil {
		return 0
	}
	if err := s.recordMessage(p, seen, readers); err != nil {
		return refuseFull
	}
	if s.opt.Silent {
		return 0
	}
	for _, person := range readers {
		if err := s.enqueue(person.receiptFor(p.to, p.id, "")); err != nil {
			return refuseFull
		}
	}
	return 0
}

var errNotEncrypted = errors.New("not encrypted for this recipient")

func (s *Server) readAs(person *Person, p *parcel) (*events.Message, error) {
	enc := append(append([]node{}, p.enc[person.LID.User]...), p.common...)
	if len(p.enc[person.LID.User]) == 0 {
		return nil, errNotEncrypted
	}
	a := attrs{"from": p.from.lid, "sender_pn": p.from.jid, "id": p.id, "t": s.opt.Now().Unix(), "type": p.node.Attrs["type"]}
	if p.group != nil {
		a["from"], a["participant"], a["participant_pn"] = p.group.JID, p.from.lid, p.from.jid
		a["addressing_mode"] = "lid"
		delete(a, "sender_pn")
	}
	for _, key := range []string{"edit", "category"} {
		if v, ok := p.node.Attrs[key]; ok {
			a[key] = v
		}
	}
	return person.read(s.ctx, &node{Tag: "message", Attrs: a, Content: enc})
}

// receiptFor is the person's receipt for a message of the client; kind "" means delivered.
func (p *Person) receiptFor(chat types.JID, id, kind string) *delivery {
	a := attrs{"from": p.LID, "id": id, "t": p.srv.opt.Now().Unix()}
	if chat.Server == types.GroupServer {
		a["from"], a["participant"] = chat, p.LID
	}
	if kind != "" {
		a["type"] = kind
	}
	return &delivery{id: id, node: node{Tag: "receipt", Attrs: a}}
}
