/** What a goal can ask for. `agent.operation`, or a kind of step that needs no agent. */
export type Deed =
  | 'analysis.extract'
  | 'analysis.classify'
  | 'analysis.summarise'
  | 'analysis.index'
  | 'analysis.tags'
  | 'analysis.entities'
  | 'analysis.relations'
  | 'analysis.sentiment'
  | 'analysis.pii'
  | 'analysis.injection'
  | 'analysis.answer'
  | 'analysis.compare'
  | 'analysis.digest'
  | 'analysis.draft'
  | 'analysis.rewrite'
  | 'quality.check'
  | 'report.write'
  | 'approval'
  | 'wait'

export const PERSON =
  '(?:person|human|people|somebody|someone|colleague|manager|boss|chef\\p{L}*|(?:\\p{L}+ )?(?:handler|officer|specialist|expert|agent)|\\p{L}*prüfer(?:in)?|\\p{L}*berater(?:in)?|cfo|ceo|lead|leader|team lead|team|accounting|legal|back office|office|reviewer|clerk|supervisor|head|finance|director|controller|buchhaltung|mensch|mitarbeiter\\p{L}*|vorgesetzte\\p{L}*|geschäftsführung|leitung|rechtsabteilung|fachabteilung|sachbearbeiter\\p{L}*|(?:team|abteilungs|einkaufs|vertriebs|projekt)?leit(?:er|ung)\\p{L}*|kolleg\\p{L}*|ceo|hr|purchasing|sales|adjuster|administrator\\p{L}*|admin|vertrieb|einkauf|personal|security)'
const ARTICLE = '(?:an?|the|our|my|your|eine[nrm]?|die|den|dem|der|das|unsere[nrm]?|ein)?'
const NO_LETTER = '(?![\\p{L}])'

