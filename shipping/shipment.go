package shipping

import "strconv"

// ID names a shipment; people see SH-17.
type ID int64

// String is the number as people say it: "SH-17".
func (id ID) String() string { return "SH-" + strconv.FormatInt(int64(id), 10) }
