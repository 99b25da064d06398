import { customField, knownFields, type NamedField } from './fields'
import type { Mentioned, TestPlace } from './tests'

const WORD =
  '(?!(?:or|and|the|is|are|if|when|unless|except|either|both|außer|sofern|not|up|oder|und|der|die|das|wenn|falls|ist|sind|no|keine?|it|es|nor|noch|without|ohne|neither|weder)(?![\\p{L}]))[\\p{L}-]+'
const NAME = `(?:the |an? |der |die |das |den |dem )?(?<name>${WORD}(?: (?:of )?${WORD}){0,3}?)`
const MISSES =
  '(?:missing|absent|empty|not (?:there|found|given|readable|present|stated)|fehlen|fehlt|nicht (?:gefunden|vorhanden|angegeben|lesbar)\\p{L}*)'
const STANDS = '(?:there|present|given|found|readable|stated|vorhanden|angegeben|gefunden|lesbar|da)'
const OTHER = '(?:the |an? |no |der |die |das |keine? )?(?<other>[\\p{L}-]+(?: [\\p{L}-]+)?)'
/** Fields that are all there. */
const PRESENT: readonly RegExp[] = [
  new RegExp(
    `(?<![\\p{L}])${NAME} (?:and|und|or|oder) ${OTHER} (?:(?:is|are|were|have been) )?${STANDS}(?: (?:sind|ist|wird|werden|wurden))?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}])${NAME} (?:is|are|was|were) ${STANDS}(?![\\p{L}])`, 'giu'),
  new RegExp(`(?<![\\p{L}])${NAME} (?:vorhanden|angegeben|gefunden|lesbar)(?: (?:sind|ist|wird|werden|wurde))(?![\\p{L}])`, 'giu'),
]
const ABSENT: readonly RegExp[] = [
  new RegExp(`(?:^|(?<=(?:or|and|oder|und|has|have|hat) ))(?:no|keine?n?) ${NAME}(?= (?:or|and|oder|und)(?![\\p{L}])|$)`, 'giu'),
  new RegExp(
    `(?<![\\p{L}])${NAME} (?:and|und|or|oder) ${OTHER} (?:(?:is|are|were) )?${MISSES}(?: (?:sind|ist|wird|werden))?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}])fehl(?:t|en) ${NAME} (?:und|oder) ${OTHER}(?![\\p{L}])`, 'giu'),
  new RegExp(
    `(?<![\\p{L}])neither ${NAME} nor (?:the |an? )?(?<other>[\\p{L}-]+(?: [\\p{L}-]+){0,2}?) (?:is|are|can be|was|were)(?: found| there| present| given| read)?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])weder ${NAME} noch (?:der |die |das )?(?<other>[\\p{L}-]+)(?: (?:gefunden|vorhanden|da|angegeben))?(?: (?:sind|ist|wird|werden))?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])${NAME} (?:is|are|was|were) (?:missing|absent|empty|not (?:there|found|given|readable|present|stated))(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])${NAME} (?:can(?:not|['’]t) be (?:read|found)|nicht (?:gefunden|gelesen|lesbar|angegeben|vorhanden)\\p{L}*(?: (?:wird|werden|ist|sind))?)(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:no|keine?) ${NAME} (?:is|are|was|gefunden|angegeben|vorhanden|wird|can be)(?: found| given| there| present| stated| read)?(?: (?:wird|ist|sind))?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])(?:without|ohne|(?:has|have|having|hat|haben) (?:no|keine?n?)|lacks?|lacking|fehlende[rnms]?|missing|mit fehlende[rnm]) ${NAME}(?= (?:to|an|muss|müssen|soll|sollen|must|should|has|have|ask|go|goes|and|or|und|oder)(?![\\p{L}])|$| *,)`,
    'giu',
  ),
  new RegExp(
    `(?<![\\p{L}])keine?n? ${NAME} (?:hat|haben|enthält|trägt|nennt|enthalten|angegeben|gefunden|vorhanden|steht|da)(?: (?:ist|sind|wird|werden))?(?![\\p{L}])`,
    'giu',
  ),
  new RegExp(`(?<![\\p{L}])fehl(?:t|en) ${NAME}(?=$| (?:und|oder|and|or)(?![\\p{L}]))`, 'giu'),
  new RegExp(`(?<![\\p{L}])(?:wenn |falls |sofern )?${NAME} fehl(?:t|en)(?![\\p{L}])`, 'giu'),
]
const NO_FIELD_AT_ALL =
  /^(?:(?:any|some|all|alle|required|nötige) )?(?:fields?|anything|something|information|data|angaben|felder|daten|etwas|answer|antwort|attachments?|anh[aä]nge?|payment|zahlung|reply|if|when|wenn|falls|it|es|sie|sind|ist|signature|or|and|any|some|none|one|errors?|mistakes?|fehler|person|somebody|changes?|differences?|(?:pflicht|mindest)\p{L}*(?: .*)?|(?:mandatory|required) \p{L}+)$/iu

/** Fields that a text says are missing, or there. */
export function absences(text: string, mentioned: Mentioned): TestPlace[] {
  const found: TestPlace[] = []
  for (const pattern of [...ABSENT, ...PRESENT])
    for (const match of text.matchAll(pattern)) {
      const end = match.index + match[0].length
      if (found.some((one) => match.index < one.end && end > one.start)) continue
      const { name = '', other } = match.groups ?? {}
      const fields = [name, ...(other === undefined ? [] : [other])].map((words) => fieldNamed(words, mentioned))
      if (fields.every((field) => field !== undefined))
        for (const [at, field] of fields.entries()) {
          const isOr = at > 0 && / (?:or|oder) /iu.test(match[0])
          found.push({
            test: { kind: 'absent', field },
            start: match.index,
            end,
            ...(isOr && { or: true }),
            ...(PRESENT.includes(pattern) && { turned: true }),
          })
        }
    }
  return found
}

/** The field that some words name: one of a class, one of the goal, or a new one. */
function fieldNamed(words: string, { custom }: Mentioned): NamedField | undefined {
  const bare = words.replace(/^(?:(?:if|when|wenn|falls|or|and|oder|und|but|the|an?|der|die|das|is|ist)\s+)+/iu, '')
  if (bare === '' || NO_FIELD_AT_ALL.test(bare)) return undefined
  const own = custom.find((field) => bare.toLowerCase() === field.words.toLowerCase())
  const known = knownFields(bare).at(-1)
  // Of words that say more than a known field, none may be lost: they name another.
  const isAll = known !== undefined && known.start === 0 && known.end === bare.length
  return own ?? (isAll ? known.field : customField(bare))
}
