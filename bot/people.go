package bot

import "time"

// Role is what a person may be for the bot.
type Role string

// Roles, from least to most.
const (
	Public  Role = ""            // anybody: a citizen, or a stranger in a group
	Officer Role = "coordinator" // registered by an admin
	Admin   Role = "admin"       // named in the configuration
)

// Coordinator is a registered person.
type Coordinator struct {
	ID      PersonID
	Name    string // as their network shows it; empty until they first speak in the group
	Role    Role
	Added   time.Time
	AddedBy PersonID
}

// Invite is a one-time invitation to become a coordinator. Only a hash of its code is stored.
type Invite struct {
	Expires time.Time
	By      PersonID
	ByName  string
}

// Permission names something that needs a right. Commands and buttons carry one each.
type Permission string

// Permissions of the desk.
const (
	MayRead   Permission = "read"   // see cases, history, queue state and digests
	MayWork   Permission = "work"   // take, release, note, classify, close, reopen
	MayDecide Permission = "decide" // publish a verdict
	MayHold   Permission = "hold"   // stop and resume what goes out
	MayStaff  Permission = "staff"  // add and remove people
	MayAsk    Permission = "ask"    // what everybody may: help for themselves
)

// May reports whether a role carries a permission. It is the one place where that is decided.
func May(r Role, p Permission) bool {
	switch p {
	case MayAsk:
		return true
	case MayRead, MayWork, MayDecide:
		return r == Officer || r == Admin
	case MayHold, MayStaff:
		return r == Admin
	}
	return false
}
