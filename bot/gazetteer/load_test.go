package gazetteer_test

import (
	"io"
	"strings"
	"testing"

	"awassiber/bot/gazetteer"
)

const (
	areas = "kode,nama,jenis,kode_induk\n"
	other = areas +
		"99,Contoh,provinsi,\n" +
		"99.01,Kabupaten Hulu,kabupaten,99\n" +
		"99.01.01,Tepi,kecamatan,99.01\n" +
		"99.01.01.2001,Tengah,desa,99.01.01\n" +
		"99.71,Kota Hilir,kota,99\n" +
		"99.71.01,Hilir Timur,kecamatan,99.71\n" +
		"99.71.01.1001,Tengah,kelurahan,99.71.01\n"
	aliases   = "alias,kode,nama,jenis_alias,catatan\n"
	questions = "kata,kode,catatan\n"
)

// Another province needs tables only.
func TestOtherProvince(t *testing.T) {
	g, err := gazetteer.Load(strings.NewReader("\ufeff"+other), strings.NewReader(aliases+"hl,99.01,Kabupaten Hulu,singkatan,\n"),
		strings.NewReader(questions+"contoh,99.71,\ncontoh,99.01,\n"))
	if err != nil {
		t.Fatal(err)
	}
	for typed, want := range map[string]string{
		"hulu": "99.01", "kab. hulu": "99.01", "HL": "99.01", "tepi": "99.01", "kota hilir": "99.71", "hilir": "-",
		"contoh": "? 99.71 99.01", "tengah": "? 99.01 99.71", "desa tengah": "? 99.01 99.71", "tengah, hulu": "99.01", "tebo": "-",
	} {
		if got := read(g.Resolve(typed)); got != want {
			t.Errorf("%q: got %s, want %s", typed, got, want)
		}
	}
	if g, err = gazetteer.Load(strings.NewReader(other), nil, nil); err != nil || read(g.Resolve("contoh")) != "-" {
		t.Errorf("without aliases and questions: %v", err)
	}
}

func TestLoadErrors(t *testing.T) {
	for _, tt := range []struct{ name, areas, aliases, questions, want string }{
		{"empty", "", "", "", "wilayah: empty"},
		{"header only", areas, "", "", "wilayah: no kabupaten or kota"},
		{"other header", "code,name,kind,parent\n", "", "", "wilayah: line 1: header"},
		{"columns", areas + "99,Contoh\n", "", "", "wilayah: record on line 2: wrong number of fields"},
		{"quote", areas + "99,\"Con\"toh,provinsi,\n", "", "", "line 2"},
		{"no name", areas + "99, . ,provinsi,\n", "", "", "wilayah: line 2: no name"},
		{"twice", other + "99.01,Kabupaten Hulu,kabupaten,99\n", "", "", "wilayah: line 9: code 99.01 twice"},
		{"kind", areas + "99,Contoh,negara,\n", "", "", `wilayah: line 2: "99" is not a code of a negara`},
		{"undotted", areas + "99,Contoh,provinsi,\n9901,Kabupaten Hulu,kabupaten,99\n", "", "", "wilayah: line 3"},
		{"level", areas + "99,Contoh,provinsi,\n99.01,Hulu,kecamatan,99\n", "", "", "wilayah: line 3"},
		{"parent", areas + "99,Contoh,provinsi,\n99.01,Kabupaten Hulu,kabupaten,98\n", "", "", `wilayah: line 3: 99.01 cannot lie in "98"`},
		{"orphan", areas + "99,Contoh,provinsi,\n99.01.01,Tepi,kecamatan,99.01\n", "", "", "wilayah: line 3: 99.01.01 lies in 99.01"},
		{"alias code", other, aliases + "x,99.02,Kabupaten Hulu,variasi,\n", "", "alias: line 2"},
		{"alias of a kecamatan", other, aliases + "x,99.01.01,Tepi,variasi,\n", "", "alias: line 2"},
		{"alias name", other, aliases + "x,99.01,Hulu,variasi,\n", "", `alias: line 2: 99.01 is called "Kabupaten Hulu", not "Hulu"`},
		{"alias empty", other, aliases + "\"\",99.01,Kabupaten Hulu,variasi,\n", "", "alias: line 2: no word"},
		{"alias of two", other, aliases + "x,99.01,Kabupaten Hulu,variasi,\nX.,99.71,Kota Hilir,variasi,\n", "", `alias: line 3: "X." already means 99.01`},
		{"question code", other, "", questions + "contoh,99,\n", "tanya: line 2"},
		{"question word", other, "", questions + "?,99.01,\n", "tanya: line 2: no word"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			optional := func(s string) io.Reader {
				if s == "" {
					return nil
				}
				return strings.NewReader(s)
			}
			g, err := gazetteer.Load(strings.NewReader(tt.areas), optional(tt.aliases), optional(tt.questions))
			if err == nil || g != nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("got %v, want %q", err, tt.want)
			}
		})
	}
}
