package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"tote/picking/route"
)

// askPlan is what "tote plan route" answers to text.
func askPlan(t testing.TB, p planRoute, text string) (lines []string, complaints string, err error) {
	t.Helper()
	policy, err := route.ParsePolicy(p.Policy)
	if err != nil {
		t.Fatal(err)
	}
	var out, complain strings.Builder
	err = answerLines(context.Background(), strings.NewReader(text), &out, &complain, func(line []byte) (json.RawMessage, any, error) {
		return p.answer(policy, line)
	})
	if out.Len() > 0 {
		lines = strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
	return lines, complain.String(), err
}

// question is a line that can be answered.
func question(id, picks string) string {
	return fmt.Sprintf(`{"id":%s,"aisle_x":[0,5,10],"cross_y":[0,20],"depot":{"aisle":0,"cross":0},"picks":%s}`, id, picks)
}

func TestPlanRouteFindsEveryKnownOptimum(t *testing.T) {
	raw, err := os.ReadFile("../../picking/route/testdata/routing_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Cases []struct {
			AisleX  []int64 `json:"aisle_x"`
			CrossY  []int64 `json:"cross_y"`
			Depot   struct{ Aisle, Cross int64 }
			Picks   [][2]int64
			Optimal int64
		}
	}
	var lines struct{ Cases []json.RawMessage }
	if err := errors.Join(json.Unmarshal(raw, &known), json.Unmarshal(raw, &lines)); err != nil {
		t.Fatal(err)
	}
	var in bytes.Buffer
	for _, c := range lines.Cases {
		if err := json.Compact(&in, c); err != nil {
			t.Fatal(err)
		}
		in.WriteByte('\n')
	}
	out, complaints, err := askPlan(t, planRoute{Policy: "exact"}, in.String())
	if err != nil || complaints != "" || len(out) != len(known.Cases) {
		t.Fatalf("%d lines, %q, %v", len(out), complaints, err)
	}
	for i, k := range known.Cases {
		var a struct {
			Length int64
			Walk   [][2]int64
		}
		if err := json.Unmarshal([]byte(out[i]), &a); err != nil || a.Length != k.Optimal {
			t.Errorf("case %d: %s, %v; the optimum is %d", i, out[i], err, k.Optimal)
		}
		if len(k.Picks) == 0 {
			continue
		}
		if start := [2]int64{k.Depot.Aisle, k.CrossY[k.Depot.Cross]}; a.Walk[0] != start || a.Walk[len(a.Walk)-1] != start {
			t.Errorf("case %d: from %v to %v", i, a.Walk[0], a.Walk[len(a.Walk)-1])
		}
		for _, p := range k.Picks {
			if !slices.Contains(a.Walk, p) {
				t.Errorf("case %d: %v is not passed", i, p)
			}
		}
		if long := stepped(t, k.AisleX, k.CrossY, a.Walk); long != a.Length {
			t.Errorf("case %d: the steps add up to %d, not %d", i, long, a.Length)
		}
	}
}

// stepped is the length of a walk, each step of which must be along an aisle or a cross-aisle.
func stepped(t *testing.T, aisleX, crossY []int64, walk [][2]int64) (long int64) {
	for i := 1; i < len(walk); i++ {
		p, q := walk[i-1], walk[i]
		switch {
		case p[0] == q[0]:
			long += max(p[1]-q[1], q[1]-p[1])
		case p[1] == q[1] && slices.Contains(crossY, p[1]):
			long += max(aisleX[p[0]]-aisleX[q[0]], aisleX[q[0]]-aisleX[p[0]])
		default:
			t.Errorf("a step from %v to %v", p, q)
		}
	}
	return long
}

