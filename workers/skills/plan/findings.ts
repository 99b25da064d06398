/** What can be found out about a document without a number. */
export type Flag =
  | 'pii'
  | 'suspicious'
  | 'missing'
  | 'failed'
  | 'duplicate'
  | 'abstained'
  | 'rejected'
  | 'approved'
  | 'missed'
  | 'arrived'
  | 'changed'
  | 'attached'

const EVENT =
  '(?:repl(?:y|ies)|answers?|responses?|payments?|confirmations?|signatures?|zahlung|antwort|rückmeldung|bestätigung|unterschrift|geld|money)'

/** In order: what an earlier one has taken, a later one does not see. */
export const FLAGS: readonly (readonly [Flag, RegExp])[] = (
  [
    [
      'missed',
      `(?:no|kein\\w*) ${EVENT} (?:arrives|comes(?: in)?|is received|has (?:come|arrived)|kommt|eintrifft|eingeht|eingegangen ist|da ist)|(?:nobody|no one|niemand) (?:answers|replies|responds|pays|antwortet|zahlt|reagiert)|(?:(?:the |der |die )?(?:customer|supplier|sender|kunde|lieferant|absender)|he|she|they|er|sie) (?:nicht|does not|doesn['’]t|do not|don['’]t|has not|have not|hasn['’]t) (?:answer(?:ed)?|repl(?:y|ied)|pay|paid|respond(?:ed)?|react|antwortet|zahlt|bezahlt|reagiert|geantwortet|gezahlt)(?: hat)?|${EVENT} (?:does not|doesn['’]t|has not|hasn['’]t) (?:arrive|come|arrived)|${EVENT} (?:nicht|ausbleibt)(?: eingegangen)?`,
    ],
    [
      'arrived',
      `${EVENT}(?: event| notification)? (?:is |has |have |was |ist |wurde |wird )?(?:been )?(?:arriv(?:es?|ed)|comes?(?: in)?|(?:is )?received|kommt|eintrifft|eingeht|eingegangen|erhalten|da)(?: ist)?|(?:they|he|she|the customer|er|sie) (?:has |have |hat )?(?:paid|pays|answered|replied|bezahlt|gezahlt|geantwortet)`,
    ],
    [
      'abstained',
      `(?:there is |es gibt |gibt es )?(?:no|keine) (?:answer|antwort)(?: (?:is found|gibt|gefunden wird))?|(?:can(?:not|['’]t)|kann) (?:not |nicht )?(?:be )?(?:answer(?:ed)?|beantworte\\p{L}*)|does not say|(?:(?:do|does) not|don['’]t|doesn['’]t) know(?: the answer| an answer| it)?|weißt? (?:es |die antwort )?nicht|answer (?:is|was) not (?:found|known|there)|nothing (?:is|was) found|nichts gefunden(?: wird)?|nicht beantworte\\p{L}*`,
    ],
    [
      'rejected',
      'reject(?:s|ed)?|declin(?:es|ed)|den(?:ies|ied)|refuses|abgelehnt|ablehn\\p{L}*|lehnt ab|nicht (?:frei(?:gegeben|gibt)|genehmigt)|says no|nein sagt',
    ],
    [
      'approved',
      `(?:is|was|gets|has|once|after) approved|approves(?: it)?(?= |$)|agrees|says yes|genehmigt(?: wurde| wird| ist)?|freigegeben(?: ist| wurde| wird)?|zustimmt|approved|freigegeben|genehmigt`,
    ],
    [
      'attached',
      `(?:an? |the |eine?n? |der |die )?[\\p{L}]+ (?:is |are )?(?:not )?(?:attached|angehängt|beigefügt|enclosed)(?: ist| sind)?|(?:has|have|with|without|contains?|carries|hat|ist|mit|ohne|enthält)(?: (?=no|kein))?(?:(?: an?| any| einen?)? (?:attach(?:ment|ments|ed file)|anh(?:ang|änge)))|(?:there is |there are )?(?<=(?:no|keinen?|an?|einen?) )(?:attachments?|anhang|anhänge)(?! of)`,
    ],
    [
      'pii',
      `(?:(?:contains?|mentions?|includes?|has|have|enthält|enthalten|nennt) (?:any |some )?)?(?:personal (?:data|information|details)|pii|personenbezogene\\p{L}*(?: daten)?)(?: (?:is|are|was|were|has|have|gefunden|enthalten|vorkommen|vorhanden)(?: found| present)?| found)?`,
    ],
    [
      'suspicious',
      `suspicious|malicious|manipul\\p{L}*(?: (?:anweisungen?|befehle?|instructions?|text))?|verdächtig\\p{L}*|auffällig\\p{L}*|(?:prompt )?injections?(?: attempts?)?|injected|injiziert\\p{L}*|(?:hidden|versteckte[nr]?) (?:instructions?|orders?|commands?|anweisungen?|befehle?)|jailbreaks?|attempts? to manipulate`,
    ],
    [
      'duplicate',
      'duplicates?|dublette\\p{L}*|duplikate?|doppelt(?:e\\p{L}*)?|already (?:exists|there|seen|known|been (?:sent|processed))|schon (?:da|bekannt|vorhanden)|sent twice|zweimal',
    ],
    [
      'failed',
      `(?:the )?(?:checks?|validation|verification|test)s? (?:fails?|failed)|fails?(?: the)?(?: check| validation)?(?= |$)|do(?:es)? not (?:add up|pass|match|tally)|don['’]t (?:add up|match)|doesn['’]t (?:add up|match)|(?:prüfung|kontrolle) (?:fehl(?:schlägt|geschlagen)|scheitert|nicht bestanden)|fehlschlägt|fehlgeschlagen|nicht stimm\\p{L}*|stimm\\p{L}* (?:nicht|etwas nicht)|nicht (?:korrekt|plausibel|richtig)|unplausibel|(?:totals?|sums?) (?:is|are) (?:wrong|incorrect)|(?:has|have|finds?|there are|gibt es|enthält) (?:errors|mistakes|fehler)|(?:errors|fehler) (?:are found|gefunden werden|enthält|hat)`,
    ],
    [
      'missing',
      `fehl(?:t|en) (?:pflicht\\p{L}*|angaben|felder|daten)(?: in (?:der|dem) \\p{L}+)?|(?:anything|something|a field|fields|any field|etwas|angaben|felder|daten|information) (?:is |are )?(?:missing|fehl(?:t|en))|(?:is|are|it is) incomplete|incomplete|unvollständig|fehlende[nr]? angaben|(?:is|are) missing|missing|fehl(?:t|en)|not (?:there|found)`,
    ],
    [
      'changed',
      '(?:has|have|anything|something|etwas|hat) (?:has )?(?:changed|geändert)|(?:there are|gibt es|shows?|finds?) (?:any )?(?:changes|differences|änderungen|unterschiede|abweichungen)|geändert hat|differs?|abweich\\p{L}*|unterscheid\\p{L}*',
    ],
  ] as const
).map(([flag, pattern]) => [flag, new RegExp(`(?<![\\p{L}])(?:${pattern})(?![\\p{L}])`, 'giu')])

