// Package whatsapp is the adapter to WhatsApp, through go.mau.fi/whatsmeow: an unofficial client of a
// network that does not want it. The number can be lost any day and the protocol refuse us until the
// library is updated, so every trouble has a [State], none of them stops the program, and what is to be
// sent waits in the outbox.
//
// Receiving: one event handler stores each message through a Deliverer, and the library acknowledges it
// to the network only after that returned nil (SynchronousAck with the decrypted-event buffer). After a
// failure nothing comes again until a reconnection, which the Client forces once the store works again.
//
// Sending: message ids are computed from the outbox's delivery, so that a message sent again after a
// crash carries the id it had. The Client replies only, types before it answers, and stops at the first
// sign of a lock; see [Habits] and [SafeLimits] for the reasons.
//
// People are addressed by their hidden identity ("…@lid"), by phone number only if they wrote before it
// was known; whoever was once known by number stays so, or one reporter would become two. Numbers, names
// and texts stand in no log and no error: the library's own lines are logged as formats, without
// arguments.
//
// The package owns one SQLite file: the library's tables (whatsmeow_*), awas_media (where a file came
// from, to ask the sender's phone for it again; kept 60 days), awas_number (who is known by number) and awas_lock
// (when a time-lock ends).
// The file is the link to the phone. It is locked for one process, and belongs in every backup.
package whatsapp
