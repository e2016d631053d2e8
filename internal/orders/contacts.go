package orders

import (
	"context"
	"database/sql"
	"fmt"
	"strings"

	"tote/internal/fault"
)

// Contact is who answers for a stage of the journey.
type Contact struct {
	Department string `json:"department"`
	Contact    string `json:"contact"` // an address or a telephone number
}

// ContactKeys are the stages that may have a contact of their own, after "", who answers for all others.
var ContactKeys = append([]string{""}, JourneyKeys...)

// SaveContacts checks and stores who answers for which stage. A stage without an entry is answered for by "", which
// must be there: so every stage names somebody. Mistakes are fault.Fields named contacts.0.department, the number being
// the place in ContactKeys.
func SaveContacts(ctx context.Context, tx *sql.Tx, contacts map[string]Contact) (err error) {
	defer fault.Wrap(&err, "orders.SaveContacts")
	s, err := LoadSettings(ctx, tx)
	if err != nil {
		return err
	}
	s.Contacts = map[string]Contact{}
	for key, c := range contacts {
		if c = (Contact{tidy(c.Department), tidy(c.Contact)}); c != (Contact{}) || key == "" {
			s.Contacts[key] = c
		}
	}
	return SaveSettings(ctx, tx, s)
}

// checkContacts is the one validation of contacts.
func checkContacts(contacts map[string]Contact, wrong *fault.Fields) {
	known := 0
	for i, key := range ContactKeys {
		c, there := contacts[key]
		if !there {
			continue
		}
		known++
		checkContact(fmt.Sprintf("contacts.%d.", i), "department", c.Department, 60, wrong)
		checkContact(fmt.Sprintf("contacts.%d.", i), "contact", c.Contact, 120, wrong)
	}
	if known < len(contacts) {
		wrong.Add("contacts", "The journey has no such stage. It has: %s.", strings.Join(JourneyKeys, ", "))
	}
}

func checkContact(of, name, value string, most int, wrong *fault.Fields) {
	if value == "" {
		wrong.Add(of+name, "Fill in the %s too.", name)
	} else if problem := wrongText(value, most, false); problem != "" {
		wrong.Add(of+name, "The %s %s.", name, problem)
	}
}
