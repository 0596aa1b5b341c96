// Package fakeapi is a Telegram Bot API server for tests: it listens on loopback, keeps everything in
// memory and behaves, where it matters to a bot, as https://core.telegram.org/bots/api says and as the
// real server is known to answer.
//
// It plays both sides. To the bot it is the API: getUpdates whose offset acknowledges everything below
// it, long polling, JSON, urlencoded and multipart bodies, files, limits, error texts. To the test it is
// the people: Text, File, Album, Edit, Press and Migrate do what a person would, and WaitMessage waits
// for what the bot says.
//
// Faults (Inject) make it fail on purpose: error codes, slow answers, cut connections, truncated JSON.
//
// The package is test support. It does not import the testing package, so that whole-program tests can
// use it beside a real binary; nothing in the product imports it.
package fakeapi
