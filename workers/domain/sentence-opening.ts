const opening = (source: string, flags = 'u'): RegExp => new RegExp(`^["“„»'(\\[]*(?:${source})(?![\\p{L}\\p{N}-])`, flags)

/** Words that stand for what was said before: who reads the sentence alone takes them for something else. */
const PRONOUNS = opening(
  [
    'He|She|It|They|Him|His|Hers?|Their|Theirs|Its|This|That|These|Those|Such|Both|Neither|Either|Each of them|Some of them|Many of them|None of them|All of them|The (?:latter|former|same|other|others)|Another|Others|One of (?:them|these|those)|There(?:after|by|from|in)|Thereupon|Then',
    'Er|Es|Sie (?:ist|war|hat|wird|wurde|kann|soll|muss|sind|waren|wurden)|Dies(?:e[rsnm]?)?|Das(?= (?:ist|war|hat|wird|wurde|kann|soll|sind|heißt|bedeutet|gilt|gelang|führt|liegt|gibt|geht|zeigt|macht))|Seine?[rsnm]?|Deren|Dessen|Jene[rsnm]?|Solche[rsnm]?|Beide[rsnm]?|Letztere[rsnm]?|Erstere[rsnm]?|Dabei|Dadurch|Dafür|Dagegen|Damit|Danach|Daran|Daraus|Darauf|Darin|Darüber|Davon|Dazu|Dann|Dort|Dessen',
    'Il|Elle|Ils|Elles|Cela|Ceci|Ce(?:tte|t|s)?|Ces|Son|Sa|Ses|Leurs?',
  ].join('|'),
)
/** Words that tie a sentence to the one before it. */
const CONNECTIVES = opening(
  [
    'however|but|and|or|so|yet|nor|therefore|thus|hence|moreover|furthermore|besides|nevertheless|nonetheless|consequently|instead|otherwise|also|additionally|likewise|similarly|meanwhile|in addition|as a result|as such|for this reason|for example|for instance|on the other hand|in contrast|by contrast|still|accordingly|afterwards|finally|in turn|that is|in other words|in particular|at the same time|on the contrary|then|since then',
    'jedoch|aber|und|oder|denn|doch|daher|deshalb|deswegen|somit|folglich|also|außerdem|zudem|ferner|ebenso|ebenfalls|auch|dennoch|trotzdem|allerdings|hingegen|stattdessen|andernfalls|sonst|schließlich|anschließend|zum beispiel|beispielsweise|insbesondere|infolgedessen|demnach|ansonsten|darum|seither|seitdem|so(?= (?:ist|wird|kann|wurde|hat|war|sollen|können|haben))',
    'cependant|toutefois|mais|donc|ainsi|en outre|de plus|par exemple|par conséquent',
  ].join('|'),
  'iu',
)

/** True for a sentence that begins in the middle of a thought: with a pronoun, a connective or a small letter. */
export const leansBack = (sentence: string): boolean =>
  PRONOUNS.test(sentence) || CONNECTIVES.test(sentence) || /^["“„»'([]*\p{Ll}/u.test(sentence)
