/** A place of a text that answers a question to a contract. */
export interface LegalPlace {
  start: number
  end: number
  normalized: string
  score: number
}

/** Place names keep their capitals, so these patterns are case-sensitive where it counts. */
const NAME =
  '(?!Agreement|Parties|Company|State|STATE|Commonwealth|COMMONWEALTH|United)\\p{Lu}\\p{L}+(?:\\s+(?:of\\s+)?(?!Applicable|Without|As|And|The|This|Conflict)\\p{Lu}\\p{L}+){0,2}'
const PLACE = `(?<place>England\\s+(?:and|&)\\s+Wales|${NAME})`
const OF_STATE =
  '(?:the\\s+)?(?:(?:[Ss]tate|STATE|[Cc]ommonwealth|COMMONWEALTH|[Pp]rovince|[Rr]epublic|[Kk]ingdom)\\s+(?:of|OF)\\s+)?(?:[Tt]he\\s+)?'
/** Adjectives of countries: their law is given as `English law`, that of a place by the place. */
const NATION =
  '(?:English|Scottish|Scots|Irish|British|German|Austrian|Swiss|French|Belgian|Dutch|Luxembourgish|Italian|Spanish|Portuguese|Danish|Swedish|Norwegian|Finnish|Polish|Czech|Hungarian|Romanian|Greek|Turkish|Israeli|Indian|Chinese|Japanese|Korean|Australian|Canadian|Mexican|Brazilian|Singaporean?|South\\s+African)'
const NOT_A_NATION = '(?!ausländ|inländ|gesetzl|materiell|formell|europä|praktisch|spezifisch|dinglich|akademisch|kanonisch|rechtl)'
/** Each with the phrase as it is named by itself; the first that is found decides. */
const LAW: readonly (readonly [score: number, RegExp])[] = [
  [
    0.92,
    new RegExp(
      `(?:[Gg]overn|GOVERN|[Cc]onstrued|CONSTRUED|[Ii]nterpret|[Ee]nforc|[Ss]ubject)[^;]{0,220}?(?:[Ll]aws?|LAWS?)\\s+(?:of|OF)\\s+${OF_STATE}${PLACE}`,
      'gu',
    ),
  ],
  [0.87, new RegExp(`(?:[Gg]overn|[Cc]onstru|[Ii]nterpret|[Ss]ubject)[^.;]{0,120}?\\b(?<nation>${NATION}\\s+[Ll]aws?)\\b`, 'gu')],
  [
    0.82,
    new RegExp(
      `(?:[Ll]aws?|LAWS?)\\s+(?:of|OF)\\s+(?:the|THE)\\s+(?:[Ss]tate|STATE|[Cc]ommonwealth|[Pp]rovince|[Rr]epublic)\\s+(?:of|OF)\\s+${PLACE}`,
      'gu',
    ),
  ],
  [0.85, new RegExp(`(?<nation>${NATION}\\s+[Ll]aw)\\s+(?:applies|shall\\s+(?:apply|govern)|governs|is\\s+applicable)`, 'gu')],
  [
    0.85,
    new RegExp(
      `(?:[Gg]overning|GOVERNING|[Aa]pplicable)\\s+(?:[Ll]aw|LAW)\\s*[:|–—-]\\s*(?:(?:[Tt]he\\s+)?[Ll]aws?\\s+of\\s+${OF_STATE})?(?<nation>${NATION}\\s+[Ll]aw)`,
      'gu',
    ),
  ],
  [
    0.85,
    new RegExp(
      `(?:[Gg]overning|GOVERNING|[Aa]pplicable)\\s+(?:[Ll]aw|LAW)\\s*[:|–—-]\\s*(?:(?:[Tt]he\\s+)?[Ll]aws?\\s+of\\s+)?${OF_STATE}${PLACE}`,
      'gu',
    ),
  ],
  [0.72, new RegExp(`(?:[Gg]overn|[Cc]onstru)[^.;]{0,120}?\\b(?:in accordance with|by|under)\\s+(?:the\\s+)?${PLACE}\\s+[Ll]aw`, 'gu')],
  [
    0.85,
    /(?:Recht|Gesetzen?)\s+(?:der|des)\s+(?<place>Bundesrepublik\s+Deutschland|Schweiz|Republik\s+Österreich|Fürstentums\s+Liechtenstein)/gu,
  ],
  [0.85, new RegExp(`(?<![\\p{L}])(?<recht>${NOT_A_NATION}(?:[Dd]eutsche|\\p{L}{3,}ische)[smn]?\\s+Recht(?:e?s)?)(?![\\p{L}])`, 'gu')],
  [0.72, /Recht\s+(?<place>Deutschlands|Österreichs|Liechtensteins)/gu],
  [
    0.72,
    /(?<nation>(?:droit|loi)\s+(?:français|belge|suisse|luxembourgeois)e?|(?:ley|legislación)\s+española|legge\s+italiana|Nederlands\s+recht)/gu,
  ],
  [0.72, /(?:ley|legislación|leyes)\s+de\s+(?<place>España)/gu],
]

