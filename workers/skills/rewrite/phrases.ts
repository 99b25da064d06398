/** What stands for what, as whole words; `$1` keeps a part. Order matters: longer phrases first. */
export type Phrases = readonly (readonly [RegExp, string])[]

/** Phrases that say in many words what one says; plain-language guides of public administrations list most of them. */
export const WORDY: Phrases = [
  [/\bdue to the fact that\b/gi, 'because'],
  [/\bin spite of the fact that\b/gi, 'although'],
  [/\bin the event that\b/gi, 'if'],
  [/\bat this point in time\b/gi, 'now'],
  [/\bat the present time\b/gi, 'now'],
  [/\bin the near future\b/gi, 'soon'],
  [/\bfor the purpose of\b/gi, 'for'],
  [/\bwith (?:regard|respect|reference) to\b/gi, 'about'],
  [/\bin (?:regard|relation) to\b/gi, 'about'],
  [/\bin order to\b/gi, 'to'],
  [/\bin accordance with\b/gi, 'under'],
  [/\ba (?:large|great) number of\b/gi, 'many'],
  [/\bthe majority of\b/gi, 'most'],
  [/\b(?:is|are) able to\b/gi, 'can'],
  [/\bprior to\b/gi, 'before'],
  [/\bsubsequent to\b/gi, 'after'],
  [/\bwhether or not\b/gi, 'whether'],
  [/\bzum (?:jetzigen|gegenwärtigen) Zeitpunkt\b/gi, 'jetzt'],
  [/\baufgrund der Tatsache, dass\b/gi, 'weil'],
  [/\bfür den Fall, dass\b/gi, 'falls'],
  [/\bin der Lage sein\b/gi, 'können'],
  [/\bzum Zwecke der\b/gi, 'zur'],
]

/** Words that can go without loss, except where a negation makes them the point: "not really", "nicht eigentlich". */
export const FILLERS: Phrases = [
  [/\b(?:please note that|it should be noted that|it is important to note that|as you may know,?|needless to say,?)\s+/gi, ''],
  [/(?<!\b(?:not|never|nor)\s+|n['’]t\s+)\b(?:basically|actually|literally|really|very)\s+/gi, ''],
  [/(?<!\b(?:nicht|kein\w*|nie)\s+)\b(?:eigentlich|sozusagen|gewissermaßen)\s+/gi, ''],
]

/** Only words whose every use may be replaced: "purchase" is a noun too, and "additional" asks for another article. */
export const PLAIN: Phrases = [
  ...WORDY,
  [/\butili[sz]e(s|d)?\b/gi, 'use$1'],
  [/\bcommence\b/gi, 'start'],
  [/\bcommences\b/gi, 'starts'],
  [/\bcommenced\b/gi, 'started'],
  [/\bterminate\b/gi, 'end'],
  [/\bterminates\b/gi, 'ends'],
  [/\bterminated\b/gi, 'ended'],
  [/\bendeavou?r to\b/gi, 'try to'],
  [/\bendeavou?rs to\b/gi, 'tries to'],
  [/\bendeavou?red to\b/gi, 'tried to'],
  [/\bascertain\b/gi, 'find out'],
  [/\bascertained\b/gi, 'found out'],
  [/\bapproximately\b/gi, 'about'],
  [/\bsufficient\b/gi, 'enough'],
  [/\bforthwith\b/gi, 'at once'],
  [/\bhereinafter\b/gi, 'from here on'],
  [/\bnotwithstanding\b/gi, 'despite'],
  [/\bpursuant to\b/gi, 'under'],
  [/\bunverzüglich\b/gi, 'sofort'],
  [/\bgegebenenfalls\b/gi, 'wenn nötig'],
  [/\bdiesbezüglich\b/gi, 'dazu'],
]

export const FORMAL: Phrases = [
  [/\bcan['’]t\b/gi, 'cannot'],
  [/\bwon['’]t\b/gi, 'will not'],
  [/\bshan['’]t\b/gi, 'shall not'],
  [/\b(do|does|did|is|are|was|were|has|have|had|would|could|should|must)n['’]t\b/gi, '$1 not'],
  [/\bI['’]m\b/g, 'I am'],
  [/\b(you|we|they)['’]re\b/gi, '$1 are'],
  [/\b(I|you|we|they)['’]ve\b/gi, '$1 have'],
  [/\b(I|you|he|she|we|they|it)['’]ll\b/gi, '$1 will'],
  [/(?<=^|[.!?]\s+|\n\s*)thanks\b(?! to)/gi, 'thank you'],
  [/\b(?:hi|hey)\b(?= \p{Lu})/giu, 'Dear'],
  [/\bgonna\b/gi, 'going to'],
  [/\bwanna\b/gi, 'want to'],
  [/\basap\b/gi, 'as soon as possible'],
  [/!+/g, '.'],
]
