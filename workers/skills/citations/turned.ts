import { type Figure, figuresOf, sameFigure } from './figures'
import { fold } from './stem'
import { termsOf } from './terms'

/** Words that say the opposite of each other, in English and German. */
const OPPOSITES: readonly (readonly [string, string])[] = [
  [
    'rise rises rose risen rising increase increases increased increasing grow grows grew grown growing climbed steigen steigt stieg stiegen gestiegen wachsen wächst wuchs gewachsen zugenommen',
    'fall falls fell fallen falling decrease decreases decreased decreasing decline declines declined declining drop drops dropped shrank shrunk sank fallen fällt fiel fielen gefallen sinken sinkt sank gesunken abgenommen',
  ],
  ['born birth geboren geburt', 'die dies died death dead deceased starb gestorben stirbt tod verstorben'],
  [
    'start starts started starting begin begins began begun beginning commence commences commenced commencement beginnt begann begonnen beginn anfang',
    'end ends ended ending expire expires expired expiry terminate terminates terminated termination endet endete geendet ende abläuft',
  ],
  ['profit profits gewinn gewinne überschuss', 'loss losses verlust verluste fehlbetrag'],
  [
    'buy buys bought purchase purchased acquire acquired kauft kaufte gekauft erwarb erworben',
    'sell sells sold sale verkauft verkaufte veräußert',
  ],
  ['minimum mindestens wenigstens', 'maximum höchstens maximal'],
  [
    'accept accepts accepted approve approved akzeptiert angenommen genehmigt',
    'refuse refused reject rejected decline declined abgelehnt verweigert',
  ],
  [
    'allow allows allowed permit permits permitted erlaubt gestattet zulässig',
    'forbid forbids forbidden prohibit prohibited verboten untersagt unzulässig',
  ],
  ['include includes included including', 'exclude excludes excluded excluding'],
  ['win wins won winner gewann gewonnen', 'lose loses lost loser verlor verloren'],
]
const SIDES = OPPOSITES.map((pair) => pair.map((side) => new Set(side.split(' ').map(fold))))

const ORDINALS: ReadonlyMap<string, number> = new Map(
  [
    'first erste ersten erster erstes',
    'second zweite zweiten zweiter zweites',
    'third dritte dritten dritter drittes',
    'fourth vierte vierten vierter viertes',
    'fifth fünfte fünften fünfter fünftes',
    'sixth sechste sechsten sechster sechstes',
    'seventh siebte siebten siebter siebtes',
    'eighth achte achten achter achtes',
    'ninth neunte neunten neunter neuntes',
    'tenth zehnte zehnten zehnter zehntes',
  ].flatMap((names, index) => names.split(' ').map((name) => [fold(name), index + 1] as const)),
)

/** Shares in words, with what they are of a hundred. */
const SHARES: readonly (readonly [RegExp, number])[] = [
  [/\b(?:two[- ]thirds|zwei ?drittel)\b/iu, 200 / 3],
  [/\b(?:(?:one|a)[- ]third|ein(?:es)? drittel)\b/iu, 100 / 3],
  [/\b(?:three[- ]quarters|drei ?viertel)\b/iu, 75],
  [/\b(?:(?:one|a)[- ]quarter of|ein viertel)\b/iu, 25],
  [/\b(?:half of|half the|half a|one half|hälfte)\b|^half\b/iu, 50],
]

/** What a figure counts, one name for each measure. */
const UNITS: ReadonlyMap<string, string> = new Map(
  [
    'second seconds sekunde sekunden',
    'minute minutes minuten',
    'hour hours stunde stunden',
    'day days tag tage tagen',
    'week weeks woche wochen',
    'month months monat monate monaten',
    'quarter quarters quartal quartale quartalen',
    'year years jahr jahre jahren',
    'metre metres meter meters',
    'kilometre kilometres kilometer kilometers km',
    'mile miles meile meilen',
    'gram grams gramm',
    'kilogram kilograms kilogramm kg',
    'tonne tonnes ton tons tonnen',
  ].flatMap((names) => names.split(' ').map((name) => [name, names.split(' ')[0] ?? name] as const)),
)

const wordsOf = (text: string): string[] => fold(text).match(/[\p{L}\p{N}]+/gu) ?? []

/** Words of a text whose opposite, and only that, stands in the other. */
export function opposedWords(text: string, other: string): string[] {
  const [own, others] = [new Set(wordsOf(text)), new Set(wordsOf(other))]
  const holds = (words: ReadonlySet<string>, side: ReadonlySet<string> | undefined) => [...words].filter((word) => side?.has(word) === true)
  return SIDES.flatMap(([one, two]) =>
    [
      [one, two],
      [two, one],
    ].flatMap(([here, there]) =>
      holds(own, there).length === 0 && holds(others, here).length === 0 && holds(others, there).length > 0
        ? holds(own, here).slice(0, 1)
        : [],
    ),
  )
}

