/** Something that leaves the house. */
export type Send =
  | { deed: 'action.mail'; words: string; mails: number[]; role?: string; toSender: boolean }
  | { deed: 'action.webhook'; words: string; url?: number }
  | { deed: 'http'; words: string; url: number }

const ASKS_URL =
  /(?<![\p{L}])(?:call|query|fetch|look(?:s|ing)? up|get|retrieve|request|ask|read|abruf\p{L}*|ruf|frag\p{L}*|nachschlag\p{L}*|nachschau\p{L}*|hol\p{L}*|schlag\p{L}*)(?![\p{L}])/iu
const HOOK = /(?<![\p{L}-])(?:web-?hooks?|endpoints?|endpunkt(?:e|s)?|schnittstelle)(?![\p{L}])/iu
const SENDER =
  /(?:repl(?:y|ies)(?: to| by|$)|respond to|back to the (?:sender|customer)|(?:to|inform|notify|tell|thank) the sender|answer the sender|(?:an den|dem|der) absender(?:in)?|zurück an|antworte\p{L}*(?= )|rückmeldung an den absender)/iu
const SENDS =
  '(?:send(?:s|ing)?|e-?mail(?:s|ing)?|mail(?:s|ing)?|forward(?:s|ing)?|notif(?:y|ies)|inform|warn|alert|remind|tell|let|schick\\p{L}*|send\\p{L}*|mail\\p{L}*|leite\\p{L}*|weiterleite\\p{L}*|benachrichtig\\p{L}*|informier\\p{L}*|erinner\\p{L}*|warn\\p{L}*|meld\\p{L}*|übergib|übermittl\\p{L}*|nachfragen|soll|sollen)'
const SENDING = new RegExp(`(?<![\\p{L}])${SENDS}(?![\\p{L}])`, 'iu')
/** Whom a mail is for, where no address stands: a few words after the verb or after "to". */
const ROLE =
  /(?:(?<![\p{L}])(?:to|an|notif(?:y|ies)|inform|warn|alert|remind|tell|benachrichtig\p{L}*|informier\p{L}*|erinner\p{L}*|soll|sollen|send|schick\p{L}*|sende) )(?:the |our |my |an? |die |den |das |der |dem |unsere[nrm]? |eine[nr]? )?(?<role>(?!it(?![\p{L}])|them|this|that|these|daily|sie(?![\p{L}])|ihn|es(?![\p{L}])|plain)\p{L}+(?: (?:team|department|lead|manager|desk|office|abteilung))?)/iu
/** "Tell me what changed" wants to know, not to get mail. */
const FOR_ME = /(?<![\p{L}])(?:tell|show|give) (?:me|us)(?![\p{L}])|(?<![\p{L}])(?:sag|zeig|gib) (?:mir|uns)(?![\p{L}])/iu
const placeholders = (text: string, kind: 'u' | 'm'): number[] =>
  [...text.matchAll(/⟦([um])(\d+)⟧/g)].filter((match) => match[1] === kind).map((match) => Number(match[2]))

/** What a piece sends, and where. A report that is mailed is both: the report is found elsewhere. */
export function sendsIn(text: string): Send[] {
  const mails = placeholders(text, 'm')
  const urls = placeholders(text, 'u')
  const sends: Send[] = urls.map((url) => ({ deed: ASKS_URL.test(text) && !HOOK.test(text) ? 'http' : 'action.webhook', words: text, url }))
  if (urls.length === 0 && HOOK.test(text)) sends.push({ deed: 'action.webhook', words: text })
  const toSender = SENDER.test(text)
  if (mails.length > 0 || toSender) sends.push({ deed: 'action.mail', words: text, mails, toSender })
  else if (sends.length === 0 && SENDING.test(text) && !FOR_ME.test(text)) {
    const role = ROLE.exec(text)?.groups?.role
    if (role !== undefined || /(?<![\p{L}])(?:e-?mail|mail)(?:s|ing|e)?(?![\p{L}])/iu.test(text))
      sends.push({ deed: 'action.mail', words: text, mails: [], toSender: false, ...(role !== undefined && { role }) })
  }
  return sends
}
