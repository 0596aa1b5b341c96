package main

import (
	"fmt"
	"strings"
	"testing"
)

// Each mistake in a copy of the built-in file is one line that names file, line and what is wrong,
// and exit code 2. The line wanted is counted from the one on which mark first stands in the spoilt text.
func TestBadRulesNameTheLine(t *testing.T) {
	for name, c := range map[string]struct {
		old, new string
		mark     string
		by       int // lines from the mark to the one wanted
		says     string
	}{
		"category":          {`jenis = ["PU"]`, `jenis = ["PU", "PX"]`, `"PX"`, 0, "rute.jenis: \"PX\""},
		"no categories":     {`jenis = ["PU"]`, `jenis = []`, `jenis = []`, 0, "rute.jenis"},
		"phase":             {`fase = ["MASA_TENANG"]`, `fase = ["TENANG"]`, `"TENANG"`, 0, "jenis_menurut_fase.fase: \"TENANG\""},
		"area of route":     {`jenis = ["PU"]`, "jenis = [\"PU\"]\nwilayah = [\"15.99\"]", `"15.99"`, 0, "rute.wilayah: \"15.99\""},
		"area of body":      {`wilayah = ["15.71"]`, `wilayah = ["15.73"]`, `"15.73"`, 0, "lembaga.wilayah: \"15.73\""},
		"area of contact":   {"[[lembaga.kontak]]\nwilayah = [\"15\"]", "[[lembaga.kontak]]\nwilayah = [\"16\"]", `kode = "BAWASLU_PROV"`, -1, "\"16\""},
		"owner":             {`lembaga = ["DKPP"]`, `lembaga = ["DKP"]`, `"DKP"`, 0, "rute.lembaga: tidak ada [[lembaga]] dengan kode atau golongan \"DKP\""},
		"copy":              {`lembaga = "BAWASLU_PROV"`, `lembaga = "BAWASLU_RI"`, `"BAWASLU_RI"`, 0, "rute.tembusan"},
		"onward":            {`lembaga = "BKN"`, `lembaga = "KASN"`, `"KASN"`, 0, "rute.lanjutan"},
		"emergency":         {`darurat = "POLRI_110"`, `darurat = "112"`, `"112"`, 0, "rute.darurat"},
		"reason":            {`alasan = "netralitas ASN dikaji Bawaslu lebih dahulu"`, ``, `jenis = ["NA"]`, -1, "rute.alasan"},
		"blank copy reason": {`alasan = "bila berkaitan dengan pemilihan"`, `alasan = " "`, `alasan = " "`, 0, "rute.tembusan.alasan"},
		"route source":      {`sumber = "buku pegangan bagian 5 (EP) dan 7"`, ``, `jenis = ["EP"]`, -1, "rute.sumber"},
		"contact source":    {`sumber = "situs TurnBackHoax"`, ``, `baris = "https://turnbackhoax.id"`, -1, "lembaga.kontak.sumber"},
		"contact unchecked": {"sumber = \"situs TurnBackHoax\"\nterakhir_diverifikasi = 2026-11-01", `sumber = "situs TurnBackHoax"`, `baris = "https://turnbackhoax.id"`, -1, "lembaga.kontak.terakhir_diverifikasi"},
		"register source":   {`sumber = "daftar publik SigapLapor; bagian Reg/ dan huruf PG, PW belum dipastikan"`, ``, `golongan = "bawaslu"`, -1, "register.sumber"},
		"register pattern":  {`pola = '\d{1,4}/(Reg/)?`, `pola = '\d{1,4}/(Reg/?`, `pola =`, 0, "register.pola"},
		"register example":  {`contoh = "003/LP`, `contoh = "003/XX`, `contoh =`, 0, "register.contoh"},
		"register of whom":  {"[[register]]\ngolongan = \"bawaslu\"", "[[register]]\ngolongan = \"panwas\"", `golongan = "panwas"`, 0, "register.golongan"},
		"code":              {`kode = "BKN"`, `kode = "bkn"`, `kode = "bkn"`, 0, "lembaga.kode"},
		"code twice":        {`kode = "BKN"`, `kode = "KOMDIGI"`, `nama = "Komdigi`, -1, "lembaga.kode: \"KOMDIGI\" sudah ada di [[lembaga]]"},
		"kind":              {`golongan = "bkn"`, `golongan = "B K N"`, `golongan = "B K N"`, 0, "lembaga.golongan"},
		"area twice":        {`wilayah = ["15.71"]`, `wilayah = ["15.72"]`, `wilayah = ["15.72"]`, 0, "lembaga.wilayah"},
		"pattern nowhere":   {"golongan = \"kpu\"\nwilayah = [\"kabkota\"]", `golongan = "kpu"`, `kode = "KPU_{wilayah}"`, -1, "lembaga.wilayah"},
		"name of many":      {`kode = "INSPEKTORAT_{wilayah}"`, `kode = "INSPEKTORAT_KABKOTA"`, `kode = "INSPEKTORAT_KABKOTA"`, 1, "lembaga.nama"},
		"unknown key":       {`darurat = "POLRI_110"`, `gawat = true`, `gawat`, 0, "rute.gawat"},
		"unknown leg key":   {`{ lembaga = "BKN",`, `{ lembaga = "BKN", nama = "x",`, `nama = "x"`, 0, "rute.lanjutan.nama"},
		"type":              {`lembaga = ["DKPP"]`, `lembaga = "DKPP" `, "lembaga = \"DKPP\" ", 0, "rute.lembaga"},
		"no route":          {`jenis = ["KJ", "TI", "FN"]`, `jenis = ["KJ", "FN"]`, `jenis = ["PN"]`, -1, "TI"},
		"shadowed":          {`fase = ["KAMPANYE", "MASA_TENANG", "PEMUNGUTAN", "REKAPITULASI", "PSU"]`, ``, `sumber = "buku pegangan bagian 1, 2.5, dan 7"`, 3, "tidak pernah terpakai"},
		"nobody serves":     {"golongan = \"kpid\"\nwilayah = [\"provinsi\"]", "golongan = \"kpid\"\nwilayah = [\"15.05\"]", `tembusan = [{ lembaga = "bawaslu", alasan = "gugus tugas`, 6, "rute.lembaga"},
		"added category":    {`tambah = "KJ"`, `tambah = "K"`, `tambah = "K"`, 0, "jenis_menurut_fase.tambah"},
		"nothing":           {rujukan, "rute = []\n", "rute = []", 0, "rute"},
	} {
		t.Run(name, func(t *testing.T) {
			text := strings.Replace(rujukan, c.old, c.new, 1)
			if text == rujukan {
				t.Fatalf("%q is not in the built-in file", c.old)
			}
			path := writeText(t, "awas.toml", text)
			out := play(t, environ("AWAS_CONFIG", path, "AWAS_DATA", t.TempDir()))
			if out.code != exitUsage || !out.oneLine() || !strings.Contains(out.err, c.says) || strings.Contains(out.err, "⟦") {
				t.Fatalf("exit %d, stderr %q; want 2 and one line with %s", out.code, out.err, c.says)
			}
			if c.mark == "rute = []" {
				return // an empty table has no entry to point at
			}
			at := strings.Count(text[:strings.Index(text, c.mark)], "\n") + 1
			var line int
			rest := strings.TrimPrefix(out.err, "awassiber: "+path+", baris ")
			if _, err := fmt.Sscanf(rest, "%d:", &line); err != nil || line != at+c.by {
				t.Errorf("%q, want line %d", out.err, at+c.by)
			}
		})
	}
}

func TestBadAreaTableIsAMistakeOfTheConfiguration(t *testing.T) {
	table := writeText(t, "w.csv", "kode,nama\n")
	path := writeText(t, "awas.toml", "[profil]\ntabel_wilayah = '"+table+"'\n")
	out := play(t, environ("AWAS_CONFIG", path, "AWAS_DATA", t.TempDir()))
	if out.code != exitUsage || !out.oneLine() || !strings.Contains(out.err, table) {
		t.Errorf("exit %d, %q", out.code, out.err)
	}
}
