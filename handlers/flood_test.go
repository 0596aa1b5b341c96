package handlers

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// A flood is one tip of bounded size; its sender is told once that there is no more room, and not answered
// message by message.
func TestFloodIsBundledAndLimited(t *testing.T) {
	w := newWorld(t)
	for i := range mostItems + 50 {
		w.private("warga1", fmt.Sprint("pesan banjir nomor ", i))
	}
	wants(t, to(w.heard(), "warga1"), "sudah berisi 200 pesan")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga1"), "Nomor tiket", "ini apa")
	for i := range 20 {
		w.private("warga1", fmt.Sprint("dan banjir lagi nomor ", i))
	}
	w.wait(time.Minute)
	if said := to(w.heard(), "warga1"); len(said) > 2 {
		t.Errorf("answers to more of the flood: %q", said)
	}
	tips, items := w.tips("warga1")
	if len(tips) != 1 || len(items[0]) != mostItems || tips[0].Over != 70 {
		t.Errorf("%d tips, the first with %d items and %d over", len(tips), len(items[0]), tips[0].Over)
	}
	w.group("petugas1", "/lihat 1")
	if said := strings.Join(to(w.heard(), "koordinator"), "\n"); !strings.Contains(said, "dan 70 pesan lagi") {
		t.Errorf("the desk is not told: %s", said[max(0, len(said)-300):])
	}
	w.private("warga2", "Katanya TPS 3 pindah")
	w.wait(15 * time.Second)
	wants(t, to(w.heard(), "warga2"), "Nomor tiket", "ini apa")
}