/** In order: what an earlier cue has taken, a later one does not see. */
export const CUES: readonly (readonly [Deed, RegExp])[] = (
  [
    [
      'analysis.injection',
      `(?:(?:check|screen|scan|test|inspect|prüf\\p{L}*|untersuch\\p{L}*)[^,;.]{0,40}?(?:for|auf) )?(?:prompt injections?|injections?|jailbreaks?|hidden instructions?|manipulation(?:s|sversuche?|en)?|versteckte anweisungen)`,
    ],
    [
      'analysis.pii',
      `(?:(?:check|screen|scan|search|look|find|such\\p{L}*|prüf\\p{L}*|find\\p{L}*)[^,;.]{0,40}?(?:for|auf|nach)? )?(?:personal (?:data|information|details)|pii|personenbezogene\\p{L}*(?: daten)?)|redact\\p{L}*|anonymi[sz]\\p{L}*|pseudonymi[sz]\\p{L}*|schwärz\\p{L}*|mask(?:s|ed|ing)?(?: out)?${NO_LETTER}`,
    ],
    [
      'approval',
      `(?:send|pass|forward|route|give|submit|schick\\p{L}*|leg\\p{L}*|gib|übergib)[^,;.⟦]{0,60}?(?:for|to|zur|zum)\\s(?:their |his |her )?(?:approval|sign-off|review|release|freigabe|genehmigung|prüfung)${NO_LETTER}|${ARTICLE}\\s?${PERSON} (?:zu )?(?:fragen|prüfen lassen|entscheiden lassen|um freigabe bitten)`,
    ],
    [
      'approval',
      `(?:ask|get|let|have|wait for|requires?|needs?|braucht|frag\\p{L}*|bitte)\\s(?:[^,;.]{0,60}?)(?:approv\\p{L}*|sign(?:s|ed|ing)?[- ]?off|consent|go-ahead|second pair of eyes|genehmig\\p{L}*|freigabe|freigeben|zustimmung)(?: it| them)?`,
    ],
    [
      'approval',
      `(?:ask|let|have|get|frag\\p{L}*|lass\\p{L}*)\\s${ARTICLE}\\s?(?:\\p{L}+ ){0,2}?${PERSON}(?: to (?:check|look|review|decide|confirm|verify|approve|take a look)(?: at)?(?: it| them| this)?| (?:check|review|decide|confirm|approve|look at|look over)(?: it| them)?)?${NO_LETTER}`,
    ],
    [
      'approval',
      `(?:must|should|needs? to|has to|have to|are to|is to|muss|müssen|soll|sollen) (?:first )?(?:be (?:checked|reviewed|approved|released|confirmed|seen|looked at|signed off)|von|durch)(?: by)? ${ARTICLE}\\s?${PERSON}(?: (?:geprüft|freigegeben|genehmigt|bestätigt) werden)?${NO_LETTER}`,
    ],
    [
      'approval',
      `(?:human|manual) (?:decision|review|check|approval)|${ARTICLE}\\s?${PERSON} (?:must|should|has to|have to|needs to|can)? ?(?:first )?(?:approves?|signs? off|sign off|confirms?|decides?|reviews?|look at)(?: it| them| this)?`,
    ],
    [
      'approval',
      `sign(?:s|ed)?[- ]?off|second pair of eyes|four[- ]eyes|vier-augen\\p{L}*|approv(?:al|es?|ed|ing)(?: it| them)?${NO_LETTER}|genehmig\\p{L}*|freig(?:abe|eben|egeben)\\p{L}*|gib(?:t)? [^,;.]{0,60}?frei${NO_LETTER}|zustimm\\p{L}*|abzeichne\\p{L}*|gegenzeichn\\p{L}*|(?:soll|muss|sollen|müssen|lass\\p{L}*) [^,;.]{0,40}?${PERSON}[^,;.]{0,40}?(?:entscheid\\p{L}*|prüfen|ansehen|draufschauen|bestätigen)|${PERSON} entscheid\\p{L}*`,
    ],
    [
      'wait',
      `(?:wait|hold|pause|warte\\p{L}*|halte)${NO_LETTER}[^,;.]{0,60}?(?:\\d+|an?|one|two|three|four|five|six|seven|ten|fourteen|ein(?:e|en|er)?|zwei|drei|vier|fünf|sechs|sieben|zehn|vierzehn) (?:seconds?|minutes?|hours?|days?|weeks?|sekunden?|minuten?|stunden?|tage?n?|wochen?)(?: (?:for|auf) (?:the |a |an |die |den |das |eine )?\\p{L}+)?|(?:after|nach|in) (?:\\d+|an?|one|two|three|four|five|six|seven|ten|fourteen|eine[rmn]?|zwei|drei|vier|fünf|sechs|sieben|zehn|vierzehn) (?:minutes?|hours?|days?|weeks?|minuten?|stunden?|tage?n?|wochen?)${NO_LETTER}|(?:wait|hold|warte\\p{L}*)${NO_LETTER}(?: (?:until|for|bis|auf)[^,;.]{0,60})?`,
    ],
    [
      'analysis.digest',
      `(?:daily |mail |inbox )?digest(?: of[^,;.]{0,40}?mails?)?|(?:overview|list|summary|übersicht|zusammenfassung|liste) (?:of|der|aller|über die)[^,;.]{0,30}?(?:e-?)?mails?(?: (?:of|from|des|von)[^,;.⟦]{0,20}?(?:day|yesterday|vortags?|tages|gestern))?`,
    ],
    [
      'analysis.draft',
      `(?:draft|compose|formulate|prepare|entwirf|entwerfe\\p{L}*|verfass\\p{L}*|formulier\\p{L}*)${NO_LETTER}(?: (?:an?|the|eine?n?|die|den) (?:polite |short |friendly |höfliche |kurze |freundliche )?(?:answer|reply|response|mail|e-mail|letter|note|antwort|brief|notiz|entwurf))?|(?:write|schreib\\p{L}*) (?:an?|eine?n?) (?:polite |short |friendly |höfliche |kurze |freundliche )?(?:answer|reply|response|letter|antwort|brief)|antwortentwurf`,
    ],
    [
      'analysis.rewrite',
      `rewrit\\p{L}*|rephras\\p{L}*|reword\\p{L}*|simplif\\p{L}*|umformulier\\p{L}*|vereinfach\\p{L}*|in (?:plain|simple) (?:words|language|english)|in einfacher sprache|in einfachen worten`,
    ],
    [
      'analysis.draft',
      `(?:answer|reply to|respond to)\\s[^,;.]{0,60}?with an? (?:\\p{L}+ )?draft|beantwort\\p{L}*[^,;.]{0,40}? mit (?:einem )?entwurf|(?:answer|antwort(?:brief)?|brief|reply) (?:is |wird )?(?:drafted|entworfen|verfasst|formuliert)|(?:erstell\\p{L}*|schreib\\p{L}*|mach\\p{L}*) [^,;.]{0,30}?(?:antwort)?entwurf|(?:antwort)?entwurf(?: (?:erstellen|schreiben|machen))?${NO_LETTER}`,
    ],
    [
      'analysis.answer',
      `antwort\\p{L}*[^,;.]{0,40}? (?:aus|mit|anhand) (?:unserem|unserer|dem|der) (?:sammlung [\\p{L}\\d-]+|handbuch|wissensdatenbank|wissensbasis|dokumentation)|answer\\s+(?:incoming\\s+|the\\s+)?(?:mails\\s+)?from (?:the|our) (?:collections? [\\p{L}\\d-]+|handbook|manuals?|faqs?|knowledge base|documentation)|answer (?:it|them|the|this|each|every|all|questions?|customers?)[^,;.]{0,40}?(?:from|out of|with|using|by)? ?(?:(?:our|the|a|my) )?(?:collections? [\\p{L}\\d-]+|handbook|manuals?|faqs?|knowledge base|documentation)?|(?:find|give|look up) (?:the|an) answer|beantwort\\p{L}*[^,;.]{0,60}?(?:aus|mit|anhand)? ?(?:(?:unserem|unserer|dem|der) )?(?:sammlung [\\p{L}\\d-]+|handbuch|wissensdatenbank|wissensbasis|dokumentation)?`,
    ],
    [
      'analysis.compare',
      `compar\\p{L}*|what (?:has )?changed|differences?|changes between|vergleich\\p{L}*|gegenüberstell\\p{L}*|unterschiede?|was sich geändert hat`,
    ],
    [
      'analysis.summarise',
      `summar(?:y|ies|i[sz]e[sd]?|i[sz]ing|i[sz]ation)(?: of)?|zusammen(?:zu)?fass\\p{L}*|fass\\p{L}*(?=[^,;.]{0,80}?zusammen)|kurzfassung|abstract of|tl;?dr`,
    ],
    [
      'analysis.classify',
      `classif\\p{L}*|categori[sz]\\p{L}*|klassifi[zk]\\p{L}*|kategorisier\\p{L}*|sort(?:s|ed|iere?n?|iert)?(?=[^;.]{0,60}? (?:in|into|nach|als|as|by) )|(?:decide|determine|tell|find out|recogni[sz]e) (?:whether|if|what kind|which kind|what type|the type|the kind)|ordne\\p{L}*(?=[^;.]{0,100}? ein(?![\\p{L}]))|einordn\\p{L}*|(?:dokument(?:en)?art|document type|kind of document)(?= |$)`,
    ],
    [
      'analysis.sentiment',
      `sentiments?|(?:the )?(?:tone|mood)(?= (?:of|in))|stimmung(?:slage)?(?: (?:prüfen|bestimmen|erkennen|feststellen))?|tonfall`,
    ],
    [
      'analysis.tags',
      `tag(?:s|ged|ging)?(?= |$|\\.)|keywords?|key ?phrases?|key terms?|schlag(?:wort|wörter|worte)\\p{L}*|verschlagwort\\p{L}*|stichw(?:ort|örter|orte)\\p{L}*`,
    ],
    ['analysis.relations', `relat(?:ed|ions?|ionships?)(?= |$|\\.)|who works for|beziehung(?:en)?|wer für wen`],
    [
      'analysis.entities',
      `(?:named )?entit(?:y|ies)|people(?= and|,| mentioned|$)|persons?(?= and org)|organi[sz]ations?|companies|personen(?= und|,| genannt|$)|organisationen|unternehmen(?= |$)|firmen(?= |$)|entitäten`,
    ],
    [
      'analysis.index',
      `(?:make|made)[^,;.]{0,40}?searchable|mach\\p{L}*[^,;.]{0,60}?durchsuchbar|durchsuchbar|searchable|(?:add(?:ed)?|archive[sd]?|archivier\\p{L}*|put|stored?|saved?|filed?|index|load|speicher\\p{L}*|leg\\p{L}*|nimm|füg\\p{L}*)[^,;.]{0,50}?(?:knowledge base|collection(?: [\\p{L}\\d-]+)?|wissens(?:datenbank|basis)|sammlung(?: [\\p{L}\\d-]+)?)|index(?:es|ed|iere\\p{L}*)?(?: it| them)?(?= |$|\\.)|in der sammlung [\\p{L}\\d-]+`,
    ],
    [
      'quality.check',
      `(?:check|verify|validate|ensure|make sure|prüf\\p{L}*|überprüf\\p{L}*|kontrollier\\p{L}*|validier\\p{L}*)(?:s|ed)?(?: (?:the )?quality| that[^,;.]*| whether[^,;.]*| (?:the )?[\\p{L}]+(?: for)?[^,;.]{0,60}?)?${NO_LETTER}|(?:totals?|sums?) (?:do(?:es)? not )?add(?:s)? up|plausib\\p{L}*|quality|qualität(?:sprüfung)?|dubletten|duplicates?|(?:arithmetic|calculation|sum) errors?|rechenfehler`,
    ],
    [
      'report.write',
      `(?:create|write|produce|make|generate|build|compile|store|save|give me|export|send|mail(?:ing)?|e-?mail|sending|erstell\\p{L}*|schreib\\p{L}*|erzeug\\p{L}*|generier\\p{L}*|send\\p{L}*|schick\\p{L}*|speicher\\p{L}*|exportier\\p{L}*)[^,;.]{0,40}?(?:reports?|bericht(?:e|s)?|excel(?:-tabelle)?|xlsx|csv|spreadsheet|pdf)(?:[- ](?:file|report|datei|bericht|tabelle))?|(?:pdf|excel|xlsx|csv|html)[- ]?(?:report|bericht|file|datei|tabelle)|als (?:pdf|excel|csv|html)(?: und (?:pdf|excel|csv|html))?`,
    ],
    [
      'analysis.extract',
      `extract\\p{L}*|pull(?:s|ed)? out|pull(?= the)|extrahier\\p{L}*|auslesen|auszulesen|lies(?=[^;.]{0,120}? aus(?![\\p{L}]))|read out|capture|erfass\\p{L}*|entnimm`,
    ],
  ] as const
).map(([deed, pattern]) => [deed, new RegExp(`(?<![\\p{L}-])(?:${pattern})`, 'giu')])

