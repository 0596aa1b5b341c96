package telegram

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	tgbot "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"awassiber/bot"
)

// DefaultAPI is the public Bot API server.
const DefaultAPI = "https://api.telegram.org"

// How long one call may take. An upload may be 50 MB over a slow line.
const (
	callTimeout   = 60 * time.Second
	uploadTimeout = 5 * time.Minute
)

// Evidence gives the bytes of a stored file. A missing one is bot.ErrNotFound.
type Evidence interface {
	Open(sha256 string) (io.ReadCloser, error)
}

// Deliverer stores updates, all of them or none. Once it has returned nil they are on disk.
type Deliverer interface {
	Deliver(ctx context.Context, updates []bot.Update) error
}

// Config says which bot, where, and with what. Only Token is required.
type Config struct {
	Token string // as BotFather gives it
	API   string // base URL of the Bot API server; empty: DefaultAPI
	// Webhook is the public https URL under which Telegram reaches the Webhook; empty when polling.
	Webhook string
	// Secret is what Telegram repeats with every post to the Webhook, 1-256 characters of A-Z, a-z,
	// 0-9, _ and -; empty: derived from the token, so that it survives a restart.
	Secret string
	// HTTP carries all calls; nil makes a client of its own. It is copied and follows no redirect: a
	// redirect would hand the token in the URL to its target.
	HTTP *http.Client
	// Evidence is where files from other networks, or lost by Telegram, are read to upload them; nil:
	// such files are refused.
	Evidence Evidence
	// LocalFiles is the directory of a local Bot API server running with --local, which answers getFile
	// with a path on its own disk. Empty: such answers are refused.
	LocalFiles string
	Log        *slog.Logger     // nil: nothing is logged
	Now        func() time.Time // nil: time.Now
}

// Client speaks to the Bot API. Its methods may be called from any goroutine.
type Client struct {
	config   Config
	api      *tgbot.Bot
	http     *http.Client
	progress progress
}

// tokenForm is what can stand in a URL as a token. Whether it is one, the server knows: it answers 401
// or 404 otherwise, which is the state Unauthorised.
var tokenForm = regexp.MustCompile(`^[A-Za-z0-9:_-]+$`)

// New checks the configuration and makes a client. It calls nobody.
func New(c Config) (*Client, error) {
	if !tokenForm.MatchString(c.Token) {
		return nil, errors.New("telegram: the token is malformed; it looks like 123456:ABC-DEF")
	}
	if c.API == "" {
		c.API = DefaultAPI
	}
	c.API = strings.TrimRight(c.API, "/")
	if u, err := url.Parse(c.API); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("telegram: the address of the Bot API server is not an http or https URL")
	}
	if c.Webhook != "" {
		// Only a Bot API server of one's own posts to plain http (https://github.com/tdlib/telegram-bot-api).
		u, err := url.Parse(c.Webhook)
		if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || c.API == DefaultAPI) {
			return nil, errors.New("telegram: the webhook is not an https URL")
		}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	client := http.Client{Transport: transport()}
	if c.HTTP != nil {
		client = *c.HTTP
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	api, err := tgbot.New(c.Token,
		tgbot.WithSkipGetMe(),
		tgbot.WithServerURL(c.API),
		tgbot.WithHTTPClient(callTimeout, &client),
		// The library may put raw updates and answers into what it reports: only that it did is logged.
		tgbot.WithErrorsHandler(func(error) { c.Log.Warn("telegram: the client library reported an error") }),
		tgbot.WithDefaultHandler(func(context.Context, *tgbot.Bot, *models.Update) {}),
	)
	if err != nil {
		return nil, errors.New("telegram: the client library refused the configuration")
	}
	return &Client{config: c, api: api, http: &client, progress: progress{done: map[string]sent{}}}, nil
}

// idleConns is how many connections wait for the next call: as many as may be in use at once, or a busy
// minute would pay a connection, with its TLS handshake, for most of its messages.
const idleConns = 128

// transport is the standard one, which keeps only two idle connections to a host, keeping more.
func transport() http.RoundTripper {
	standard, ok := http.DefaultTransport.(*http.Transport)
	if !ok { // somebody replaced it, and means it
		return http.DefaultTransport
	}
	own := standard.Clone()
	own.MaxIdleConns, own.MaxIdleConnsPerHost = idleConns, idleConns
	return own
}

// Me asks who the bot is and returns its username, without @. Errors are *bot.SendError; the reason
// "unauthorised" means that the token is wrong.
func (c *Client) Me(ctx context.Context) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, callTimeout)
	defer cancel()
	me, err := c.api.GetMe(ctx)
	if err != nil {
		return "", c.sendError(err)
	}
	return me.Username, nil
}

// Close drops idle connections.
func (c *Client) Close() { c.http.CloseIdleConnections() }

// method is the URL of a Bot API method. It contains the token.
func (c *Client) method(name string) string {
	return c.config.API + "/bot" + c.config.Token + "/" + name
}

// mask takes the token out of a text, also where it was escaped for a URL.
func (c *Client) mask(s string) string {
	return strings.NewReplacer(c.config.Token, "***", url.PathEscape(c.config.Token), "***",
		url.QueryEscape(c.config.Token), "***").Replace(s)
}

// cause describes why a call did not reach the server or its answer not us, without the URL.
func (c *Client) cause(err error) error {
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		err = wrapped.Err
	}
	for _, known := range []error{context.Canceled, context.DeadlineExceeded} {
		if errors.Is(err, known) {
			return known
		}
	}
	return fmt.Errorf("telegram: %s", c.mask(err.Error()))
}
