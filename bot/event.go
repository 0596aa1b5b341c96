package bot

import "time"

// Action is what an event records. Values are stored and never change meaning.
type Action string

// Actions.
const (
	ActOpened     Action = "opened"     // a tip opened the case
	ActAdded      Action = "added"      // messages joined a tip after its receipt
	ActAnswered   Action = "answered"   // the sender answered a question; Detail names it
	ActTaken      Action = "taken"      // a coordinator took the case
	ActReleased   Action = "released"   // and gave it back
	ActNoted      Action = "noted"      // Text is the note
	ActClassified Action = "classified" // Detail is the track the desk put it on
	ActDecided    Action = "decided"    // Detail is the rating, Text the explanation, Link the check
	ActClosed     Action = "closed"     // Text is the reason
	ActReopened   Action = "reopened"
	ActErased     Action = "erased"  // a sender's data was erased
	ActExpired    Action = "expired" // the keeping of Detail (identity, content) ended
	ActRevoked    Action = "revoked" // the sender deleted a message in their own chat; it is kept here
	ActOutage     Action = "outage"  // a network is well again: Detail names it, Text is since when it was not (RFC 3339); no case
	ActStaff      Action = "staff"   // people were added or removed; no case
)

// Event is one line of the audit trail. It is appended in the transaction of the change it tells
// of and never altered. Events hold no citizen's text and no reporter.
type Event struct {
	ID     EventID
	Case   CaseID `json:",omitempty"`
	At     time.Time
	Actor  PersonID `json:",omitempty"` // coordinator; empty for citizens and the program
	Name   string   `json:",omitempty"` // the actor's display name at the time
	Action Action
	Detail string `json:",omitempty"`
	Text   string `json:",omitempty"`
	Link   string `json:",omitempty"`
	// Hash covers this event and the hash of the one before (SHA-256), so that none can be
	// changed, removed or put in between unnoticed. The store computes it.
	Hash []byte
}