export interface Found {
  deed: Deed
  words: string
  start: number
  /** The words that made it what it is: one that could as well be another is not among them. */
  known: { start: number; end: number }[]
}

/** What a text asks for, in its order, and the text with those words blanked out. */
export function deedsIn(text: string): { found: Found[]; rest: string } {
  let rest = text
  const found: Found[] = []
  for (const [deed, pattern] of CUES) {
    const seen = rest
    for (const { 0: words, index: start } of seen.matchAll(pattern)) {
      found.push({ deed, words, start, known: neededWords(seen, pattern, { start, end: start + words.length }) })
      rest = `${rest.slice(0, start)}${' '.repeat(words.length)}${rest.slice(start + words.length)}`
    }
  }
  return { found: found.sort((a, b) => a.start - b.start), rest }
}

const WORD = /[\p{L}\d'’-]+/gu

/** Words of a match without which the pattern would not have matched there. */
export function neededWords(
  text: string,
  pattern: RegExp,
  { start, end }: { start: number; end: number },
): { start: number; end: number }[] {
  const sticky = new RegExp(pattern.source, `${pattern.flags.replace('g', '')}y`)
  return [...text.slice(start, end).matchAll(WORD)].flatMap(({ 0: word, index }) => {
    const [from, to] = [start + index, start + index + word.length]
    sticky.lastIndex = start
    const other = sticky.exec(`${text.slice(0, from)}${'q'.repeat(word.length)}${text.slice(to)}`)
    return other !== null && start + other[0].length >= to ? [] : [{ start: from, end: to }]
  })
}
