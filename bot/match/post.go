package match

import (
	"net/url"
	"slices"
	"strings"
)

// post names the post that an address of a known platform leads to, or returns "". The forms were
// collected from what the platforms' own share buttons copy.
func post(host string, parts []string, q url.Values) string {
	at := func(i int) string {
		if i >= 0 && i < len(parts) {
			return parts[i]
		}
		return ""
	}
	switch site(host) {
	case "youtube":
		return youtube(host, at, q)
	case "tiktok":
		return tiktok(host, parts, at)
	case "instagram":
		return instagram(parts, at)
	case "facebook":
		return facebook(host, parts, at, q)
	case "x":
		if i := slices.IndexFunc(parts, func(p string) bool { return p == "status" || p == "statuses" }); i >= 0 && at(i+1) != "" {
			return "x.com/status/" + at(i+1)
		}
	case "threads":
		if i := slices.IndexFunc(parts, func(p string) bool { return p == "post" || p == "t" }); i >= 0 && at(i+1) != "" {
			return "threads.net/post/" + at(i+1)
		}
	case "telegram":
		return telegram(parts, at)
	case "whatsapp":
		return whatsapp(host, at, q)
	case "google":
		if i := slices.Index(parts, "d"); i >= 0 && at(i+1) != "" {
			if at(i+1) == "e" {
				i++
			}
			return "docs.google.com/d/" + at(i+1)
		}
		if id := q.Get("id"); id != "" {
			return "docs.google.com/d/" + id
		}
	}
	return ""
}

// site names the platform a host belongs to, or returns "".
func site(host string) string {
	switch host {
	case "youtube.com", "youtu.be", "music.youtube.com", "youtube-nocookie.com", "gaming.youtube.com":
		return "youtube"
	case "tiktok.com", "vm.tiktok.com", "vt.tiktok.com", "t.tiktok.com":
		return "tiktok"
	case "instagram.com", "instagr.am", "ddinstagram.com":
		return "instagram"
	case "facebook.com", "fb.com", "fb.watch", "fb.me", "web.facebook.com", "mbasic.facebook.com", "free.facebook.com", "id-id.facebook.com", "business.facebook.com", "ms-my.facebook.com", "p.facebook.com", "d.facebook.com", "h.facebook.com", "x.facebook.com", "0.facebook.com":
		return "facebook"
	case "x.com", "twitter.com", "fxtwitter.com", "vxtwitter.com", "fixupx.com", "nitter.net":
		return "x"
	case "threads.net", "threads.com":
		return "threads"
	case "t.me", "telegram.me", "telegram.dog":
		return "telegram"
	case "wa.me", "api.whatsapp.com", "web.whatsapp.com", "chat.whatsapp.com", "whatsapp.com":
		return "whatsapp"
	case "docs.google.com", "drive.google.com":
		return "google"
	}
	return ""
}

func youtube(host string, at func(int) string, q url.Values) string {
	id := q.Get("v")
	switch {
	case host == "youtu.be":
		id = at(0)
	case slices.Contains([]string{"shorts", "live", "embed", "v", "e"}, at(0)):
		id = at(1)
	}
	if id == "" {
		return ""
	}
	return "youtube.com/watch?v=" + id
}

func tiktok(host string, parts []string, at func(int) string) string {
	if host != "tiktok.com" && host != "t.tiktok.com" && len(parts) == 1 {
		return "tiktok.com/t/" + at(0)
	}
	if at(0) == "t" && at(1) != "" {
		return "tiktok.com/t/" + at(1)
	}
	for i, p := range parts {
		if p == "video" || p == "photo" || p == "v" || p == "v2" || p == "embed" {
			if id, _, _ := strings.Cut(at(i+1), "."); isNumber(id) {
				return "tiktok.com/video/" + id
			}
		}
	}
	return ""
}

func instagram(parts []string, at func(int) string) string {
	for i, p := range parts {
		switch p {
		case "p", "reel", "reels", "tv":
			if code := at(i + 1); code != "" && code != "audio" {
				if at(i-1) == "share" {
					return "instagram.com/share/" + code
				}
				return "instagram.com/p/" + code
			}
		case "stories":
			if isNumber(at(i + 2)) {
				return "instagram.com/stories/" + at(i+2)
			}
		case "share":
			if len(parts) == i+2 {
				return "instagram.com/share/" + at(i+1)
			}
		}
	}
	return ""
}

func facebook(host string, parts []string, at func(int) string, q url.Values) string {
	if host == "fb.watch" && at(0) != "" {
		return "fb.watch/" + at(0)
	}
	for _, name := range []string{"story_fbid", "fbid", "v", "video_id", "multi_permalinks"} {
		if id := q.Get(name); id != "" {
			return "facebook.com/" + id
		}
	}
	if at(0) == "share" {
		if code := parts[len(parts)-1]; len(parts) > 1 {
			return "facebook.com/share/" + code
		}
	}
	for i, p := range parts {
		switch p {
		case "posts", "videos", "photos", "permalink", "reel", "reels", "watch", "notes", "events":
			if last := parts[len(parts)-1]; i < len(parts)-1 && (isNumber(last) || strings.HasPrefix(last, "pfbid")) {
				return "facebook.com/" + last
			}
		}
	}
	if len(parts) > 0 && !strings.HasSuffix(at(0), ".php") && len(q) == 0 {
		return strings.ToLower("facebook.com/" + strings.Join(parts, "/"))
	}
	return ""
}

func telegram(parts []string, at func(int) string) string {
	if at(0) == "s" {
		parts = parts[1:]
	}
	if len(parts) == 0 {
		return ""
	}
	if strings.HasPrefix(parts[0], "+") || parts[0] == "joinchat" {
		return "t.me/+" + strings.TrimPrefix(parts[len(parts)-1], "+")
	}
	return strings.ToLower("t.me/" + strings.Join(parts, "/"))
}

func whatsapp(host string, at func(int) string, q url.Values) string {
	number := ""
	switch {
	case host == "chat.whatsapp.com" && at(0) != "":
		if at(0) == "invite" {
			return "chat.whatsapp.com/" + at(1)
		}
		return "chat.whatsapp.com/" + at(0)
	case host == "wa.me":
		number = at(0)
	case at(0) == "send":
		number = q.Get("phone")
	}
	if number = strings.Trim(number, "+ "); isNumber(number) {
		return "wa.me/" + number
	}
	return ""
}

func isNumber(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}
