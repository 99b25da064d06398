export const STARTS =
  /(?<![\p{L}])(?:arriv\p{L}*|comes? in|comes|received?|upload\p{L}*|lands?|kommt|komm|eintrifft|eingeht|hochgeladen\p{L}*|hochlädt|reinkommt|there is|somebody|someone|sent to us)(?![\p{L}])/iu
/** Every run reads its document first. */
export const READS_IT =
  /^(?:and |then |und |dann )*(?:please |bitte )?(?:read|open|take|process|handle|look at|receive|lies|lese|nimm|verarbeite\p{L}*|öffne|bearbeite\p{L}*|fetch|get)(?![\p{L}])/iu
export const EACH_LINE =
  /(?<![\p{L}])(?:for |bei |für )?(?:each|every|all|any|jede[rns]?|alle) (?:line items?|lines?(?= (?:of|over|above|in|with))|invoice lines?|order lines?|(?:rechnungs|bestell)?positionen|(?:rechnungs|bestell)?position|posten|zeilen?)(?![\p{L}])/iu
export const EACH = /(?<![\p{L}])(?:each|every|all|any|jede[rnms]?|alle[rnms]?|sämtliche)(?![\p{L}])/giu
export const JOINING =
  /^(?:(?:and|or|but|then|also|und|oder|aber|dann|sondern|sowie|only|nur|erst|if|when|whenever|unless|in case|provided that|as soon as|once|except|for|those|wenn|falls|sofern|sobald|außer|bei|es sei denn|ausgenommen|before|bevor|ehe|prior to|afterwards|after that|finally|danach|anschließend|in any case|in jedem Fall|zum Schluss|otherwise|or else|else|sonst|andernfalls|ansonsten|smaller ones|kleinere|größere|the rest|all|any|everything|anything|others?|alle|alles|den|die|der|das|anderen?|andere|übrigen|restlichen|rest|not|but not|other than|apart from|from|are|is|if none of these|ist|sind|kommt|it|es|sie|he|er|they)(?![\p{L}])[ ,]*)+/iu
/** Somebody who does anything but send it in. */
export const SOMEBODY = /(?<![\p{L}])(?:somebody|someone|there is)(?! (?:uploads|sends|mails))(?![\p{L}])/iu
export const INSTEAD = /(?<![\p{L}])(?:instead|stattdessen)(?![\p{L}])/iu
/** Awaited things, as events are named. */
export const AWAITED =
  /(?<![\p{L}])(?<what>repl(?:y|ies)|answers?|responses?|payments?|confirmations?|signatures?|zahlung|antwort|rückmeldung|bestätigung|unterschrift|geld|money|antwortet|answer(?:ed)?|reply|replied|pays?|paid|respond(?:s|ed)?|reagiert|zahlt|bezahlt|geantwortet|gezahlt)(?![\p{L}])/iu

export const AMOUNT = /amount|sum|total|value|price|cost|salary|betrag|summe|höhe|wert|preis|kosten|gehalt/iu
export const NAMES_ONLY =
  /^(?:(?:and|und|when|whenever|as soon as|once|if|sobald|wenn|an?|the|new|every|each|ein|eine|der|die|das|neue|jede)\s*)*$/iu
/** A further thing of a list, not a further thing to do: "and the new price list", "und Excel". */
export const CONTINUES =
  /^(?:and|or|und|oder)\s+(?:(?:the|an?|its|their|our|my|die|der|das|den|dem|ein|eine|einen|alle)(?![\p{L}])|\p{Lu})/u
