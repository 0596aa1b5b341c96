package gazetteer_test

import (
	"slices"
	"strings"
	"testing"

	"awassiber/bot/gazetteer"
)

func jambi(t testing.TB) *gazetteer.Gazetteer {
	t.Helper()
	g, err := gazetteer.Jambi()
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// read writes a match as "15.09" (one), "? 15.06 15.07" (ask) or "-" (none).
func read(m gazetteer.Match) string {
	var codes []string
	for _, c := range m.Candidates {
		codes = append(codes, c.Area.Code)
	}
	switch m.Decision {
	case gazetteer.One:
		return strings.Join(codes, " ")
	case gazetteer.Ask:
		return "? " + strings.Join(codes, " ")
	}
	return strings.TrimSpace("- " + strings.Join(codes, " "))
}

func TestResolve(t *testing.T) {
	g := jambi(t)
	for _, tt := range []struct{ want, typed string }{
		// Names and aliases, alone.
		{"15.09", "Tebo|TEBO|tebo |kab tebo|Kab. Tebo|kab.tebo|Kabupaten Tebo|Kabupaten  Tebo.|muara tebo|Muaro Tebo|ma tebo|Ma. Tebo|t e b o|*Tebo*|✅ Tebo"},
		{"15.01", "Kerinci|kincai|kab. kerinci|Siulak|kerinci (siulak)|Kerinci - Siulak"},
		{"15.02", "merangin|Bangko|kab merangin|kota bangko|kec bangko|kec. bangko"},
		{"15.03", "sarolangun|Sarolangon|kab. sarolangun|kec. sarolangun|kecamatan Sarolangun"},
		{"15.04", "batanghari|Batang Hari|kab batang hari|muara bulian|Muaro Bulian|ma. bulian|ma.bulian|bulian|BATANG-HARI"},
		{"15.05", "muaro jambi|Muara Jambi|muarojambi|MuaraJambi|ma. jambi|sengeti|kab muara jambi|Kabupaten Muaro Jambi"},
		{"15.06", "tanjab barat|Tanjab Bar.|tanjabbar|tanjabbarat|tjb barat|Tanjung Jabung Barat|tanjungjabungbarat|Tj. Jabung Barat|tjg jabung barat|kuala tungkal|Kualo Tungkal|tungkal"},
		{"15.07", "tanjab timur|tanjabtim|Tanjab Tim|Kabupaten Tanjung Jabung Timur|muara sabak|Muaro Sabak|ma sabak|sabak"},
		{"15.08", "bungo|Muara Bungo|ma bungo|bungo jambi|muarobungo|Kab.Bungo"},
		{"15.71", "kota jambi|Jambi kota|Kodya Jambi|kotamadya jambi|KOTA  JAMBI|kotajambi"},
		{"15.72", "sungai penuh|Kota Sungai Penuh|sungaipenuh|sei penuh|Sei. Penuh|S. Penuh|sungei penuh|kec sungai penuh"},
		// Inside a sentence.
		{"15.09", "di tebo kak|kec. rimbo bujang kab tebo|kejadiannya di kabupaten tebo, provinsi jambi|tebo, jambi|Rimbo Bujang, Tebo|saya kemarin lihat di daerah tebo pak|desa tegal arum rimbo bujang"},
		{"15.71", "di kota jambi bang|telanaipura kota jambi|kel. thehok kota jambi|bukan muaro jambi, tapi kota jambi"},
		{"15.05", "bukan kota jambi tapi muaro jambi|jambi luar kota, muaro jambi"},
		{"15.08", "bukan di tebo tapi di bungo"},
		{"15.06", "Betara, tanjab"},
		// Kecamatan, desa and kelurahan, and the traps among them.
		{"15.09", "rimbo bujang|Rimba Bujang|kec rimbo ulu|VII Koto|7 koto|tujuh koto|Bangko Pintas|desa bangko pintas|muara tabir|ma. tabir"},
		{"15.08", "Tebo Jaya|tebo jaya|desa Tebo Jaya|Muaro Tebo Pandak|rimbo tengah|batin II Babeko|bathin 2 babeko|muko muko bathin VII|Tuo Lbk. Mengkuang|tuo lubuk mengkuang"},
		{"15.01", "batang merangin|kec. Batang Merangin|gunung tujuh|Gunung 7|danau kerinci|sungaihangat|sungai hangat"},
		{"15.02", "tabir|tabir ulu|bangko barat|sungai manau|sei manau"},
		{"15.03", "bathin VIII|batin 8|batin delapan|singkut"},
		{"15.04", "maro sebo ulu|muaro sebo ulu|batin XXIV|bathin 24|mersam"},
		{"15.05", "jambi luar kota|Jambi Luar Kota|maro sebo|sungai bahar|mestong"},
		{"15.06", "seberang kota|kec. tebing tinggi|kecamatan Tebing Tinggi"},
		{"15.07", "kuala jambi|Kuala Jambi|muara sabak timur|nipah panjang"},
		{"15.71", "paal merah|pal merah|jambi timur|pasar jambi|telanaipura|alam barajo|kec. kota baru|jelutung"},
		{"15.72", "kec. koto baru|kec koto baru|pondok tinggi|hamparan rawang"},
		// Codes.
		{"15.09", "15.09| 15.09 |15.09.|15.09.04|15.09.01.1001"},
		{"-", "15|15.99|15.09.99|1.5|15.9|15.09.1"},
		{"? 15.08 15.09", "1509|kode 1509"},
		{"? 15.07 15.06", "1506"},
		{"? 15.71", "1571"},
		// Words to ask about.
		{"? 15.71 15.05", "jambi|Jambi|provinsi jambi|di jambi kak|jambi aja"},
		{"? 15.06 15.07", "tanjab|kab. tanjab|Tanjung Jabung|tjg. jabung|di tanjab kak"},
		{"? 15.02 15.03", "sarko|Sarolangun-Bangko"},
		{"? 15.72", "sp"},
		{"? 15.05", "mj"},
		{"? 15.03", "srl"},
		{"? 15.04", "sungai batanghari|di tepi sungai Batang Hari"},
		// Two places.
		{"? 15.09 15.08", "tebo atau bungo|Tebo/Bungo|Tebo Jaya kab tebo"},
		{"? 15.01 15.72", "kerinci sungai penuh|kerinci dan kota sungai penuh"},
		{"? 15.71 15.06", "seberang kota jambi"},
		{"? 15.02 15.09", "Bangko Pintas merangin"},
		// May be no place at all.
		{"? 15.07", "ada orang dendang lagu di sana"},
		// Misspelt.
		{"? 15.01", "kerinsi|Kerincii|kernci"},
		{"? 15.02", "merangim|meragin"},
		{"? 15.71", "kota jamby|telanaipuro|kotajmabi"},
		{"? 15.05 15.71", "muarao jambi"},
		{"? 15.04", "batanghri|batang hary"},
		{"? 15.09", "rimbo bujnag|rimbobujan"},
		// Nothing.
		{"-", "| |.|🙂|di luar jambi|luar jambi|diluar provinsi jambi|di luar kota jambi|luar kota|tidak tahu|dak tau|gak tahu kak|lupa|jakarta|sumbar|palembang|bukan tebo|bukan di kab tebo|selain kota jambi|tebu|teboo|bunga|0|1|lewati"},
	} {
		for typed := range strings.SplitSeq(tt.typed, "|") {
			if got := read(g.Resolve(typed)); got != tt.want {
				t.Errorf("%q: got %s, want %s", typed, got, tt.want)
			}
		}
	}
}

// A village name shared by several kabupaten is never decided, and its candidates say why.
func TestResolveAsksWithReason(t *testing.T) {
	g := jambi(t)
	m := g.Resolve("desa tebing tinggi")
	if m.Decision != gazetteer.Ask || len(m.Candidates) < 4 {
		t.Fatalf("got %s", read(m))
	}
	for _, c := range m.Candidates {
		if len(c.Via) == 0 || c.Via[0].Name != "Tebing Tinggi" || !strings.HasPrefix(c.Via[0].Code, c.Area.Code+".") {
			t.Errorf("candidate %s via %v", c.Area.Code, c.Via)
		}
	}
	m = g.Resolve("kec. tebing tinggi")
	if m.Decision != gazetteer.One || len(m.Candidates[0].Via) != 1 || m.Candidates[0].Via[0].Kind != gazetteer.Kecamatan {
		t.Errorf("got %s via %v", read(m), m.Candidates)
	}
	if got := read(g.Resolve("desa mekar jaya, kab. tanjab barat")); got != "15.06" {
		t.Errorf("a named kabupaten does not decide between villages: %s", got)
	}
	if m = g.Resolve("desa mekar jaya, kab. tanjab timur"); m.Decision != gazetteer.Ask || m.Candidates[0].Area.Code != "15.07" {
		t.Errorf("a village that is not in the named kabupaten: %s", read(m))
	}
}

func TestNames(t *testing.T) {
	g := jambi(t)
	var got []string
	for _, a := range g.Regencies() {
		got = append(got, a.Code+" "+a.Short)
		if g.Short(a.Code) != a.Short || g.Name(a.Code) != a.Name {
			t.Errorf("%s: Short and Name disagree with Regencies", a.Code)
		}
	}
	want := []string{"15.01 Kerinci", "15.02 Merangin", "15.03 Sarolangun", "15.04 Batanghari", "15.05 Muaro Jambi",
		"15.06 Tanjab Barat", "15.07 Tanjab Timur", "15.08 Bungo", "15.09 Tebo", "15.71 Kota Jambi", "15.72 Kota Sungai Penuh"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q", got)
	}
	if g.Name("15.09") != "Kabupaten Tebo" || g.Name("99.99") != "99.99" || g.Short("") != "" {
		t.Error("Name or Short of a known, an unknown or no code")
	}
	if a, ok := g.Area("15.09.04"); !ok || a.Name != "Rimbo Bujang" || a.Parent != "15.09" {
		t.Errorf("Area: %v %v", a, ok)
	}
	if m := g.Resolve("kec rimbo bujang"); m.Candidates[0].Area.Short != "Tebo" || m.Candidates[0].Via[0].Code != "15.09.04" {
		t.Errorf("candidate %+v", m.Candidates)
	}
}
