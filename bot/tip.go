package bot

import "time"

// Tip is one thing one person brought: a burst of messages, gathered until a quiet period has
// passed. Its number is the ticket's sequence. The messages themselves are Items, stored beside it.
type Tip struct {
	ID     TipID `json:"id"`
	Ticket string
	// Reporter is empty once the sender had their data erased; the tip is then a tombstone that
	// keeps number, dates, area and kind.
	Reporter PersonID `json:",omitempty"`
	Network  Network
	// Case is zero while the tip is still being gathered.
	Case    CaseID    `json:",omitempty"`
	Started time.Time // first message
	Last    time.Time // latest message, for the quiet period
	Items   int       // how many items were stored, the next item's index
	Shown   int       // how many of them the desk has been shown
	Answers Answers   `json:",omitzero"`
	Erased  time.Time `json:",omitzero"`
	// Over is how many messages came that a tip has no room for; they are not kept.
	Over int `json:",omitempty"`
	// Told is the verdict its sender was told last.
	Told Told `json:",omitzero"`
	// Heard is the version of another case under which they were told what Told says, where that case
	// was merged into theirs with the same verdict.
	Heard Told `json:",omitzero"`
	// Passed are the bodies that its sender was told have the case.
	Passed []Passed `json:",omitempty"`
	// Inquiry is the desk's last question to the sender.
	Inquiry *Inquiry `json:",omitempty"`
	// Report is what the sender gave for an official report; nil unless they began one.
	Report *Report `json:",omitempty"`
	// Joined is the case it joined because it was recognised, or its sender said so, and by what; nil if it
	// opened its own, or the desk decided.
	Joined *Candidate `json:",omitempty"`
	// Member is the organisation whose verified member sent it; empty for everybody else.
	Member string `json:",omitempty"`
}

// Told names a version of a case's verdict; version 0 that they heard before it was merged into the case that
// theirs was closed.
type Told struct {
	Case    CaseID
	Version int
}

// Passed is a body, by code, that a sender was told was asked to take the case, or did (Taken).
type Passed struct {
	To    string
	Taken bool `json:",omitempty"`
}

// Inquiry is a question of the desk to a sender, in the bot's voice: neither learns who the other is.
type Inquiry struct {
	At       time.Time
	By       PersonID
	Name     string // By's display name at the time, for the desk
	Text     string
	Answered time.Time `json:",omitzero"`
	Overdue  bool      `json:",omitempty"` // the desk was shown that no answer came
	Passed   bool      `json:",omitempty"` // the answer was passed on to the desk
	Declined bool      `json:",omitempty"` // the sender chose not to answer
}

// Pending reports whether an answer is awaited.
func (i *Inquiry) Pending() bool { return i != nil && i.Answered.IsZero() && !i.Declined }

// Fresh reports whether there is an answer that the desk has not seen.
func (i *Inquiry) Fresh() bool { return i != nil && !i.Answered.IsZero() && !i.Passed }

// Gathering reports whether the burst is still open.
func (t Tip) Gathering() bool { return t.Case == 0 && t.Erased.IsZero() }

// Answers is what the sender said when asked. Every field may stay empty: nothing is demanded.
type Answers struct {
	Claim  Claim  `json:",omitempty"`
	Region string `json:",omitempty"` // Kemendagri code of a kabupaten or kota: "15.09"
	// TPS is the polling station in the sender's words, asked for on an election day (ElectionDay).
	TPS string `json:",omitempty"`
	// Happened and Learned are calendar days in the election's zone, midnight there. The seven-day
	// limit runs from Learned (Ps 134 Perpu 1/2014). The typed words stay beside the parsed day.
	Happened        time.Time       `json:",omitzero"`
	HappenedText    string          `json:",omitempty"`
	Learned         time.Time       `json:",omitzero"`
	LearnedText     string          `json:",omitempty"`
	Confidentiality Confidentiality `json:",omitempty"`
}

// Claim is the sender's own view of what they send. The desk's view is Case.Tracks.
type Claim string

// Claims; empty means not answered.
const (
	ClaimHoax      Claim = "hoax"
	ClaimViolation Claim = "violation"
	ClaimUnsure    Claim = "unsure"
)

// Confidentiality is the reporter's choice of how they are treated (DOMAIN: anonim, rahasia, resmi).
type Confidentiality string

// Choices; empty means not answered and is treated as Confidential.
const (
	Anonymous    Confidentiality = "anonymous"    // can only ever be informasi awal
	Confidential Confidentiality = "confidential" // officers only
	Formal       Confidentiality = "formal"       // ready to be the official reporter
)

// Item is one message of a tip, kept as it came. An edited message is a further item with Edits
// set; the first stays.
type Item struct {
	Message  MessageID    `json:"m,omitempty"`
	At       time.Time    `json:"at"`
	Text     string       `json:"t,omitempty"`
	Links    []string     `json:"l,omitempty"`
	Forward  *Forward     `json:"f,omitempty"`
	Album    string       `json:"a,omitempty"`
	Files    []Attachment `json:"files,omitempty"`
	Location *Location    `json:"loc,omitempty"`
	Edits    bool         `json:"e,omitempty"` // a later version of the item with the same Message
}

// Dialogue is where a person is in conversation with the bot. It is a row, so that a restart in
// the middle of a dialogue is not noticed.
type Dialogue struct {
	Person PersonID
	// Tip takes what the person sends: the one being gathered, or the one whose questions are
	// open. Zero: the next message begins a new tip.
	Tip TipID `json:",omitempty"`
	// Question is the name of the question that waits for an answer; empty for none.
	Question string `json:",omitempty"`
	// Options are the values of the numbered choices last shown, in order from 1.
	Options []string `json:",omitempty"`
	// Asked is when the question was put; an answer long after is taken for a new tip.
	Asked time.Time `json:",omitzero"`
	// Added is set while messages joined a tip after its receipt and were not yet acknowledged.
	Added bool `json:",omitempty"`
	// Report is set while the questions are those of an official report.
	Report bool `json:",omitempty"`
	// Stale is set while the desk's card does not show the latest of what was given for the report.
	Stale bool `json:",omitempty"`
	// Paused is the question, about tip PausedTip, that a question of the desk came in the middle of:
	// it is put again when that is answered.
	Paused    string `json:",omitempty"`
	PausedTip TipID  `json:",omitempty"`
	// Hinted is set once a question was explained again, so that it happens once.
	Hinted bool `json:",omitempty"`
}
