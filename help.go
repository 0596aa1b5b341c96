package main

import (
	"context"
	"fmt"
	"strings"
	"text/tabwriter"

	"awassiber/bot"
)

func runHelp(_ context.Context, c *call) error {
	if len(c.args) == 0 {
		return c.help("serve")
	}
	for _, cmd := range commands() {
		if cmd.name == c.args[0] {
			return c.help(cmd.name)
		}
	}
	return usage("cli.bad.command", "command", c.args[0])
}

// help prints the page of a command. That of serve, which needs no name, is the front page.
func (c *call) help(name string) error {
	for _, cmd := range commands() {
		if cmd.name != name {
			continue
		}
		if name == "serve" || name == "help" {
			return c.frontPage()
		}
		fmt.Fprintf(c.out, "awassiber %s\n\n", cmd.usage())
		c.println(cmd.about)
		if cmd.force {
			fmt.Fprintln(c.out)
			c.println("cli.force")
		}
		fmt.Fprintln(c.out)
		c.println("cli.see_help")
	}
	return nil
}

func (c *call) frontPage() error {
	c.println("cli.serve.about")
	fmt.Fprintln(c.out)
	c.println("cli.commands")
	t := tabwriter.NewWriter(c.out, 0, 0, 2, ' ', 0)
	for _, cmd := range commands() {
		fmt.Fprintf(t, "  awassiber %s\t%s\n", cmd.usage(), c.text(cmd.brief))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	c.println("cli.settings")
	for _, s := range settings() {
		fmt.Fprintf(t, "  %s\t%s\t%s", s.flag(), s.env(), c.text(s.usage))
		if s.standard != "" {
			fmt.Fprintf(t, " [%s]", s.standard)
		}
		fmt.Fprintln(t)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	fmt.Fprintln(c.out)
	c.println("cli.exit_codes")
	return nil
}

func (c *call) text(key string, args ...any) string { return bot.Unmark(c.say.Text(key, args...)) }

// usage is how a command is typed.
func (cmd command) usage() string {
	return strings.Join(strings.Fields(cmd.name+" "+cmd.args+" "+cmd.flags), " ")
}
