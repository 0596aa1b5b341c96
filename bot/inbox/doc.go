// Package inbox takes updates from the networks, keeps them, and runs the handler on each exactly
// once, in order within a chat.
//
// Invariants:
//
//   - Deliver returns nil only when the updates are on disk. Only then may an adapter tell its
//     network that they arrived.
//   - One transaction handles one arrival: what the handler wrote and the end of the arrival become
//     durable together or not at all.
//   - A handler that fails or panics has written nothing. The try is counted in a second small
//     transaction, the chat waits, and after [MaxTries] the arrival is quarantined and the desk is
//     told. Nothing is dropped in silence.
//   - A store that fails (full disk) is nobody's try: everything waits and is done later.
//   - A log line names an arrival by its queue id, never by text, name or address.
//
// The storage is [bot.InboxTx]'s; the package owns no keys of its own.
package inbox
