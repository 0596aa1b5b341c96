package whatsapp

import (
	"context"
	"log/slog"

	waLog "go.mau.fi/whatsmeow/util/log"
)

// redacted passes the library's log on without its arguments, which hold numbers, names, texts and whole
// stanzas. The format alone tells what happened.
type redacted struct {
	log  *slog.Logger
	part string
}

var _ waLog.Logger = redacted{}

// Sub names a part of the library.
func (r redacted) Sub(part string) waLog.Logger {
	if r.part != "" {
		part = r.part + "/" + part
	}
	return redacted{log: r.log, part: part}
}

// Errorf logs the format of what the library calls an error. Most of them mend themselves.
func (r redacted) Errorf(format string, _ ...any) { r.write(slog.LevelWarn, format) }

// Warnf logs the format of a warning.
func (r redacted) Warnf(format string, _ ...any) { r.write(slog.LevelInfo, format) }

// Infof logs the format of a piece of information.
func (r redacted) Infof(format string, _ ...any) { r.write(slog.LevelDebug, format) }

// Debugf says nothing: the library tells every stanza here.
func (r redacted) Debugf(string, ...any) {}

func (r redacted) write(level slog.Level, format string) {
	r.log.Log(context.Background(), level, "whatsapp: library", "part", r.part, "format", format)
}

// signalLog tells that the Signal library had something to say, and where in its source: it says nothing
// about people, but its errors may.
type signalLog struct{ log *slog.Logger }

// Debug says nothing.
func (signalLog) Debug(string, string) {}

// Info says nothing.
func (signalLog) Info(string, string) {}

// Warning logs where.
func (s signalLog) Warning(caller, _ string) { s.write(caller) }

// Error logs where. A message that cannot be decrypted is asked for again.
func (s signalLog) Error(caller, _ string) { s.write(caller) }

// Configure changes nothing.
func (signalLog) Configure(string) {}

func (s signalLog) write(caller string) { s.log.Debug("whatsapp: signal library", "at", caller) }
