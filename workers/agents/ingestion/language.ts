/** Frequent short words that are telling for one language among these. */
const WORDS: Record<string, string> = {
  en: 'the and of to is in that for with are this was you be on not your have from by',
  de: 'der die und das nicht ist mit für auf ein eine den dem des zu von wir sie ich bitte',
  fr: 'le la les des et est une dans pour que vous nous sur avec par ce du au pas',
  es: 'el los las y que una por con para del se es su al como más este pero',
  it: 'il di che è per una con non sono della del gli nel alla questo più anche',
  nl: 'het een van en niet dat voor zijn met op aan te ook bij naar wordt',
  pt: 'o os uma não com para que do da em por mais seu sua são como foi',
  pl: 'nie się jest na do że dla od przez oraz są jak przy ten także',
}

const SCRIPTS: [string, RegExp][] = [
  ['ja', /[\u3040-\u30ff]/g],
  ['zh', /[\u4e00-\u9fff]/g],
  ['ko', /[\uac00-\ud7af]/g],
  ['ru', /[\u0400-\u04ff]/g],
  ['el', /[\u0370-\u03ff]/g],
  ['ar', /[\u0600-\u06ff]/g],
  ['he', /[\u0590-\u05ff]/g],
]

const LANGUAGE_OF_WORD = new Map<string, string[]>()
for (const [language, words] of Object.entries(WORDS)) {
  for (const word of words.split(' ')) LANGUAGE_OF_WORD.set(word, [...(LANGUAGE_OF_WORD.get(word) ?? []), language])
}

/** Guesses the language of a text by its script and its small words; undefined when there is too little to tell. */
export function guessLanguage(text: string): string | undefined {
  const sample = text.slice(0, 20_000)
  const letters = sample.match(/\p{L}/gu)?.length ?? 0
  if (letters < 20) return undefined
  const script = SCRIPTS.find(([, pattern]) => (sample.match(pattern)?.length ?? 0) > letters * 0.2)
  if (script) return script[0]
  const scores = new Map<string, number>()
  for (const word of sample.toLowerCase().match(/\p{L}+/gu) ?? []) {
    for (const language of LANGUAGE_OF_WORD.get(word) ?? []) scores.set(language, (scores.get(language) ?? 0) + 1)
  }
  const [best, second] = [...scores].sort((a, b) => b[1] - a[1])
  return best && best[1] >= 3 && best[1] > (second?.[1] ?? 0) ? best[0] : undefined
}