const plain = (text: string): string => text.replace(/\s+/g, ' ')
/** `deutschem Recht`, `deutschen Rechts` and `deutsche Recht` as one names it: `deutsches Recht`. */
const nominative = (phrase: string): string =>
  plain(phrase)
    .replace(/e[smn]? Recht(?:e?s)?$/u, 'es Recht')
    .replace(/^Deutsch/u, 'deutsch')

const lawNamed = ({ place, nation, recht }: Record<string, string | undefined>): string =>
  place !== undefined
    ? plain(place)
        .replace(/^the /iu, '')
        .replace(/^(Deutschland|Österreich|Liechtenstein)s$/u, '$1')
    : nation !== undefined
      ? plain(nation).replace(/\bLaws?$/u, 'law')
      : nominative(recht ?? '')

/** The law that governs a contract: the place whose law it is (`New York`), or `English law`, `deutsches Recht` where only that is said. */
export function governingLaw(text: string): LegalPlace | undefined {
  for (const [score, pattern] of LAW)
    for (const match of text.matchAll(pattern)) {
      const groups = match.groups ?? {}
      const said = groups.place ?? groups.nation ?? groups.recht
      if (!said || /^(?:the|any|such|united states of america)$/iu.test(said)) continue
      const start = match.index + match[0].lastIndexOf(said)
      return { start, end: start + said.length, normalized: lawNamed(groups), score }
    }
  return undefined
}

const COURT: readonly RegExp[] = [
  new RegExp(
    `[Cc]ourts?\\s+(?:of|in|at|located\\s+in|sitting\\s+in|for)\\s+${OF_STATE}(?:[Cc]ity\\s+of\\s+)?${PLACE}[^.;]{0,120}?[Jj]urisdiction`,
    'gu',
  ),
  new RegExp(
    `[Jj]urisdiction[^.;]{0,80}?[Cc]ourts?\\s+(?:of|in|at|located\\s+in|sitting\\s+in|for)\\s+${OF_STATE}(?:[Cc]ity\\s+of\\s+)?${PLACE}`,
    'gu',
  ),
  new RegExp(
    `(?:[Pp]lace\\s+of\\s+[Jj]urisdiction|[Vv]enue|[Jj]urisdiction)\\s*(?:is|shall\\s+be|:)\\s+(?:in\\s+)?${OF_STATE}${PLACE}`,
    'gu',
  ),
  /Gerichtsstand(?:\s+(?:für|aus)[^.;]{0,120}?)?\s*(?:ist|:)\s*(?:ausschließlich\s+)?(?<place>\p{Lu}[\p{L}-]+(?:[ ](?:am|an der|im|bei|\p{Lu}[\p{L}-]+)){0,3})(?=[\s.,;]|$)/gu,
  /Gerichte\s+(?:in|von)\s+(?<place>\p{Lu}[\p{L}-]+)[^.;]{0,60}?zuständig|zuständig[^.;]{0,60}?Gerichte?\s+(?:in|von)\s+(?<place2>\p{Lu}[\p{L}-]+)/gu,
]

/** The place whose courts decide; that its law governs is another matter. */
export function jurisdiction(text: string): LegalPlace | undefined {
  for (const pattern of COURT)
    for (const match of text.matchAll(pattern)) {
      const said = match.groups?.place ?? match.groups?.place2
      if (!said || /^(?:The|Der|Die|Das|Sitz)\b/u.test(said)) continue
      const start = match.index + match[0].lastIndexOf(said)
      return { start, end: start + said.length, normalized: plain(said), score: 0.85 }
    }
  return undefined
}
