package locales

import (
	"regexp"
	"strings"
	"testing"
)

// No sentence for people names an article, a law or a penalty: the law changed and will change again, and a
// threat of prison in a chat makes nobody report. What an operator reads on the command line is another matter.
func TestNoLawIsQuoted(t *testing.T) {
	law := regexp.MustCompile(`(?i)\bpasal\b|\bps\.? ?\d|\bayat \(?\d|\bUU( no\.?| nomor)? ?\d|undang-undang|\bperpu\b|\bperbawaslu\b|\bPKPU\b|KUHP` +
		`|penjara|kurungan|\bdenda\b|\bpidana\b|dihukum|hukuman|\barticle \d|\blaw no|prison|\bjail\b|\bfine of\b|\bpenalt`)
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			if text := plain(p, key); !strings.HasPrefix(key, "cli.") && law.MatchString(text) {
				t.Errorf("%s: %s names the law: %q", language, key, law.FindString(text))
			}
		}
	}
	for _, bad := range []string{"melanggar Pasal 73", "UU 10/2016", "UU No. 7", "diancam pidana penjara", "denda Rp1 juta", "Ps 134", "ayat (4)", "KUHP"} {
		if !law.MatchString(bad) {
			t.Errorf("%q is not found", bad)
		}
	}
	for _, good := range []string{"pemilu", "UU", "yang lain", "ayat suci", "penjaga identitas", "finding", "is fine"} {
		if law.MatchString(good) {
			t.Errorf("%q is taken for law", good)
		}
	}
}

// Nobody is called an offender, and a tip is never called a report that Bawaslu has registered.
func TestNobodyIsJudged(t *testing.T) {
	verdict := regexp.MustCompile(`(?i)\bpelanggar\b|\bpelaku\b|tersangka|laporan (anda|kakak) (telah|sudah) diregistrasi|\boffender\b|\bperpetrator\b|\bguilty\b|\bculprit\b`)
	for _, language := range Languages() {
		p := printer(t, language)
		for _, key := range p.Keys() {
			if text := plain(p, key); verdict.MatchString(text) {
				t.Errorf("%s: %s judges: %q", language, key, verdict.FindString(text))
			}
		}
	}
}
