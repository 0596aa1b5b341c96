package fakewa

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"go.mau.fi/whatsmeow/types"
)

// ErrNotMember says that somebody is not in a group they act in.
var ErrNotMember = errors.New("fakewa: not a member of the group")

// Group is a group chat, addressed by hidden identities. The first person is its founder and an
// administrator.
type Group struct {
	// JID is the group's address: …@g.us.
	JID types.JID

	srv     *Server
	created time.Time
	code    string // of the invite link

	// Guarded by the server's lock.
	name    string
	members []*Person
	admins  map[*Person]bool
	inside  bool   // the account is a member
	rounds  uint64 // counts departures: after one, everybody changes their sender key
}

// Group founds a group with these people and the account as a member; nothing is announced.
func (s *Server) Group(name string, people ...*Person) *Group {
	g := s.found(name, people)
	s.update(func() { g.inside = true })
	return g
}

// GroupWithoutAccount founds a group that the account does not belong to, until [Group.AddAccount].
func (s *Server) GroupWithoutAccount(name string, people ...*Person) *Group {
	return s.found(name, people)
}

func (s *Server) found(name string, people []*Person) *Group {
	n := s.next()
	g := &Group{
		JID: types.NewJID(fmt.Sprintf("1200000%011d", n), types.GroupServer), srv: s, name: name,
		created: s.opt.Now(), code: fmt.Sprintf("FAKE%018d", n), admins: map[*Person]bool{},
		members: slices.Clone(people),
	}
	if len(people) > 0 {
		g.admins[people[0]] = true
	}
	s.update(func() { s.groups[g.JID.User] = g })
	return g
}

// InviteLink is the link the client can join with (group.go, JoinGroupWithLink).
func (g *Group) InviteLink() string { return "https://chat.whatsapp.com/" + g.code }

// Add makes p a member, by the hand of by.
func (g *Group) Add(by, p *Person) error {
	return g.change(by, "add", p, func() {
		if !slices.Contains(g.members, p) {
			g.members = append(g.members, p)
		}
	})
}

// Remove takes p out; by p themselves it is leaving.
func (g *Group) Remove(by, p *Person) error {
	return g.change(by, "remove", p, func() {
		g.members = slices.DeleteFunc(g.members, func(m *Person) bool { return m == p })
		delete(g.admins, p)
		g.rounds++
	})
}

// Promote makes p an administrator.
func (g *Group) Promote(by, p *Person) error {
	return g.change(by, "promote", p, func() { g.admins[p] = true })
}

// Demote makes p an ordinary member.
func (g *Group) Demote(by, p *Person) error {
	return g.change(by, "demote", p, func() { delete(g.admins, p) })
}

// Rename gives the group another name.
func (g *Group) Rename(by *Person, name string) error {
	s := g.srv
	s.update(func() { g.name = name })
	return g.announce(by, node{Tag: "subject", Attrs: attrs{
		"subject": name, "s_t": s.opt.Now().Unix(), "s_o": by.LID, "s_o_pn": by.PN,
	}})
}

// AddAccount lets by add the account to the group; the client learns the whole group
// (events.JoinedGroup).
func (g *Group) AddAccount(by *Person) error {
	g.srv.update(func() { g.inside = true })
	return g.announce(by, node{Tag: "create", Attrs: attrs{"type": "new"}, Content: []node{g.describe()}})
}

// RemoveAccount lets by take the account out.
func (g *Group) RemoveAccount(by *Person) error {
	err := g.change(by, "remove", g.srv.owner, func() {})
	g.srv.update(func() { g.inside = false })
	return err
}

// change alters the membership and tells the client (group.go, parseGroupChange).
func (g *Group) change(by *Person, verb string, p *Person, alter func()) error {
	g.srv.update(alter)
	return g.announce(by, node{Tag: verb, Content: []node{
		{Tag: "participant", Attrs: attrs{"jid": p.LID, "phone_number": p.PN}},
	}})
}

// announce tells the client of a change, if it belongs to the group.
func (g *Group) announce(by *Person, what node) error {
	s := g.srv
	s.mu.Lock()
	inside := g.inside
	s.mu.Unlock()
	if !inside {
		return nil
	}
	id := fmt.Sprint("gp", s.next())
	return s.enqueue(&delivery{id: id, node: node{Tag: "notification", Attrs: attrs{
		"from": g.JID, "id": id, "type": "w:gp2", "t": s.opt.Now().Unix(), "notify": by.Name,
		"participant": by.LID, "participant_pn": by.PN, "addressing_mode": "lid",
	}, Content: []node{what}}})
}

// describe is the group as the network tells it (group.go, parseGroupNode).
func (g *Group) describe() node {
	g.srv.mu.Lock()
	defer g.srv.mu.Unlock()
	all := slices.Clone(g.members)
	if g.inside {
		all = append(all, g.srv.owner)
	}
	n := node{Tag: "group", Attrs: attrs{
		"id": g.JID.User, "subject": g.name, "s_t": g.created.Unix(), "creation": g.created.Unix(),
		"size": len(all), "addressing_mode": "lid", "p_v_id": int(g.rounds) + len(all),
	}}
	var content []node
	for i, p := range all {
		a := attrs{"jid": p.LID, "phone_number": p.PN}
		switch {
		case i == 0 && g.admins[p]:
			a["type"] = "superadmin"
			n.Attrs["creator"], n.Attrs["creator_pn"] = p.LID, p.PN
		case g.admins[p]:
			a["type"] = "admin"
		}
		content = append(content, node{Tag: "participant", Attrs: a})
	}
	n.Content = content
	return n
}
