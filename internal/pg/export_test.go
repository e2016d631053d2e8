package pg

// NoInstallations hides every PostgreSQL of the machine until the returned function is called.
func NoInstallations() (restore func()) {
	before := places
	places = nil
	return func() { places = before }
}

const CacheSize = cacheSize
