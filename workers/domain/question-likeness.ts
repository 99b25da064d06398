/**
 * Whether an answer to one question may be given to the other, whatever their vectors say: both must ask for the same, word for word
 * in the same order. "Who approved it" and "who rejected it", 2023 and 2024, "before" and "after", "due" and "not due" are near in any
 * vector, and their answers are not. Free to differ are capitals, punctuation, articles, courtesies, and words of one row below.
 */
export function mayShareAnswer(one: string, other: string): boolean {
  const asked = askedFor(one)
  return asked !== '' && asked === askedFor(other)
}

function askedFor(question: string): string {
  const plain = question.normalize('NFKC').toLowerCase().replace(/[’´`]/g, "'").replace(NEGATIVE, ' not ').replace(MARKS, ' ')
  const said = WAYS.reduce((text, [pattern, way]) => text.replace(pattern, way), ` ${plain.replace(/\s+/g, ' ').trim()} `)
  return said
    .split(' ')
    .filter((word) => word !== '' && !FRAME.has(word))
    .map((word) => SYNONYMS.get(word) ?? word)
    .join(' ')
}

/** `isn't`, `cannot`. */
const NEGATIVE = /(?<=[a-z])n't\b|(?<=\bcan)not\b/g
/** All but letters, digits, signs that change a value, and points inside a number or name. */
const MARKS = /[^\p{L}\p{M}\p{N}\s%€$£¥+§.,:/&#@<>=-]|[.,:/-](?![\p{L}\p{N}])|(?<![\p{L}\p{N}])[.,:/](?=\p{L})/gu

/** Ways to ask for the same, each put as one word. */
const WAYS: readonly [RegExp, string][] = [
  [/ (?:on |by )?(?:which|what) (?:day|date) | when /g, ' ?day '],
  [/ (?:an )?(?:welchem|welcher|welches) (?:tag|tage|datum) | wann /g, ' ?day '],
  [/ what is the (?:length|duration) of | how long (?:is|are) /g, ' ?length '],
  [/ what is the amount of | how (?:much|high) (?:is|are) /g, ' ?amount '],
  [/ wie (?:viel|hoch) (?:ist|sind) /g, ' ?amount '],
  [/ (?:which|what) person /g, ' who '],
]

/** Words that only frame a question: none that negates, compares, counts, orders, or says when or to whom. */
const FRAME = new Set([
  ...['a', 'an', 'the', 'of', 'for', 'is', 'are', 'do', 'does', 'please', 'tell', 'me'],
  ...['der', 'die', 'das', 'des', 'dem', 'den', 'ein', 'eine', 'einer', 'eines', 'einem', 'einen', 'ist', 'sind', 'für', 'bitte'],
])

/** Rows of words that ask for the same. Only such as never mean opposite sides or ends of a thing. */
const SYNONYMS = new Map(
  [
    ['begin', 'begins', 'start', 'starts', 'commence', 'commences'],
    ['began', 'begun', 'started', 'commenced'],
    ['end', 'ends', 'expire', 'expires'],
    ['ended', 'expired'],
    ['lead', 'leads', 'head', 'heads'],
    ['led', 'headed'],
    ['due', 'payable'],
    ['cost', 'costs', 'price'],
    ['beginnt', 'startet', 'anfängt'],
    ['endet', 'ausläuft'],
    ['leitet', 'führt'],
    ['kostet', 'kosten', 'preis'],
    ['fällig', 'zahlbar'],
  ].flatMap(([first = '', ...others]) => others.map((word): [string, string] => [word, first])),
)
