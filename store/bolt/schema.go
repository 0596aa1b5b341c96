package bolt

import "go.etcd.io/bbolt"

// schemaVersion is what this version writes. An older file is migrated forward, a newer refused.
const schemaVersion = 3

// valueVersion begins every value.
const valueVersion = 1

// table numbers a bucket.
type table int

// The buckets. Numbers in keys are big-endian, so that keys sort by them; a mark is a 16-byte
// keyed hash (seal.Mark). Every value begins with a version byte. "sealed T" then is: length of
// the head (1 byte), head, sealed JSON of T; the seal is bound to bucket name, key and head.
//
//	meta        "schema" → u64; "check" → sealed word that proves the key; "hold" → empty, while held
//	count       name → u64: "case/new" …, "area/<mark>/new" …, "member/<organisation>", "quarantined", "skipped", "retired"
//
//	Queues: a row is keyed lane mark ‖ seq u64. Its value: due i64 ns ‖ since i64 ns ‖ tries u16 ‖
//	flags u8 ‖ sealed JSON, bound to bucket and key (due and tries change without sealing again).
//	The .ready index has exactly one entry for each lane that is not empty: due of the lane's first
//	row ‖ lane → seq of that row.
//	in          sealed Update; lane: group, person, tip of a fetched file, notice
//	timer       sealed Timer; lane: name, one row each
//	out         sealed outRow; lane: destination, and one beside it for answers to buttons
//	job         sealed Job; lane: network and a small number
//
//	edit        Key → key of the out row that waits to edit that message and was never claimed
//	key         Key → nothing (used, not sent yet) or sealed sentRow
//	ref         mark of a group message, or of an answerable one to a person → sealed Key
//	moved       mark of an address → sealed Address it became
//	seen        day u32 → bucket: mark of an update or message → nothing; of an update that has a
//	            number: half a mark of its network ‖ number u64
//	bad         key of the in or timer row → sealed quarantined
//	retired     seq u64 → sealed retired
//
//	person      what is found by a person lies side by side, so that a tip changes one page of it:
//	            PersonID → sealed identity
//	            PersonID ‖ 0 ‖ "d" → sealed Dialogue
//	            PersonID ‖ 0 ‖ "t" ‖ tip u64 → nothing, for each tip of theirs
//	staff       PersonID → sealed Coordinator who works at the desk
//	member      PersonID → sealed Coordinator who is a member of an organisation
//	invite      mark of the code → sealed Invite
//	file        SHA-256, hex → u64 references
//	known       what is in stored files, until their last reference goes:
//	            "f" ‖ SHA-256, hex → sealed Attachment of SHA256, Size, MIME, Text and Prints
//	            "f" ‖ SHA-256, hex ‖ 0 ‖ mark of a network and its unique id → nothing, for each such name of it
//	            "u" ‖ mark → sealed SHA-256, hex
//
//	tip         tip u64 → sealed Tip; head: case u64 ‖ PersonID
//	tip.case    case u64 ‖ tip u64 → nothing
//	item        tip u64 ‖ index u32 → sealed Item
//	case        case u64 → sealed Case; head: status u8 ‖ sides noted u8 ‖ mark of the area, zeros if none ‖
//	            rank, if there is one
//	case.status status u8 ‖ case u64 → nothing
//	case.queue  status u8 ‖ rank ‖ case u64 → nothing, for cases that go before the others of their
//	            status; rank: 0 u8 ‖ due i64 ns ‖ complement of senders u64, or, for new and taken
//	            cases, 1 u8 ‖ complement of senders u64
//	case.area   mark of the area ‖ status u8 ‖ rank ‖ case u64 → nothing, for cases whose area is known;
//	            rank as above, and for all others 2 u8, of finished cases with the complement of case u64
//	case.mirror case u64 → nothing, where the desk noted a side
//	details     tip u64 → sealed Details
//	channel     organisation → sealed Channel
//	mode        name → sealed value: "election-day"
//	event       event u64 → sealed (hash ‖ JSON of the Event with empty Hash)
//	event.case  case u64 ‖ event u64 → nothing
//	cursor      name → sealed Cursor
const (
	tMeta table = iota
	tCount
	tIn
	tInReady
	tTimer
	tTimerReady
	tOut
	tOutReady
	tJob
	tJobReady
	tEdit
	tKey
	tRef
	tMoved
	tSeen
	tBad
	tRetired
	tPerson
	tStaff
	tInvite
	tFile
	tTip
	tTipCase
	tItem
	tCase
	tCaseStatus
	tEvent
	tEventCase
	tCursor
	tCaseQueue
	tCaseMirror
	tDetails
	tChannel
	tMode
	tCaseArea
	tMember
	tKnown
	tables // how many
)

// names returns the bucket names, indexed by table.
func names() [tables]string {
	return [tables]string{
		tMeta: "meta", tCount: "count",
		tIn: "in", tInReady: "in.ready", tTimer: "timer", tTimerReady: "timer.ready",
		tOut: "out", tOutReady: "out.ready", tJob: "job", tJobReady: "job.ready",
		tEdit: "edit", tKey: "key", tRef: "ref", tMoved: "moved",
		tSeen: "seen", tBad: "bad", tRetired: "retired",
		tPerson: "person", tStaff: "staff", tInvite: "invite", tFile: "file",
		tTip: "tip", tTipCase: "tip.case", tItem: "item",
		tCase: "case", tCaseStatus: "case.status",
		tEvent: "event", tEventCase: "event.case", tCursor: "cursor",
		tCaseQueue: "case.queue", tCaseMirror: "case.mirror", tDetails: "details", tChannel: "channel", tMode: "mode",
		tCaseArea: "case.area", tMember: "member", tKnown: "known",
	}
}

// appendOnly reports whether keys of a bucket only ever grow: its pages are then filled nearly
// full, for no key will come between.
func appendOnly(t table) bool {
	switch t {
	case tTip, tTipCase, tItem, tCase, tEvent, tEventCase, tRetired:
		return true
	}
	return false
}

// create makes the buckets of a new file.
func create(bt *bbolt.Tx) error {
	for _, name := range names() {
		if _, err := bt.CreateBucketIfNotExists([]byte(name)); err != nil {
			return err
		}
	}
	return nil
}
