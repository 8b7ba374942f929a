package main

import (
	"bytes"
	"encoding/json"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"kentongan/internal/fault"
	"kentongan/internal/locale"
	"kentongan/moderation"
)

// asked is one line of input. Other fields are ignored.
type asked struct {
	ID   json.RawMessage `json:"id"`
	Text json.RawMessage `json:"text"`
}

// classifyLine appends the answer to one line of input, or what is wrong with
// it; ok is false then. A blank line has no answer.
func classifyLine(out []byte, c *moderation.Classifier, words *locale.Printer, number int, line []byte) (_ []byte, ok bool) {
	if len(bytes.TrimSpace(line)) == 0 {
		return out, true
	}
	id, text, wrong := readAsked(line)
	if wrong != nil {
		return appendWrong(out, id, number, words, wrong), false
	}
	v := c.Classify(text)
	return appendVerdict(out, id, &v), true
}

// readAsked reads one line. The id is given back as it came.
func readAsked(line []byte) (id []byte, text string, wrong error) {
	var a asked
	if err := json.Unmarshal(line, &a); err != nil {
		return nil, "", fault.Wrap(fault.Invalid, "classify.no_object", err)
	}
	switch {
	case len(a.ID) == 0 || string(a.ID) == "null":
		return nil, "", fault.New(fault.Invalid, "classify.no_id", fault.Field("id"))
	case a.ID[0] != '"' && a.ID[0] != '-' && (a.ID[0] < '0' || a.ID[0] > '9'):
		return nil, "", fault.New(fault.Invalid, "classify.id_kind", fault.Field("id"))
	case len(a.Text) == 0 || string(a.Text) == "null":
		return a.ID, "", fault.New(fault.Invalid, "classify.no_text", fault.Field("text"))
	case a.Text[0] != '"':
		return a.ID, "", fault.New(fault.Invalid, "classify.text_kind", fault.Field("text"))
	}
	return a.ID, unquote(a.Text), nil
}

// unquote reads a JSON string that is known to be well formed. Unlike
// encoding/json it keeps bytes that are no UTF-8, so that an offset counts the
// bytes that were sent.
func unquote(quoted []byte) string {
	in := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(in, '\\') < 0 {
		return string(in)
	}
	out := make([]byte, 0, len(in))
	for i := 0; i < len(in); i++ {
		if in[i] != '\\' {
			out = append(out, in[i])
			continue
		}
		i++
		switch in[i] {
		case 'b':
			out = append(out, '\b')
		case 'f':
			out = append(out, '\f')
		case 'n':
			out = append(out, '\n')
		case 'r':
			out = append(out, '\r')
		case 't':
			out = append(out, '\t')
		case 'u':
			r := hex4(in[i+1:])
			i += 4
			if utf16.IsSurrogate(r) {
				second := rune(utf8.RuneError)
				if i+6 < len(in) && in[i+1] == '\\' && in[i+2] == 'u' {
					second = utf16.DecodeRune(r, hex4(in[i+3:]))
				}
				if r = second; second != utf8.RuneError {
					i += 6
				}
			}
			out = utf8.AppendRune(out, r)
		default:
			out = append(out, in[i])
		}
	}
	return string(out)
}

// hex4 reads four hexadecimal digits.
func hex4(b []byte) rune {
	n, err := strconv.ParseUint(string(b[:4]), 16, 16)
	if err != nil {
		return utf8.RuneError
	}
	return rune(n)
}

// appendWrong appends the line that stands where a broken one stood.
func appendWrong(out, id []byte, number int, words *locale.Printer, wrong error) []byte {
	said := struct {
		ID    json.RawMessage `json:"id,omitempty"`
		Error struct {
			Line    int    `json:"line"`
			Field   string `json:"field,omitempty"`
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}{ID: id}
	said.Error.Line, said.Error.Code = number, fault.Code(wrong)
	for _, s := range words.Fault(wrong) {
		said.Error.Field, said.Error.Message = s.Field, s.Text
	}
	line, err := json.Marshal(said)
	if err != nil { // an id that cannot be given back
		said.ID = nil
		if line, err = json.Marshal(said); err != nil {
			return out
		}
	}
	return append(append(out, line...), '\n')
}

// appendVerdict appends the answer to one message.
func appendVerdict(out, id []byte, v *moderation.Verdict) []byte {
	out = append(append(out, `{"id":`...), id...)
	out = append(out, `,"labels":{`...)
	for i, l := range moderation.GradedLabels() {
		if i > 0 {
			out = append(out, ',')
		}
		out = appendKey(out, string(l))
		out = strconv.AppendFloat(out, float64(v.Grades[i]), 'g', 4, 32)
	}
	out = append(out, `},"verdict":[`...)
	for i, l := range v.Labels() {
		if i > 0 {
			out = append(out, ',')
		}
		out = strconv.AppendQuote(out, string(l))
	}
	out = append(out, ']')
	for _, f := range [...]struct{ name, value string }{
		{"sentiment", string(v.Sentiment)}, {"emotion", string(v.Emotion)}, {"intent", string(v.Intent)},
		{"topic", v.Topic}, {"urgency", v.Urgency}, {"language", v.Language},
	} {
		out = appendKey(append(out, ','), f.name)
		if f.value == "" {
			out = append(out, "null"...)
			continue
		}
		out = strconv.AppendQuote(out, f.value)
	}
	out = append(out, `,"pii":[`...)
	for i, f := range v.PII {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		out = strconv.AppendQuote(appendKey(out, "kind"), string(f.Kind))
		out = appendSpan(out, f.Start, f.End)
		out = append(out, `,"certainty":`...)
		out = append(strconv.AppendQuote(out, string(f.Certainty)), '}')
	}
	out = append(out, `],"reasons":[`...)
	for i, r := range v.Reasons {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, '{')
		out = strconv.AppendQuote(appendKey(out, "label"), string(r.Label))
		out = append(out, ',')
		out = strconv.AppendQuote(appendKey(out, "rule"), string(r.Rule))
		out = append(appendSpan(out, r.Start, r.End), '}')
	}
	return append(out, "]}\n"...)
}

func appendKey(out []byte, name string) []byte {
	return append(strconv.AppendQuote(out, name), ':')
}

func appendSpan(out []byte, start, end int) []byte {
	out = append(out, `,"start":`...)
	out = strconv.AppendInt(out, int64(start), 10)
	out = append(out, `,"end":`...)
	return strconv.AppendInt(out, int64(end), 10)
}
