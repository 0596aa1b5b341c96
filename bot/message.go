package bot

// Message is something to say. Handlers enqueue it; the outbox sends it.
type Message struct {
	// Key guards against saying the same thing twice, and is how the message is found again to
	// edit it or to know what a reply is about. Optional.
	Key Key `json:"key,omitempty"`
	// Answerable says what a reply that quotes it, in a private chat, is about: it comes with the reply
	// (Quoted.Key). Unlike Key it may be used again. Optional.
	Answerable Key `json:"ans,omitempty"`
	// Exactly one of To (a group) and Person (their private chat) is set.
	To     Address  `json:"to,omitzero"`
	Person PersonID `json:"person,omitempty"`
	// Text uses the marks of text.go (Bold); adapters turn them into the network's own.
	Text    string     `json:"text,omitempty"`
	Buttons [][]Button `json:"buttons,omitempty"`
	ReplyTo MessageID  `json:"re,omitempty"`
	// ReplyText is how the message that is answered begins. WhatsApp repeats it in the quotation, and
	// may have forgotten it; other networks look it up themselves. Optional.
	ReplyText string `json:"ret,omitempty"`
	// Mention is a member of the group To whose phone should ring, on networks where a name does that
	// (WhatsApp). Optional.
	Mention PersonID `json:"at,omitempty"`
	// Under makes it a reply to the message sent under that key, once that is known.
	Under Key `json:"under,omitempty"`
	// Edit replaces the text and buttons of the message sent under that key. If that message
	// can no longer be edited, this one is sent as a new message under the same key. A second
	// edit of the same key that is still waiting is replaced, not queued.
	Edit Key `json:"edit,omitempty"`
	// Answer is the id of the button press this answers: Text appears as a passing note there.
	Answer string `json:"answer,omitempty"`
	// File sends one attachment, with Text as caption.
	File *Attachment `json:"file,omitempty"`
	// Document sends bytes made by the program, with Text as caption.
	Document *Document `json:"doc,omitempty"`
	// Case is what the message is about; used when the desk is told that it failed.
	Case CaseID `json:"case,omitempty"`
}

// Button is one button under a message. Data comes back in Press.Data: at most 64 bytes
// (Telegram's limit). Networks without buttons show Label as a numbered line; labels therefore
// begin with the number or word a person can type instead.
type Button struct {
	Label string `json:"l"`
	Data  string `json:"d,omitempty"`
	URL   string `json:"u,omitempty"` // opens a page instead
}

// MaxButtonData is the largest Button.Data in bytes (Bot API, InlineKeyboardButton).
const MaxButtonData = 64

// Document is a small file made by the program, kept whole in the outbox row.
type Document struct {
	Name string `json:"name"`
	MIME string `json:"mime"`
	Data []byte `json:"data"`
}

// FileKind is what a file was sent as.
type FileKind string

// Kinds of attachment.
const (
	Photo     FileKind = "photo"
	Video     FileKind = "video"
	Audio     FileKind = "audio"
	Voice     FileKind = "voice"
	Animation FileKind = "animation"
	File      FileKind = "document"
)

// FileState tells what became of an attachment's bytes.
type FileState string

// States of an attachment. The zero value means: known by reference, bytes not (yet) here.
const (
	FilePending  FileState = ""
	FileStored   FileState = "stored"    // SHA256 is set and the evidence store has it
	FileTooLarge FileState = "too_large" // over the cap; only the reference is kept
	FileRefused  FileState = "refused"   // a decompression bomb, or not what it claims
	FileGone     FileState = "gone"      // the network no longer has it
	FileErased   FileState = "erased"    // removed at its sender's wish
)

// Attachment is a file somebody sent. FileID is the network's reference, enough to send it again
// on the same network without moving a byte.
type Attachment struct {
	Kind    FileKind  `json:"k"`
	Network Network   `json:"net,omitempty"`
	FileID  string    `json:"id,omitempty"`
	Unique  string    `json:"uid,omitempty"` // same file, same value, on this network
	Name    string    `json:"name,omitempty"`
	MIME    string    `json:"mime,omitempty"` // claimed; after storing, sniffed
	Size    int64     `json:"size,omitempty"` // bytes; 0 unknown
	Seconds int       `json:"sec,omitempty"`  // length of audio or video
	SHA256  string    `json:"sha,omitempty"`  // hex, of the plain bytes
	State   FileState `json:"st,omitempty"`
	// Text are the words a machine found in it: a PDF's text layer, or what stands in a picture. They are
	// cleaned (Clean) and no longer than MaxFileText bytes; empty if there are none or nobody looked.
	Text string `json:"txt,omitempty"`
	// Prints are fingerprints of a picture, opaque here; empty for everything else. Text and Prints are as
	// personal as the file: they stay with the item that brought it, and go with it.
	Prints []byte `json:"prn,omitempty"`
}

// MaxFileText is the most that is kept of the words in one file, in bytes.
const MaxFileText = 16 << 10

// Read reports whether anything was found in the file.
func (a Attachment) Read() bool { return a.Text != "" || len(a.Prints) > 0 }

// Reference is the attachment without what was found in it: enough to send it again or to remove it, and
// nothing that would outlive the item it came in.
func (a Attachment) Reference() Attachment {
	a.Text, a.Prints = "", nil
	return a
}

// JobKind says what work behind the outbox a Job is.
type JobKind string

// Jobs: work on files that happens outside transactions, kept in the outbox's own lanes.
const (
	JobFetch  JobKind = "fetch"  // bring an attachment's bytes here; ends in a KindFetched update
	JobUnlink JobKind = "unlink" // remove SHA256 from the evidence store
)

// Job is durable work on a file.
type Job struct {
	Kind JobKind    `json:"kind"`
	Tip  TipID      `json:"tip,omitempty"`
	Item int        `json:"item,omitempty"` // index of the tip's item the file belongs to
	File Attachment `json:"file"`
}

// Fetched is the end of a JobFetch: File has SHA256 and State filled, Text and Prints if there are any.
type Fetched struct {
	Tip  TipID      `json:"tip"`
	Item int        `json:"item"`
	File Attachment `json:"file"`
}
