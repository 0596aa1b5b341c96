package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestCanonicalURL(t *testing.T) {
	for want, forms := range map[string][]string{
		"youtube.com/watch?v=AbC-123_xyz": {"https://www.youtube.com/watch?v=AbC-123_xyz&t=12s&pp=abc", "https://youtu.be/AbC-123_xyz?si=Q", "m.youtube.com/watch?feature=share&v=AbC-123_xyz",
			"https://youtube.com/shorts/AbC-123_xyz?feature=share", "https://www.youtube.com/live/AbC-123_xyz", "https://www.youtube-nocookie.com/embed/AbC-123_xyz", "https://music.youtube.com/watch?v=AbC-123_xyz",
			"https://www.google.com/url?q=https%3A%2F%2Fyoutu.be%2FAbC-123_xyz&sa=D", "https://www.youtube.com/attribution_link?u=%2Fwatch%3Fv%3DAbC-123_xyz"},
		"tiktok.com/video/7300000000000000001": {"https://www.tiktok.com/@kabar.warga/video/7300000000000000001?is_from_webapp=1&sender_device=pc", "https://m.tiktok.com/v/7300000000000000001.html", "https://www.tiktok.com/embed/v2/7300000000000000001",
			"https://t.tiktok.com/i18n/share/video/7300000000000000001/?_d=x", "https://www.tiktok.com/@lain/photo/7300000000000000001"},
		"tiktok.com/t/ZSabc12": {"https://vt.tiktok.com/ZSabc12/", "https://vm.tiktok.com/ZSabc12", "https://www.tiktok.com/t/ZSabc12/"},
		"instagram.com/p/CxYz_1": {"https://www.instagram.com/p/CxYz_1/?igsh=abc==", "instagram.com/reel/CxYz_1/", "https://www.instagram.com/kabarwarga/reel/CxYz_1?utm_source=ig_web_copy_link", "https://instagr.am/p/CxYz_1",
			"https://www.instagram.com/reels/CxYz_1/", "https://www.instagram.com/tv/CxYz_1", "https://l.instagram.com/?u=https%3A%2F%2Fwww.instagram.com%2Fp%2FCxYz_1%2F&e=AT0"},
		"facebook.com/123456789012345": {"https://www.facebook.com/kabarwarga/posts/123456789012345?__cft__[0]=x&__tn__=R", "https://m.facebook.com/story.php?story_fbid=123456789012345&id=99", "https://web.facebook.com/watch/?v=123456789012345&extid=x",
			"https://www.facebook.com/groups/777/permalink/123456789012345/", "https://mbasic.facebook.com/groups/777/posts/123456789012345/?refid=18", "https://facebook.com/photo/?fbid=123456789012345&set=a.1", "https://www.facebook.com/kabarwarga/videos/judul-panjang/123456789012345/",
			"https://www.facebook.com/reel/123456789012345?mibextid=z", "https://www.facebook.com/kabarwarga/photos/a.11/123456789012345/?type=3", "https://l.facebook.com/l.php?u=https%3A%2F%2Ffacebook.com%2Freel%2F123456789012345&h=AT",
			"https://www.facebook.com/video.php?v=123456789012345", "https://m.facebook.com/permalink.php?story_fbid=123456789012345&id=5"},
		"facebook.com/pfbid02AbC":        {"https://www.facebook.com/kabarwarga/posts/pfbid02AbC", "https://www.facebook.com/permalink.php?story_fbid=pfbid02AbC&id=1"},
		"facebook.com/share/1AbC":        {"https://www.facebook.com/share/p/1AbC/", "https://www.facebook.com/share/v/1AbC/?mibextid=x", "https://m.facebook.com/share/1AbC"},
		"x.com/status/17000000000000001": {"https://twitter.com/warga/status/17000000000000001?s=20&t=abc", "https://x.com/i/status/17000000000000001", "https://mobile.twitter.com/warga/status/17000000000000001/photo/1", "https://vxtwitter.com/warga/status/17000000000000001", "https://x.com/i/web/status/17000000000000001"},
		"threads.net/post/Cabc":          {"https://www.threads.net/@warga/post/Cabc?xmt=1", "https://www.threads.com/@warga/post/Cabc"},
		"t.me/kabarwarga/12":             {"https://t.me/s/KabarWarga/12", "t.me/kabarwarga/12?single", "https://telegram.me/kabarwarga/12"},
		"t.me/+AbC":                      {"https://t.me/+AbC", "https://t.me/joinchat/AbC"},
		"wa.me/620000000":                {"https://wa.me/620000000?text=halo", "https://api.whatsapp.com/send?phone=620000000&text=halo", "https://api.whatsapp.com/send/?phone=%2B620000000"},
		"chat.whatsapp.com/AbC":          {"https://chat.whatsapp.com/AbC", "https://chat.whatsapp.com/invite/AbC?mode=ac_t"},
		"docs.google.com/d/1FAI":         {"https://docs.google.com/forms/d/e/1FAI/viewform?usp=sf_link", "https://docs.google.com/forms/d/e/1FAI/viewform"},
		"contoh.example/berita/satu": {"http://contoh.example/berita/satu", "HTTPS://WWW.Contoh.Example:443/berita//satu/?utm_source=wa&fbclid=x#atas", "https://m.contoh.example/berita/satu/amp/?amp=1", "https://amp.contoh.example/berita/satu",
			"https://www.google.com/amp/s/contoh.example/berita/satu", "https://contoh-example.cdn.ampproject.org/c/s/contoh.example/berita/satu", "https://web.archive.org/web/20240214000000/http://contoh.example/berita/satu", "contoh.example/berita/./lain/../satu).", "https://twitter.com/intent/tweet?url=https%3A%2F%2Fcontoh.example%2Fberita%2Fsatu"},
		"contoh.example/cari?a=1&q=suara": {"https://contoh.example/cari?q=suara&a=1&gclid=9", "https://contoh.example/cari/?a=1&utm_medium=x&q=suara"},
		"bit.ly/AbC":                      {"bit.ly/AbC", "https://bit.ly/AbC?utm_x=1"},
		"contoh.example:8443/a":           {"https://contoh.example:8443/a"},
		"contoh.example":                  {"https://contoh.example", "http://www.contoh.example/", "https://contoh.example/index.html"},
		"contoh.example/a+b":              {"https://contoh.example/a%20b"},
	} {
		for _, form := range forms {
			if got, ok := CanonicalURL(form); !ok || got != want {
				t.Errorf("%s\n got %q %v\nwant %q", form, got, ok, want)
			}
		}
	}
}

