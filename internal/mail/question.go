package mail

import (
	"context"
	"database/sql"

	"tote/internal/orders"
	"tote/internal/pg"
)

// FeedbackAsked asks how it was.
func FeedbackAsked(ctx context.Context, tx *sql.Tx, ref string) error {
	return ask(ctx, tx, Feedback, ref)
}

// FeedbackReminded asks once more.
func FeedbackReminded(ctx context.Context, tx *sql.Tx, ref string) error {
	return ask(ctx, tx, Reminder, ref)
}

// ask writes a question, unless something has happened since that forbids it.
func ask(ctx context.Context, tx *sql.Tx, k Kind, ref string) error {
	if why, err := whyNotAsked(ctx, tx, ref); err != nil || why != "" {
		return err
	}
	return tell(ctx, tx, k, ref)
}

func whyNotAsked(ctx context.Context, q pg.Querier, ref string) (string, error) {
	n, err := orders.ParseNumber(ref)
	if err != nil {
		return "", err
	}
	return orders.WhyNotAsked(ctx, q, n)
}

func gatherFeedback(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	return gatherQuestion(ctx, q, Feedback, "feedback.asked", ref)
}

func gatherReminder(ctx context.Context, q pg.Querier, ref string) ([]draft, error) {
	return gatherQuestion(ctx, q, Reminder, "feedback.reminded", ref)
}

func gatherQuestion(ctx context.Context, q pg.Querier, k Kind, about, ref string) ([]draft, error) {
	o, err := readOrder(ctx, q, ref)
	d := o.draft(k, fact(about, o.ref), values{"link": link(o.journey + "#feedback")})
	d.Unsubscribe = o.end
	return []draft{d}, err
}
