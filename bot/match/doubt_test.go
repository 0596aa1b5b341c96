package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// Each pair is a document and a query; doubts is what must be doubted, "" for nothing.
func TestDoubts(t *testing.T) {
	n := normaliser(t)
	a := aligner{n.lex, func(string) bool { return false }}
	const doc = "Ketua KPU Tebo menyatakan surat suara di TPS 12 desa Sungai Keruh sudah dicoblos pada 27 November oleh Rina Wati"
	swap := func(from, to string) string { return strings.Replace(doc, from, to, 1) }
	for name, c := range map[string]struct{ doc, query, doubts string }{
		"equal":                  {doc, doc, ""},
		"spelling":               {doc, "Ktua KPU Tebo menyatakn surat suara di TPS 12 desa Sungai Keruh sdh dicoblos pd 27 Nov oleh Rina Wati", "time"},
		"misspelt":               {doc, swap("menyatakan surat", "menytakan suart"), ""},
		"affixes":                {doc, swap("sudah dicoblos", "sudah mencoblos"), ""},
		"joined":                 {doc, swap("surat suara", "suratsuara"), ""},
		"parted":                 {swap("surat suara", "suratsuara"), doc, ""},
		"word taken out":         {doc, swap("desa ", ""), ""},
		"halves exchanged":       {doc, "sudah dicoblos pada 27 November oleh Rina Wati Ketua KPU Tebo menyatakan surat suara di TPS 12 desa Sungai Keruh", ""},
		"wrapped":                {doc, "Selamat pagi semuanya, teman saya bercerita begini tadi: " + doc, ""},
		"cut":                    {doc, "Ketua KPU Tebo menyatakan surat suara di TPS 12 desa Sungai Keruh", ""},
		"number":                 {doc, swap("12", "13"), "number"},
		"numbers exchanged":      {doc, strings.NewReplacer("12", "27", "27", "12").Replace(doc), "number"},
		"number of two equal":    {"hakim menolak kuasa hukum 1 3", "hakim menolak kuasa hukum 3 3", "number"},
		"number put in":          {doc, swap("surat suara", "40 surat suara"), "number"},
		"place":                  {doc, swap("Tebo", "Bungo"), "place"},
		"village":                {doc, swap("Sungai Keruh", "Sungai Jernih"), "wording"},
		"place at the end":       {doc, doc + " di Merangin", "place"},
		"month":                  {doc, swap("November", "Desember"), "time"},
		"office":                 {doc, swap("KPU", "Bawaslu"), "authority"},
		"person":                 {doc, swap("Rina Wati", "Sari Dewi"), "name"},
		"near person":            {doc, swap("Rina", "Rini"), "name"},
		"unknown person":         {doc, swap("Rina Wati", "Xaverindo Quelandi"), "wording"},
		"person moved up":        {swap("Rina Wati", "Quelandi Xaver pada malam"), swap("Rina Wati", "Zoltani Quelandi pada malam"), "wording"},
		"persons exchanged":      {"kemarin sore Andi mengalahkan Budi di kampung", "kemarin sore Budi mengalahkan Andi di kampung", "name"},
		"denied":                 {doc, swap("sudah dicoblos", "tidak dicoblos"), "negation"},
		"denied before":          {doc, "tidak benar " + doc, "negation"},
		"denial taken out":       {swap("sudah", "tidak"), doc, "negation"},
		"word for a common one":  {doc, swap("sudah dicoblos", "Kusnandi dicoblos"), "wording"},
		"common among common":    {"disebarkan ulang oleh pengguna facebook lainnya", "disebarkan ulang oleh pengguna sekuga lainnya", "wording"},
		"other end":              {doc, "Ketua KPU Tebo menyatakan surat suara di TPS 12 desa Sungai Keruh masih tersegel rapat semuanya di gudang polsek", "wording"},
		"another text around it": {doc, strings.Repeat("kata lain yang panjang sekali tentang hal berbeda sama sekali ", 4) + doc, "part"},
	} {
		t.Run(name, func(t *testing.T) {
			got, _ := a.doubts(n.Words(c.query), n.Words(c.doc))
			if c.doubts == "" && len(got) > 0 || c.doubts != "" && !slices.Contains(got, Doubt(c.doubts)) {
				m := a.align(n.Words(c.query), n.Words(c.doc))
				t.Errorf("%v, want %q\n%q", got, c.doubts, fmt.Sprint(m.gaps(n.Words(c.query), n.Words(c.doc))))
			}
		})
	}
}
