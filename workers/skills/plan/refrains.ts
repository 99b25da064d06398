/** Words of a goal that forbid something, or that want nothing done. */
const REFRAINS =
  /(?:(?:please |bitte )?(?:do not|don['’]t|never|must not|should not) (?:ever )?(?<en>answer|reply|respond|send|forward|mail|post|process|index|approve|do)(?: (?:anything|it|them|to (?:it|them|the sender|the mail|anyone|anybody)|the (?:mail|sender|message)|any (?:mail|answer|reply)|back))*|(?:(?:es |sie |die mail |bitte )?(?:soll |wird |darf )?(?:nicht|nie|niemals) (?<de>be?antworte\p{L}*|antworte\p{L}*|weiterleite\p{L}*|weitergeleitet|sende\p{L}*|schicke\p{L}*|verschick\p{L}*|bearbeite\p{L}*|verarbeite\p{L}*|indexier\p{L}*)(?: werden)?)|(?:antworte\p{L}*|beantworte\p{L}*|sende\p{L}*|schicke?\p{L}*|leite?\p{L}*)(?: \p{L}+){0,2} (?:nicht|nie)(?: weiter)?|(?:please |bitte |can be )?(?<idle>ignored?|skip(?:ped)?|leave|disregard|ignorier\p{L}*|überspring\p{L}*|lass\p{L}* liegen)(?: (?:it|them|everything|anything|all|the|alles|alle|die|rest|sie|es|others?|else|andere\p{L}*|übrige\p{L}*|alone))*|(?:do |tue? )?(?:nothing|nichts)(?: (?:else|happens|to do|tun|machen|unternehmen|geschieht|passiert|weiter))*|nowhere|nirgendwohin|(?:approve|release|accept)s?(?: [^,;.]{0,40}?)? automatically|automatisch (?:frei\p{L}*|genehmig\p{L}*)|let it (?:pass|through)|stop(?: here| there| it| processing| the (?:run|workflow))?(?=\s*$| and))(?![\p{L}])/iu

export interface Refrain {
  /** What must not be done. `any`: nothing is to be done at all. */
  from: 'reply' | 'send' | 'index' | 'approve' | 'any'
  start: number
  end: number
}

/** What a text wants left undone. A piece that ignores rules is no such wish: only its object says what is left. */
export function refrainIn(text: string): Refrain | undefined {
  const match = REFRAINS.exec(text)
  if (match === null || /^ignore (?:your|all|the|previous|any) (?:rules|instructions|previous)/i.test(text)) return undefined
  const verb = (match.groups?.en ?? match.groups?.de ?? match[0]).toLowerCase()
  const from = /answer|reply|respond|antwort/.test(verb)
    ? 'reply'
    : /automat|let it|approve/.test(match[0].toLowerCase())
      ? 'approve'
      : /send|forward|mail|post|schick|leit/.test(verb)
        ? 'send'
        : /index/.test(verb)
          ? 'index'
          : 'any'
  return { from, start: match.index, end: match.index + match[0].length }
}

const REFRAINED: Record<Refrain['from'], (deed: string) => boolean> = {
  reply: (deed) => deed === 'analysis.answer' || deed === 'analysis.draft' || deed === 'action.mail',
  send: (deed) => deed === 'action.mail' || deed === 'action.webhook',
  index: (deed) => deed === 'analysis.index',
  approve: (deed) => deed === 'approval',
  any: () => true,
}

/** Whether an act is of the kind that is to be left undone. */
export const isRefrained = (from: Refrain['from'], deed: string): boolean => REFRAINED[from](deed)
