package sim

import (
	"embed"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"path"
	"strings"
)

// web is the page: plain HTML, CSS and ES modules, served as they are.
//
//go:embed web
var web embed.FS

// pagePolicy lets the page load what this process serves and nothing else. Trusted Types without
// any policy make it impossible for a script to turn text into markup.
const pagePolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; " +
	"media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; " +
	"frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

// filePolicy is for attachments: whatever they are, nothing in them runs or loads.
const filePolicy = "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"

// Handler serves the training page at / and its interface under /latihan/. All bodies are JSON,
// except that of an upload, which is the file itself. "dari" and "ke" are Address.Chat of a person
// and of a chat; an empty "ke" is the person's private chat. Answers are 200 with a JSON object, or
// an error status with {"galat": code}, the code being the name of a sentence in web/teks.js.
//
//	GET  /                      the page
//	GET  /latihan/aset/{nama}   its script and style files
//	GET  /latihan/aliran        live events (stream.go); continues after Last-Event-ID or ?sejak=
//	POST /latihan/kirim         {dari, ke, teks, terusan, balas, berkas, lokasi, lain} → {id}
//	POST /latihan/ubah          {dari, ke, id, teks}: edits an own message
//	POST /latihan/tekan         {dari, ke, id, data}: presses a button
//	POST /latihan/unggah        ?nama=: stores a file → the attachment, to be named in "berkas"
//	POST /latihan/orang         {nama}: adds a citizen → the person
//	POST /latihan/jam           {maju} seconds, or {pukul: "18.00"} the next such time in WIB → {now}
//	GET  /latihan/berkas/{sha}  an attachment of a message
//
// There is no log-in: whoever reaches the page plays everybody. Therefore only requests to a
// loopback name or one of Options.Hosts are answered (a page elsewhere cannot reach it by DNS
// rebinding), and only requests from the page itself may change anything.
func (n *Network) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { asset(w, r, "index.html") })
	mux.HandleFunc("GET /latihan/aset/{nama}", func(w http.ResponseWriter, r *http.Request) {
		asset(w, r, r.PathValue("nama"))
	})
	mux.HandleFunc("GET /latihan/aliran", n.stream)
	mux.HandleFunc("GET /latihan/berkas/{sha}", n.serveFile)
	mux.HandleFunc("POST /latihan/unggah", n.upload)
	mux.HandleFunc("POST /latihan/kirim", n.api(n.apiSend))
	mux.HandleFunc("POST /latihan/ubah", n.api(n.apiEdit))
	mux.HandleFunc("POST /latihan/tekan", n.api(n.apiPress))
	mux.HandleFunc("POST /latihan/orang", n.api(n.apiPerson))
	mux.HandleFunc("POST /latihan/jam", n.api(n.apiClock))
	return n.guard(http.NewCrossOriginProtection().Handler(mux))
}

// guard refuses foreign host names and sets the headers every answer carries.
func (n *Network) guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", pagePolicy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Frame-Options", "DENY")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		if !n.knownHost(r.Host) {
			fail(w, http.StatusMisdirectedRequest, "host")
			return
		}
		next.ServeHTTP(w, r)
	})
}

func (n *Network) knownHost(host string) bool {
	name := hostName(host)
	if ip, err := netip.ParseAddr(name); err == nil && ip.Unmap().IsLoopback() {
		return true
	}
	return name == "localhost" || n.hosts[name]
}

// hostName is the name or address in a Host header, without port, brackets and final dot.
func hostName(host string) string {
	if name, _, err := net.SplitHostPort(host); err == nil {
		host = name
	}
	return strings.ToLower(strings.TrimSuffix(strings.Trim(host, "[]"), "."))
}

// asset serves one file of the page.
func asset(w http.ResponseWriter, r *http.Request, name string) {
	name = path.Join("web", path.Base(name))
	data, err := fs.ReadFile(web, name)
	if err != nil {
		fail(w, http.StatusNotFound, "unknown")
		return
	}
	types := map[string]string{
		".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8",
		".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
	}
	w.Header().Set("Content-Type", types[path.Ext(name)])
	w.Header().Set("Cache-Control", "no-cache")
	_, _ = w.Write(data) // a reader that went away needs no answer
}
