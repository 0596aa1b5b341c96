package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"awassiber/bot"
	"awassiber/locales"
	"awassiber/store/bolt"
)

// Exit codes, as operators' scripts know them.
const (
	exitOK      = 0
	exitFailure = 1
	exitUsage   = 2
)

// command is one word an operator can say. help is generated from the table of them.
type command struct {
	name  string
	args  string // what follows the name, as help shows it: "FILE"
	count int    // how many arguments that is
	brief string // locale key of the line in the list
	about string // locale key of what --help of the command says; serve and help share the front page
	force bool   // takes --force
	flags string // flags of its own: "--corpus FILE --queries FILE [--json]"; none of them is a setting
	run   func(ctx context.Context, c *call) error
}

func commands() []command {
	return []command{
		{name: "serve", brief: "cli.serve.brief", about: "cli.serve.about", run: runServe},
		{name: "pair", brief: "cli.pair.brief", about: "cli.pair.about", run: runPair},
		{name: "backup", args: "FILE", count: 1, force: true, brief: "cli.backup.brief", about: "cli.backup.about", run: runBackup},
		{name: "restore", args: "FILE", count: 1, force: true, brief: "cli.restore.brief", about: "cli.restore.about", run: runRestore},
		{name: "verify", brief: "cli.verify.brief", about: "cli.verify.about", run: runVerify},
		{name: "calibrate", flags: "--corpus FILE --queries FILE [--json]", brief: "cli.calibrate.brief", about: "cli.calibrate.about", run: runCalibrate},
		{name: "health", brief: "cli.health.brief", about: "cli.health.about", run: runHealth},
		{name: "version", brief: "cli.version.brief", about: "cli.version.about", run: runVersion},
		{name: "help", args: "[COMMAND]", brief: "cli.help.brief", run: runHelp},
	}
}

// call is one invocation of a command.
type call struct {
	cfg   Config
	args  []string
	force bool
	// settings and json are the flags of the command's own.
	settings map[string]string
	json     bool
	env      func(string) string
	out      io.Writer
	err      io.Writer
	say      *locales.Printer
}

// println says a sentence on standard output.
func (c *call) println(key string, args ...any) {
	fmt.Fprintln(c.out, bot.Unmark(c.say.Text(key, args...)))
}

// run is the whole program: it returns the exit code. Tests call it as main does, with streams,
// environment and context of their own. It returns when ctx is cancelled and all is put away.
func run(ctx context.Context, args []string, env func(string) string, out, errs io.Writer) int {
	say, err := locales.New(locales.Default)
	if err != nil {
		fmt.Fprintln(errs, "awassiber:", err)
		return exitFailure
	}
	c := &call{env: env, out: out, err: errs, say: say}
	err = c.dispatch(ctx, args)
	if err == nil {
		return exitOK
	}
	fmt.Fprintln(errs, "awassiber: "+c.explain(err))
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailure
}

func (c *call) dispatch(ctx context.Context, args []string) error {
	line, err := parseLine(args)
	if err != nil {
		return err
	}
	if language := line.settings["language"]; language != "" || c.env("AWAS_LANGUAGE") != "" {
		if language == "" {
			language = c.env("AWAS_LANGUAGE")
		}
		if say, err := locales.New(language); err == nil { // a bad one is refused by loadConfig
			c.say = say
		}
	}
	if line.help {
		return c.help(line.command.name)
	}
	if line.command.name == "help" || line.command.name == "version" {
		c.args = line.args
		return line.command.run(ctx, c)
	}
	c.settings, c.json = line.settings, line.json
	if len(line.args) != line.command.count {
		return usage("cli.bad.arguments", "command", line.command.name, "args", line.command.args)
	}
	if line.command.flags == "" { // a command with flags of its own needs no configuration
		if c.cfg, err = loadConfig(line.settings, c.env); err != nil {
			return err
		}
	}
	c.args, c.force = line.args, line.force
	return line.command.run(ctx, c)
}

// line is a command line, taken apart.
type line struct {
	command  command
	args     []string
	settings map[string]string
	force    bool
	json     bool
	help     bool
}

// parseLine reads flags anywhere on the line, as --name value or --name=value. Our own, because
// every refusal must be a sentence of locales and every flag comes from one table.
func parseLine(args []string) (line, error) {
	l := line{settings: map[string]string{}}
	var words []string
	for i := 0; i < len(args); i++ {
		arg := args[i]
		if arg == "--" {
			words = append(words, args[i+1:]...)
			break
		}
		if !strings.HasPrefix(arg, "-") || arg == "-" {
			words = append(words, arg)
			continue
		}
		name, value, given := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		switch {
		case (name == "help" || name == "h") && !given:
			l.help = true
			continue
		case name == "force" && !given:
			l.force = true
			continue
		case name == "json" && !given:
			l.json = true
			continue
		}
		if _, ok := settingByName(name); !ok && name != "corpus" && name != "queries" {
			return l, usage("cli.bad.flag", "flag", "--"+name)
		}
		if !given {
			if i++; i >= len(args) {
				return l, usage("cli.bad.flag_value", "flag", "--"+name)
			}
			value = args[i]
		}
		l.settings[name] = value
	}
	return l, l.resolve(words)
}

// resolve finds the command: none means serve.
func (l *line) resolve(words []string) error {
	name := "serve"
	if len(words) > 0 {
		name, l.args = words[0], words[1:]
	}
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		l.command = cmd
		if l.force && !cmd.force {
			return usage("cli.bad.flag", "flag", "--force")
		}
		for _, own := range []string{"corpus", "queries"} {
			if _, given := l.settings[own]; given && cmd.flags == "" {
				return usage("cli.bad.flag", "flag", "--"+own)
			}
		}
		if l.json && cmd.flags == "" {
			return usage("cli.bad.flag", "flag", "--json")
		}
		return nil
	}
	return usage("cli.bad.command", "command", name)
}

// explain turns an error into the one line an operator reads.
func (c *call) explain(err error) string {
	text := ""
	if refusal, ok := errors.AsType[*bot.UserError](err); ok {
		text = c.say.Refusal(refusal)
	} else {
		switch {
		case errors.Is(err, bot.ErrInUse):
			text = c.say.Text("cli.error.in_use", "data", c.cfg.Data)
		case errors.Is(err, bot.ErrKey):
			text = c.say.Text("cli.error.key", "file", c.cfg.KeyFile, "cause", err.Error())
		case errors.Is(err, bolt.ErrNewer), errors.Is(err, errNewer):
			text = c.say.Text("cli.error.newer")
		case errors.Is(err, context.Canceled):
			text = c.say.Text("cli.error.interrupted")
		default:
			text = err.Error()
		}
	}
	return strings.Join(strings.Fields(bot.Unmark(text)), " ")
}

// runServe runs the bot until ctx ends.
func runServe(ctx context.Context, c *call) error {
	if err := c.cfg.checkNetworks(); err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(c.err, &slog.HandlerOptions{Level: c.cfg.LogLevel}))
	for _, w := range c.cfg.Warnings {
		log.Warn("configuration", "about", w)
	}
	return serve(ctx, c.cfg, log, c.out)
}
