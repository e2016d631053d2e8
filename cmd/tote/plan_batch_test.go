package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// askBatch is what "tote plan batch" answers to text.
func askBatch(t testing.TB, p planBatch, text string) (lines []string, complaints string, err error) {
	t.Helper()
	answer, err := p.answers()
	if err != nil {
		t.Fatal(err)
	}
	var out, complain strings.Builder
	err = answerLines(context.Background(), strings.NewReader(text), &out, &complain, answer)
	if out.Len() > 0 {
		lines = strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
	return lines, complain.String(), err
}

// batchQuestionOf is a line that can be answered, with these orders.
func batchQuestionOf(id, capacity, orders string) string {
	return fmt.Sprintf(`{"id":%s,"aisle_x":[0,5,10],"cross_y":[0,20.5],"depot":{"aisle":0,"cross":0},"capacity_lines":%s,"orders":%s}`, id, capacity, orders)
}

var quick = planBatch{Seconds: .2, Policy: "exact"}

func TestPlanBatchFindsEveryKnownOptimum(t *testing.T) {
	raw, err := os.ReadFile("../../picking/route/testdata/batching_cases.json")
	if err != nil {
		t.Fatal(err)
	}
	var known struct {
		Cases []struct{ Optimal, Length int64 }
	}
	var questions struct{ Cases []json.RawMessage }
	if json.Unmarshal(raw, &known) != nil || json.Unmarshal(raw, &questions) != nil || len(known.Cases) != 30 {
		t.Fatal("the cases cannot be read")
	}
	var text strings.Builder
	for _, q := range questions.Cases {
		fmt.Fprintf(&text, "%s\n", q)
	}
	lines, complaints, err := askBatch(t, quick, text.String())
	if err != nil || complaints != "" || len(lines) != 30 {
		t.Fatalf("%d lines, %q, %v", len(lines), complaints, err)
	}
	for i, k := range known.Cases {
		var a struct{ Length int64 }
		if err := json.Unmarshal([]byte(lines[i]), &a); err != nil || a.Length != k.Optimal {
			t.Errorf("%s, the optimum is %d", lines[i], k.Optimal)
		}
	}
}

func TestPlanBatchAnswersInOrder(t *testing.T) {
	text := strings.Join([]string{
		batchQuestionOf(`"a"`, "2", `[[[0,1.25]],[[2,3]],[[0,2]],[[2,3.5]]]`),
		batchQuestionOf(`7`, "30", `[]`),
		batchQuestionOf(`null`, "1", `[[],[[1,20.5]]]`),
	}, "\n")
	lines, complaints, err := askBatch(t, planBatch{Seconds: .2, Policy: "exact", Bound: true}, text)
	want := []string{
		`{"id":"a","length":31,"bound":31,"batches":[[0,2],[1,3]]}`,
		`{"id":7,"length":0,"bound":0,"batches":[]}`,
		`{"id":null,"length":51,"bound":51,"batches":[[0,1]]}`,
	}
	if err != nil || complaints != "" || !slices.Equal(lines, want) {
		t.Errorf("%v %q\n%s", err, complaints, strings.Join(lines, "\n"))
	}
}

func TestPlanBatchIsRepeatableByStepsAndEndsInTime(t *testing.T) {
	var orders []string
	for i := range 30 {
		orders = append(orders, fmt.Sprintf("[[%d,%d],[%d,%d]]", i%3, 1+i*7%20, i*5%3, 1+i*11%20))
	}
	text := batchQuestionOf("1", "8", "["+strings.Join(orders, ",")+"]")
	a, _, err := askBatch(t, planBatch{Seconds: 1, Steps: 20_000, Seed: 4, Policy: "exact"}, text)
	b, _, _ := askBatch(t, planBatch{Seconds: 1, Steps: 20_000, Seed: 4, Policy: "exact"}, text)
	if err != nil || !slices.Equal(a, b) {
		t.Errorf("%v\n%v\n%v", err, a, b)
	}
	if c, _, err := askBatch(t, quick, text); err != nil || len(c) != 1 {
		t.Errorf("%v %v", c, err)
	}
}

func TestPlanBatchNamesEveryBadLine(t *testing.T) {
	good := batchQuestionOf(`"good"`, "2", `[[[0,1]]]`)
	for bad, says := range map[string]string{
		batchQuestionOf(`"x"`, "2", `[[[0,1],[0,2],[0,3]]]`):             "orders[0] has 3 lines, more than a batch takes, which is 2",
		batchQuestionOf(`"x"`, "0", `[[[0,1]]]`):                         `"capacity_lines" is 0: it is a whole number above 0`,
		batchQuestionOf(`"x"`, "1.5", `[[[0,1]]]`):                       `"capacity_lines" is 1.5`,
		batchQuestionOf(`"x"`, "-3", `[[[0,1]]]`):                        `"capacity_lines" is -3`,
		batchQuestionOf(`"x"`, `"many"`, `[[[0,1]]]`):                    `"capacity_lines" is not like 30`,
		batchQuestionOf(`"x"`, "1e99", `[[[0,1]]]`):                      `"capacity_lines" is 1e99`,
		batchQuestionOf(`"x"`, "2", `[[[0,1]],[[3,1]]]`):                 `"orders[1]": 0: there is no aisle 3`,
		batchQuestionOf(`"x"`, "2", `[[[0,1]],[[0,1],[0,21]]]`):          `"orders[1]": 1: 21 is outside of the aisle`,
		batchQuestionOf(`"x"`, "2", `[[[0]]]`):                           `"orders[0]": 0 is not like`,
		batchQuestionOf(`"x"`, "2", `[null]`):                            `"orders[0]" is missing`,
		batchQuestionOf(`"x"`, "2", `{"a":1}`):                           `"orders" is not like`,
		batchQuestionOf(`"x"`, "2", `null`):                              `"orders" is missing`,
		`{"id":"x","aisle_x":[0],"cross_y":[0,1],"orders":[]}`:           `"depot" is missing`,
		strings.Replace(good, `"good"`, `"x","id":"y"`, 1):               `"id" is there twice`,
		strings.Replace(good, `"good"`, `"x"`, 1) + `{}`:                 "something follows",
		strings.Replace(good[:len(good)-2], `"good"`, `"x"`, 1):          "ends in the middle",
		batchQuestionOf(`"x"`, "2", `[[[0,0.00000000000000000000001]]]`): "too",
	} {
		lines, complaints, err := askBatch(t, quick, good+"\n"+bad+"\n"+good+"\n")
		if err == nil || len(lines) != 3 || !strings.Contains(complaints, "line 2:") {
			t.Errorf("%s\n%v %v %q", bad, lines, err, complaints)
			continue
		}
		var a refusal
		if json.Unmarshal([]byte(lines[1]), &a) != nil || string(a.ID) != `"x"` || a.Line != 2 || !strings.Contains(a.Error, says) {
			t.Errorf("%s\n  got %s\n  not %s", bad, lines[1], says)
		}
		if lines[0] != lines[2] || !strings.Contains(lines[0], `"batches":[[0]]`) {
			t.Errorf("the good lines: %v", lines)
		}
	}
}

func TestPlanBatchRefusesSenselessFlags(t *testing.T) {
	for _, p := range []planBatch{{Seconds: 0, Policy: "exact"}, {Seconds: -1, Policy: "exact"}, {Seconds: 1e9, Policy: "exact"}, {Seconds: 1, Steps: -1, Policy: "exact"}, {Seconds: 1, Policy: "by foot"}} {
		if _, err := p.answers(); err == nil {
			t.Errorf("%+v: no error", p)
		}
	}
}
