package pg

import (
	"database/sql"
	"database/sql/driver"
	"reflect"

	"github.com/lib/pq"
)

// ValuerScanner passes a value to PostgreSQL or takes one from it.
type ValuerScanner interface {
	driver.Valuer
	sql.Scanner
}

// Array passes a slice as an array argument, or scans an array column into a pointer to a slice. Typed
// ids and words are fine too, where lib/pq's own knows plain ones only.
func Array(a any) ValuerScanner {
	if v := reflect.ValueOf(a); v.Kind() == reflect.Pointer && v.Elem().Kind() == reflect.Slice {
		switch elem := v.Elem().Type().Elem(); {
		case elem.PkgPath() == "": // a plain type
		case elem.Kind() == reflect.String:
			return typedArray[string]{v.Elem()}
		case elem.Kind() == reflect.Int64:
			return typedArray[int64]{v.Elem()}
		}
	}
	return pq.Array(a)
}

// typedArray scans into a slice whose elements are P beneath.
type typedArray[P any] struct{ slice reflect.Value }

func (a typedArray[P]) Value() (driver.Value, error) { return pq.Array(a.slice.Interface()).Value() }

func (a typedArray[P]) Scan(src any) error {
	var plain []P
	if err := pq.Array(&plain).Scan(src); err != nil {
		return err
	}
	typed := reflect.MakeSlice(a.slice.Type(), len(plain), len(plain))
	for i, p := range plain {
		typed.Index(i).Set(reflect.ValueOf(p).Convert(typed.Type().Elem()))
	}
	a.slice.Set(typed)
	return nil
}