func TestPlanRouteSaysWhatIsWrongWithALine(t *testing.T) {
	for in, want := range map[string]string{
		``:                                `null: the line is empty`,
		`{`:                               `null: the line is not JSON: it ends in the middle`,
		`[1]`:                             `null: the line is not a JSON object`,
		`null`:                            `null: the line is not a JSON object`,
		"{\"id\":\"\xff\"}":               `null: the line is not UTF-8`,
		`{"id":"a","aisle_x":[0,N`:        `"a": the line is not JSON: invalid character 'N' looking for beginning of value`,
		question("7", "[]") + "{}":        `7: something follows the JSON object on its line`,
		`{"id":7,"id":8}`:                 `7: "id" is there twice`,
		`{"id":7}`:                        `7: "aisle_x" is missing: it is like [0, 5, 10]`,
		question(`"<&>"`, `[[0,20.5]]`):   `"<&>": "picks": 0: 20.5 is outside of the aisle, which goes from 0 to 20`,
		question(`1.50`, `[[0,1],[3,1]]`): `1.50: "picks": 1: there is no aisle 3: there are 3, from 0`,
		question(`1`, `[[-1,1]]`):         `1: "picks": 0: there is no aisle -1: there are 3, from 0`,
		question(`1`, `[[0.5,1]]`):        `1: "picks": 0: there is no aisle 0.5: there are 3, from 0`,
		question(`1`, `[[1]]`):            `1: "picks": 0 is not like [0, 7.5]`,
		question(`1`, `[["a",1]]`):        `1: "picks" is not like [[0, 7.5], [2, 3]]`,
		question(`1`, `[[0,1e400]]`):      `1: "picks": 0: 1e400 is too large a number`,
		question(`1`, `[[0,1e4000]]`):     `1: "picks": 0: 1e4000 is too large or too fine a number`,
		question(`1`, `[[0,1e-30]]`):      `1: "picks": 0: the numbers are too large, or have too many digits, to be added up exactly`,
		question(`1`, `null`):             `1: "picks" is missing: it is like [[0, 7.5], [2, 3]]`,
		strings.Replace(question(`1`, `[]`), "5,10", "10,5", 1):                  `1: "aisle_x" must ascend, and 5 follows 10`,
		strings.Replace(question(`1`, `[]`), "0,20", "20,20", 1):                 `1: "cross_y" must ascend, and 20 follows 20`,
		strings.Replace(question(`1`, `[]`), "0,20", "0", 1):                     `1: a layout needs 2 to 7 cross-aisles, this one has 1`,
		strings.Replace(question(`1`, `[]`), "0,20", "0,4611686018427387904", 1): `1: the layout is so large that its ways cannot be added up; a coarser unit may help`,
		strings.Replace(question(`1`, `[]`), `"cross":0`, `"cross":2`, 1):        `1: "depot": there is no cross-aisle 2: there are 2, from 0`,
		strings.Replace(question(`1`, `[]`), `"aisle":0`, `"aisle":3`, 1):        `1: "depot": there is no aisle 3: there are 3, from 0`,
		strings.Replace(question(`1`, `[]`), `"aisle":0,`, ``, 1):                `1: "depot" is not like {"aisle": 0, "cross": 0} or {"x": 7.5, "cross": 0}`,
	} {
		good := question(`"good"`, `[[1,7]]`)
		out, complaints, err := askPlan(t, planRoute{Policy: "exact"}, good+"\n"+in+"\n"+good)
		if len(out) != 3 || out[0] != out[2] || err == nil || err.Error() != "1 of 3 lines could not be answered" {
			t.Errorf("%s: %q, %v", in, out, err)
			continue
		}
		var r struct {
			ID    json.RawMessage
			Line  int
			Error string
		}
		if err := json.Unmarshal([]byte(out[1]), &r); err != nil || r.Line != 2 || string(r.ID)+": "+r.Error != want {
			t.Errorf("%s\n is answered %s\n and not     %s", in, out[1], want)
		}
		if complaints != "tote: line 2: "+r.Error+"\n" {
			t.Errorf("%s: stderr hears %q", in, complaints)
		}
	}
}

func TestPlanRouteKeepsFractionsExact(t *testing.T) {
	for in, want := range map[string]string{
		`{"id":"f","aisle_x":[0,0.1,0.3],"cross_y":[0,2.50],"depot":{"aisle":0,"cross":0},"picks":[[2,0.7],[1,1e-1]]}`: `{"id":"f","length":2.2,"walk":[[0,0],[1,0],[1,0.1],[1,0],[2,0],[2,0.7],[2,0],[1,0],[0,0]]}`,
		`{"id":0,"aisle_x":[-1.5,1.5],"cross_y":[-1e1,1e1],"depot":{"x":-0.75,"cross":0},"picks":[[0,-9]]}`:            `{"id":0,"length":3.5,"walk":[[0.25,-10],[0,-10],[0,-9],[0,-10],[0.25,-10]]}`,
		`{"id":null,"aisle_x":[0,2],"cross_y":[0,9],"depot":{"x":3,"cross":1},"picks":[[1,8]]}`:                        `{"id":null,"length":4,"walk":[[1.5,9],[1,9],[1,8],[1,9],[1.5,9]]}`,
		`{"aisle_x":[0,2],"cross_y":[0,9],"depot":{"aisle":0,"cross":1},"end":{"aisle":0.0,"cross":0},"picks":[]}`:     `{"id":null,"length":9,"walk":[[0,9],[0,0]]}`,
		question(`"none"`, `[]`):                `{"id":"none","length":0,"walk":[]}`,
		question(`"depot"`, `[[0,0],[0,-0.0]]`): `{"id":"depot","length":0,"walk":[[0,0]]}`,
	} {
		out, _, err := askPlan(t, planRoute{Policy: "exact"}, in)
		if err != nil || len(out) != 1 || out[0] != want {
			t.Errorf("%s\n is answered %s, %v\n and not     %s", in, out, err, want)
		}
	}
}

