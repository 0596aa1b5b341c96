package handlers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"awassiber/bot"
)

// mistake is a row of the table of bad input: what is typed, by whom, and the words of the line that
// answers it.
type mistake struct {
	typed string
	says  string
	by    string // petugas1 unless it says otherwise
}

// The cases of the world in which mistakes are made: what can be wrong with a number is its state.
//
//	1  new                      5  published
//	2  held by petugas2         6  closed
//	3  a proposal by petugas1   7  merged into 1
//	4  handed to a body         8  in Tebo, where petugas3 does not work
func mistakenWorld(t *testing.T) *world {
	w := newWorld(t)
	for n := range 8 {
		w.tip(fmt.Sprint("warga", n+1), fmt.Sprint("kabar nomor ", n+1))
	}
	w.update(func(tx bot.Tx) error {
		return tx.PutCoordinator(bot.Coordinator{ID: w.person("petugas3"), Name: "petugas3", Role: bot.Officer, Regions: []string{"15.08"}})
	})
	for _, do := range [][2]string{
		{"petugas2", "/ambil 2"}, {officer, "/putus 3 SALAH keterangan"}, {officer, "/rujuk 4 BAWASLU_PROV"},
		{officer, "/putus 5 SALAH keterangan"}, {"petugas2", "/setuju 5"}, {officer, "/tutup 6 bukan ranah kami"},
		{officer, "/gabung 1 7"}, {officer, "/wilayah 8 tebo"}, {officer, "/jenis 1 HX"}, {keeper, "/bantuan"},
	} {
		w.group(do[0], do[1])
	}
	w.private(keeper, "MENU")
	w.heard()
	return w
}

