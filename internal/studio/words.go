package studio

// Departments whose turn it can be.
const (
	turnCustomer = "Customer"
	turnImages   = "Image check"
	turnArtists  = "Artists"
	turnControl  = "Art control"
	turnSupport  = "Client support"
)

// Waits says in a sentence what a job waits for, and whose turn it is.
func (q Queued) Waits() (says, turn string) {
	switch q.State {
	case AwaitingPicture:
		return "waits for a picture from the customer.", turnCustomer
	case PictureCheck:
		return "its picture waits to be checked.", turnImages
	case PictureRefused:
		return "its picture was refused; the customer sends another.", turnCustomer
	case Art:
		if q.Artist == 0 {
			return "waits for an artist with room.", turnArtists
		}
		return "is with " + q.ArtistName + map[Why]string{New: ".", FromControl: ", sent back by art control.", FromCustomer: ", sent back by the customer."}[q.Why], turnArtists
	case ArtControl:
		return "its artwork waits for art control.", turnControl
	case Approval:
		if q.Overdue {
			return "the customer answers no reminder: call.", turnSupport
		}
		return "the proof is with the customer.", turnCustomer
	}
	if q.State == Approved {
		return "approved: these files, and no others, may be made.", ""
	}
	return "is " + string(q.State) + ".", ""
}
