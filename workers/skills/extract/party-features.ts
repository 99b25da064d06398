import { foldName, hasLegalForm } from './names'
import { findPartyMentions, HEAD_CHARS, type PartyMention, TAIL_CHARS } from './party-mentions'

/** A company or person of a contract with all its mentions and what speaks for and against its being a party. */
export interface PartyCase {
  mentions: [PartyMention, ...PartyMention[]]
  features: string[]
}

const OPENING =
  /(?<![\p{L}])(?:(?:by and )?(?:between|among)|(?:is )?(?:made|entered into|executed)(?: and entered into)?[^.]{0,60}? by|zwischen|entre les soussignés|entre las partes|entre|tra|tussen)(?![\p{L}])\s*:?/giu
const CLOSING =
  /\b(?:WHEREAS|RECITALS?|Recitals|Background|WITNESSETH|NOW,? THEREFORE|Präambel|wird folgende|Il a été convenu|EXPONEN|PREMESSO)\b/u
const WINDOW_CHARS = 900
const ROLE_TERM =
  /^[^()]{0,170}?\(?[^)]{0,40}?[“"„«'‘](?:the )?(?:company|employee|executive|recipient|disclos|receiv|consultant|contractor|employer|parent|buyer|seller|purchaser|director|you|provider|bank|auftrag|counterparty|associate|grantee|participant)/iu
const TERM = /^[^()]{0,170}?\(\s*(?:[^)]{0,60}?)[“"„«'‘]\p{Lu}/u
const KIND = /^,?\s+an?\s+(?:[\p{L}-]+\s+){0,4}(?:corporation|limited|company|partnership|trust|bank|subsidiary|association|individual)/iu
const BEFORE: [string, RegExp][] = [
  ['between', /(?:between|among|zwischen|entre|tra|tussen)\s*:?\s*(?:the\s)?$/iu],
  ['by', /\bby\s*$/iu],
  ['and', /\b(?:and|und|et|y)\s*(?:the\s)?$/iu],
  ['comma', /,\s*$/u],
  ['with', /\bwith\s*$/iu],
  ['of', /\b(?:of|for|by the|shares of|stock of)\s*$/iu],
  ['re', /\b(?:re|regarding|acquisition of|transaction involving)\s*:?\s*$/iu],
  ['title', /\b(?:Mr|Ms|Mrs|Dr)\.\s*$/u],
  ['attention', /(?:Attn|Attention|Attn\.|c\/o|Dear)[:.]?\s*(?:Mr\.|Ms\.)?\s*$/iu],
  ['signed', /\/s\/\s*$/u],
  ['name', /Name\s*:\s*$/iu],
  ['byLine', /\bBy\s*:\s*(?:\/s\/)?\s*[_ ]*$/u],
]

interface Context {
  text: string
  window: { from: number; to: number } | undefined
  letter: number
  isPersonal: boolean
}

function contextOf(text: string): Context {
  const head = text.slice(0, HEAD_CHARS)
  const opening = [...head.matchAll(OPENING)][0]
  const from = opening ? opening.index + opening[0].length : 0
  const rest = head.slice(from, from + WINDOW_CHARS)
  return {
    text,
    window: opening ? { from, to: from + (CLOSING.exec(rest)?.index ?? rest.length) } : undefined,
    letter: /\b(?:Dear|Gentlemen|Ladies)\b/u.exec(head)?.index ?? -1,
    isPersonal: /\b(?:employee|executive|director|consultant|associate|employment)\b/iu.test(head.slice(0, 1_500)),
  }
}

const bucket = (value: number, limits: number[]): number => limits.findIndex((limit) => value < limit)

function mentionMarks(mention: PartyMention, { text, window, letter }: Context): string[] {
  const before = text.slice(Math.max(0, mention.start - 40), mention.start)
  const after = text.slice(mention.end, mention.end + 220)
  const where = mention.start > Math.max(HEAD_CHARS, text.length - TAIL_CHARS) ? 'tail' : 'head'
  const inWindow = window !== undefined && mention.start >= window.from && mention.start < window.to
  const marks: [string, boolean][] = [
    ['window', inWindow],
    ['described', mention.described],
    ['term', TERM.test(after)],
    ['roleTerm', ROLE_TERM.test(after)],
    ['kind', KIND.test(after)],
    ['beforeDear', letter > 0 && mention.start < letter],
    ['afterDear', letter > 0 && mention.start > letter && mention.start < letter + 900],
    ['capitals', mention.name === mention.name.toUpperCase()],
    ...BEFORE.map(([name, pattern]): [string, boolean] => [`after:${name}`, pattern.test(before)]),
  ]
  return marks.flatMap(([name, holds]) => (holds ? [`${where}.${name}`] : []))
}

/** Longer ways of writing a name take in shorter ones; the first mention's way of writing stays, legal form first. */
function grouped(mentions: PartyMention[]): [PartyMention, ...PartyMention[]][] {
  const groups = new Map<string, [PartyMention, ...PartyMention[]]>()
  for (const mention of mentions) {
    const folded = foldName(mention.name)
    if (folded === '') continue
    const key = [...groups.keys()].find(
      (known) =>
        known === folded ||
        (Math.min(known.length, folded.length) >= 5 && (known.endsWith(folded) || known.startsWith(folded) || folded.endsWith(known))),
    )
    const group = key === undefined ? undefined : groups.get(key)
    if (group) group.push(mention)
    else groups.set(folded, [mention])
  }
  return [...groups.values()]
}

/** Companies and persons that a contract names, each with the marks of all its mentions, its order and how often it returns. */
export function partyCases(text: string, lines: string): PartyCase[] {
  const context = contextOf(text)
  const groups = grouped(findPartyMentions(text, lines))
  const orders = { company: 0, person: 0 }
  const inWindow = groups.filter((group) => group.some((mention) => mentionMarks(mention, context).includes('head.window')))
  return groups.map((mentions) => {
    const [first] = mentions
    const kind = mentions.some((mention) => hasLegalForm(mention.name)) ? 'company' : first.kind
    const marks = new Set(mentions.flatMap((mention) => mentionMarks(mention, context)))
    const isSpread =
      mentions.some((mention) => mention.start < HEAD_CHARS) &&
      mentions.some((mention) => mention.start > Math.max(HEAD_CHARS, text.length - TAIL_CHARS))
    const places = new Set(mentions.map(({ start }) => start)).size
    const order = orders[kind]
    orders[kind] += 1
    const windowOrder = inWindow.indexOf(mentions)
    const features = [
      ...marks,
      `order${Math.min(order, 3)}`,
      `at${bucket(first.start, [300, 700, 1500, 3000, HEAD_CHARS])}`,
      `count${Math.min(places, 4)}`,
      ...(isSpread ? ['spread'] : []),
      ...(windowOrder >= 0 ? [`windowOrder${Math.min(windowOrder, 3)}`] : []),
      ...(context.window ? ['hasWindow'] : ['noWindow']),
      ...(context.isPersonal ? ['personal'] : []),
      ...(context.letter > 0 ? ['letter'] : []),
    ]
    return { mentions, features: [...features, ...features.map((feature) => `${kind}:${feature}`), kind] }
  })
}
