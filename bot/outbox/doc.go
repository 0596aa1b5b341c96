// Package outbox sends what handlers decided to say and does the work on files they asked for.
//
// One delivery's way: it is claimed in a transaction (its next attempt is set half a minute ahead),
// only then handed to the network, and removed in a second transaction. A process that dies in
// between repeats it when the claim runs out, so delivery is at least once: a message the network
// took in the last moment before a crash may arrive twice, none gets lost.
//
// Invariants:
//
//   - Nothing touches the network inside a transaction, and nothing before its claim is on disk.
//   - One delivery of a chat is in flight at a time, so a chat reads messages in the order in which
//     they were decided.
//   - A chat that is slow, limited or failing does not hold up another.
//   - A message is given up for good when the network says that trying is useless, or when it still
//     fails [Options].GiveUp after it was decided. The desk then gets a bot.KindFailed update in the
//     same transaction, unless it was the desk's own group that could not be reached.
//   - A log line names a delivery by its queue id, never by text or address.
//
// Fetched files: the bytes are in the evidence store before the bot.KindFetched update that tells
// of them is delivered. Whoever handles that update counts the reference (bot.FileTx.FileUsed).
// An unlink job removes a file only while nothing counts it and no fetch result that might is
// still waiting in the inbox.
//
// A file the network named before is not fetched again (bot.FileTx.KnownFile), one whose content is
// known is not looked into again. What is remembered of a file is forgotten with the last reference,
// and by the unlink before it removes the bytes, while no fetch runs: what a fetch finds known is there.
//
// The storage is [bot.OutboxTx]'s; the package owns no keys of its own.
package outbox
