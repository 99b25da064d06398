/** What gives an attack away in any text, whoever wrote it. */
export const RULE_NAMES = [
  'overrides_instructions',
  'asks_for_prompt',
  'assigns_role',
  'fakes_turn',
  'hidden_characters',
  'keeps_secret',
  'sends_out',
  'hidden_text',
  'addresses_reader',
  'claims_authority',
  'fakes_tool_call',
] as const
export type RuleName = (typeof RULE_NAMES)[number]

export interface Rule {
  name: RuleName
  /** 0–1: how surely this is an attack. */
  score: number
  pattern: RegExp
}

const ORDERS =
  '(?:instructions?|directions?|prompts?|rules?|guidelines?|commands?|orders?|messages?|context|training|constraints?|restrictions?)'
const BEFORE = '(?:previous|prior|above|earlier|preceding|existing|original|initial|system|your|former|foregoing|any|these|those)'
/** The beginning of an order, not the middle of a question about one. */
const ORDER_START =
  '(?:^|[.!:;\\n"\'»“*-]\\s*|\\b(?:please|now|and|then|you (?:must|should|will|need to|have to)|bitte|first|just|to|can you|could you)\\s+)'

const RULES: readonly Rule[] = [
  {
    name: 'overrides_instructions',
    score: 0.97,
    pattern: new RegExp(
      `${ORDER_START}(?:ignore|disregard|forget|override|bypass|skip|discard|neglect|do not follow|don['’]t follow|stop following)\\s+(?:(?:all|everything|any|of|the|about)\\s+){0,3}(?:${BEFORE}\\s+){1,2}(?:\\w+\\s+)?${ORDERS}`,
      'iu',
    ),
  },
  {
    name: 'overrides_instructions',
    score: 0.95,
    pattern: new RegExp(
      `${ORDER_START}(?:ignore|disregard|forget)\\s+(?:everything|all|anything)\\s+(?:(?:you (?:were|have been) told|that (?:was|came|you)|above|before|said|prior)\\b)`,
      'iu',
    ),
  },
  {
    name: 'overrides_instructions',
    score: 0.97,
    pattern:
      /(?:^|[.!:;\n"„]\s*|\b(?:bitte|jetzt|und|du (?:sollst|musst)|sie sollen)\s+)(?:ignorier(?:e|en|t)?|vergiss|vergessen|missachte|übergehe?|befolge nicht)\s+(?:\p{L}+\s+){0,3}(?:vorherigen?|bisherigen?|obigen?|früheren?|vorigen?|ursprünglichen?|deine|ihre|alle)\s+(?:\p{L}+\s+)?(?:anweisung(?:en)?|instruktion(?:en)?|vorgaben?|regeln?|befehle?)/iu,
  },
  {
    name: 'asks_for_prompt',
    score: 0.9,
    pattern:
      /\b(?:reveal|show|print|repeat|output|display|tell me|give me|leak|expose|reproduce|zeige?|nenne|verrate|wiederhole?)\b[^.?!\n]{0,40}\b(?:your|the|deine[nr]?|ihre[nr]?|den)\s+(?:\p{L}+\s+){0,2}(?:system ?-?prompt|initial prompt|hidden (?:prompt|instructions?)|system (?:message|instructions?)|systemprompt|secret instructions?)/iu,
  },
  {
    name: 'assigns_role',
    score: 0.9,
    pattern:
      /\b(?:you are now|from now on,? you (?:are|will)|act as|pretend (?:to be|you are)|du bist (?:jetzt|ab sofort)|ab jetzt bist du)\b[^.!?\n]{0,60}\b(?:DAN|unrestricted|unfiltered|jailbroken|no (?:restrictions?|rules|limits|filters?)|without (?:any )?(?:restrictions?|rules|limits|filters?)|developer mode|ohne (?:einschränkungen|regeln|filter)|uneingeschränkt\p{L}*)/iu,
  },
  {
    name: 'fakes_turn',
    score: 0.95,
    pattern:
      /<\|(?:im_start|im_end|system|assistant|user|endoftext)\|>|\[\/?INST\]|<<\/?SYS>>|<\/?(?:system|assistant)>|^#{2,3}\s*(?:system|instruction)s?\s*:?\s*$/imu,
  },
  { name: 'fakes_turn', score: 0.85, pattern: /^\s*(?:system|assistant|developer)\s*(?:message|prompt|note|override)?\s*:\s*\S/imu },
  { name: 'hidden_characters', score: 0.95, pattern: /[\u{e0020}-\u{e007f}]{3,}|[\u200b\u2060\u2062-\u2064]{8,}/u },
  {
    name: 'keeps_secret',
    score: 0.85,
    pattern:
      /\b(?:do not|don['’]t|never)\s+(?:tell|inform|mention|reveal|show|let|alert)\b[^.!?\n]{0,30}\b(?:the user|the human|the reader|users?)\b|\b(?:sage|verrate|erwähne|zeige?)\b[^.!?\n]{0,30}\b(?:dem|den) (?:nutzer|benutzer|anwender)\p{L}*\s+(?:nicht|nichts)/iu,
  },
  {
    name: 'sends_out',
    score: 0.9,
    pattern:
      /!\[[^\]]*\]\(https?:\/\/[^)\s]*(?:\{|%7B|<|\[)[^)\s]*\)|\b(?:send|forward|email|post|upload|exfiltrate)\b[^.!?\n]{0,60}\b(?:conversation|chat history|credentials?|passwords?|api keys?|confidential (?:data|information)|all (?:emails?|documents?|data))\b[^.!?\n]{0,40}\b(?:to|at)\b\s*(?:https?:|www\.|\S+@\S+)/iu,
  },
]

/** A telltale place, characters `[start, end)`. */
export interface RuleFinding {
  name: RuleName
  score: number
  start: number
  end: number
}

/** Telltale places of a text, at most one per rule. */
export function findRules(text: string, rules: readonly Rule[] = RULES): RuleFinding[] {
  return rules.flatMap(({ name, score, pattern }) => {
    const match = pattern.exec(text)
    if (!match) return []
    const lead = /^[\s.!:;"'»„“*-]*/u.exec(match[0])?.[0].length ?? 0
    return [{ name, score, start: match.index + lead, end: match.index + match[0].length }]
  })
}
