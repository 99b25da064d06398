import { type Deed, PERSON } from './cues'

const words = (pattern: string): RegExp => new RegExp(`(?<![\\p{L}])(?:${pattern})(?![\\p{L}])`, 'giu')
const COLLECTION =
  '(?:(?:from|in|into|out of|to|with|using|by|aus|in|mit|anhand) )?(?:(?:the|our|a|my|der|die|unserer?|unserem|dem|eine) )?(?:collections?|sammlung) ["\'“„]?[\\p{L}\\d_-]+|handbook|handbuch|manuals?|faqs?|knowledge base|documentation|wissens(?:datenbank|basis)|dokumentation'

/** Words that say no more than the act beside them does, by the act: who is asked, what a check looks at, in which form a summary comes. */
const OBJECTS: Partial<Record<Deed, RegExp>> = {
  'quality.check': words(
    'totals?|sums?|summen?|beträge|amounts?|figures|zahlen|numbers|arithmetic|calculations?|add(?:s)? up|plausib\\p{L}*|completeness|vollständig\\p{L}*|correct\\p{L}*|errors?|fehler\\p{L}*|duplicates?|dubletten|rechnerisch|stimmen|stimmt|quality|qualität|consisten\\p{L}*',
  ),
  'analysis.summarise': words(
    'fasse?|zusammen|summary|summaries|bullet|zusammenfassung\\p{L}*|bullet points?|bullets|stichpunkten?|short|brief|kurze?n?|detailed|long|ausführlich\\p{L}*|kurz',
  ),
  'analysis.classify': words('class|klasse|categor\\p{L}*|kategorie\\p{L}*|ein|sort'),
  approval: words(
    `(?:\\p{L}+ )?${PERSON}|stop|hold|pause|needs?|requires?|brauchen|braucht|benötigen|benötigt|approv\\p{L}*|decide|entscheiden|prüfen|check|review|erteilt|gibt|frei|before|first|after|nach|vor|once`,
  ),
  'analysis.index': words(`${COLLECTION}|searchable|durchsuchbar|index\\p{L}*`),
  'analysis.answer': words(`${COLLECTION}|answers?|questions?|fragen?|beantwort\\p{L}*|antwort\\p{L}*|customer|kunden?`),
  'analysis.compare': words(
    'old|older|previous|last|latest|former|original|new|two|versions?|alten?|älteren?|vorherigen?|letzten?|neuen?|fassung\\p{L}*|version\\p{L}*|changes?|differences?|unterschiede?|änderungen|mit|between|zwischen|what|tell|changed?',
  ),
  'analysis.draft': words(
    '(?:an? |the |eine?n? )?(?:polite|short|friendly|höfliche?n?|kurze?n?|freundliche?n?|formal|förmliche?n?)?\\s*(?:apology|refusal|rejection|confirmation|reply|answer|response|letter|mail|note|entschuldigung|absage|zusage|bestätigung|antwort|entwurf|antwortschreiben|brief|draft)|answer|reply',
  ),
  'analysis.sentiment': words('analy[sz]e|analysiere?|sentiment|mood|tone|stimmung|opinion'),
  'analysis.pii': words('personal|data|redact\\p{L}*|masked?|schwärz\\p{L}*|anonym\\p{L}*'),
  'analysis.digest': words(
    "digest|overview|übersicht|yesterday(?:['’]s)?|today(?:['’]s)?|gestern|heute|of the day|des tages|vortags?|last day|summary|zusammenfassung|alle[rn]?",
  ),
  'report.write': words(
    'reports?|bericht\\p{L}*|pdf|excel(?:-?\\p{L}+)?|xlsx|csv|html|formats?|spreadsheet|write|create|store|save|produce|generate',
  ),
  'analysis.rewrite': words('plain|simple|formal|shorter|words|language|english|sprache|worten'),
  'analysis.entities': words(
    'mentions?|mentioned|named?|nennt|genannt\\p{L}*|erwähnt\\p{L}*|people|persons?|organi[sz]ations?|companies|personen|organisationen|firmen',
  ),
  'analysis.relations': words('how|relat\\p{L}*|wie'),
  'analysis.tags': words('tag\\p{L}*|keywords?|schlag\\p{L}*'),
  'analysis.extract': words('out|aus|key|fields?|amounts'),
  wait: words('for|until|auf|bis|payments?|zahlung|repl(?:y|ies)|answers?|antwort|confirmations?|bestätigung'),
}

/** Words beside an act that it covers. */
export const objectsOf = (deed: Deed): RegExp | undefined => OBJECTS[deed]

/** Words beside a condition that only say what it is about. */
export const SUBJECTS = words(
  `${PERSON}|stimmung|sentiment|mood|tone|ton|checks?|prüfung|validation|classification|klassifizierung|class|text|sender|absender\\p{L}*|language|sprache|totals?|sums?|summen?|amounts?|betrag|beträge|value|wert|worth|prices?|preis|score|attempt|versuch|answers?|antwort|lie(?:s|gt)|beträgt|higher|lower|lautet|looks?|seems?|scheint|wirkt|approval|checked|handelt|customer|kunde|it|found|detected|gefunden|enthalten|fields?|total|so|ja|yes`,
)