export type Opinion = 'negative' | 'positive' | 'neutral'

export const OPINIONS: readonly (readonly [Opinion, RegExp])[] = [
  [
    'negative',
    /(?<![\p{L}])(?:negative\p{L}*|negativ\p{L}*|angry|unhappy|upset|furious|annoyed|dissatisfied|rude|aggressive|verärgert\p{L}*|unzufrieden\p{L}*|wütend\p{L}*|sauer|ungehalten)(?![\p{L}])/giu,
  ],
  [
    'positive',
    /(?<![\p{L}])(?:positive\p{L}*|positiv\p{L}*|happy|satisfied|pleased|friendly(?! (?:answer|reply|mail))|zufrieden\p{L}*|freundlich(?! (?:antwort|mail)))(?![\p{L}])/giu,
  ],
  ['neutral', /(?<![\p{L}])neutral\p{L}*(?![\p{L}])/giu],
]

const LANGUAGES: readonly (readonly [string, string])[] = [
  ['en', 'english|englisch\\p{L}*'],
  ['de', 'german|deutsch\\p{L}*'],
  ['fr', 'french|französisch\\p{L}*'],
  ['es', 'spanish|spanisch\\p{L}*'],
  ['it', 'italian|italienisch\\p{L}*'],
  ['nl', 'dutch|niederländisch\\p{L}*'],
  ['pl', 'polish|polnisch\\p{L}*'],
  ['pt', 'portuguese|portugiesisch\\p{L}*'],
]
/** "in German", "auf Deutsch", "deutschsprachige Mails". */
export const WRITTEN_IN: readonly (readonly [string, RegExp])[] = LANGUAGES.map(([code, words]) => [
  code,
  new RegExp(
    `(?<![\\p{L}])(?:(?:is |are |written |it is )*in (?:${words})|auf (?:${words})|(?:language is|sprache ist) (?:${words})|(?:${words})(?:-language|sprachige\\p{L}*)|(?:is|ist) (?:${words}))(?![\\p{L}])`,
    'giu',
  ),
])
