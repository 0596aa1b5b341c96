package fakewa

import (
	"strings"

	"go.mau.fi/whatsmeow/types"
)

func jidAttr(n *node, key string) (types.JID, bool) {
	jid, ok := n.Attrs[key].(types.JID)
	return jid, ok
}

// groupQuery answers about groups (group.go): one group, those the account is in, invite links, and
// leaving. Changing anything else is for administrators, which the account is not.
func (s *Server) groupQuery(n *node) ([]node, error) {
	children := n.GetChildren()
	if len(children) != 1 {
		return nil, errBadRequest()
	}
	to, _ := jidAttr(n, "to")
	verb, set := children[0], n.Attrs["type"] == "set"
	switch {
	case verb.Tag == "query":
		g, err := s.groupFor(to.User)
		if err != nil {
			return nil, err
		}
		return []node{g.describe()}, nil
	case verb.Tag == "participating":
		return []node{s.ownGroups()}, nil
	case verb.Tag == "invite" && verb.Attrs["code"] != nil:
		return s.invite(&verb, set)
	case verb.Tag == "invite" && !set:
		g, err := s.groupFor(to.User)
		if err != nil {
			return nil, err
		}
		return []node{{Tag: "invite", Attrs: attrs{"code": g.code}}}, nil
	case verb.Tag == "leave":
		return nil, s.leaveGroup(&verb)
	}
	return nil, errForbidden()
}

// groupFor is a group the account is in.
func (s *Server) groupFor(user string) (*Group, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.groups[user]
	switch {
	case g == nil:
		return nil, errNotFound()
	case !g.inside:
		return nil, errForbidden()
	}
	return g, nil
}

func (s *Server) ownGroups() node {
	s.mu.Lock()
	var own []*Group
	for _, g := range s.groups {
		if g.inside {
			own = append(own, g)
		}
	}
	s.mu.Unlock()
	out := node{Tag: "groups"}
	var content []node
	for _, g := range own {
		content = append(content, g.describe())
	}
	if content != nil {
		out.Content = content
	}
	return out
}

// invite tells about the group behind an invite link, and lets the account in if join.
func (s *Server) invite(verb *node, join bool) ([]node, error) {
	code, _ := verb.Attrs["code"].(string)
	var found *Group
	s.update(func() {
		for _, g := range s.groups {
			if strings.EqualFold(g.code, code) {
				found = g
				g.inside = g.inside || join
			}
		}
	})
	switch {
	case found == nil:
		return nil, &queryError{406, "not-acceptable"}
	case join:
		return []node{{Tag: "group", Attrs: attrs{"jid": found.JID}}}, nil
	}
	return []node{found.describe()}, nil
}

func (s *Server) leaveGroup(verb *node) error {
	for _, child := range verb.GetChildrenByTag("group") {
		jid, _ := jidAttr(&child, "id")
		g, err := s.groupFor(jid.User)
		if err != nil {
			return err
		}
		s.update(func() { g.inside = false })
	}
	return nil
}
