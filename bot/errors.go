package bot

import (
	"errors"
	"fmt"
	"time"
)

// Sentinels that callers test with errors.Is.
var (
	// ErrNotFound: the row asked for does not exist.
	ErrNotFound = errors.New("not found")
	// ErrAddress: text that should be network:chat is not.
	ErrAddress = errors.New("bad address")
	// ErrUnchanged: what was asked for is already so; nothing was written.
	ErrUnchanged = errors.New("unchanged")
	// ErrKey: the key file is missing, malformed, or not the one the store was sealed with.
	ErrKey = errors.New("wrong key")
	// ErrTooLarge: a file is larger than the network hands out, or than we keep.
	ErrTooLarge = errors.New("file too large")
	// ErrGone: the network no longer has the file.
	ErrGone = errors.New("file gone")
	// ErrRefused: a file is not kept because it is dangerous to open: a decompression bomb.
	ErrRefused = errors.New("file refused")
	// ErrInUse: another process holds the store.
	ErrInUse = errors.New("store in use by another process")
)

// UserError is a refusal meant for the person who asked. It carries the key of a sentence in
// locales/ and its arguments, never a sentence. A handler that returns one has changed nothing.
type UserError struct {
	Key  string
	Args map[string]any
}

// Error returns the key: for logs and tests, never for people.
func (e *UserError) Error() string { return "user error " + e.Key }

// Refuse makes a UserError; args are name, value pairs.
func Refuse(key string, args ...any) *UserError {
	e := &UserError{Key: key, Args: map[string]any{}}
	for i := 0; i+1 < len(args); i += 2 {
		e.Args[fmt.Sprint(args[i])] = args[i+1]
	}
	return e
}

// SendError is what a Sender returns when the network did not take a message.
type SendError struct {
	// Permanent: trying again cannot help (blocked, kicked, refused content).
	Permanent bool
	// After is how long the network asks us to wait; zero leaves it to the outbox's back-off.
	After time.Duration
	// WholeNetwork: the wait concerns every chat of the network, not just this one.
	WholeNetwork bool
	// PersonsOnly: with WholeNetwork, groups may still be written to (WhatsApp's time-lock).
	PersonsOnly bool
	// Moved is the chat's new address when it became another chat (Telegram: supergroup).
	Moved Address
	// Reason is a short machine word such as "blocked" or "timeout". Never text from a message.
	Reason string
	// Err is the cause, already free of secrets.
	Err error
}

// Error describes the failure for the log.
func (e *SendError) Error() string {
	if e.Err == nil {
		return "send: " + e.Reason
	}
	return "send: " + e.Reason + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *SendError) Unwrap() error { return e.Err }
