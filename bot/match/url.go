package match

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// CanonicalURL gives every form of an address one spelling, without asking the network: "https://",
// "www.", mobile hosts, tracking parameters, fragments and the order of parameters go, wrappers
// (l.facebook.com, google.com/url, web.archive.org) are opened, and posts of YouTube, TikTok,
// Instagram, Facebook, X, Threads and Telegram are named by their id. The result is a key, not an
// address to open: "youtube.com/watch?v=…". False if raw is no web address.
func CanonicalURL(raw string) (string, bool) {
	for range 4 { // a wrapper in a wrapper in a wrapper
		u, ok := parseWeb(raw)
		if !ok {
			return "", false
		}
		inner := unwrap(u)
		if inner == "" {
			return canonical(u), true
		}
		raw = inner
	}
	return "", false
}

const maxURL = 2048

func parseWeb(raw string) (*url.URL, bool) {
	raw = strings.TrimRight(strings.TrimSpace(raw), ".,;:!?)]}>'\"*_~`…")
	if raw == "" || len(raw) > maxURL {
		return nil, false
	}
	bare := !strings.Contains(raw, "://")
	if bare {
		raw = "http://" + strings.TrimPrefix(raw, "//")
	}
	u, err := url.Parse(raw)
	if err == nil && bare && u.User != nil { // an e-mail address
		return nil, false
	}
	if err != nil || !strings.EqualFold(u.Scheme, "http") && !strings.EqualFold(u.Scheme, "https") {
		return nil, false
	}
	host := strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
	if !strings.Contains(host, ".") || strings.ContainsAny(host, " _") {
		return nil, false
	}
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	u.Host = bareHost(host)
	return u, true
}

// bareHost removes labels that only say which layout a page has.
func bareHost(host string) string {
	for {
		first, rest, _ := strings.Cut(host, ".")
		if !strings.Contains(rest, ".") {
			return host
		}
		switch first {
		case "www", "www2", "m", "mobile", "touch", "amp", "wap":
			host = rest
		default:
			return host
		}
	}
}

// unwrap returns the address inside one that only leads there, or "".
func unwrap(u *url.URL) string {
	q := u.Query()
	first := func(names ...string) string {
		for _, n := range names {
			if v := q.Get(n); strings.Contains(v, ".") {
				return v
			}
		}
		return ""
	}
	switch host, p := u.Host, u.EscapedPath(); {
	case (host == "google.com" || host == "google.co.id") && p == "/url":
		return first("url", "q")
	case strings.HasPrefix(host, "google.") && strings.HasPrefix(p, "/amp/"):
		return strings.TrimPrefix(strings.TrimPrefix(p, "/amp/"), "s/")
	case strings.HasSuffix(host, "cdn.ampproject.org"):
		if _, inner, ok := strings.Cut(strings.TrimPrefix(p, "/"), "/"); ok {
			return strings.TrimPrefix(inner, "s/")
		}
	case (host == "l.facebook.com" || host == "lm.facebook.com") && p == "/l.php", host == "l.instagram.com", host == "l.threads.net", host == "l.threads.com":
		return first("u")
	case host == "facebook.com" && (p == "/sharer.php" || p == "/sharer/sharer.php" || p == "/flx/warn/" || p == "/dialog/share"):
		return first("u", "href")
	case host == "youtube.com" && (p == "/redirect" || p == "/attribution_link"):
		if inner := q.Get("u"); strings.HasPrefix(inner, "/") {
			return "youtube.com" + inner
		}
		return first("q")
	case (host == "x.com" || host == "twitter.com") && (p == "/intent/tweet" || p == "/share"):
		return first("url")
	case host == "t.me" && (p == "/iv" || p == "/share/url"):
		return first("url")
	case host == "web.archive.org" && strings.HasPrefix(p, "/web/"):
		if _, inner, ok := strings.Cut(strings.TrimPrefix(p, "/web/"), "/"); ok {
			if u.RawQuery != "" {
				inner += "?" + u.RawQuery
			}
			return strings.Replace(inner, ":/", "://", strings.Count(inner, ":/")-strings.Count(inner, "://"))
		}
	}
	return ""
}

// canonical names what a parsed address leads to.
func canonical(u *url.URL) string {
	parts := strings.FieldsFunc(u.Path, func(r rune) bool { return r == '/' })
	if id := post(u.Host, parts, u.Query()); id != "" {
		return id
	}
	p := strings.TrimSuffix(path.Clean("/"+u.EscapedPath()), "/")
	p = strings.ReplaceAll(p, "%20", "+")
	for _, end := range []string{"/index.html", "/index.htm", "/index.php", "/amp", "/amp.html"} {
		p = strings.TrimSuffix(p, end)
	}
	p = strings.TrimPrefix(p, "/amp/")
	if p != "" && p[0] != '/' {
		p = "/" + p
	}
	if un, err := url.PathUnescape(p); err == nil && !strings.ContainsAny(un, "?#%") {
		p = un
	}
	out := u.Host + p
	if q := query(u.Query()); q != "" {
		out += "?" + q
	}
	if strings.HasPrefix(u.Fragment, "!") {
		out += "#" + u.Fragment
	}
	return out
}

// query writes the parameters that are not about who shared the address, in order.
func query(q url.Values) string {
	var kept []string
	for name, values := range q {
		if tracking(strings.ToLower(name)) {
			continue
		}
		for _, v := range values {
			kept = append(kept, url.QueryEscape(name)+"="+url.QueryEscape(v))
		}
	}
	slices.Sort(kept)
	return strings.Join(kept, "&")
}

func tracking(name string) bool {
	for _, p := range []string{"utm_", "utm-", "mc_", "ga_", "pk_", "piwik_", "mtm_", "at_", "__cft__", "__tn__", "fb_", "hsa_", "_hs", "oly_", "vero_", "wt_", "itm_", "ns_", "stm_", "trk_", "aff_"} {
		if strings.HasPrefix(name, p) {
			return true
		}
	}
	switch name {
	case "fbclid", "gclid", "gclsrc", "dclid", "gbraid", "wbraid", "msclkid", "yclid", "ttclid", "twclid", "li_fat_id", "igsh", "igshid",
		"ig_rid", "ig_mid", "si", "feature", "app", "ref", "ref_src", "ref_url", "referrer", "referer", "source", "src", "share", "shared", "sharer",
		"share_id", "share_app_id", "share_link_id", "share_item_id", "share_author_id", "sharer_language", "tt_from", "is_from_webapp",
		"sender_device", "sender_web_id", "is_copy_url", "u_code", "preview_pb", "timestamp", "user_id", "sec_user_id", "_d", "_r", "_t", "checksum",
		"mibextid", "rdid", "sfnsn", "extid", "paipv", "eav", "notif_id", "notif_t", "comment_id", "reply_comment_id", "locale", "hl", "_rdr", "_rdc",
		"s", "t", "cxt", "cn", "xmt", "slof", "spm", "scm", "from", "smid", "sr", "gi", "mkt_tok", "campaign", "cmp", "cmpid", "cid", "ocid", "ncid",
		"amp", "outputtype", "single", "tag_from", "page_source", "_ga", "_gl", "_gid", "zanpid", "s_cid", "soc_src", "soc_trk", "embeds_referring_euri",
		"embeds_referring_origin", "source_ve_path", "pp", "ab_channel", "lang", "wprov", "guccounter", "guce_referrer", "guce_referrer_sig", "traffic_source",
		"jxconn", "jxrecoid", "fromapp", "medium", "refer", "via":
		return true
	}
	return false
}
