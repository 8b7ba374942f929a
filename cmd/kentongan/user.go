package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"kentongan/internal/db"
	"kentongan/internal/fault"
	"kentongan/internal/identity"
)

// userAdd adds a person, and their agency when it is not there yet. The
// password comes from standard input, never from the command line, where every
// process of the machine could read it.
func userAdd(ctx context.Context, c *call) error {
	var p identity.Appointment
	var slug, agencyName, zone, role string
	cfg, err := c.settings("user add", func(f *flag.FlagSet) {
		f.StringVar(&p.Username, "username", "", c.words.T("cmd.flag.username"))
		f.StringVar(&p.Name, "name", "", c.words.T("cmd.flag.name"))
		f.StringVar(&role, "role", "", c.words.T("cmd.flag.role"))
		f.StringVar(&slug, "agency", "", c.words.T("cmd.flag.agency"))
		f.StringVar(&agencyName, "agency-name", "", c.words.T("cmd.flag.agency_name"))
		f.StringVar(&zone, "zone", "Asia/Jakarta", c.words.T("cmd.flag.zone"))
	})
	if err != nil {
		return err
	}
	p.Role = identity.Role(role)
	a, err := buildIdentity(ctx, cfg)
	if err != nil {
		return err
	}
	defer a.close()
	fmt.Fprint(c.err, c.words.T("cmd.user.password")+" ")
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	p.Password = strings.TrimRight(line, "\r\n")
	agency, err := a.agency(ctx, slug, agencyName, zone)
	if err != nil {
		return err
	}
	p.Agency = agency.ID
	person, err := a.people.AddPerson(ctx, identity.Operator(), p)
	if err != nil {
		return err
	}
	fmt.Fprintln(c.out, c.words.T("cmd.user.added", "username", person.Username, "role", role, "agency", agency.Name))
	return nil
}

// agency finds an agency by its slug, or makes it when it was given a name.
func (a *app) agency(ctx context.Context, slug, name, zone string) (found identity.Agency, err error) {
	err = a.db.View(ctx, func(tx *db.Tx) (err error) {
		found, err = identity.AgencyBySlug(ctx, tx, slug)
		return err
	})
	switch {
	case fault.KindOf(err) != fault.NotFound:
		return found, err
	case name == "":
		return found, fault.Wrap(fault.NotFound, "cmd.no_agency", err, fault.Field("agency"), fault.Arg("slug", slug))
	}
	return a.people.CreateAgency(ctx, identity.Operator(), identity.Agency{Slug: slug, Name: name, Zone: zone})
}
