package staff

import (
	"context"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/alexedwards/argon2id"

	"tote/internal/fault"
)

// A PIN is short, so a stolen table must be slow to try: 46 MiB and one pass, as OWASP's password
// storage cheat sheet has it. The salt makes equal PINs look different.
var argon = &argon2id.Params{Memory: 46 * 1024, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// turns bounds how many hashes are computed at once, and with them the memory a crowd at the sign-in
// page can make us take.
var turns = make(chan struct{}, max(2, runtime.NumCPU()))

func inTurn(ctx context.Context, work func() error) error {
	select {
	case turns <- struct{}{}:
		defer func() { <-turns }()
		return work()
	case <-ctx.Done():
		return fault.Because(ctx.Err(), fault.Unavailable, "Too many people sign in at this moment. Try again.")
	}
}

func hashPIN(ctx context.Context, pin string) (hash string, err error) {
	err = inTurn(ctx, func() (err error) {
		hash, err = argon2id.CreateHash(pin, argon)
		return err
	})
	return hash, err
}

// proves reports whether pin belongs to hash. An empty hash (there is no such badge) costs the same
// work and is always false, so that the time tells nothing.
func proves(ctx context.Context, pin, hash string) (ok bool, err error) {
	known := hash != ""
	if !known {
		if hash, err = nobody(); err != nil {
			return false, err
		}
	}
	err = inTurn(ctx, func() (err error) {
		ok, err = argon2id.ComparePasswordAndHash(pin, hash)
		return err
	})
	return ok && known, err
}

// nobody is the hash of a PIN nobody has.
var nobody = sync.OnceValues(func() (string, error) { return argon2id.CreateHash(NewBadge(), argon) })

// checkPIN wants four to twelve digits that are not the first ones anybody would try.
func checkPIN(form *fault.Fields, pin string) {
	switch {
	case len(pin) < 4 || len(pin) > 12 || strings.Trim(pin, "0123456789") != "":
		form.Add("pin", "A PIN is four to twelve digits.")
	case strings.Trim(pin, pin[:1]) == "" || strings.Contains("01234567890", pin) || strings.Contains("09876543210", pin):
		form.Add("pin", "That PIN is too easy to guess. Choose another one.")
	}
}

func checkRoles(form *fault.Fields, roles []Role) {
	if len(roles) == 0 {
		form.Add("roles", "Choose at least one role.")
	}
	for _, r := range roles {
		if !slices.Contains(Roles, r) {
			form.Add("roles", "There is no role %q.", r)
		}
	}
}