func TestPlanRouteWalksByPolicyAndCompares(t *testing.T) {
	in := question("1", "[[0,19],[1,19],[2,19]]")
	out, _, err := askPlan(t, planRoute{Policy: "return", Compare: true}, in)
	if err != nil || !strings.HasPrefix(out[0], `{"id":1,"length":134,"location_order":62,"s_shape":98,"walk":[[0,0],`) {
		t.Errorf("%s, %v", out, err)
	}
	in = strings.Replace(in, "0,20", "0,10,20", 1)
	out, _, err = askPlan(t, planRoute{Policy: "midpoint"}, in)
	if err == nil || !strings.Contains(out[0], "midpoint is for one block, and here are 2") {
		t.Errorf("%s, %v", out, err)
	}
}

func TestPlanRouteAnswersManyLinesInTheirOrder(t *testing.T) {
	var in strings.Builder
	for i := range 5000 {
		// Every other list is long, so that its answer takes longer than that of the next one.
		fmt.Fprintln(&in, question(fmt.Sprint(i), "[[0,1]"+strings.Repeat(",[1,7],[2,3]", i%2*200)+"]"))
	}
	out, _, err := askPlan(t, planRoute{Policy: "exact"}, in.String())
	if err != nil || len(out) != 5000 {
		t.Fatalf("%d lines, %v", len(out), err)
	}
	for i, line := range out {
		if !strings.HasPrefix(line, fmt.Sprintf(`{"id":%d,`, i)) {
			t.Fatalf("line %d is %s", i, line)
		}
	}
}

func TestPlanRouteTakesALongList(t *testing.T) {
	in := question("1", "[[0,1]"+strings.Repeat(",[1,7.25],[2,3]", 50_000)+"]")
	out, _, err := askPlan(t, planRoute{Policy: "exact"}, in)
	if err != nil || !strings.HasPrefix(out[0], `{"id":1,"length":42.5,`) {
		t.Errorf("%.200s, %v", out, err)
	}
}

func TestPlanRouteRefusesALineWithoutEnd(t *testing.T) {
	endless := io.LimitReader(zeros{}, longestLine+1000)
	var out, complain strings.Builder
	err := answerLines(context.Background(), io.MultiReader(endless, strings.NewReader("\n{}")), &out, &complain, func([]byte) (json.RawMessage, any, error) {
		return nil, "fine", nil
	})
	if want := "{\"id\":null,\"line\":1,\"error\":\"the line is longer than 64 MiB\"}\n\"fine\"\n"; out.String() != want || err == nil {
		t.Errorf("%q, %v", out.String(), err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = '0'
	}
	return len(p), nil
}

func TestPlanRouteAnswersBeforeTheNextQuestion(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	p := exec.CommandContext(ctx, os.Args[0], "plan", "route")
	p.Env = append(os.Environ(), programVariable+"=1")
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	var complaints strings.Builder
	p.Stderr = &complaints
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	answers := json.NewDecoder(out)
	for i, q := range []string{question("0", "[[0,1]]"), question("1", "[[9,1]]"), question("2", "[]")} {
		fmt.Fprintln(in, q)
		var a struct{ ID int }
		if err := answers.Decode(&a); err != nil || a.ID != i {
			t.Fatalf("answer %d: %+v, %v", i, a, err)
		}
	}
	in.Close()
	if err := p.Wait(); err == nil || p.ProcessState.ExitCode() != 1 {
		t.Errorf("it ended with %v", err)
	}
	if want := "tote: line 2: \"picks\": 0: there is no aisle 9: there are 3, from 0\ntote: 1 of 3 lines could not be answered\n"; complaints.String() != want {
		t.Errorf("stderr heard %q", complaints.String())
	}
}

func FuzzPlanRoute(f *testing.F) {
	f.Add(question("1", "[[0,1.5],[2,3e0]]"))
	f.Add(`{"id":"f","aisle_x":[0,0.1],"cross_y":[-2.5,2.5,7],"depot":{"x":0.05,"cross":1},"end":{"aisle":1,"cross":2},"picks":[[1,-1]]}`)
	f.Fuzz(func(t *testing.T, in string) {
		if strings.Contains(in, "\n") {
			return
		}
		out, _, err := askPlan(t, planRoute{Policy: "exact"}, in+"\n")
		if len(out) != 1 || !json.Valid([]byte(out[0])) || (err != nil) != strings.Contains(out[0], `"error":`) {
			t.Fatalf("%q is answered %q, %v", in, out, err)
		}
	})
}

// A decimal is its text, exactly.
func FuzzDecimal(f *testing.F) {
	for _, s := range []string{"0", "-0.0", "1.50", "1e3", "-12.5e-1", "0.000e999", "9223372036854775807", "1E+2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if !json.Valid([]byte(text)) || strings.Trim(text, "0123456789+-.eE") != "" || len(text) > 60 {
			return
		}
		d, err := parseDecimal(text)
		if err != nil {
			return
		}
		want, ok := new(big.Rat).SetString(text)
		got, fine := new(big.Rat).SetString(d.String())
		if !ok || !fine || want.Cmp(got) != 0 {
			t.Fatalf("%s is read as %v", text, d)
		}
	})
}
