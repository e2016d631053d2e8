package ui

// Problem is an error as a person sees it.
type Problem struct {
	Status  int
	Title   string
	Message string // what is wrong and what to do
	Request string // number of the request, for the log
}

// problemWords adds to the sentence on a scanning screen that the scan did nothing.
func problemWords(e Problem) string {
	if e.Status >= 500 {
		return e.Message + " Not counted: scan it again. (" + e.Request + ")"
	}
	return e.Message
}
