/** Something that leaves the house. */
export type Send =
  | { deed: 'action.mail'; words: string; mails: number[]; role?: string; toSender: boolean }
  | { deed: 'action.webhook'; words: string; url?: number }
  | { deed: 'http'; words: string; url: number }

const ASKS_URL =
  /(?<![\p{L}])(?:call|query|fetch|look(?:s|ing)? (?:it |them |this |\p{L}+ )?up|check(?=[^,;.]* against)|compare(?=[^,;.]* (?:with|against))|get|retrieve|request|ask|read|abruf\p{L}*|ruf|frag\p{L}*|nachschlag\p{L}*|nachschau\p{L}*|hol\p{L}*|schlag\p{L}*)(?![\p{L}])/iu
const HOOK = /(?<![\p{L}-])(?:web-?hooks?|endpoints?|endpunkt(?:e|s)?|schnittstelle)(?![\p{L}])/iu
const SENDER =
  /(?<![\p{L}])(?:repl(?:y|ies)(?: to| by| from| with|\s*$)(?: it| them| the (?:mail|sender|customer))?|respond to(?: it| them| the \p{L}+)?|(?:send|mail|forward|pass) it back|back to the (?:sender|customer)|(?:to|inform|notify|tell|thank|remind|ask|warn|mail|e-?mail|alert|answer) the sender|(?:an den|dem|der|den|beim) absender(?:in)?|zurück an|antworte(?:t|n)?(?= |\s*$)(?: darauf| ihm| ihr| dem kunden)?|rückmeldung an den absender|before it is sent|bevor (?:sie|er|es) (?:ver|ab|raus)?(?:ge)?(?:schickt|sendet|geht)(?: wird)?)/iu
const VERB =
  '(?:send(?:s|ing)?|sent|push(?:es|ed)?|deliver(?:s|ed)?|report(?= (?:it|them|this|to))|escalat\\p{L}*|hand(?:s|ed)? (?:it |them )?over|cc|forward(?:s|ing|ed)?|notif(?:y|ies)|inform|warn|alert|remind|tell|let|route|pass(?= it| them)|go(?:es)?(?= to)|post(?:s|ed|ing)?|schick\\p{L}*|(?:ver)?send\\p{L}*|leite\\p{L}*|leiten|weiterleite\\p{L}*|weiterzuleiten|weitergeleitet|gehen|geht|benachrichtig\\p{L}*|informier\\p{L}*|erinner\\p{L}*|warn\\p{L}*|meld\\p{L}*|übergib|übergeb\\p{L}*|übermittl\\p{L}*|nachfragen|soll|sollen)'
const MAILS =
  '(?:(?:^|[,:]|(?<![\\p{L}])(?:and|then|to|please|or|also|just|before|und|bitte|dann|bevor))\\s*(?:e-?)?mail(?:s|ing|e)?(?! (?:is|are|arrives|from|with|contains|that|ist|hat|wird|in|of)(?![\\p{L}]))(?=\\s)|(?<![\\p{L}])(?:e-?)?mail(?:en|ing)(?![\\p{L}])|(?<![\\p{L}])gemailt|(?<![\\p{L}])(?:write|send) (?:an? )?(?:e-?)?mail)'
const SENDING = new RegExp(`(?<![\\p{L}])${VERB}(?![\\p{L}])|${MAILS}`, 'iu')
const NOBODY =
  '(?!(?:it|them|this|that|these|those|daily|sie|ihn|es|plain|if|whether|ob|dass|send|mail|reply|answer|a|an|the|french|german|english|spanish|approve|close|be|do|check|zu|mail|mails)(?![\\p{L}]))'
