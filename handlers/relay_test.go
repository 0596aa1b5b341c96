package handlers

import (
	"testing"
	"time"
)

// A question of the desk waits while a sender decides on HAPUS DATA: their "ya" erases, and is no answer to
// somebody else's question.
func TestInquiryWaitsForErasing(t *testing.T) {
	w := newWorld(t)
	w.tip("warga1", "kabar satu")
	w.private("warga1", "batal")
	w.private("warga1", "HAPUS DATA")
	w.heard()
	w.group(officer, "/tanya 1 di TPS berapa?")
	wants(t, to(w.heard(), "warga1"))
	w.private("warga1", "tidak")
	w.heard()
	w.wait(31 * time.Minute)
	wants(t, to(w.heard(), "warga1"), "di TPS berapa?")

	w.private("warga1", "HAPUS DATA")
	w.group(officer, "/tanya 1 pukul berapa?")
	w.private("warga1", "ya")
	if w.tipOf(1).Erased.IsZero() {
		t.Error("a confirmed HAPUS DATA was taken for an answer")
	}
	w.heard()
	w.wait(time.Hour)
	wants(t, to(w.heard(), "warga1"))
}
