package train

import (
	"fmt"
	"io"
)

// Card writes the model card: what the weights are made of, how good they are
// on what they have not seen, what they are for and what not (Mitchell et al.,
// "Model Cards for Model Reporting", 2019).
func Card(w io.Writer, sets []Set, seed uint64, figures []Figure) {
	fmt.Fprintf(w, `# Model card

Made by `+"`kentongan moderation train --seed %d`"+`, which writes this page and the weights anew, byte for byte, from the same sets.

## What it is
Linear heads over hashed words, pairs of words and letters inside words, with weights of one byte. The head for gambling reads masked words (what ordinary people do not use is replaced by its shape), so that it does not learn this week's brands. Sentiment has lanes for twelve languages, and the language is guessed. No message leaves the office.

## For what, and for what not
For showing moderators what to look at first, with the words that said so, and for counting. Criticism is never a ground for hiding; sentiment and emotion are never a ground for anything. Nothing is hidden by these weights unless an office has allowed it for gambling or fraud, above a precision that it has measured itself. They do not identify anybody and say nothing about persons.

## Learned from
| set | where | licence | messages | SHA-256 of the file |
|---|---|---|---|---|
`, seed)
	for _, s := range sets {
		file := "free"
		if s.NonCommercial {
			file = "**non-commercial**"
		}
		fmt.Fprintf(w, "| %s (%s weights) | %s | %s | %d | `%s` |\n", s.Name, file, s.From, s.Licence, len(s.Rows), s.Digest[:16])
	}
	fmt.Fprint(w, `
Not used: sets for "personal use" only (ig-cyberbully), okky2018 (its texts lie inside okky2019), lexicons for academic use. What citizens want, about what and how soon was learned from messages written for this project, because no public set exists.

## Figures
Each message is read by heads that saw neither it nor a near-duplicate of it (MinHash over pairs of words, digits masked; clusters are dealt to folds whole) nor, in NusaX, a translation of it. Gambling is read with its whole source left out; "ordinary" are tweets and reviews that the head did not learn from. Intervals: 95 %, bootstrap over clusters. In per cent.

`)
	table(w, figures)
	fmt.Fprint(w, `
## Limits
- Labels of hate speech are of 2017 to 2019, by three annotators, with contradictions in the set itself; they are a reason for a person to look, no more.
- Two campaigns of gambling are known here. Some of their brands are in both, so the next one may be harder than these figures.
- Fraud and promotion were learned from text messages, not from comments.
- SmSA's test part has other shares of its classes than its train part (208/88/204 against 59/10/31 per cent); published figures are of the test part, ours are not.
- Figures on own-written examples say how well the heads learned what their authors meant, not how citizens write.
- Languages beside the twelve are read as one of them.
- A few settings (the border for gambling, the lean of text messages, shares and thresholds) were chosen on these same folds; read the figures as half a point better than a new set would give.
`)
}
