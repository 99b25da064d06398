import { type Concept, concept } from './concept'
import { feature } from './features'

/** What people write to offices for, and the papers that come with it. */
export const MAIL_CONCEPTS: readonly Concept[] = [
  concept(
    'complaints?|dissatisf\\p{L}+|grievances?|beschwerden?|reklamation(?:en)?|unzufrieden\\p{L}*|kritik',
    feature(
      2.6,
      'complain(?:t|ts|ing)?|beschwer(?:e|en|de)|reklamier\\p{L}*|reklamation|empört|unacceptable|inakzeptabel|fed up|zumutung|unverschämt\\p{L}*|outrag\\p{L}+|disgrace\\p{L}*',
    ),
    feature(
      1.8,
      'disappoint\\p{L}+|dissatisf\\p{L}+|unzufrieden\\p{L}*|enttäusch\\p{L}*|rude|unfreundlich\\p{L}*|put this right|stellungnahme|nicht weiter|(?:third|fourth|fifth) time|(?:dritten|vierten|wiederholten) mal|once again|schon wieder',
    ),
    feature(
      1.4,
      'damaged|torn|broken|beschädigt\\p{L}*|kaputt\\p{L}*|schmutzig\\p{L}*|wrong|falsch\\p{L}*|not delivered|nicht geliefert|never arrived|nobody (?:answers|called)|niemand',
    ),
  ),
  concept(
    'praise|compliments?|positive(?: feedback)?|thank(?: you|s)|lob|dank|positiv(?:es feedback)?',
    feature(
      2.4,
      'wonderful|great work|keep up the good work|well done|excellent|großes lob|lob|hervorragend\\p{L}*|toll\\p{L}*|vielen dank für (?:ihre|die) (?:hilfe|unterstützung)|thank you (?:so|very) much',
    ),
  ),
  concept(
    'questions?|inquir(?:y|ies)|enquir(?:y|ies)|information requests?|(?:an)?fragen?|auskunft|auskünfte',
    feature(
      1.6,
      'can you tell me|could you tell me|i would like to know|do you (?:have|ship|offer|sell)|how (?:much|long|many|do)|when (?:do|does|will|is)|where (?:can|do|is)|what (?:is|are|do)|is it possible|haben sie|gibt es|wann|wie (?:viel|lange|kann)|wo (?:kann|finde)|können sie mir sagen|ist es möglich|ich möchte gerne wissen',
    ),
  ),
  concept(
    'invoic(?:e|es|ing)|bills?|billing|(?:eingangs)?rechnung(?:en)?|abrechnung(?:en)?',
    feature(3, 'invoices?|\\p{L}*rechnung(?:en)?|our bill|the bill|bill for'),
    feature(
      1.6,
      'bill(?:ed)? to|amount due|total due|payable within|berechnen wir|stellen wir (?:ihnen )?in rechnung|bitte überweisen|überweisen sie|zahlbar|rechnungsbetrag|vat|mwst|ust|net amount|due date',
    ),
  ),
  concept(
    'payments?|finances?|financial|accounting|accounts payable|zahlung(?:en|sverkehr)?|finanzen|buchhaltung|rechnungswesen',
    feature(
      2,
      'pay|paid|payments?|transfer (?:the )?money|\\p{L}*zahlung(?:en)?|bezahl\\p{L}*|überweis\\p{L}+|supplier|lieferant\\p{L}*|invoices?|rechnung(?:en)?|reimburse\\p{L}*|erstatt\\p{L}+|budgets?',
    ),
  ),
  concept(
    '(?:payment )?reminders?|dunning|overdue(?: payments?)?|mahnung(?:en)?|zahlungserinnerung(?:en)?|mahnwesen',
    feature(3, 'payment reminder|final notice|dunning|\\p{L}*mahnung|zahlungserinnerung'),
    feature(
      2.6,
      'still unpaid|remains unpaid|overdue|past due|outstanding (?:amount|invoice|balance)|was due on|(?:keinen|kein) zahlungseingang|noch offen|verzugszinsen|in verzug|nicht beglichen|settle (?:it|the)|noch keinen',
    ),
  ),
  concept(
    'orders?|purchas(?:e|es|ing)(?: orders?)?|bestellung(?:en)?|aufträge?|auftrag|einkauf',
    feature(
      3,
      'purchase order|order confirmation|we (?:would like to |hereby )?order|i (?:would like to |want to )?order|wir bestellen|hiermit bestelle\\p{L}*|\\p{L}*bestellung|auftragsbestätigung',
    ),
    feature(
      2.2,
      'please (?:send|deliver|ship)(?: to)? us|please deliver|bitte (?:liefern|senden|schicken) sie|wir (?:benötigen|brauchen)|we need \\d+|liefern sie an|order number|bestellnummer',
    ),
  ),
  concept(
    'appointments?|scheduling|meetings?|termine?|terminvereinbarung|terminanfragen?|besprechung(?:en)?',
    feature(
      2.2,
      '(?:can|could|shall) we meet|appointment|meet (?:on|at|with)|schedule|reschedul\\p{L}*|\\p{L}*termin|besichtigung|uhr zeit|zeit für|treffen|verschieben|would suit|passt (?:es )?ihnen|ginge auch',
    ),
    feature(
      1.2,
      '(?:on |this |next )?(?:monday|tuesday|wednesday|thursday|friday)(?: morning| afternoon)?|(?:am )?(?:montag|dienstag|mittwoch|donnerstag|freitag)|\\d{1,2} ?(?:am|pm)|um \\d{1,2}(?::\\d{2})? uhr',
    ),
  ),
  concept(
    '(?:job )?applications?|applicants?|recruit(?:ing|ment)|hiring|bewerbung(?:en)?|bewerber',
    feature(
      3,
      'job application|i (?:am )?appl(?:y|ying) for|\\p{L}*bewerbung|bewerbe mich|vorstellungsgespräch|job interview|your vacancy|stellenanzeige|ausgeschriebene stelle',
    ),
    feature(
      2.2,
      'cv|r[eé]sum[eé]|curriculum vitae|lebenslauf|references|zeugnisse|cover letter|join your team|years of experience|berufserfahrung|anschreiben',
    ),
  ),
  concept(
    'cancell?ations?|terminations?|unsubscrib\\p{L}*|churn|kündigung(?:en)?|stornierung(?:en)?|storno|widerruf',
    feature(
      3,
      'cancel (?:my|our|the)|terminate (?:my|our|the)|end my|hiermit kündige\\p{L}*|kündige(?:n)?|\\p{L}*kündigung|storniere\\p{L}*|stornierung|widerrufe|cancell?ation',
    ),
    feature(
      1.2,
      'membership|subscription|abonnement|abo|mitgliedschaft|fristgerecht|notice of termination|vertragsende|next possible date|nächstmöglich\\p{L}*',
    ),
  ),
  concept(
    '(?:technical |tech |it )?support|(?:it|technical)(?: problems?| issues?)?|bugs?|help ?desk|troubleshooting|(?:technischer |it-)?support|technik|störung(?:en)?|edv|it-\\p{L}+|computers?|rechner|software(?: problems?)?|network|netzwerk',
    feature(
      2.4,
      'crash(?:es|ed|ing)?|error(?: (?:code|message))?|fehlermeldung(?:en)?|stürzt ab|abgestürzt|does not (?:start|connect|load|work)|cannot (?:be installed|connect|log ?in)|funktioniert nicht|startet nicht|bug|absturz|freezes|hängt sich auf',
    ),
    feature(
      1.6,
      'update|install\\p{L}*|reinstall\\p{L}*|driver|treiber|app|software|log ?in|einloggen|anmelden|router|verbindung|wlan|wi-?fi|wireless|network|netzwerk|laptop|computer|rechner|server|bildschirm|screen',
    ),
  ),
  concept(
    'passwords?|log-?ins?|accounts?|access|passw(?:ort|örter)|zugang|zugänge|konto|konten',
    feature(
      2.6,
      'passwords?|passw(?:ort|örter)|log ?in|sign in|locked out|account is locked|zugangsdaten|anmelden|einloggen|benutzername|username',
    ),
  ),
  concept(
    'printers?|drucker|hardware|geräte',
    feature(2.6, 'printers?|drucker\\p{L}*|druckt|toner|scanner|paper jam|papierstau|monitor|keyboard|tastatur|laptop'),
  ),
  concept(
    'contracts?|agreements?|legal|vertr(?:ag|äge)|vereinbarung(?:en)?|recht',
    feature(3, 'agreement|contract|\\p{L}*vertrag|vereinbarung|wird folgendes vereinbart'),
    feature(
      2.2,
      'hereinafter|governing law|the parties agree|between .{2,60} and|whereas|gerichtsstand|vertragsparteien|§ ?\\d+|laufzeit|nachfolgend',
    ),
  ),
  concept(
    'delivery[ _]?notes?|packing (?:slips?|lists?)|shipping documents?|lieferscheine?',
    feature(3, 'delivery note|packing (?:slip|list)|dispatch note|lieferschein|warenbegleitschein'),
    feature(
      2.4,
      'shipped today|goods received|received in good condition|wir liefern ihnen|ware (?:vollständig )?erhalten|pallets?|paletten?|kolli|colli|carrier|spediteur',
    ),
  ),
  concept(
    'deliver(?:y|ies)|shipping|shipments?|logistics|lieferung(?:en)?|versand|zustellung',
    feature(
      2.4,
      'parcels?|packages?|shipments?|deliver(?:y|ed)|tracking|courier|paket\\p{L}*|sendung\\p{L}*|\\p{L}*lieferung|geliefert|zugestellt|versand\\p{L}*|bote',
    ),
  ),
  concept(
    'returns?|refunds?|money back|retouren?|rücksendung(?:en)?|rückgabe|erstattung(?:en)?|rückerstattung(?:en)?',
    feature(
      2.6,
      'refund\\p{L}*|money back|return (?:it|them|the)|send (?:it|them) back|erstatt\\p{L}+|rückerstattung|geld zurück|zurücksend\\p{L}*|zurückschick\\p{L}*|rücksendung|retoure\\p{L}*|umtausch\\p{L}*',
    ),
  ),
]
