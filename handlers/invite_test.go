package handlers

import (
	"strings"
	"testing"

	"awassiber/bot"
)

// zeroCode is the invitation code that the harness's source of chance makes, each time.
var zeroCode = strings.Repeat("a", 24)

func (w *world) role(who string) (r bot.Role) {
	w.t.Helper()
	w.view(func(tx bot.Tx) error {
		c, err := tx.Coordinator(w.person(who))
		r = c.Role
		return ignoreMissing(err)
	})
	return r
}

// A code makes of somebody what it was given out for and nothing else, and the wrong use of it does not use it up.
func TestInvitationsMakeWhatTheyAreFor(t *testing.T) {
	for _, tt := range []struct{ invite, wrong, right, want string }{
		{"/anggota undang IWO", "MULAI " + invitePrefix + zeroCode, "ANGGOTA " + zeroCode, string(bot.Member)},
		{"/petugas tambah", "ANGGOTA " + zeroCode, "MULAI " + invitePrefix + zeroCode, string(bot.Officer)},
	} {
		w := newWorld(t)
		w.group(admin, tt.invite)
		w.heard()
		w.private("warga1", tt.wrong)
		if got := w.role("warga1"); got != bot.Public {
			t.Fatalf("%s: %q made a %q", tt.invite, tt.wrong, got)
		}
		w.private("warga1", tt.right)
		if got := w.role("warga1"); string(got) != tt.want {
			t.Errorf("%s: %q made a %q", tt.invite, tt.right, got)
		}
		w.private("warga2", tt.right)
		if got := w.role("warga2"); got != bot.Public {
			t.Errorf("%s: the code worked twice", tt.invite)
		}
		if tips, _ := w.tips("warga1"); len(tips) != 0 {
			t.Errorf("%s: a code was taken for a tip", tt.invite)
		}
	}
}
