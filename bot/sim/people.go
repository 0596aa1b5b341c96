package sim

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"awassiber/bot"
)

// Person is somebody on the training network.
type Person struct {
	Address bot.Address `json:"address"` // their private chat with the bot
	Name    string      `json:"name"`
	// Staff persons are offered as speakers in the coordinators' group. Whether the bot lets them
	// do anything there is its own business: one of the default ones is a stranger.
	Staff bool `json:"staff,omitempty"`
}

// Bounds of what one network keeps.
const (
	MaxMessages = 300 // latest messages kept per chat
	MaxPeople   = 64  // persons, once some are added from the page
	maxName     = 40  // characters of a person's name
)

// DefaultGroup is the coordinators' group unless Options say otherwise.
func DefaultGroup() bot.Address { return at("koordinator") }

// DefaultPeople are the persons of a fresh network: three citizens, an admin, two coordinators to
// be, a custodian of identities, and a stranger.
func DefaultPeople() []Person {
	return []Person{
		{Address: at("warga1"), Name: "Warga 1"},
		{Address: at("warga2"), Name: "Warga 2"},
		{Address: at("warga3"), Name: "Warga 3"},
		{Address: at("admin"), Name: "Admin", Staff: true},
		{Address: at("petugas1"), Name: "Petugas 1", Staff: true},
		{Address: at("petugas2"), Name: "Petugas 2", Staff: true},
		{Address: at("penjaga"), Name: "Penjaga identitas", Staff: true},
		{Address: at("tamu"), Name: "Tamu", Staff: true},
	}
}

func at(chat string) bot.Address { return bot.Address{Network: bot.Sim, Chat: chat} }

// People returns everybody, in the order they joined.
func (n *Network) People() []Person {
	n.mu.Lock()
	defer n.mu.Unlock()
	return append([]Person(nil), n.people...)
}

// AddPerson adds somebody, or renames them if the address is known. ErrUnknown if the address is
// not of this network or names a group, ErrEmpty without a name.
func (n *Network) AddPerson(p Person) error {
	p.Name = strings.TrimSpace(bot.Clean(p.Name))
	if p.Name == "" {
		return ErrEmpty
	}
	if utf8.RuneCountInString(p.Name) > maxName {
		return ErrTooLong
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	c := n.chats[n.current(p.Address.Chat)]
	if p.Address.Network != bot.Sim || p.Address.Chat == "" || c != nil && c.Group {
		return ErrUnknown
	}
	for i := range n.people {
		if n.people[i].Address == p.Address {
			n.people[i] = p
			n.touchPeople()
			return nil
		}
	}
	n.people = append(n.people, p)
	n.touchPeople()
	return nil
}

// addCitizen adds a citizen under the next free address, as the page asks for. ErrTooMany once
// MaxPeople are there.
func (n *Network) addCitizen(name string) (Person, error) {
	n.mu.Lock()
	taken := map[string]bool{}
	for _, p := range n.people {
		taken[p.Address.Chat] = true
	}
	n.mu.Unlock()
	if len(taken) >= MaxPeople {
		return Person{}, ErrTooMany
	}
	i := 1
	for taken["warga"+strconv.Itoa(i)] {
		i++
	}
	p := Person{Address: at("warga" + strconv.Itoa(i)), Name: name}
	return p, n.AddPerson(p)
}

// person must be called with mu held.
func (n *Network) person(a bot.Address) (Person, bool) {
	for _, p := range n.people {
		if p.Address == a {
			return p, true
		}
	}
	return Person{}, false
}

// AddGroup makes a group. Adding one that exists does nothing.
func (n *Network) AddGroup(a bot.Address) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if _, isPerson := n.person(a); isPerson || a.Network != bot.Sim || a.Chat == "" {
		return ErrUnknown
	}
	c := n.chat(a.Chat)
	c.Group = true
	n.touch(nil)
	return nil
}
