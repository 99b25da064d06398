import type { NamedParty } from './contract-clause'
import { isRole, ROLE_WORD, roleIn } from './contract-roles'
import { nameAt } from './party-names'

const HEAD_CHARS = 4_000
const TAIL_CHARS = 4_000
/** Terms are defined in the first sentences, their names stand so far before them at most. */
const TERM_CHARS = 2_500
const BEFORE_TERM = 200

/** `Landlord: Margaret Ellison`, and the same in two columns or cells. */
const LABELLED = new RegExp(
  `(?:^|\\n)[ \\t]*(?:the[ ]|der[ ]|die[ ])?(?<role>\\p{L}{0,10}?(?:${ROLE_WORD}))(?:'s)?(?:[ ]name)?(?:[ \\t]*:[ \\t]*\\n?|[ \\t]*\\n(?=[ \\t]*\\p{Lu})|[ \\t]*\\||\\t|[ ]{2,}|[ ](?=Herrn?[ ]|Frau[ ]|Mrs?\\.?[ ]|Ms\\.?[ ]))[ \\t]*`,
  'giu',
)
/** `Signed for and on behalf of X Ltd`, `Für die X GmbH:`. */
const SIGNED =
  /(?:for and on behalf of|on behalf of|(?:^|\n)[ \t]*(?:unterzeichnet )?(?:für|i\. ?A\. der|for))[ \t]+(?:the[ ]|die[ ]|den[ ]|das[ ])?/giu

function namesAfter(text: string, offset: number, pattern: RegExp): NamedParty[] {
  return [...text.matchAll(pattern)].flatMap((match) => {
    const name = nameAt(text, match.index + match[0].length)
    if (!name) return []
    const named = text.slice(name.start, name.end).replace(/\s+/g, ' ')
    const role = match.groups?.role
    return [{ start: offset + name.start, end: offset + name.end, name: named, role, isSure: role !== undefined || name.isFormal }]
  })
}

const once = (parties: NamedParty[]): NamedParty[] =>
  parties.filter(({ name }, index) => parties.findIndex((other) => other.name.toLowerCase() === name.toLowerCase()) === index)

const GAP = /[ ]{2,}|\t|[ ]?\|[ ]?/

/** Names of roles in a row and the names under them, as tables and signature blocks have them: `SELLER:   BUYER:`. */
function partiesByColumn(lines: string): NamedParty[] {
  let offset = 0
  let roles: string[] = []
  for (const line of lines.split('\n')) {
    const cells = line
      .split(GAP)
      .map((cell) => cell.trim())
      .filter((cell) => cell !== '')
    const titles = cells.map((cell) => cell.replace(/[:：]$/u, ''))
    if (roles.length >= 2 && cells.length === roles.length) {
      let at = 0
      const named = cells.flatMap((cell, column): NamedParty[] => {
        at = line.indexOf(cell, at)
        const name = nameAt(cell, 0)
        const start = offset + at + (name?.start ?? 0)
        return name
          ? [{ start, end: start + name.end - name.start, name: cell.slice(name.start, name.end), role: roles[column], isSure: true }]
          : []
      })
      if (named.length === roles.length) return named
    }
    if (titles.length >= 2 && titles.every((title) => isRole(title))) roles = titles
    else if (cells.length > 0) roles = []
    offset += line.length + 1
  }
  return []
}

/** A name with its role in brackets after it, wherever it stands in the first sentences: `Alpha Ltd ("Supplier") shall provide …`. */
export function partiesByTerm(lines: string): NamedParty[] {
  const head = lines.slice(0, TERM_CHARS)
  let from = 0
  const found = [...head.matchAll(/\([^()\n]{3,80}\)/gu)].flatMap((bracket): NamedParty[] => {
    const segment = head.slice(Math.max(from, bracket.index - BEFORE_TERM), bracket.index)
    const offset = bracket.index - segment.length
    const role = roleIn(bracket[0])
    if (role === undefined || !isRole(role)) return []
    from = bracket.index + bracket[0].length
    const names = [...segment.matchAll(/(?<![\p{L}\p{N}])\p{Lu}/gu)].flatMap(({ index }) => nameAt(segment, index) ?? [])
    const name =
      names.find(({ isFormal }) => isFormal) ??
      names.find(({ end, start }) => segment.slice(end).trim() === '' && segment.slice(start, end).includes(' '))
    return name
      ? [
          {
            start: offset + name.start,
            end: offset + name.end,
            name: segment.slice(name.start, name.end).replace(/\s+/g, ' '),
            role,
            isSure: true,
          },
        ]
      : []
  })
  return once(found)
}

/** The parties of a contract that names them beside their roles, as forms do. */
export const partiesByLabel = (lines: string): NamedParty[] => {
  const columns = partiesByColumn(lines.slice(0, HEAD_CHARS))
  if (columns.length >= 2) return columns
  const found = once(namesAfter(lines.slice(0, HEAD_CHARS), 0, LABELLED))
  return found.filter(({ role }, index) => found.findIndex((other) => other.role?.toLowerCase() === role?.toLowerCase()) === index)
}

/** Companies on whose behalf a contract is signed at its end. */
export const partiesBySignature = (lines: string): NamedParty[] => {
  const from = Math.max(0, lines.length - TAIL_CHARS)
  return once(namesAfter(lines.slice(from), from, SIGNED)).filter(({ isSure }) => isSure)
}
