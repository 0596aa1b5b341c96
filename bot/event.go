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
	ActAssigned   Action = "assigned"   // Text is the name of who it was given to
	ActLapsed     Action = "lapsed"     // a hold ended by itself; Text is the name of who held it
	ActSorted     Action = "sorted"     // Detail is the categories, by code
	ActPlaced     Action = "placed"     // Detail is the area's code
	ActSided      Action = "sided"      // the sides were noted; which, stands on the case
	ActProposed   Action = "proposed"   // a verdict: Detail is the rating, Text the explanation, Link the check
	ActRejected   Action = "rejected"   // the proposal; Text is why
	ActDecided    Action = "decided"    // published; Detail, Text and Link as of ActProposed
	ActOverrode   Action = "overrode"   // published without a second person; Text is why
	ActReferred   Action = "referred"   // Detail is the organisation's code, Text its name
	ActReceived   Action = "received"   // Detail is the organisation's code, Text the register number
	ActReturned   Action = "returned"   // Detail is the organisation's code, Text the reason
	ActMerged     Action = "merged"     // into the case whose ticket Detail is
	ActAbsorbed   Action = "absorbed"   // the case whose ticket Detail is, into this one
	ActSplit      Action = "split"      // a tip became a case of its own; Detail is its ticket
	ActJoined     Action = "joined"     // a tip was recognised and joined the case; Detail is its ticket, Text what it was recognised by and the score: "text 0.93"
	ActConfirmed  Action = "confirmed"  // the case is the one suggested: Detail is that one's ticket, Text as of ActJoined; no Actor if the sender says so
	ActDenied     Action = "denied"     // it is not
	ActAsked      Action = "asked"      // a sender; Detail is the ticket, Text the question
	ActReporting  Action = "reporting"  // a sender began to prepare an official report; Detail is the ticket
	ActReplied    Action = "replied"    // the sender answered; Detail is the ticket
	ActDeclined   Action = "declined"   // the sender chose not to answer; Detail is the ticket
	ActUnsealed   Action = "unsealed"   // a custodian opened an identity; Detail is the ticket, Text why
	ActClosed     Action = "closed"     // Text is the reason, Detail the track if only that
	ActReopened   Action = "reopened"
	ActErased     Action = "erased"   // a sender's data was erased
	ActExpired    Action = "expired"  // the keeping of Detail (identity, content) ended
	ActExamined   Action = "examined" // a machine found words or a picture's fingerprints in a file; Detail is its FileKind
	ActRevoked    Action = "revoked"  // the sender deleted a message in their own chat; it is kept here
	ActOutage     Action = "outage"   // a network is well again: Detail names it, Text is since when it was not (RFC 3339); no case
	ActStaff      Action = "staff"    // people were added or removed; no case
	ActChannel    Action = "channel"  // an organisation's group; no case
	ActPhase      Action = "phase"    // the election-day mode was switched; no case
	// ActIncident: data of citizens came out (Detail "began", Text what) or all who had to be told were
	// (Detail "ended", Text how); no case.
	ActIncident Action = "incident"
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
