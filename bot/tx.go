package bot

import (
	"context"
	"iter"
	"time"
)

// Store keeps everything. Both methods run fn in one transaction; fn may be run more than once
// (a transaction that shares a commit with a failed one is repeated), so it must have no effect
// outside the transaction. What fn returned is what the method returns; after an error, or a
// panic, nothing was written. When Update returns nil, the writes are on disk.
type Store interface {
	View(ctx context.Context, fn func(Tx) error) error
	Update(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction, in the words of the domain. A Tx and the iterators it hands out are valid
// only inside its function; values are copies. Reads return ErrNotFound for what does not exist.
type Tx interface {
	// Now is the transaction's time, UTC, fixed when it began.
	Now() time.Time
	InboxTx
	OutboxTx
	CaseTx
	PeopleTx
	FileTx
	LedgerTx
}

// Arrival is an update waiting to be handled.
type Arrival struct {
	ID     QueueID
	Update Update
	Tries  int       // failed tries so far
	Since  time.Time // when it was delivered
}

// ReasonUnknownType is the reason under which an arrival of KindUnknown is quarantined: nothing went
// wrong, this version just does not know it. Queues counts such rows as Skipped.
const ReasonUnknownType = "unknown-type"

// InboxTx keeps updates from arrival to handling. Updates of one chat (or, for private chats, one
// person) are handled in order; timers and fetched files are lanes of their own. Finish, Retry and
// Quarantine do nothing if the arrival is gone, as it is after Forget of its sender.
type InboxTx interface {
	// Deliver stores an update unless its network and id, or the number of the message it brings,
	// were seen before (fresh is then false). An update needs an ID. Deliver seals the identity it
	// carries and remembers how to reach the sender of a private one.
	Deliver(u Update) (fresh bool, err error)
	// Arrivals returns the first waiting update of at most limit lanes whose time has come.
	Arrivals(limit int) ([]QueueID, error)
	// Arrival reads one; ErrNotFound if it was handled meanwhile.
	Arrival(QueueID) (Arrival, error)
	// Alarm reads an arrival that is a timer; ErrNotFound if it is none, or is gone.
	Alarm(QueueID) (Timer, error)
	// Finish removes a handled arrival.
	Finish(QueueID) error
	// Retry counts a failed try and leaves the arrival, and all behind it in its lane, until next.
	Retry(id QueueID, next time.Time) error
	// Quarantine moves an arrival out of the way, kept whole and sealed, with the reason.
	Quarantine(id QueueID, reason string) error
	// SetTimer sets or moves a timer; StopTimer removes one if it is there. A due timer arrives as
	// an update of KindTimer; a handler may set it again before its arrival is finished.
	SetTimer(Timer) error
	StopTimer(name string) error
	// NextArrival is when the earliest waiting lane is due; zero if none waits.
	NextArrival() (time.Time, error)
}

// Delivery is a message or job the outbox is about to perform. Exactly one of Message and Job is set.
type Delivery struct {
	ID      QueueID
	Message *Message
	Job     *Job
	// To is where it goes: the real address, opened from its seal for this purpose only.
	To Address
	// Ref is the message to edit, if Message.Edit is set and it was sent; else zero.
	Ref   MessageRef
	Tries int // this one included
	Since time.Time
	// Unique is a stable id of this delivery, the same at every try.
	Unique string
}

// OutboxTx keeps what is to be sent. Messages to one chat go in order, one at a time. Sent,
// Reschedule and Retire do nothing if the delivery is gone, as it is after Forget of its person.
type OutboxTx interface {
	// Enqueue stores a message in the transaction of the decision it tells of. A Key that was
	// used before makes it a no-op. ErrNotFound if Person cannot be reached (erased).
	Enqueue(Message) error
	// EnqueueJob stores work on a file.
	EnqueueJob(Job) error
	// Deliveries returns the head of at most limit lanes whose time has come, earliest first. A
	// lane that was just served stands behind the others: everybody's first message goes before
	// anybody's second. While held, only lanes of except (the coordinators' group) and jobs.
	Deliveries(limit int, except Address) ([]QueueID, error)
	// Claim counts a try, moves the next attempt to next, and returns what to send. Only after
	// its transaction is committed may the network be touched. ErrNotFound if it is gone.
	Claim(id QueueID, next time.Time) (Delivery, error)
	// Sent removes a delivery; ref is remembered if the message has a Key or Edit.
	Sent(id QueueID, ref MessageRef) error
	// Reschedule moves the next attempt. Retire gives up, keeping time and reason.
	Reschedule(id QueueID, next time.Time) error
	Retire(id QueueID, reason string) error
	// Withdraw removes the messages about a case that wait for a group, its card included; an edit
	// of the card enqueued afterwards takes the card's place.
	Withdraw(group Address, c CaseID) error
	// NextDelivery is when the earliest lane is due, held or not; zero if none waits.
	NextDelivery() (time.Time, error)
	// SetHold stops and resumes what goes out.
	SetHold(on bool) error
	Held() (bool, error)
	// KeyOf tells under which key a message to a group was sent: what a reply to it is about.
	// Messages to persons are not found by it.
	KeyOf(MessageRef) (Key, error)
	// WasSent reports whether the message of a key has been sent; false also for a key never used.
	WasSent(Key) (bool, error)
	// Moved records that a chat became another; ResolveAddress follows such moves.
	Moved(from, to Address) error
	ResolveAddress(Address) (Address, error)
	// Queues describes inbox, outbox and quarantine.
	Queues() (Queues, error)
}

// Queues is the state of the waiting rows, for /antrean, /readyz and metrics. A queue longer than
// 10,000 is counted up to there.
type Queues struct {
	Inbox, Outbox, Jobs, Timers int
	OldestInbox, OldestOutbox   time.Time // zero if none waits
	Quarantined, Skipped        int       // Skipped: of a type this version does not know
	Retired                     int       // given up for good
	Held                        bool
}

// CaseTx keeps tips, cases and events.
type CaseTx interface {
	// NewTip hands out the next sequence number and stores the tip under it.
	NewTip(Tip) (Tip, error)
	Tip(TipID) (Tip, error)
	PutTip(Tip) error
	// TipsOf yields the tips of a case, oldest first; TipsBy those of a person, newest first.
	// TipsFrom begins after one of them, NewestTips with the newest.
	TipsOf(CaseID) iter.Seq2[Tip, error]
	TipsFrom(c CaseID, after TipID) iter.Seq2[Tip, error]
	NewestTips(CaseID) iter.Seq2[Tip, error]
	TipsBy(PersonID) iter.Seq2[Tip, error]
	// AddItem appends an item and returns its index. The caller stores the tip with Items+1.
	AddItem(TipID, int, Item) error
	PutItem(TipID, int, Item) error
	Items(TipID) ([]Item, error)
	EraseItems(TipID) error
	// Details are who filed a report, sealed apart. Only for a custodian and the person themselves;
	// HasDetails tells whether there are any without opening them.
	Details(TipID) (Details, error)
	HasDetails(TipID) (bool, error)
	PutDetails(TipID, Details) error
	EraseDetails(TipID) error

	Case(CaseID) (Case, error)
	PutCase(Case) error
	// Cases yields the cases of a status, oldest or newest first; CasesFrom begins after one, oldest first.
	// Recent yields those of any status, newest first, from before one; 0 begins with the newest.
	Cases(s Status, newest bool) iter.Seq2[Case, error]
	CasesFrom(s Status, after CaseID) iter.Seq2[Case, error]
	Recent(before CaseID) iter.Seq2[Case, error]
	// Queue yields the cases of a status in the order the desk should work: the earliest clock first
	// (Case.Due), of equal ones and of those without a clock what most people sent (Case.Weight), then by age. Of
	// finished cases without a clock only the age counts. Due yields only those in which a clock runs.
	// With a region only the cases of that area are yielded, finished ones without a clock newest first.
	Queue(s Status, region string) iter.Seq2[Case, error]
	Due(s Status, region string) iter.Seq2[Case, error]
	// Mirrored yields the cases in which the desk noted a side (Case.Reported, Case.Benefits), newest first.
	Mirrored() iter.Seq2[Case, error]
	// CaseCounts tells how many cases there are of each status, of one area or of all.
	CaseCounts(region string) (map[Status]int, error)

	// Append adds to the audit trail and returns the event with ID, At and Hash filled. Hash is
	// SHA-256 over the hash of the event before (nothing for the first) and this event's JSON
	// with an empty Hash, as encoding/json writes it without HTML escapes.
	Append(Event) (Event, error)
	// History yields the events of a case, oldest first; HistoryBefore newest first, from before one; 0
	// begins with the newest.
	History(CaseID) iter.Seq2[Event, error]
	HistoryBefore(c CaseID, before EventID) iter.Seq2[Event, error]
	// EventsAfter yields all events later than id, oldest first.
	EventsAfter(EventID) iter.Seq2[Event, error]
	LastEvent() (EventID, error)
}

// PeopleTx keeps identities, dialogues and staff.
type PeopleTx interface {
	// Pseudonym is a pure function of the address and the key file.
	Pseudonym(Address) PersonID
	// Identity opens a sealed identity. Only for the person's own DATAKU.
	Identity(PersonID) (Address, time.Time, error)
	// Busy reports whether updates from the person wait to be handled.
	Busy(PersonID) (bool, error)
	// Forget erases identity, dialogue, waiting rows in and out, and quarantined rows of a person.
	// Messages enqueued earlier in the same transaction stay and are sent, so that a farewell is
	// possible: first Enqueue, then Forget. Afterwards Enqueue to the person is ErrNotFound.
	Forget(PersonID) error
	Dialogue(PersonID) (Dialogue, error) // zero value, nil if there is none
	PutDialogue(Dialogue) error
	Coordinator(PersonID) (Coordinator, error)
	PutCoordinator(Coordinator) error
	DeleteCoordinator(PersonID) error
	// Coordinators are those who work at the desk, Members how many members each organisation has.
	Coordinators() ([]Coordinator, error)
	Members() (map[string]int, error)
	PutInvite(code string, i Invite) error
	// Channels are the organisations' own groups.
	PutChannel(Channel) error
	DeleteChannel(organisation string) error
	Channels() ([]Channel, error)
	// TakeInvite returns and removes an invitation. ErrNotFound if unknown or expired.
	TakeInvite(code string) (Invite, error)
}

// FileTx counts who refers to a stored file, and remembers what is in it, so that a file a thousand people
// forward is fetched and read once.
type FileTx interface {
	// FileUsed counts references to a stored file up or down and returns the new count. With the last
	// reference what is remembered of the file is forgotten.
	FileUsed(sha256 string, delta int) (int, error)
	// KnowFile remembers SHA256, Size, MIME, Text and Prints of a stored attachment: under its SHA256, and
	// under its network and Unique if it has one. It may come before the first reference is counted.
	KnowFile(Attachment) error
	// KnownFile returns what is remembered of a network's file, State included, by its Unique; KnownContent
	// by its SHA256. ErrNotFound if nothing is. Whether the evidence store still has it is not said.
	KnownFile(n Network, unique string) (Attachment, error)
	KnownContent(sha256 string) (Attachment, error)
	// ForgetFile forgets what is remembered of a file, whoever refers to it.
	ForgetFile(sha256 string) error
}

// LedgerTx remembers how far repeated work has come.
type LedgerTx interface {
	// Cursor returns the zero Cursor if name was never stored.
	Cursor(name string) (Cursor, error)
	PutCursor(name string, c Cursor) error
	// ElectionDay is the mode in force; the zero value if it was never set.
	ElectionDay() (ElectionDay, error)
	SetElectionDay(ElectionDay) error
}

// Cursor is how far a digest has come.
type Cursor struct {
	Event EventID   // the last event it told of
	Slot  time.Time // when it was last made; every slot up to then is done
}
