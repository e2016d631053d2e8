package web_test

import (
	"os"
	"testing"

	"tote/internal/web/webtest"
)

func TestMain(m *testing.M) { os.Exit(webtest.Run(m)) }
