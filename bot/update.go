package bot

import "time"

// UpdateKind says what happened.
type UpdateKind string

// Everything a handler can be given. A stored row carries the value, so values never change.
const (
	KindMessage UpdateKind = "message" // somebody wrote or forwarded something: Message is set
	KindEdit    UpdateKind = "edit"    // somebody edited what they wrote: Message is set
	KindRevoked UpdateKind = "revoked" // somebody took back what they wrote: Message.ID is what they wrote
	KindPress   UpdateKind = "press"   // somebody pressed a button: Press is set
	KindTimer   UpdateKind = "timer"   // a timer fired: Timer is set
	KindFetched UpdateKind = "fetched" // a file arrived, or never will: Fetched is set
	// KindRecognised: what a tip is was found out after its case was opened: Recognised is set.
	KindRecognised UpdateKind = "recognised"
	KindMoved      UpdateKind = "moved"   // the chat became another chat: MovedTo is set
	KindJoined     UpdateKind = "joined"  // somebody added the bot to a group: Title is its name
	KindFailed     UpdateKind = "failed"  // an outgoing message will never arrive: Failed is set
	KindNotice     UpdateKind = "notice"  // the program itself has something to tell the admins: Notice is set
	KindUnknown    UpdateKind = "unknown" // a type this version does not know: Raw is set
)

// Update is one thing that happened. Adapters make it, the inbox keeps it until its transaction is
// done, handlers see it.
//
// Identity: an adapter fills Chat, From.Address and From.Name as the network gives them. Above the
// store a private update has an empty Chat.Chat and only From.ID (and From.Name, which handlers
// use for registered staff alone).
type Update struct {
	Network Network    `json:"net"`
	ID      UpdateID   `json:"id"`
	Kind    UpdateKind `json:"kind"`
	Chat    Address    `json:"chat,omitzero"`
	Private bool       `json:"priv,omitempty"`
	From    Person     `json:"from,omitzero"`
	At      time.Time  `json:"at,omitzero"` // when the network says it happened, UTC

	Message *Incoming `json:"msg,omitempty"`
	Press   *Press    `json:"press,omitempty"`
	Timer   *Timer    `json:"timer,omitempty"`
	Fetched *Fetched  `json:"fetched,omitempty"`
	Failed  *Failed   `json:"failed,omitempty"`
	Notice  *Notice   `json:"notice,omitempty"`
	MovedTo Address   `json:"moved,omitzero"`
	// Recognised comes with KindRecognised, and with a KindTimer of a tip if there was time to look it up
	// (inbox.Options.Prepare).
	Recognised *Recognition `json:"rec,omitempty"`
	Title      string       `json:"title,omitempty"` // of the group, with KindJoined; as its members wrote it
	// Raw is the network's own bytes, kept only when they could not be read as anything above.
	Raw []byte `json:"raw,omitempty"`
}

// Person is whoever did something. See Update for which fields are set where.
type Person struct {
	ID      PersonID `json:"id,omitempty"`
	Address Address  `json:"addr,omitzero"` // their private chat; set by adapters, erased by the store
	Name    string   `json:"name,omitempty"`
}

// Incoming is a message somebody sent.
type Incoming struct {
	ID   MessageID `json:"id"`
	Text string    `json:"text,omitempty"` // text or caption
	// Links are the URLs of the message in order, hidden ones (text_link) included.
	Links    []string     `json:"links,omitempty"`
	Forward  *Forward     `json:"fwd,omitempty"`
	Album    string       `json:"album,omitempty"` // network's id of the album this is part of
	ReplyTo  *Quoted      `json:"re,omitempty"`
	Files    []Attachment `json:"files,omitempty"`
	Location *Location    `json:"loc,omitempty"`
	// Unsupported names content that makes no tip ("sticker", "contact", "dice", "poll"); the
	// sender gets a polite line. Empty for everything else.
	Unsupported string `json:"unsup,omitempty"`
}

// UnsupportedService is the Unsupported of what a network tells by itself: somebody joined, pinned,
// blocked the bot. Nobody said it, so nobody is answered or remembered for it.
const UnsupportedService = "service"

// Quoted is the message a message replies to.
type Quoted struct {
	ID   MessageID `json:"id"`
	From Person    `json:"from,omitzero"`
	// Key is Message.Answerable of a message of ours in a private chat. The store fills it in.
	Key Key `json:"key,omitempty"`
	// Choice is what stood behind the number a reply consists of, as its writer saw the list, on networks
	// without buttons (MenuLabel); empty if that is not known.
	Choice string `json:"choice,omitempty"`
}

// ForwardKind says who first wrote a forwarded message.
type ForwardKind string

// Kinds of origin. A hidden user has a display name and no id.
const (
	ForwardUser    ForwardKind = "user"
	ForwardHidden  ForwardKind = "hidden"
	ForwardGroup   ForwardKind = "group"
	ForwardChannel ForwardKind = "channel"
	ForwardUnknown ForwardKind = "unknown" // marked as forwarded, origin not told
)

// Forward is where a forwarded message came from.
type Forward struct {
	Kind  ForwardKind `json:"k"`
	Title string      `json:"t,omitempty"` // channel or group title, or a person's display name
	Link  string      `json:"l,omitempty"` // public link of the original post, if it has one
	At    time.Time   `json:"at,omitzero"`
	// Score is WhatsApp's count of how often it was forwarded; 0 where unknown.
	Score int `json:"s,omitempty"`
}

// ManyTimes reports whether it went through a chain of five chats or more, which WhatsApp shows with two arrows
// (faq.whatsapp.com, "About forwarding limits").
func (f Forward) ManyTimes() bool { return f.Score >= 5 }

// Location is a point a citizen shared, in degrees (WGS 84).
type Location struct {
	Latitude  float64 `json:"lat"`
	Longitude float64 `json:"lon"`
	Title     string  `json:"t,omitempty"` // a venue's name
}

// Press is a pressed button. Data is what the client sent: anybody can send anything.
type Press struct {
	ID        string    `json:"id"` // the network's id, needed to answer it
	Data      string    `json:"data"`
	MessageID MessageID `json:"msg,omitempty"` // the message that carried the button
}

// Timer is a durable alarm. Setting a timer whose name exists moves it.
type Timer struct {
	Name   string    `json:"name"` // unique; "quiet/17"
	Due    time.Time `json:"due"`
	Tip    TipID     `json:"tip,omitempty"`
	Case   CaseID    `json:"case,omitempty"`
	Person PersonID  `json:"person,omitempty"`
}

// Failed tells that a message was given up.
type Failed struct {
	Reason string   `json:"reason"`
	Case   CaseID   `json:"case,omitempty"`
	Person PersonID `json:"person,omitempty"`
	To     Address  `json:"to,omitzero"` // group address; empty for private chats
}

// Notice is something the program tells the admins: Key names a sentence in locales/.
type Notice struct {
	Key  string            `json:"key"`
	Args map[string]string `json:"args,omitempty"`
	// Link is set when the notice tells that the update's Network cannot be used since Since, or can
	// be used again; empty for any other notice.
	Link  LinkChange `json:"link,omitempty"`
	Since time.Time  `json:"since,omitzero"`
}

// LinkChange is what happened to the link to a network.
type LinkChange string

// Changes of a link. A stored row carries the value, so values never change.
const (
	LinkDown LinkChange = "down"
	LinkUp   LinkChange = "up"
)

// DownName is the ledger name under which it is kept since when a network is down: Cursor.Slot, zero
// while it is not.
func DownName(n Network) string { return "down/" + string(n) }
