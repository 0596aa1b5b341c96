package telegram_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"awassiber/bot"
	"awassiber/bot/telegram"
	"awassiber/bot/telegram/fakeapi"
)

// hooked is a rig whose fake server posts to a webhook over HTTPS.
func hooked(t *testing.T, to telegram.Deliverer) (rig, *telegram.Webhook, *httptest.Server) {
	t.Helper()
	var handler http.Handler
	site := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.ServeHTTP(w, r) }))
	t.Cleanup(site.Close)
	r := newRig(t, func(c *telegram.Config) { c.Webhook = site.URL + "/hook" })
	hook := r.client.Webhook(to, nil)
	handler = hook
	r.Server.PushClient(site.Client())
	if err := r.client.SetWebhook(within(t)); err != nil {
		t.Fatal(err)
	}
	return r, hook, site
}

func TestWebhookAnswersAfterTheCommit(t *testing.T) {
	box := newInbox()
	r, hook, _ := hooked(t, box)
	if s := hook.Status(); s.State != telegram.Starting {
		t.Errorf("state %q before the first post", s.State)
	}
	sent := r.Text(fakeapi.Private(warga1), warga1, "satu")
	box.refuse = func([]bot.Update) error { return errStore }
	if code, err := r.Push(within(t)); err != nil || code != http.StatusInternalServerError {
		t.Fatalf("store broken: %d, %v; want 500", code, err)
	}
	if s := hook.Status(); s.State != telegram.NotStoring {
		t.Errorf("state %q", s.State)
	}
	box.refuse = nil
	if code, err := r.Push(within(t)); err != nil || code != http.StatusOK {
		t.Fatalf("store well: %d, %v; want 200", code, err)
	}
	if err := r.WaitAcknowledged(within(t), sent.Update); err != nil {
		t.Fatal(err)
	}
	if got := box.wait(t, 1); got[0].Message.Text != "satu" {
		t.Errorf("got %q", got[0].Message.Text)
	}
	if s := hook.Status(); s.State != telegram.Receiving {
		t.Errorf("state %q", s.State)
	}
}

func TestWebhookKeepsPoisonAndDuplicates(t *testing.T) {
	box := newInbox()
	r, _, _ := hooked(t, box)
	r.Raw(`{"update_id":$ID,"message":17}`)
	r.Raw(`{"update_id":42,"message":{"message_id":1,"date":1,"chat":{"id":5001,"type":"private"},"text":"a"}}`)
	r.Raw(`{"update_id":42,"message":{"message_id":1,"date":1,"chat":{"id":5001,"type":"private"},"text":"a"}}`)
	if code, err := r.Push(within(t)); err != nil || code != http.StatusOK {
		t.Fatalf("%d, %v", code, err)
	}
	got := box.wait(t, 2)
	if got[0].Kind != bot.KindUnknown || got[1].ID != "u/42" || box.seen["u/42"] != 2 {
		t.Errorf("kinds %s %s, seen %d times", got[0].Kind, got[1].Kind, box.seen["u/42"])
	}
}

func TestWebhookRefuses(t *testing.T) {
	box := newInbox()
	r, _, site := hooked(t, box)
	secret := r.WebhookSecret()
	update := `{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":5001,"type":"private"},"text":"a"}}`
	for _, c := range []struct {
		name, method, secret, body string
		want                       int
	}{
		{"no secret", http.MethodPost, "", update, 401},
		{"wrong secret", http.MethodPost, secret + "x", update, 401},
		{"half a secret", http.MethodPost, secret[:8], update, 401},
		{"a GET", http.MethodGet, secret, "", 405},
		{"too large", http.MethodPost, secret, strings.Repeat("a", 1<<20+1), 413},
		{"nothing", http.MethodPost, secret, "", 400},
		{"not JSON", http.MethodPost, secret, "halo", 200},
		{"good", http.MethodPost, secret, update, 200},
	} {
		t.Run(c.name, func(t *testing.T) {
			req, err := http.NewRequestWithContext(within(t), c.method, site.URL+"/hook", strings.NewReader(c.body))
			if err != nil {
				t.Fatal(err)
			}
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
			resp, err := site.Client().Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if err := resp.Body.Close(); err != nil {
				t.Fatal(err)
			}
			if resp.StatusCode != c.want {
				t.Errorf("status %d, want %d", resp.StatusCode, c.want)
			}
		})
	}
	if got := box.wait(t, 2); len(got) != 2 {
		t.Errorf("%d updates stored, want the two that were answered 200", len(got))
	}
}

func TestWebhookSecretIsNotTheToken(t *testing.T) {
	r, _, _ := hooked(t, newInbox())
	if s := r.WebhookSecret(); len(s) < 32 || strings.Contains(s, "TEST") {
		t.Errorf("secret %q", s)
	}
	own := newRig(t, func(c *telegram.Config) { c.Webhook, c.Secret = "https://contoh.invalid/hook", "rahasia_operator" })
	if err := own.client.SetWebhook(within(t)); err != nil || own.WebhookSecret() != "rahasia_operator" {
		t.Errorf("secret %q, %v; want the configured one", own.WebhookSecret(), err)
	}
	r.Inject(fakeapi.Fault{Method: "setWebhook", Code: 429, RetryAfter: 3})
	var failed *bot.SendError
	if err := r.client.SetWebhook(within(t)); !errors.As(err, &failed) || failed.Reason != "rate" {
		t.Errorf("error %v", err)
	}
}