const ARTICLE = '(?:the |our |my |an? |die |den |das |der |dem |unsere[nrm]? |eine[nr]? )?'
const TEAM = '(?: (?:team|department|lead|manager|desk|office|abteilung))?'
/** Whom a mail is for, where no address stands. The first that fits counts. */
const ROLES: readonly RegExp[] = [
  new RegExp(`(?<![\\p{L}])(?:to|an) ${ARTICLE}(?<role>${NOBODY}\\p{L}+${TEAM})`, 'iu'),
  new RegExp(
    `(?<![\\p{L}])(?:notif(?:y|ies)|inform|warn|alert|remind|tell|let|benachrichtig\\p{L}*|informier\\p{L}*|erinner\\p{L}*|soll|sollen) ${ARTICLE}(?<role>${NOBODY}\\p{L}+${TEAM})`,
    'iu',
  ),
  /(?<![\p{L}])(?:send|sends|schick\p{L}*|sende) (?<role>me|us|mir|uns|everyone|everybody|allen)(?![\p{L}])/iu,
  /(?<![\p{L}])(?:schick\p{L}*|sende) (?:dem|der|den) (?<role>\p{Lu}\p{L}+)/u,
  new RegExp(
    `${MAILS} ${ARTICLE}(?<role>(?!(?:it|them|a|an|the|this|that|summary|result|results|everything|all|es|sie|answer|reply|report|digest|yesterday|differences|changes|fields|data|invoice|contract)(?![\\p{L}]))\\p{L}+${TEAM})(?=\\s*$| (?:about|too|as|that|with|when|if))`,
    'iu',
  ),
  /(?<![\p{L}])(?:den|die|dem|der|das) (?<role>\p{Lu}\p{L}+) (?:zu )?(?:erinnern|informieren|benachrichtigen|anschreiben|warnen|anmailen)(?![\p{L}])/iu,
]
/** "Tell me what changed" wants to know, not to get mail. */
const FOR_ME = /(?<![\p{L}])(?:tell|show|give) (?:me|us)(?![\p{L}])|(?<![\p{L}])(?:sag|zeig|gib) (?:mir|uns)(?![\p{L}])/iu
const PLACEHOLDER = /⟦([um])(\d+)⟧/g
const placeholders = (text: string, kind: 'u' | 'm'): number[] =>
  [...text.matchAll(PLACEHOLDER)].filter((match) => match[1] === kind).map((match) => Number(match[2]))

/** What a piece sends, and where. A report that is mailed is both: the report is found elsewhere. */
export function sendsIn(text: string, asksSomebody = false): Send[] {
  const mails = placeholders(text, 'm')
  const urls = placeholders(text, 'u')
  const words = text.trim()
  const sends: Send[] = urls.map((url) => ({ deed: ASKS_URL.test(text) && !HOOK.test(text) ? 'http' : 'action.webhook', words, url }))
  if (urls.length === 0 && HOOK.test(text)) sends.push({ deed: 'action.webhook', words })
  const toSender = SENDER.test(text)
  if (mails.length > 0 || toSender) sends.push({ deed: 'action.mail', words, mails, toSender })
  else if (sends.length === 0 && SENDING.test(asksSomebody ? text.replace(ASKING, ' ') : text) && !FOR_ME.test(text)) {
    const role = roleIn(text)
    if (role !== undefined || REMINDS.test(text) || /(?<![\p{L}])(?:e-?mail|mail)(?:s|ing|e)?(?![\p{L}])/iu.test(text))
      sends.push({ deed: 'action.mail', words, mails: [], toSender: false, ...(role !== undefined && { role }) })
  }
  return sends
}

/** Words that also ask somebody to decide, which sends no mail. */
const ASKING = /(?<![\p{L}])(?:soll|sollen|let|tell|inform)(?![\p{L}])/giu
const REMINDS = /(?<![\p{L}])(?:remind|erinnern)(?![\p{L}])/iu
const roleIn = (text: string): string | undefined => {
  for (const pattern of ROLES) {
    const role = pattern.exec(text)?.groups?.role
    if (role !== undefined) return role
  }
  return undefined
}

/** Where the words stand that say that something is sent, and to whom. */
export function sendPlaces(text: string, sends: readonly Send[]): { start: number; end: number }[] {
  const patterns = [
    PLACEHOLDER,
    new RegExp(`(?<![\\p{L}])${VERB}(?: weiter)?(?![\\p{L}])`, 'giu'),
    new RegExp(MAILS, 'giu'),
    /(?<![\p{L}])weiter(?=\s*$)/iu,
    /(?<![\p{L}])(?:reminders?|changes|differences|erinnerung|änderungen|unterschiede|abweichungen|deviations)(?![\p{L}])/iu,
    HOOK,
    SENDER,
    ASKS_URL,
  ]
  const roles = sends.some((send) => send.deed === 'action.mail' && send.role !== undefined)
    ? ROLES.filter((pattern) => pattern.test(text)).slice(0, 1)
    : []
  return [...patterns, ...roles].flatMap((pattern) =>
    [...text.matchAll(pattern.global ? pattern : new RegExp(pattern.source, `g${pattern.flags}`))].map((match) => ({
      start: match.index,
      end: match.index + match[0].length,
    })),
  )
}

const ONLY_RECEIVERS =
  /^\s*(?:(?:and|or|also|und|sowie|as well as)\s+)?(?:also |auch )?(?:to |an )?⟦m\d+⟧(?:\s+(?:too|as well|auch))?\s*$/iu

/** Further receivers of the mail before: "…, b@x and c@x". */
export const receiversOnly = (text: string): number[] => (ONLY_RECEIVERS.test(text) ? placeholders(text, 'm') : [])
