package studio

import (
	"context"

	"tote/internal/fault"
	"tote/internal/pg"
	"tote/inventory"
)

// laws is what must hold of artwork, each as a query of what breaks it, in words.
var laws = []struct{ name, broken string }{
	{"what is approved is approved by a decision that names its files", `
		select j.ref from art_jobs j where j.state = 'approved'
		  and not exists (select from art_decision_files f where f.decision_id = j.decision_id and f.job_id = j.id and f.verdict = 'approved')`},
	{"a decision of a customer names the files of its round alone", `
		select j.ref || ', version ' || f.version from art_decisions d join art_jobs j on j.id = d.job_id
		join art_decision_files f on f.decision_id = d.id
		where d.stage = 'customer' and exists (
		    select from art_versions v where v.job_id = d.job_id and v.proof = 1 and v.number > f.version and v.made_at < d.at)`},
	{"one customer's approval of a job counts, and nothing follows it", `
		select j.ref from art_jobs j
		where (select count(*) from art_decisions d where d.job_id = j.id and d.verdict = 'approved') > 1
		   or exists (select from art_versions v join art_decisions d on d.id = j.decision_id where v.job_id = j.id and v.made_at > d.at)`},
	{"the story of every job ends with its state", `
		select j.ref || ' is ' || j.state || ', its story says ' || e.state from art_jobs j
		cross join lateral (select state from art_events where job_id = j.id order by id desc limit 1) e where e.state <> j.state`},
	{"nobody looked at his own artwork for art control", `
		select j.ref from art_decisions d join art_jobs j on j.id = d.job_id
		where d.stage = 'control' and exists (select from art_decision_files f join art_versions v on v.job_id = f.job_id and v.number = f.version
		                                     where f.decision_id = d.id and v.made_by = d.staff_id)`},
}

// Check proves the laws of artwork. It repairs nothing.
func Check(ctx context.Context, q pg.Querier) (_ []inventory.Law, err error) {
	defer fault.Wrap(&err, "studio.Check")
	list := make([]inventory.Law, len(laws))
	for i, law := range laws {
		if list[i], err = inventory.Prove(ctx, q, law.name, law.broken); err != nil {
			return nil, err
		}
	}
	return list, nil
}
