/** Words that belong together. Their length never grows, so that every place in a text stays. */
type Phrases<Value> = readonly (readonly [RegExp, Value])[]

const phrase = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'giu')

/** What courtesy, law and accounts say without an opinion: salutations, closings, thanks for a letter, terms of contracts. */
export const FORMULAS: readonly RegExp[] = [
  phrase('(?:dear|liebe[rs]?)(?= \\p{Lu}| all| team| sir| zusammen| kolleg)'),
  phrase('(?:good|guten) (?:morning|afternoon|evening|day|tag|morgen|abend)'),
  phrase('(?:kind|best|warm|many)(?:est)? (?:regards|wishes)|yours (?:truly|sincerely|faithfully)|sincerely(?: yours)?|cheers'),
  phrase(
    '(?:mit )?(?:freundliche[nr]?|beste[nr]?|herzliche[nr]?|viele[n]?|liebe[n]?|schöne[n]?) gr(?:ü|ue)(?:ß|ss)en?|hochachtungsvoll|alles gute',
  ),
  phrase(
    '(?:many )?(?:thanks|thank you)(?: very much| so much)?(?: (?:in advance|for (?:your|the|getting|reaching|letting)(?: (?:kind|quick|prompt))?(?: \\p{L}+)?))?(?=[\\s]*[.,!\\n–-]|$| and\\b)',
  ),
  phrase('thank you for (?:your|the) \\p{L}+'),
  phrase(
    '(?:vielen|besten|herzlichen|schönen) dank(?: im voraus| für (?:ihre?n?|die|das|deine?n?|eure?n?) \\p{L}+)|danke(?: im voraus| schon ?mal| für (?:ihre?n?|die|deine?n?) \\p{L}+)|(?:vielen|besten) dank(?=\\s*[.!,]?\\s*$)',
  ),
  phrase('wir danken (?:ihnen )?für (?:ihre?n?|die|das) \\p{L}+|ich bedanke mich für ihre \\p{L}+'),
  phrase(
    "please|(?:would|should|i[’']d|we[’']d) like to|would you like|bitten? wir(?: sie)?|wir bitten|looking forward to \\p{L}+|look forward to \\p{L}+|(?:freue?n?) (?:mich|uns) auf \\p{L}+",
  ),
  phrase(
    'please do not hesitate|feel free|free of charge|free (?:parking|shipping|delivery|trial)|free from defects?|free on board|kind of|as well(?: as)?|such as|just like|looks? like|good faith|best practice|best before',
  ),
  phrase(
    '(?:outstanding|overdue) (?:amount|balance|invoices?|payments?|sum)|interest rate|bears? interest|late payment|credit (?:note|card)|share(?:s|holders?)?|net (?:loss|profit|gain)|gross profit|value added',
  ),
  phrase('(?:guter|im guten) (?:zustand|glauben)|so gut wie|nach bestem wissen|besten?falls|gut(?:e[nr]?)? (?:zwei|drei|vier|fünf|zehn)'),
  phrase(
    '(?:not|nicht) (?:only|nur)|no doubt|no later than|(?:best|cheers)(?=,\\s+\\p{Lu})|betrug(?=(?: \\p{L}+){0,3} (?:\\d|eur|€))|treat(?:s|ed)? (?:its|their|your) customers',
  ),
]

/** What turns the word after it although no word of it is a negation. */
export const TURNS: readonly RegExp[] = [
  phrase(
    'anything but|far from|less than|by no means|not exactly|not particularly|in no way|fail(?:s|ed)? to (?:be|make)|lack(?:s|ed|ing)?(?: of| in)?',
  ),
  phrase('alles andere als|nicht (?:gerade|besonders|wirklich|mehr)|in keiner weise|auf keinen fall|weit entfernt von|weniger als'),
]

