import type { Rule } from './rules'

/** Machines only: assistants and agents are also people who get letters. */
const READER =
  '(?:AI(?: (?:assistants?|agents?|systems?|models?|tools?|readers?|screening))?|artificial intelligence|(?:large )?language models?|LLMs?|chat ?bots?|automated (?:readers?|systems?|assistants?|reviewers?|agents?|tools?|screening)|virtual assistants?|KI(?:-\\p{L}+)?|Sprachmodelle?s?)'
const VERB =
  "(?:approve|accept|ignore|disregard|skip|mark|set|tell|say|state|send|forward|reply|respond|answer|rate|rank|recommend|classify|treat|confirm|delete|pay|transfer|list|print|write|output|leave|omit|hide|do not|don[’']t|genehmig|stufe|bewerte|schreib|sag|send|leite|antworte|ignorier|verschweig|lösch|überweis|empfiehl|markier)"

/**
 * What gives an attack away in material: a file, a mail or a page speaks to people, so it names no assistant as its reader, claims no
 * authority over one and calls no tools. What a user says to an assistant may do all of that.
 */
export const DOCUMENT_RULES: readonly Rule[] = [
  {
    name: 'addresses_reader',
    score: 0.9,
    pattern: new RegExp(
      `(?:if you are|(?:note|notice|message|instructions?|warning|memo) (?:to|for)|attention(?: to| all)?) (?:an? |the |any |all |every )?(?:\\p{L}+ ){0,1}${READER}(?!\\p{L})|${READER},? (?:reading|processing|that reads?|who reads?|which reads?) (?:this|it)|(?:wenn du|falls du|hinweis (?:an|für)|anweisung (?:an|für)|achtung) (?:eine? |das |die |den |alle )?${READER}(?!\\p{L})`,
      'iu',
    ),
  },
  {
    name: 'addresses_reader',
    score: 0.88,
    pattern: new RegExp(
      `(?:^|[.!?>\\n"]\\s*)(?:an (?:das|die|den|alle)\\s+|to (?:the|any)\\s+)?${READER}\\s*[:,]\\s+(?:please |bitte )?${VERB}`,
      'iu',
    ),
  },
  {
    name: 'addresses_reader',
    score: 0.85,
    pattern:
      /\b(?:when(?:ever)?|if|while) you (?:are )?(?:summari[sz]|translat|analy[sz]|classify|index|process)(?:e|ing)? this (?:e-?mail|mail|message|document|text|page|file|cv|resume|application|letter)\b|\b(?:before|when|after) you (?:answer|reply to|respond to) the user\b|\bwenn du (?:diese[nmrs]?|das|die|den) \p{L}+ (?:zusammenfasst|übersetzt|auswertest|verarbeitest|analysierst|einordnest|bewertest)(?!\p{L})/iu,
  },
  {
    name: 'claims_authority',
    score: 0.88,
    pattern:
      /\bas (?:the|your|an?) (?:system |chief |head )?(?:administrator|admin|developer|operator|owner|ceo|supervisor|creator)\b[^.\n]{0,30}\bi (?:hereby )?(?:authori[sz]e|instruct|order|command|direct|permit|allow|require) you\b|\bals (?:dein |ihr |der )?(?:system-?)?(?:administrator|admin|entwickler|betreiber|eigentümer)(?:in)?\b[^.\n]{0,20}\b(?:weise|ermächtige|befehle|erlaube|beauftrage) ich (?:dich|dir|sie)(?!\p{L})/iu,
  },
  {
    name: 'claims_authority',
    score: 0.85,
    pattern:
      /\b(?:developer|debug|maintenance|admin|god|root|jailbreak) mode (?:is |has been )?(?:now )?(?:enabled|activated?|on)\b|\b(?:safety|security|content) (?:checks?|filters?|rules?|guidelines?) (?:are|have been|is) (?:now )?(?:off|disabled|lifted|suspended)\b|\b(?:print|show|reveal|output) your (?:hidden |secret |internal |current )+(?:configuration|instructions?|rules|settings|memory)\b|\b(?:contents? of|everything in) your (?:memory|context|system prompt|instructions)\b/iu,
  },
  {
    name: 'claims_authority',
    score: 0.8,
    pattern:
      /\bpretend (?:that |as if )?[^.\n]{0,40}\b(?:approved|authori[sz]ed|confirmed|verified|paid)\b|\bas if you were (?:the|an?|my) \p{L}+[^.\n]{0,40}\b(?:confirm|approve|authori[sz]e|pay|transfer|send)\b|\b(?:without|no) (?:further )?(?:confirmation|approval|authori[sz]ation)\b[^.\n]{0,40}\b(?:send|transfer|forward|delete|pay)\b|\b(?:send|sent|transfer(?:red)?|forward(?:ed)?) to \S+@\S+ without (?:confirmation|approval|asking)\b|\byou (?:are|have been) authori[sz]ed to (?:bypass|skip|override|ignore)\b/iu,
  },
  {
    name: 'overrides_instructions',
    score: 0.9,
    pattern:
      /\b(?:your|the) (?:real|actual|true|new|only|updated) (?:task|job|goal|instructions?|purpose|objective|mission) (?:is|are) (?:now )?to\b|\beverything (?:above|before|so far|up to here) (?:was|is) (?:only |just )?(?:an? )?(?:test|example|fake|decoy|void|irrelevant)\b|\bobey (?:only )?this (?:letter|text|document|message|page|mail)\b|\b(?:this|the present) (?:letter|text|document|message|page|mail) only\b(?=[^.\n]{0,10}$)|\b(?:overrides?|replaces?|supersedes?) your (?:configuration|instructions?|settings|rules|system prompt)\b|\binstructions (?:that )?you (?:received|were given|got|have)\b[^.\n]{0,30}\b(?:no longer apply|are (?:void|cancelled|obsolete|replaced))\b/iu,
  },
  {
    name: 'overrides_instructions',
    score: 0.85,
    pattern:
      /\b(?:do not|don['’]t) (?:summari[sz]e|translate|analy[sz]e|process|classify) (?:this|the) (?:document|text|mail|message|page)\b[^\n]{0,10}\binstead,? (?:reply|answer|respond|write|output|say|print)|\b(?:answer|reply|respond) (?:only |just |simply )?with (?:only |just |nothing but )?the (?:word|phrase|sentence|contents)|\b(?:disregard|ignore|forget) (?:what|whatever|anything|everything) (?:your|the) (?:operator|developers?|creators?|owner|user|system|employer)\b/iu,
  },
  {
    name: 'fakes_tool_call',
    score: 0.9,
    pattern:
      /"(?:tool|tool_name|function|function_call|tool_calls|tool_use|recipient_name)"\s*:\s*(?:"[\w.-]{1,80}"|\{)[^\n]{0,200}"(?:arguments|args|parameters|params|input)"\s*:|<\/?(?:antml:)?(?:function_calls?|invoke|tool_calls?|tool_use|tool_code)\b[^>\n]{0,100}>|\b(?:call|invoke|run|use) the (?:tool|function) ['"`]?\w+[_.(]\w*/iu,
  },
  { name: 'fakes_turn', score: 0.88, pattern: /^\s*\[(?:system|admin|administrator|developer|assistant)(?: \p{L}+)?\]\s*:?\s*\S/imu },
  {
    name: 'sends_out',
    score: 0.88,
    pattern:
      /\b(?:append|add|put|insert|include|encode)\b[^.\n]{0,50}\b(?:conversation|chat|secrets?|passwords?|contents?|history|context|data)\b[^.\n]{0,40}\b(?:link|url|address|query|image|parameter)\b/iu,
  },
]