// mistakes are, for every command that takes something, what people get wrong in it.
func mistakes(w *world) map[string][]mistake {
	slip := []byte(w.caseOf(1).Ticket)
	slip[len(slip)-3] = '9' // a digit; the check character no longer fits
	numbers := func(command, rest string) []mistake {
		return []mistake{
			{typed: "/" + command, says: "Contoh: /" + command},
			{typed: "/" + command + " 99 " + rest, says: "Kasus “99” tidak ada"},
			{typed: "/" + command + " dua " + rest, says: "bukan nomor kasus"},
			{typed: "/" + command + " " + string(slip) + " " + rest, says: "huruf terakhirnya tidak cocok"},
		}
	}
	far := func(typed string) mistake {
		return mistake{typed: typed, by: "petugas3", says: "di luar wilayah tugas"}
	}
	not := func(by, typed, says string) mistake { return mistake{typed, says, by} }
	is := func(typed, says string) mistake { return mistake{typed: typed, says: says} }
	all := map[string][]mistake{
		"lihat": {}, "riwayat": {is("/riwayat 1 kemarin", "Contoh")},
		"ambil": {is("/ambil 2", "sudah diambil oleh petugas2"), is("/ambil 5", "sudah selesai"), is("/ambil 6", "sudah ditutup"),
			is("/ambil 3", "usulan hasil yang menunggu"), is("/ambil 1 pelanggaran", "tidak ada di jalur itu"), far("/ambil 8")},
		"lepas": {is("/lepas 2", "sudah diambil oleh petugas2"), is("/lepas 1", "memang sudah begitu"), far("/lepas 8")},
		"tugaskan": {is("/tugaskan 1", "Contoh"), is("/tugaskan 1 siapa", "bukan petugas terdaftar"), is("/tugaskan 1 petugas", "bisa berarti: petugas1, petugas2, petugas3"),
			is("/tugaskan 2 petugas1", "sudah diambil oleh petugas2"), is("/tugaskan 8 petugas3", "tidak bertugas di"), far("/tugaskan 8 petugas1")},
		"jenis":   {is("/jenis 1 XX", "bukan jenis yang dikenal"), is("/jenis 6 PU", "sudah ditutup"), far("/jenis 8 PU")},
		"wilayah": {is("/wilayah 1 palembang", "bukan wilayah di Provinsi Jambi"), is("/wilayah 1 tanjab", "bisa berarti"), far("/wilayah 8 bungo")},
		"pihak":   {is("/pihak 1", "Contoh"), is("/pihak 1 07", "bukan pihak"), is("/pihak 1 01 02 03", "Contoh"), far("/pihak 8 01")},
		"catat":   {is("/catat 1", "Contoh"), far("/catat 8 x")},
		"tanya":   {is("/tanya 1", "Contoh"), far("/tanya 8 di mana?")},
		"putus": {is("/putus 1", "Contoh"), is("/putus 1 SALAH", "Contoh"), is("/putus 1 BOHONG tidak benar", "bukan hasil yang dikenal"),
			is("/putus 1 SALAH tidak benar https://tanpatitik", "bukan tautan"), is("/putus 1 SALAH tidak benar ftp://contoh.id/a", "bukan tautan"),
			is("/putus 1 SALAH tidak benar https://contoh.id/a 1/1/2030", "belum tiba"), is("/putus 1 SALAH tidak benar https://contoh.id/a 31/9/2026", "tidak ada di kalender"),
			is("/putus 2 SALAH tidak benar", "sudah diambil oleh petugas2"), is("/putus 3 SALAH tidak benar", "usulan hasil yang menunggu"),
			is("/putus 5 BENAR ternyata benar", "pakai /ralat"), is("/putus 6 BENAR ternyata benar", "sudah ditutup"), far("/putus 8 SALAH tidak benar")},
		"ralat": {is("/ralat 5", "Contoh"), is("/ralat 1 BENAR ternyata benar", "belum punya hasil"), is("/ralat 3 BENAR ternyata benar", "usulan hasil yang menunggu"),
			is("/ralat 5 SALAH keterangan", "memang sudah begitu"), is("/ralat 5 BENAR keterangan https://", "bukan tautan")},
		"setuju":  {is("/setuju 3", "dari Kakak sendiri"), is("/setuju 1", "Tidak ada usulan"), is("/setuju 5", "Tidak ada usulan"), is("/setuju 4", "Tidak ada usulan")},
		"tolak":   {is("/tolak 3", "Contoh"), is("/tolak 1 belum jelas", "Tidak ada usulan")},
		"darurat": {not(admin, "/darurat 3", "Contoh"), not(admin, "/darurat 1 mendesak", "Tidak ada usulan"), is("/darurat 3 mendesak", "hanya untuk admin")},
		"rujuk": {is("/rujuk 1 TIDAKADA", "Lembaga “TIDAKADA” tidak ada"), is("/rujuk 2", "belum punya jenis"), is("/rujuk 4 BAWASLU_PROV", "memang sudah begitu"),
			is("/rujuk 6 BAWASLU_PROV", "sudah ditutup"), is("/rujuk 2 BAWASLU_PROV", "sudah diambil oleh petugas2"), far("/rujuk 8 BAWASLU_PROV")},
		"diterima": {is("/diterima 4", "Contoh"), is("/diterima 4 tanpa nomor", "tidak sesuai bentuknya"), is("/diterima 1 003/LP/1", "belum dirujuk"), is("/diterima 4 POLDA 7", "tidak sedang menunggu jawaban")},
		"kembali":  {is("/kembali 4", "Contoh"), is("/kembali 1 kurang saksi", "belum dirujuk"), is("/kembali 4 POLDA kurang saksi", "tidak sedang menunggu jawaban")},
		"gabung": {is("/gabung 1", "Contoh"), is("/gabung 1 1", "dengan dirinya sendiri"), is("/gabung 1 99", "tidak ada"), is("/gabung 1 tiga", "bukan nomor kasus"),
			is("/gabung 1 3", "usulan hasil yang menunggu"), far("/gabung 1 8")},
		"pisah":     {is("/pisah 1", "Contoh"), is("/pisah 1 1", "Kiriman pertama tidak bisa dipisahkan"), is("/pisah 1 2", "tidak ada dalam kasus"), is("/pisah 1 tiga", "tidak ada dalam kasus")},
		"tutup":     {is("/tutup 1", "Contoh"), is("/tutup 1 hoaks", "Contoh"), is("/tutup 2 bukan ranah kami", "sudah diambil oleh petugas2"), is("/tutup 6 sekali lagi", "memang sudah begitu"), far("/tutup 8 x")},
		"buka":      {is("/buka 1", "memang sudah begitu"), far("/buka 8")},
		"identitas": {not(keeper, "/identitas 1", "Contoh"), not(keeper, "/identitas 1 perlu", "Contoh"), is("/identitas 1 diminta untuk berita acara", "penjaga identitas")},
	}
	for name, rest := range map[string]string{"putus": "SALAH x", "ralat": "SALAH x", "darurat": "x", "gabung": "1", "tugaskan": "petugas2",
		"identitas": "diminta untuk berita acara", "riwayat": "", "lihat": ""} {
		for _, m := range numbers(name, rest) {
			switch name {
			case "darurat":
				m.by = admin
			case "identitas":
				m.by = keeper
			}
			all[name] = append(all[name], m)
		}
	}
	for _, name := range []string{"ambil", "lepas", "jenis", "wilayah", "pihak", "catat", "tanya", "setuju", "tolak", "rujuk", "diterima", "kembali", "pisah", "tutup", "buka"} {
		all[name] = append(all[name], numbers(name, "x")...)
	}
	// Those that are about no case.
	all["kasus"] = []mistake{is("/kasus palembang", "bukan wilayah di Provinsi Jambi"), is("/kasus baru tanjab", "bisa berarti")}
	all["tenggat"] = []mistake{is("/tenggat palembang", "bukan wilayah di Provinsi Jambi")}
	all["cari"] = []mistake{is("/cari", "Contoh")}
	all["fase"] = []mistake{is("/fase palembang", "bukan wilayah"), is("/fase pungut", "hanya untuk admin"), not(admin, "/fase pungut tiap 99 jam", "tidak bisa dipakai"), not(admin, "/fase siaga", "tidak menyala")}
	all["organisasi"] = []mistake{not(admin, "/organisasi grup", "Contoh"), not(admin, "/organisasi grup POLDA x", "bukan alamat grup"), not(admin, "/organisasi grup TIDAKADA sim:x", "tidak ada"),
		not(admin, "/organisasi lepas POLDA", "memang belum punya grup"), is("/organisasi grup POLDA sim:x", "hanya untuk admin"), is("/organisasi hapus", "Contoh")}
	all["anggota"] = []mistake{not(admin, "/anggota undang", "Contoh"), not(admin, "/anggota undang TIDAKADA", "tidak ada"), not(admin, "/anggota hapus", "Contoh"), is("/anggota undang IWO", "hanya untuk admin")}
	all["petugas"] = []mistake{not(admin, "/petugas hapus", "Contoh"), not(admin, "/petugas hapus tamu", "bukan petugas"), not(admin, "/petugas hapus admin", "lewat pengaturan"), not(admin, "/petugas tambah 08123", "bukan alamat akun"),
		not(admin, "/petugas tambah petugas1", "sudah terdaftar"), not(admin, "/petugas wilayah petugas1", "Contoh"), not(admin, "/petugas wilayah petugas1: tebo, palembang", "bukan wilayah"), not(admin, "/petugas angkat tamu", "Contoh")}
	all["bantuan"] = []mistake{is("/bantuan terbang", "tidak kami kenal"), is("/terbang 1", "tidak kami kenal")}
	return all
}

