package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"strings"
	"sync"
	"time"

	"awassiber/bot"
	"awassiber/bot/outbox"
	"awassiber/bot/telegram"
	"awassiber/handlers"
)

// telegramNetwork is Telegram as this program uses it: a client, a way in, and what is known of the
// bot's own name.
type telegramNetwork struct {
	*telegram.Client
	p       *program
	poller  *telegram.Poller  // nil with a webhook
	webhook *telegram.Webhook // nil when polling
	link    link

	mu   sync.Mutex
	self string
}

func newTelegram(p *program) (*telegramNetwork, error) {
	c, err := telegram.New(telegram.Config{
		Token: string(p.cfg.TelegramToken), API: p.cfg.TelegramAPI, Webhook: p.cfg.TelegramWebhook,
		Secret: string(p.cfg.TelegramSecret), Evidence: p.files, Log: p.log, Now: p.now,
	})
	if err != nil {
		return nil, err
	}
	t := &telegramNetwork{Client: c, p: p}
	t.link = link{p: p, network: bot.Telegram, trouble: t.trouble}
	if err := t.link.resume(context.Background()); err != nil {
		return nil, err
	}
	if p.cfg.TelegramWebhook != "" {
		t.webhook = c.Webhook(p.inbox, t.changed)
	} else {
		t.poller = c.Poller(p.inbox, telegram.PollConfig{Changed: t.changed})
	}
	return t, nil
}

// out is the way out, with Telegram's limits unless they are lifted for a stand-in.
func (t *telegramNetwork) out(limited bool) outbox.Network {
	n := outbox.Network{Sender: t.Client, Fetcher: t.Client}
	if limited {
		n.Limits = outbox.TelegramLimits(isGroup)
	}
	return n
}

// isGroup: groups and channels have negative ids (Bot API, Chat.id as Telegram deals them out).
func isGroup(a bot.Address) bool { return strings.HasPrefix(a.Chat, "-") }

// name is the bot's user name, empty until Telegram has told it.
func (t *telegramNetwork) name() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.self
}

// status is how receiving goes.
func (t *telegramNetwork) status() telegram.Status {
	if t.webhook != nil {
		return t.webhook.Status()
	}
	return t.poller.Status()
}

// changed tells the admins when receiving stops for a reason they can mend, and when it goes on.
func (t *telegramNetwork) changed(from, to telegram.Status) {
	t.p.log.Info("telegram", "from", string(from.State), "to", string(to.State))
	switch {
	case to.State == telegram.Conflict:
		t.link.down("notice.conflict", to.Since)
	case to.State == telegram.Unauthorised:
		t.link.down("notice.unauthorised", to.Since)
	case from.State == telegram.Conflict && to.State == telegram.Receiving:
		t.link.up("notice.conflict_over", to.Since)
	case to.State == telegram.Receiving:
		t.link.up("notice.network_up", to.Since)
	}
}

// trouble is since when nothing comes in. That a webhook has heard nothing yet is no trouble.
func (t *telegramNetwork) trouble() time.Time {
	s := t.status()
	if s.State == telegram.Receiving || s.State == telegram.Starting && t.webhook != nil {
		return time.Time{}
	}
	return s.Since
}

// run receives until ctx ends, and introduces the bot as soon as Telegram can be reached.
func (t *telegramNetwork) run(ctx context.Context) error {
	defer t.Close()
	var all sync.WaitGroup
	defer all.Wait()
	all.Go(func() { t.introduce(ctx) })
	if t.poller != nil {
		return t.poller.Run(ctx)
	}
	<-ctx.Done()
	return nil
}

// introduce asks for the bot's name, sets the command menus and, with a webhook, registers it. It
// repeats what failed until it worked: none of it may keep tips from being received.
func (t *telegramNetwork) introduce(ctx context.Context) {
	tasks := []func(context.Context) error{t.learnName, t.setMenus}
	if t.webhook != nil { // first of all: until then nothing can come
		tasks = append([]func(context.Context) error{t.SetWebhook}, tasks...)
	}
	wait := time.Second
	for len(tasks) > 0 {
		err := tasks[0](ctx)
		if err == nil {
			tasks, wait = tasks[1:], time.Second
			continue
		}
		if permanent, ok := errors.AsType[*bot.SendError](err); ok && permanent.Permanent {
			t.p.log.Error("telegram: introduction", "err", err)
			tasks = tasks[1:]
			continue
		}
		t.p.log.Warn("telegram: introduction", "err", err, slog.Duration("again_in", wait))
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
			wait = min(2*wait, time.Minute)
		}
	}
}

func (t *telegramNetwork) learnName(ctx context.Context) error {
	name, err := t.Me(ctx)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.self = name
	return nil
}

func (t *telegramNetwork) setMenus(ctx context.Context) error {
	var private, group []telegram.Command
	for _, w := range handlers.MenuWords() {
		private = append(private, telegram.Command{Name: strings.ReplaceAll(w, " ", "_"), Description: t.p.text.Text("menu." + strings.ReplaceAll(w, " ", "_"))})
	}
	for _, w := range handlers.CommandNames() {
		group = append(group, telegram.Command{Name: w, Description: t.p.text.Text("help." + w + ".about")})
	}
	return t.SetCommands(ctx, private, group)
}

// webhookPath is where the webhook is mounted: the path of its public URL.
func webhookPath(public string) string {
	u, err := url.Parse(public)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}
