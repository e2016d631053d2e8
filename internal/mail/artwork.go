package mail

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/mail"

	"tote/internal/fault"
	"tote/internal/orders"
	"tote/internal/pg"
	"tote/internal/studio"
)

const latestArtwork = `select ref from art_jobs order by id desc limit 1`

// PictureAsked asks for the picture that a line is made from.
func PictureAsked(ctx context.Context, tx *sql.Tx, ref string) error {
	return artworkLetter(ctx, tx, PictureWanted, ref, "picture.asked", studio.AwaitingPicture)
}

// PictureTurnedDown says why a picture cannot be used as it is. Each refusal has a letter of its own.
func PictureTurnedDown(ctx context.Context, tx *sql.Tx, ref string) error {
	return artworkLetter(ctx, tx, PictureRefused, ref, "picture.refused", studio.PictureRefused)
}

// ProofReady sends a proof to whoever decides on it. Each round has a letter of its own.
func ProofReady(ctx context.Context, tx *sql.Tx, ref string) error {
	return artworkLetter(ctx, tx, Proof, ref, "proof.ready", studio.Approval)
}

// ProofReminded reminds of a proof; when is what tells this time from others.
func ProofReminded(ctx context.Context, tx *sql.Tx, ref, when string) error {
	return artworkLetter(ctx, tx, ProofReminder, ref, "proof.reminded "+when, studio.Approval)
}

// ArtworkApproved confirms an approval.
func ArtworkApproved(ctx context.Context, tx *sql.Tx, ref string) error {
	return artworkLetter(ctx, tx, Approved, ref, "artwork.approved", studio.Approved)
}

// ProofOverdue tells the order's contact that a customer answers no reminder; nobody where the contact has no address.
func ProofOverdue(ctx context.Context, tx *sql.Tx, ref string) error {
	return artworkLetter(ctx, tx, CallCustomer, ref, "proof.overdue", studio.Approval)
}

// artworkLetter writes a letter about a job, unless the job is elsewhere by now: then another letter says so.
func artworkLetter(ctx context.Context, tx *sql.Tx, k Kind, ref, about string, in studio.State) (err error) {
	defer fault.Wrap(&err, "mail.artworkLetter(%s, %s)", k, ref)
	entry, err := find(k)
	if err != nil {
		return err
	}
	v, err := studio.ByRef(ctx, tx, ref)
	if errors.Is(err, fault.NotFound) || err == nil && v.State != in {
		return nil
	}
	if err != nil {
		return err
	}
	d, err := artworkDraft(ctx, tx, k, v)
	if err != nil || d.To.Address == "" {
		return err
	}
	d.Fact = fact(fmt.Sprintf("%s %d.%d", about, v.Round, len(v.Decisions)), ref)
	if k == Proof || k == ProofReminder {
		token, err := studio.NewLink(ctx, tx, v.Job)
		if err != nil {
			return err
		}
		d.values["link"] = link(d.base + "/proof/" + token)
	}
	return d.send(ctx, tx, entry)
}

func gatherArtwork(k Kind) func(context.Context, pg.Querier, string) ([]draft, error) {
	return func(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
		v, err := studio.ByRef(ctx, q, ref)
		if err != nil {
			return nil, err
		}
		d, err := artworkDraft(ctx, q, k, v)
		return []draft{d}, err
	}
}

// artworkDraft leads to the page of the artwork in the order's journey; what decides has a link of its own.
func artworkDraft(ctx context.Context, q pg.Querier, k Kind, v studio.View) (d draft, err error) {
	o, err := readOrder(ctx, q, v.Document)
	if err != nil {
		return d, err
	}
	vs := values{"product": words(v.Product), "line": words(v.Ref), "wanted": words(v.Asks), "several": either(len(v.Current()) > 1),
		"link": link(o.journey + "/artwork/" + v.Line()), "certificate": link(o.journey + "/artwork/" + v.Line() + "/certificate.pdf")}
	if r := v.Refusal(); r != nil {
		vs["reason"], vs["words"], vs["insist"] = words(r.Reason), paragraph(r.Words), either(r.Stage == studio.StagePicture && r.MayInsist())
	}
	if k == Approved {
		delete(vs, "link") // it is the order's turn again
	}
	d = o.draft(k, "", vs)
	if k == CallCustomer {
		d.values["link"], d.values["phone"] = link(o.base+"/studio/jobs/"+v.Ref), words(o.phone)
		d.To, d.Language, d.Zone = mail.Address{Name: displayName(o.contact.Name), Address: o.contact.Email}, o.house.language, o.zone
		d.contact = orders.Support{}
	}
	return d, nil
}
