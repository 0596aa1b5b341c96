// Package telegram is the adapter to Telegram's Bot API (https://core.telegram.org/bots/api).
//
// Receiving is our own: a Poller or a Webhook turns each update into a [bot.Update] (Convert), hands
// the batch to a Deliverer, and only when that has returned nil lets Telegram forget it: the poller by
// moving the offset, the webhook by answering 200. Sending and asking use the typed calls of
// github.com/go-telegram/bot, of whose own receiving nothing is used: it acknowledges before it handles.
//
// Invariants: Convert never fails and never loses bytes it cannot read; the bot's token, which is part
// of every URL, stands in no error and no log line, and neither does anything a person wrote, so the
// library's error texts are classified and dropped, not passed on.
//
// The package owns no storage. Limits of the Bot API on rates are kept by bot/outbox.
package telegram
