package main

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"
)

// askBoxes is what "tote plan boxes" answers to text.
func askBoxes(t testing.TB, text string) (lines []string, complaints string, err error) {
	t.Helper()
	var out, complain strings.Builder
	err = answerLines(context.Background(), strings.NewReader(text), &out, &complain, planBoxes{Effort: 20}.answer)
	if out.Len() > 0 {
		lines = strings.Split(strings.TrimSuffix(out.String(), "\n"), "\n")
	}
	return lines, complain.String(), err
}

const twoBoxes = `[{"name":"L","inner":[200,200,200],"empty_weight":100,"max_weight":5100},{"name":"S","inner":[100,100,50],"empty_weight":20,"max_weight":1020}]`

func boxesQuestion(id, items string) string {
	return `{"id":` + id + `,"boxes":` + twoBoxes + `,"items":` + items + `}`
}

func TestPlanBoxesAnswersInOrder(t *testing.T) {
	text := strings.Join([]string{
		boxesQuestion(`"a"`, `[{"id":"mug","quantity":2,"size":[50,100,50],"weight":300}]`),
		boxesQuestion(`7`, `[]`),
		boxesQuestion(`null`, `[{"id":"ski","quantity":1,"size":[10,10,1900],"weight":1},{"id":3,"quantity":1}]`),
		boxesQuestion(`"b"`, `[{"id":"vase","size":[40,90,90],"upright":true},{"id":"lamp","size":[10,10,10],"alone":true,"colour":"red"}]`),
	}, "\n")
	lines, complaints, err := askBoxes(t, text)
	want := []string{
		`{"id":"a","cartons":[{"box":"S","items":[{"id":"mug","at":[0,0,0],"size":[50,100,50]},{"id":"mug","at":[50,0,0],"size":[50,100,50]}]}]}`,
		`{"id":7,"cartons":[]}`,
		`{"id":null,"cartons":[{"box":null,"items":[{"id":"ski","at":[0,0,0],"size":[10,10,1900]}]}],"unsized":[3]}`,
		`{"id":"b","cartons":[{"box":"L","items":[{"id":"vase","at":[0,0,0],"size":[40,90,90]}]},{"box":"S","items":[{"id":"lamp","at":[0,0,0],"size":[10,10,10]}]}]}`,
	}
	if err != nil || complaints != "" || !slices.Equal(lines, want) {
		t.Errorf("%v %q\n%s", err, complaints, strings.Join(lines, "\n"))
	}
}

func TestPlanBoxesNamesEveryBadLine(t *testing.T) {
	item := func(fields string) string { return boxesQuestion(`"x"`, `[{"id":"mug",`+fields+`}]`) }
	good := boxesQuestion(`"good"`, `[{"id":"mug","size":[1,2,3]}]`)
	for bad, says := range map[string]string{
		item(`"size":[1,2]`):                                           `items[0]: "size" is not like`,
		item(`"size":[1,2,-3]`):                                        `items[0]: "size" is -3: it is a whole number, at least 0`,
		item(`"size":[1,2,1.5]`):                                       `"size" is 1.5`,
		item(`"size":[1,2,9000000]`):                                   `each size is 0 to 1000000 mm`,
		item(`"size":"large"`):                                         `"size" is not like`,
		item(`"size":[1,2,3],"quantity":-1`):                           `"quantity" is -1`,
		item(`"size":[1,2,3],"quantity":200000`):                       `the quantity is 0 to 100000`,
		item(`"size":[1,2,3],"weight":1e99`):                           `"weight" is 1e99`,
		item(`"size":[1,2,3],"upright":"yes"`):                         `"upright" is not like true`,
		item(`"size":[1,2,3],"size":[1,2,3]`):                          `items[0] is not like`,
		boxesQuestion(`"x"`, `null`):                                   `"items" is missing`,
		boxesQuestion(`"x"`, `[7]`):                                    `items[0] is not like`,
		`{"id":"x","items":[]}`:                                        `"boxes" is missing`,
		`{"id":"x","boxes":[{"inner":[1,1,1]}],"items":[]}`:            `boxes[0]: "name" is missing`,
		`{"id":"x","boxes":[{"name":"a"}],"items":[]}`:                 `boxes[0]: "inner" is missing`,
		`{"id":"x","boxes":[{"name":"a","inner":[0,1,1]}],"items":[]}`: `box 0: each size is 1 to`,
		`{"id":"x","boxes":[{"name":"a","inner":[1,1,1],"empty_weight":5,"max_weight":1}],"items":[]}`: `weighs more empty`,
		`{"id":"x","boxes":[{"name":"a","inner":[1,1,1],"max_weight":0}],"items":[]}`:                  `"max_weight" is 0`,
		good[:len(good)-1] + `}{`: "something follows",
	} {
		bad = strings.Replace(bad, `"good"`, `"x"`, 1)
		lines, complaints, err := askBoxes(t, good+"\n"+bad+"\n"+good+"\n")
		if err == nil || len(lines) != 3 || !strings.Contains(complaints, "line 2:") {
			t.Errorf("%s\n%v %v %q", bad, lines, err, complaints)
			continue
		}
		var a refusal
		if json.Unmarshal([]byte(lines[1]), &a) != nil || string(a.ID) != `"x"` || a.Line != 2 || !strings.Contains(a.Error, says) {
			t.Errorf("%s\n  got %s\n  not %s", bad, lines[1], says)
		}
		if lines[0] != lines[2] || !strings.Contains(lines[0], `"box":"S"`) {
			t.Errorf("the good lines: %v", lines)
		}
	}
}
