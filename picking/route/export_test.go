package route

// Prove looks for a choice shorter than best, by computation alone: how long the one it finds is, 0 for none, and what
// it says no choice goes below.
func (r *Router) Prove(bins []Bin, wants []Want, best int64) (found, bound int64, err error) {
	q, err := r.newQuest(bins, wants)
	if err != nil {
		return 0, 0, err
	}
	picked, bound := q.prove(best)
	if picked == nil {
		return 0, bound, nil
	}
	return q.length(picked), bound, nil
}
