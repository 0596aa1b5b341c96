package bot

import "time"

// Role is what a person may be for the bot.
type Role string

// Roles. A custodian is one besides being anything else: see May.
const (
	Public    Role = ""            // anybody: a citizen, or a stranger in a group
	Member    Role = "member"      // a verified member of a partner organisation; their tips are marked
	Officer   Role = "coordinator" // registered by an admin, for all areas or some
	Admin     Role = "admin"       // named in the configuration
	Custodian Role = "custodian"   // named in the configuration: may open a sealed identity
)

// Roles lists every role.
func Roles() []Role { return []Role{Public, Member, Officer, Admin, Custodian} }

// Coordinator is a registered person: one who works at the desk, or a member of an organisation.
type Coordinator struct {
	ID      PersonID
	Name    string // as their network shows it; empty until they first speak in the group
	Role    Role
	Added   time.Time
	AddedBy PersonID
	Regions []string `json:",omitempty"` // the areas an Officer works on; none means all
	// Organisation is the code of the organisation a Member belongs to.
	Organisation string `json:",omitempty"`
}

// Invite is a one-time invitation. Only a hash of its code is stored.
type Invite struct {
	Expires time.Time
	By      PersonID
	ByName  string
	Role    Role // what whoever uses it becomes
	// Organisation is set in an invitation for members.
	Organisation string `json:",omitempty"`
}

// Channel is an organisation's own group, where it is posted what is meant for it.
type Channel struct {
	Organisation string  // its code
	Group        Address // any network
	Added        time.Time
	By           PersonID
}

// ElectionDay is the mode of a voting day: denser digests, urgent cases to named officers. It ends by
// itself. The zero value is off.
type ElectionDay struct {
	From, Until time.Time
	Every       time.Duration // between digests
	Officers    []PersonID    // told of urgent cases in private
	By          PersonID
	Name        string // By's display name at the time
}

// On reports whether the mode holds at a time.
func (e ElectionDay) On(now time.Time) bool { return now.Before(e.Until) && !now.Before(e.From) }

// Permission names something that needs a right. Commands and buttons carry one each.
type Permission string

// Permissions of the desk.
const (
	MayRead     Permission = "read"     // see cases, history, queue state and digests
	MayWork     Permission = "work"     // take, release, note, classify, close, reopen, merge, split, ask
	MayDecide   Permission = "decide"   // propose, approve and reject a verdict
	MayRefer    Permission = "refer"    // hand over to another body and record its answer
	MayOverride Permission = "override" // publish a verdict alone, when it is urgent
	MayHold     Permission = "hold"     // stop and resume what goes out
	MayStaff    Permission = "staff"    // add and remove people and organisations
	MayPhase    Permission = "phase"    // switch the election-day mode
	MayOpen     Permission = "open"     // open a sealed identity
	MayAsk      Permission = "ask"      // what everybody may: help for themselves
)

// Permissions lists every permission.
func Permissions() []Permission {
	return []Permission{MayRead, MayWork, MayDecide, MayRefer, MayOverride, MayHold, MayStaff, MayPhase, MayOpen, MayAsk}
}

// May reports whether a role carries a permission. It is the one place where that is decided.
func May(r Role, p Permission) bool {
	switch p {
	case MayAsk:
		return true
	case MayRead:
		return r == Officer || r == Admin || r == Custodian
	case MayWork, MayDecide, MayRefer:
		return r == Officer || r == Admin
	case MayOverride, MayHold, MayStaff, MayPhase:
		return r == Admin
	case MayOpen:
		return r == Custodian
	}
	return false
}

// May reports whether s has a right, by role or by being a custodian besides.
func (s Staff) May(p Permission) bool {
	return May(s.Role, p) || s.Custodian && May(Custodian, p)
}