/** What is said in several words and means more, or the opposite, of what these mean alone. */
export const IDIOMS: Phrases<number> = [
  [phrase("(?:could|can)(?: ?not|n[’']t) be (?:happier|better|more (?:pleased|satisfied|content|helpful))"), 3],
  [phrase("(?:not|isn[’']t|wasn[’']t) (?:too |so |half )?bad(?: at all)?|not a bad"), 1.6],
  [
    phrase(
      "(?:no|nothing to|cannot|can[’']t|never had (?:any )?(?:cause|reason) to) (?:complaints?|complain)(?: \\p{L}+)?|no problems?(?: at all)?|nothing but (?:praise|good)|without (?:a|any) (?:problems?|hitch|fuss)|nichts zu (?:meckern|beanstanden|bemängeln)|(?:kann|können) (?:ich mich|mich|wir uns|uns) nicht beschweren",
    ),
    2.2,
  ],
  [
    phrase(
      "(?:besser|schöner|schneller) (?:geht|ging) (?:es|'s|’s)? ?(?:gar |wirklich )?(?:nicht|kaum)|(?:könnte|kann) nicht (?:besser|zufriedener) sein|gerne? wieder|jederzeit wieder|never (?:been )?let (?:me |us )?down|wie am schnürchen|zeit genommen|keine (?:schwierigkeiten|probleme)|(?:wärmstens|nur|absolut) (?:zu |weiter)?empfehlen|weiter so|fühlen? (?:uns|mich) (?:sehr )?wohl",
    ),
    2.4,
  ],
  [
    phrase(
      'saved (?:our|my|the) \\p{L}+|exceed(?:s|ed) (?:our|my|all) expectations|keep up the good work|(?:five|5) stars|second to none|on time|as promised|(?:großes|dickes) (?:lob|dankeschön)|(?:herzlichen|tausend) dank',
    ),
    2,
  ],
  [phrase('(?:a )?(?:big|huge|heartfelt|special) thank(?:s| you)'), 3],
  [
    phrase(
      "(?:would|will|can|could)(?: ?not|n[’']t) recommend|(?:cannot|can[’']t) be recommended|nicht (?:zu empfehlen|weiterempfehlen|empfehlenswert)|never again|let (?:us|me) down|nie(?:mals)? wieder|finger weg|stay away|steer clear|avoid this|zero stars",
    ),
    -3,
  ],
  [
    phrase(
      '(?:could|should|would) (?:have been|be) (?:a lot |much |far |so much )?better|(?:expected|hoped for) (?:more|better)|(?:hätte|hätten|habe|haben) (?:mir |uns )?(?:etwas |viel |deutlich )?mehr (?:erwartet|erhofft|versprochen)|läss?t (?:stark |sehr |einiges |doch )?zu wünschen übrig|left (?:a lot|much) to be desired|leaves (?:a lot|much) to be desired|gone downhill|getting worse|not what (?:i|we) (?:ordered|expected|paid)',
    ),
    -2.2,
  ],
  [
    phrase(
      '(?:nicht|kaum) (?:länger )?(?:hinnehmbar|hinnehmen|akzeptabel|akzeptieren|tragbar|zumutbar|nachvollziehbar)|(?:nicht|not) acceptable|so (?:kann|können) (?:man|wir|ich) nicht|(?:enough is enough|es reicht)|jetzt reicht',
    ),
    -2.6,
  ],
  [
    phrase(
      "(?:trotz|despite) (?:mehrfacher|wiederholter|mehrmaliger|several|repeated|many|numerous) \\p{L}+|(?:the|for the) (?:second|third|fourth|fifth|umpteenth) time|(?:zum|das) (?:zweiten?|dritten?|vierten?|wiederholten|x-ten) ?mal|yet again|once again wrong|schon wieder|(?:immer noch|noch immer|bis heute|until today|to this day) (?:nicht|nichts|keine?|not|nothing|da|kaputt|defekt)|still (?:not|no|nothing|waiting|(?:have|has|is|are|do|does|did) not|haven[’']t|hasn[’']t|isn[’']t|wrong|broken)",
    ),
    -1.8,
  ],
  [
    phrase(
      '(?:no|without) (?:refund|reply|answer|apology|response|reaction|explanation)|(?:keine|ohne) (?:antwort|rückmeldung|entschuldigung|reaktion|erstattung|erklärung)|(?:nobody|no one)(?: \\p{L}+){0,4} (?:cared?s?|answers|answered|replied|helped)|niemand (?:kümmert|antwortet|hilft|meldet)\\p{L}*|nicht (?:reagiert|gemeldet|geantwortet|erreichbar|eingehalten)',
    ),
    -1.8,
  ],
  [
    phrase(
      "(?:do|does|did|is|are|was)(?: ?not|n[’']t) (?:work|working|help|fit|solve|start|function|respond|arrive|care)(?:ed|ing)?(?: \\p{L}+)?|(?:funktioniert|geht|klappt|hilft|passt|lief|läuft) (?:\\p{L}+ )?nicht|stop(?:s|ped)? working|out of order",
    ),
    -1.8,
  ],
  [
    phrase(
      'money back|geld zurück|waste of (?:time|money)|rip-?off|(?:the )?wrong ones?|in the rain|loos?ing money|a joke|ein witz|warteschleife|never (?:ordered|arrived|received|called)|nie (?:bestellt|angekommen|erhalten)|regret to (?:say|tell)|of no use|never (?:came|worked|replied|answered|happened)|(?:hung|hang) up on|(?:warten|warte) (?:wir|ich)|(?:wir|ich) (?:warten|warte)|seit (?:\\p{L}+) (?:tagen|wochen|monaten)|niemand (?:ruft|meldet|antwortet)|ich (?:erwarte|verlange|fordere)|like this\\?|i am afraid|we are afraid',
    ),
    -1.6,
  ],
]