/** Ordinal numbers of a text, `first` and `1st` alike. */
function ordinalsOf(text: string): ReadonlySet<number> {
  const written = [...text.matchAll(/\b(\d{1,3})(?:st|nd|rd|th)\b/giu)].map((match) => Number(match[1]))
  return new Set([...written, ...wordsOf(text).flatMap((word) => ORDINALS.get(word) ?? [])])
}

/** A statement with its `1st` as the source writes it, `first`, where it does. */
export function asWritten(statement: string, source: string): string {
  const words = source.match(/\p{L}+/gu) ?? []
  return statement.replace(
    /\b(\d{1,3})(?:st|nd|rd|th)\b/giu,
    (figure, number) => words.find((word) => ORDINALS.get(fold(word)) === Number(number)) ?? figure,
  )
}

/** What turns a statement round while nearly all of its words stay: opposites, ordinals, shares, what a figure counts, and names. */
export function turnedRound(statement: string, quoted: string, source: string): string[] {
  return [
    ...opposedWords(statement, quoted).map((word) => `The source says the opposite of “${word}”.`),
    ...otherOrdinals(statement, quoted).map((ordinal) => `The source does not speak of number ${ordinal} in a row.`),
    ...otherShares(statement, source).map((share) => `The source does not state ${share}.`),
    ...otherUnits(statement, source),
    ...otherNames(statement, quoted, source).map((name) => `The source names somebody or something else, not ${name}.`),
  ]
}

function otherOrdinals(statement: string, source: string): number[] {
  const held = ordinalsOf(source)
  if (held.size === 0) return []
  const figures = figuresOf(source)
  return [...ordinalsOf(statement)].filter(
    (ordinal) =>
      !held.has(ordinal) &&
      !figures.some(({ readings }) => readings.some((reading) => reading.split('-').some((part) => Number(part) === ordinal))),
  )
}

function otherShares(statement: string, source: string): string[] {
  const percents = figuresOf(source).flatMap(({ kind, readings }) => (kind === 'percent' ? readings.map(Number) : []))
  return SHARES.flatMap(([pattern, value]) => {
    const said = pattern.exec(statement)?.[0]
    const isHeld = pattern.test(source) || percents.some((percent) => Math.abs(percent - value) < 1)
    return said === undefined || isHeld ? [] : [said]
  })
}

/** Figures that the source has too, but only of another measure. */
function otherUnits(statement: string, source: string): string[] {
  const held = figuresOf(source)
  return figuresOf(statement).flatMap((figure) => {
    const unit = unitOf(figure, statement)
    const same = held.filter((other) => other.kind === 'number' && sameFigure(figure, other))
    const units = same.map((other) => unitOf(other, source))
    if (unit === undefined || units.length === 0 || units.some((other) => other === undefined || other === unit)) return []
    return [`The source counts ${units[0]}s where the sentence has ${figure.text} ${unit}s.`]
  })
}

/** The measure within the next two words: `six calendar months`. */
function unitOf(figure: Figure, text: string): string | undefined {
  if (figure.kind !== 'number') return undefined
  const after = /^[\s-]*(\p{L}+)(?:[\s-]+(\p{L}+))?/u.exec(fold(text.slice(figure.end)))
  return UNITS.get(after?.[1] ?? '') ?? UNITS.get(after?.[2] ?? '')
}

/** Where nouns have capitals a name cannot be told from one. */
const CAPITAL_NOUNS = /(?<!\p{L})(?:der|die|das|und|ist|wird|nicht|ein|eine|mit|von|für|auf)(?!\p{L})/giu
const MANY_GERMAN_WORDS = 2

/** Names of a statement that the source has nowhere, while the quoted words have a name that the statement lacks. */
function otherNames(statement: string, quoted: string, source: string): string[] {
  if ([...source.matchAll(CAPITAL_NOUNS)].length >= MANY_GERMAN_WORDS) return []
  const isName = (term: { kind: string; text: string }) => term.kind === 'name' && !/\d/.test(term.text)
  const [own, held, anywhere] = [termsOf(statement), termsOf(quoted), new Set(termsOf(source).map(({ stem }) => stem))]
  const foreign = own.filter((term) => isName(term) && !anywhere.has(term.stem))
  const replaced = held.some((term) => isName(term) && !own.some(({ stem }) => stem === term.stem))
  return replaced ? foreign.map(({ text }) => text) : []
}