// What is wrong is answered by one clear line, or by the usage with an example, and nothing is changed.
func TestBadInput(t *testing.T) {
	t.Parallel()
	w := mistakenWorld(t)
	before := w.state()
	table := mistakes(w)
	for name, rows := range table {
		for _, m := range rows {
			if m.by == "" {
				m.by = officer
			}
			w.group(m.by, m.typed)
			said := w.heard()
			if len(said) != 1 || said[0].to != desk().Chat || said[0].m.ReplyTo == "" {
				t.Errorf("%s: %q is answered by %+v", name, m.typed, said)
				continue
			}
			if lines := strings.Count(said[0].text, "\n"); !strings.Contains(said[0].text, m.says) || lines > 1 || strings.Contains(said[0].text, "⟦") {
				t.Errorf("%s: %q is answered %q, want %q", name, m.typed, said[0].text, m.says)
			}
			if after := w.state(); after != before {
				t.Fatalf("%s: %q changed the store", name, m.typed)
			}
		}
	}
	harmless := []string{"cermin", "ringkasan", "antrean", "tahan", "lanjut", "alamat", "insiden"} // nothing to get wrong, or tested elsewhere
	for _, name := range CommandNames() {
		if len(table[name]) == 0 && !slices.Contains(harmless, name) {
			t.Errorf("/%s has no row: of %q", name, slices.Sorted(maps.Keys(table)))
		}
	}
}
