package main

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/staff"
)

// initialise is "tote init": it asks for whatever the flags leave open.
type initialise struct {
	Company   string `env:"TOTE_INIT_COMPANY" help:"Company that ships."`
	Warehouse string `env:"TOTE_INIT_WAREHOUSE" help:"Name of the warehouse."`
	Code      string `env:"TOTE_INIT_CODE" help:"Its short code, like LEEDS."`
	Street    string `env:"TOTE_INIT_STREET" help:"Ship-from street."`
	Postcode  string `env:"TOTE_INIT_POSTCODE" help:"Ship-from postcode."`
	City      string `env:"TOTE_INIT_CITY" help:"Ship-from city."`
	Country   string `env:"TOTE_INIT_COUNTRY" help:"Ship-from country, two letters."`
	TimeZone  string `env:"TOTE_INIT_TIME_ZONE" help:"Like Europe/London."`
	GS1Prefix string `name:"gs1-prefix" env:"TOTE_INIT_GS1_PREFIX" help:"GS1 company prefix, 7 to 10 digits; 9521234 is for trying things out."`
	Currency  string `env:"TOTE_INIT_CURRENCY" help:"Three letters, like EUR."`
	BaseURL   string `name:"base-url" env:"TOTE_INIT_BASE_URL" help:"Where customers reach this service, like https://tote.example."`
	MailFrom  string `env:"TOTE_INIT_MAIL_FROM" help:"Sender of letters."`
	Admin     string `env:"TOTE_INIT_ADMIN" help:"Name of the first administrator."`
	PIN       string `env:"TOTE_INIT_PIN" help:"Their PIN, four to twelve digits."`
}

func (i initialise) Run(ctx context.Context, c *cli) error {
	db, err := c.Database.migrated(ctx)
	if err != nil {
		return err
	}
	defer db.Close()
	if empty, err := orders.Unfounded(ctx, db.DB); err != nil || !empty {
		return errors.Join(err, fault.New(fault.Conflict, "This site is set up already. Start it with: tote serve"))
	}
	if err := i.ask(os.Stdin, os.Stdout); err != nil {
		return err
	}
	var admin staff.Member
	err = pg.InTx(ctx, db.DB, func(tx *sql.Tx) (err error) {
		admin, err = orders.Found(ctx, tx, i.site())
		return err
	})
	for _, f := range fault.FieldsOf(err) {
		fmt.Fprintf(os.Stderr, "  %s: %s\n", f.Name, f.Message)
	}
	if err != nil {
		return err
	}
	fmt.Printf("\nReady. Your badge is %s.\nStart with: tote serve — then sign in with the badge and your PIN.\n", admin.Badge)
	return nil
}

func (i initialise) site() orders.Site {
	return orders.Site{Company: i.Company, Code: i.Code, Warehouse: i.Warehouse, Street: i.Street, City: i.City, Postcode: i.Postcode,
		Country: i.Country, TimeZone: i.TimeZone, GS1Prefix: i.GS1Prefix, Currency: i.Currency, BaseURL: i.BaseURL, MailFrom: i.MailFrom,
		Admin: i.Admin, PIN: i.PIN}
}

// ask reads from a person, line by line, what the flags left open.
func (i *initialise) ask(in io.Reader, out io.Writer) error {
	lines := bufio.NewScanner(in)
	for _, q := range []struct {
		question string
		answer   *string
	}{
		{"Company that ships", &i.Company},
		{"Name of the warehouse", &i.Warehouse},
		{"Its short code (up to 8 letters and digits, like LEEDS)", &i.Code},
		{"Street", &i.Street},
		{"Postcode", &i.Postcode},
		{"City", &i.City},
		{"Country (two letters, like GB)", &i.Country},
		{"Time zone (like Europe/London)", &i.TimeZone},
		{"GS1 company prefix (7 to 10 digits; 9521234 for trying things out)", &i.GS1Prefix},
		{"Currency (three letters, like EUR)", &i.Currency},
		{"Address of this service for customers (like https://tote.example)", &i.BaseURL},
		{"Letters are sent from (an e-mail address)", &i.MailFrom},
		{"Your name, as first administrator", &i.Admin},
		{"Your PIN (four to twelve digits)", &i.PIN},
	} {
		if *q.answer != "" {
			continue
		}
		fmt.Fprintf(out, "%s: ", q.question)
		if !lines.Scan() {
			return errors.Join(lines.Err(), fault.New(fault.Invalid, "The answers ended early; nothing was stored. Run tote init again."))
		}
		*q.answer = strings.TrimSpace(lines.Text())
	}
	return nil
}