func TestNoURL(t *testing.T) {
	for _, s := range []string{"", " ", "kata", "ftp://contoh.example/a", "javascript:alert(1)", "http://", "http://localhost/a", "http://%zz", "mailto:a@contoh.example",
		"http://contoh.example/" + strings.Repeat("a", 3000), "http://a b.example", "http://[::1"} {
		if got, ok := CanonicalURL(s); ok {
			t.Errorf("%q became %q", s, got)
		}
	}
}

// Each of 540 forms: trackers, order, schemes, hosts and fragments, combined.
func TestTrackersNeverMatter(t *testing.T) {
	n := 0
	for _, host := range []string{"", "www.", "m.", "amp.", "mobile."} {
		for _, end := range []string{"", "/", "//", "/index.html", "/amp"} {
			for _, q := range [][]string{{"id=7"}, {"utm_source=a", "id=7"}, {"id=7", "fbclid=b&gclid=c"}, {"igsh=d&id=7", "si=e"}, {"id=7&mc_eid=x"}, {"_ga=1&id=7&ref=z&utm_campaign=musim"}} {
				for _, frag := range []string{"", "#atas", "#:~:text=suara"} {
					for _, scheme := range []string{"http://", "https://"} {
						raw := scheme + host + "contoh.example/berita/satu" + end + "?" + strings.Join(q, "&") + frag
						if got, ok := CanonicalURL(raw); !ok || got != "contoh.example/berita/satu?id=7" {
							t.Errorf("%s: %q %v", raw, got, ok)
						}
						n++
					}
				}
			}
		}
	}
	if n < 500 {
		t.Errorf("only %d forms", n)
	}
}

func TestLinks(t *testing.T) {
	for text, want := range map[string][]string{
		"lihat https://youtu.be/abcdef, penting":                 {"youtube.com/watch?v=abcdef"},
		"infohttps://contoh.example/a.":                          {"contoh.example/a"},
		"(contoh.co.id) dan *bit.ly/x1*":                         {"contoh.co.id", "bit.ly/x1"},
		"hilang.Info lengkap.Me pukul 10.30, 1.500.000 s.d. a.n": nil,
		"dua kali contoh.com/a https://www.contoh.com/a/":        {"contoh.com/a"},
		"surel a@contoh.com":                                     nil,
		"HTTPS://CONTOH.EXAMPLE/A":                               {"contoh.example/A"},
	} {
		if got := Links(text); !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func FuzzCanonicalURL(f *testing.F) {
	for _, s := range []string{"https://youtu.be/a?si=b", "http://l.facebook.com/l.php?u=http%3A%2F%2Fa.com", "google.com/amp/s/a.com/x", "facebook.com/share", "t.me/s", "a.b/%2f..%2f?%zz"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		once, ok := CanonicalURL(s)
		if !ok {
			return
		}
		if len(once) > 3*maxURL || once == "" {
			t.Fatalf("%q", once)
		}
		Links(fmt.Sprintf("%s %s", s, once))
	})
}

func BenchmarkCanonicalURL(b *testing.B) {
	for b.Loop() {
		CanonicalURL("https://www.facebook.com/kabarwarga/posts/123456789012345?__cft__[0]=x&__tn__=R&utm_source=wa")
	}
}
