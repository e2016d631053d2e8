package web

import (
	"database/sql"
	"errors"
	"slices"

	"github.com/gofiber/fiber/v2"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/internal/scan"
	"tote/internal/staff"
	"tote/internal/web/ui"
	"tote/inventory"
	"tote/labels"
	"tote/packing"
)

// atBench reports whether somebody works at a packing station.
func atBench(who staff.Session) bool { return who.Station != nil && who.Station.Packs() }

// benches are the packing stations to choose from, none for who stands at one already.
func (a *App) benches(c *fiber.Ctx) ([]staff.Station, error) {
	if who, _ := a.session(c); atBench(who) {
		return nil, nil
	}
	return packing.Benches(c.UserContext(), a.DB, a.house(c))
}

// asksBench makes the screen ask for the packing station before anything else.
func (a *App) asksBench(c *fiber.Ctx, step scan.Step, benches []staff.Station) scan.Step {
	who, _ := a.session(c)
	if atBench(who) || step.Finished {
		return step
	}
	ask := scan.Step{Result: step.Result, Message: step.Message, Title: step.Title, Next: "Scan your packing station", Done: step.Done, Total: step.Total,
		Expect: []string{string(labels.KindStation), string(labels.KindLocation)}}
	if ask.Result == scan.Decide { // the question comes after this one
		ask.Result = ""
	}
	switch {
	case len(benches) == 0:
		ask.Next, ask.Detail = "There is no packing station here", []string{"A manager adds one under Set-up, Stations."}
	case who.Station != nil:
		ask.Detail = []string{"You work at " + who.Station.Name + ": nothing is packed there", "Its label begins with K-, or choose it"}
	default:
		ask.Detail = []string{"Its label begins with K-, or choose it"}
	}
	return ask
}

// takeBench answers a scan that says, or should say, at which packing station somebody works: its label, or that of the
// place where it alone stands. What means something else here is left to the bench.
func (a *App) takeBench(c *fiber.Ctx, job string) (answered bool, err error) {
	p, err := a.pull(c)
	if err != nil || p.Action != "" {
		return false, err
	}
	code, err := labels.Parse(p.Code)
	if err != nil {
		return false, nil // the bench says what is wrong with it
	}
	var said, wrong string
	switch {
	case isStation(p.Code):
		said, wrong, err = a.benchOf(c, p)
	case code.Kind == labels.KindLocation, code.Kind == labels.KindUnknown && !atBench(p.Who):
		said, wrong, err = a.benchAt(c, a.DB, code, atBench(p.Who))
	case code.Kind == labels.KindBadge && !atBench(p.Who):
		wrong, err = a.toBench(c, a.DB, "This is a staff badge: it says who you are, not where.")
	}
	if err != nil || said == "" && wrong == "" {
		return false, err
	}
	return true, a.sayBench(c, job, said, wrong)
}

// sayBench goes on at the packing station that was said, or says what is wrong with it.
func (a *App) sayBench(c *fiber.Ctx, job, said, wrong string) error {
	if wrong != "" {
		a.putFlash(c, ui.Halted, wrong)
		return c.Redirect(job, fiber.StatusSeeOther)
	}
	return a.moveTo(c, job, said)
}

// benchSaid takes a scan back that the bench did not know, for it says a packing station.
type benchSaid struct{ said, wrong string }

func (benchSaid) Error() string { return "the scan says a packing station" }

// unlessBench looks, of a scan that the bench refused and that is no item, for the packing station at the place it names: the
// label of a place may say its name alone. A scan that the bench knows costs nothing.
func (a *App) unlessBench(c *fiber.Ctx, tx *sql.Tx, p pull, step scan.Step) error {
	code, err := labels.Parse(p.Code)
	if err != nil || p.Action != "" || step.Result != scan.Wrong || step.Replayed || code.Kind != labels.KindUnknown || !atBench(p.Who) {
		return nil
	}
	if _, _, err := inventory.FindBarcode(c.UserContext(), tx, code); fault.KindOf(err) != fault.NotFound {
		return nil // the bench said what it is
	}
	said, wrong, err := a.benchAt(c, tx, code, true)
	if err != nil || said == "" && wrong == "" {
		return err
	}
	return benchSaid{said, wrong}
}

// orBench answers a scan that unlessBench took back.
func (a *App) orBench(c *fiber.Ctx, job string, err error) error {
	var at benchSaid
	if errors.As(err, &at) {
		return a.sayBench(c, job, at.said, at.wrong)
	}
	return err
}

// toBench is what is wrong with a scan, and where packing stations are.
func (a *App) toBench(c *fiber.Ctx, q pg.Querier, wrong string) (string, error) {
	all, err := packing.Benches(c.UserContext(), q, a.house(c))
	return wrong + " " + packing.BenchWords(all), err
}

// benchOf is the packing station whose label was scanned. Of one that does not exist, moveTo says so.
func (a *App) benchOf(c *fiber.Ctx, p pull) (said, wrong string, err error) {
	station, err := stationOf(c.UserContext(), a.DB, p.Code)
	switch {
	case fault.KindOf(err) == fault.NotFound:
		wrong, err = a.toBench(c, a.DB, fault.Message(err))
	case err == nil && station.Warehouse == p.Who.Warehouse && !station.Packs():
		wrong, err = a.toBench(c, a.DB, station.Code+" is "+station.Name+": nothing is packed there.")
	default:
		said = p.Code
	}
	return said, wrong, err
}

// benchAt is the packing station that stands at a place. To who stands at one, a place without a station means nothing.
func (a *App) benchAt(c *fiber.Ctx, q pg.Querier, code labels.Code, stands bool) (said, wrong string, err error) {
	place, err := inventory.FindLocation(c.UserContext(), q, a.house(c), code)
	if fault.KindOf(err) == fault.NotFound {
		if stands {
			return "", "", nil
		}
		wrong, err = a.toBench(c, q, "There is no station or place "+clipped(code.Text)+" here.")
		return "", wrong, err
	}
	if err != nil {
		return "", "", err
	}
	all, err := staff.Stations(c.UserContext(), q, int64(a.house(c)))
	if err != nil {
		return "", "", err
	}
	all = slices.DeleteFunc(all, func(s staff.Station) bool { return s.Location != int64(place.ID) })
	here := slices.DeleteFunc(slices.Clone(all), func(s staff.Station) bool { return !s.Packs() })
	switch {
	case len(here) == 1:
		return here[0].Code, "", nil
	case len(here) > 1:
		return "", "Several stations stand at " + place.Code + ". " + packing.BenchWords(here), nil
	case len(all) > 0:
		wrong, err = a.toBench(c, q, place.Code+" is the place of "+all[0].Name+": nothing is packed there.")
	case !stands:
		wrong, err = a.toBench(c, q, place.Code+" is a place without a packing station.")
	}
	return "", wrong, err
}

// clipped is a text that was scanned as far as it is said back.
func clipped(text string) string {
	if r := []rune(text); len(r) > 30 {
		return string(r[:30]) + "…"
	}
	return text
}
