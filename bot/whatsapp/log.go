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
