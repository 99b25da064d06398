import { type Concept, concept } from './concept'
import { FEATURES, feature } from './features'

/** What the departments of offices deal with. */
export const OFFICE_CONCEPTS: readonly Concept[] = [
  concept(
    '(?:meeting )?minutes|protocols?|(?:sitzungs|besprechungs)?protokolle?|niederschrift',
    feature(3, 'minutes of|minutes|\\p{L}*protokoll|niederschrift'),
    feature(
      2.2,
      'present:|attendees|anwesend\\p{L}*:?|teilnehmer|action(?: items?)?:|next meeting|nächste sitzung|top \\d|beschlossen|the board approved|agenda|tagesordnung',
    ),
  ),
  concept(
    'offers?|quot(?:e|es|ation|ations)|proposals?|estimates?|angebote?|kostenvoranschl(?:ag|äge)|offerten?',
    feature(
      3,
      'quotation|we (?:are pleased to )?(?:quote|offer)|pleased to quote|\\p{L}*angebot|kostenvoranschlag|bieten wir (?:ihnen )?(?:an|wie folgt)|offerte|bieten wir',
    ),
    feature(
      1.8,
      'valid (?:until|for)|prices are|freibleibend|unsere preise|gültig bis|gelten bis|binding until|je \\d|per (?:hour|visit|unit)',
    ),
  ),
  concept(
    'receipts?|quittung(?:en)?|belege?|kassenbons?',
    feature(2.8, 'receipt|quittung|kassenbon|beleg|change due|rückgeld|cash|thank you for your purchase'),
  ),
  concept(
    'vacation|holidays?|(?:annual )?leave|time off|absences?|(?:hr|human resources)|personnel|staff(?: matters)?|urlaub(?:santräge?)?|abwesenheit(?:en)?|personal(?:abteilung|wesen)?',
    feature(
      2.6,
      'annual leave|days? of leave|vacation|time off|parental leave|leave request|\\p{L}*urlaub\\p{L}*|elternzeit|freistellung|überstunden|working hours|arbeitszeit\\p{L}*',
    ),
  ),
  concept(
    'sick(?:ness| leave)?|illness|(?:hr|human resources)|krankmeldung(?:en)?|krankheit|personal(?:abteilung|wesen)?',
    feature(2.6, 'sick(?: leave| note)?|flu|ill|doctor.s note|cannot come to work|krank\\p{L}*|arbeitsunfähig\\p{L}*|attest|grippe'),
  ),
  concept(
    'salar(?:y|ies)|payroll|wages?|(?:hr|human resources)|gehalt|gehälter|lohn|löhne|personal(?:abteilung|wesen)?',
    feature(2.6, 'salary|payroll|payslip|wage|pay rise|\\p{L}*gehalt\\p{L}*|gehälter|lohn\\p{L}*|entgelt\\p{L}*'),
  ),
  concept('tax(?:es|ation)?|steuern?', feature(2.6, 'tax(?:es|able)?|vat return|tax office|\\p{L}*steuer\\p{L}*|finanzamt')),
  concept(
    'heating|temperature|heizung(?:en)?',
    feature(2.6, 'heating|radiators?|boiler|freezing|thermostat|too cold|\\p{L}*heizung\\p{L}*|heizkörper|zu kalt'),
  ),
  concept(
    'cleaning|cleaners?|reinigung|sauberkeit',
    feature(2.4, 'cleaning|cleaners?|dirty|bins?|toilets?|\\p{L}*reinigung\\p{L}*|putz\\p{L}*|müll\\p{L}*|schmutzig'),
  ),
  concept(
    'keys?|locks?|schlüssel|schlösser',
    feature(2.6, 'keys?|lock(?:ed)? (?:out|door)|key card|badge|\\p{L}*schlüssel\\p{L}*|türschloss|schließanlage'),
  ),
  concept(
    'parking|car ?parks?|parkplatz|parkplätze|parken',
    feature(2.6, 'parking|car park|park(?:platz|plätze|haus|en)|stellplatz|garage'),
  ),
  concept(
    'repairs?|maintenance|facilit(?:y|ies)|building|wartung|reparatur(?:en)?|instandhaltung|hausverwaltung|gebäude|hausmeister',
    feature(
      2,
      'repair\\p{L}*|maintenance|leak\\p{L}*|elevator|lift|window|roof|reparatur\\p{L}*|reparier\\p{L}*|wartung|tropft|undicht|aufzug|fenster|dach|abgebrochen|defekt\\p{L}*',
    ),
  ),
  concept(
    'insurance|claims?|damage(?: reports?)?|versicherung(?:en)?|sch(?:aden|äden)|schadensmeldung(?:en)?',
    feature(2.6, 'insurance|policy number|claim|accident|\\p{L}*versicherung\\p{L}*|police|schaden\\p{L}*|schäden|unfall'),
  ),
  concept('warrant(?:y|ies)|guarantees?|garantie|gewährleistung', feature(2.6, 'warranty|guarantee|garantie\\p{L}*|gewährleistung\\p{L}*')),
  concept(
    'privacy|data protection|gdpr|datenschutz|dsgvo',
    feature(3, 'personal data|data protection|gdpr|privacy|delete my data|datenschutz\\p{L}*|dsgvo|personenbezogene\\p{L}*|meine daten'),
  ),
  concept(
    'newsletters?|advertis(?:ing|ement|ements)|marketing|promotions?|spam|werbung',
    feature(
      2.6,
      'unsubscribe|newsletter|special offer|sale ends|discount|click here|abbestellen|rabatt\\p{L}*|jetzt kaufen|gewinnspiel|you have won',
    ),
  ),
  concept(
    'rent(?:als?)?|leases?|housing|tenan(?:ts?|cy)|miete|mietvertr(?:ag|äge)|wohnung(?:en)?',
    feature(2.4, 'rent|lease|landlord|tenant|deposit|\\p{L}*miete\\p{L}*|vermieter\\p{L}*|kaution|nebenkosten\\p{L}*|wohnung'),
  ),
  concept(
    'travel|trips?|business trips?|reisen?|dienstreisen?|reisekosten',
    feature(2.4, 'flight|hotel|travel|train ticket|itinerary|\\p{L}*reise\\p{L}*|flug|bahnfahrt|übernachtung'),
  ),
  concept(
    'events?|invitations?|veranstaltung(?:en)?|einladung(?:en)?',
    feature(2.4, 'invit(?:e|ed|ation)|you are invited|rsvp|einladung|lade\\p{L}* sie|veranstaltung|feier'),
  ),
  concept('cv|r[eé]sum[eé]s?|lebenslauf|lebensläufe', ...FEATURES.resume),
  concept('bank statements?|account statements?|kontoausz(?:ug|üge)', ...FEATURES.bank_statement),
  concept('credit notes?|gutschrift(?:en)?', ...FEATURES.credit_note),
  concept('letters?|briefe?|schreiben', ...FEATURES.letter),
  concept(
    'accidents?|vehicles?|cars?|motor|unfälle?|fahrzeugen?|kfz|auto',
    feature(
      2.4,
      'accident|collision|crashed into|bumper|lorry|truck|my car|driver|parked|\\p{L}*unfall|stoßstange|kotflügel|ausparken|auto|wagen|fahrzeug|fahrer|blechschaden',
    ),
  ),
  concept(
    'water|flood(?:ing|s)?|leak(?:s|ing|age)?|burst pipes?|wasser|rohrbruch|überschwemmung(?:en)?',
    feature(
      2.4,
      'flood\\p{L}*|burst|pipes?|leak\\p{L}*|tap|under water|soaked|\\p{L}*wasser|rohr\\p{L}*|leitung|überschwemm\\p{L}*|nass|undicht',
    ),
  ),
  concept(
    'theft|stolen|burglary|robbery|diebstahl|einbruch|gestohlene?n?|raub',
    feature(
      2.6,
      'stolen|stole|theft|broke into|burglar\\p{L}*|robbed|thief|gestohlen|geklaut|eingebrochen|einbruch|einbrecher|dieb(?:e|stahl)?|aufgebrochen|entwendet',
    ),
  ),
  concept(
    'luggage|trips?|gepäck|reisen?',
    feature(2.2, 'luggage|suitcase|baggage|flight|hotel|trip|gepäck|koffer|flug|hotel|urlaubsreise|reise'),
  ),
  concept(
    'moving|relocation|change of address|umzug|adressänderung(?:en)?|changes address',
    feature(
      2.4,
      'moving (?:to|house)|we are moving|relocat\\p{L}*|new address|change of address|umzug|ziehe(?:n)? (?:um|nach)|umgezogen|neue adresse|neue anschrift',
    ),
  ),
  concept(
    'outages?|internet|telephone|störung(?:en)?',
    feature(
      2.2,
      'no internet|internet|phone is dead|offline|outage|connection|kein internet|leitung ist tot|ausfall|ausgefallen|verbindung',
    ),
  ),
  concept(
    'sales|leads?|tariffs?|interest in|vertrieb|verkauf|tarife?',
    feature(
      2,
      'bigger|upgrade|new (?:plan|tariff|contract|product)|interested in|what would .{2,40} cost|demo|price list|interesse an|neuen tarif|wechseln|preisliste',
    ),
  ),
  concept(
    'charges|costs?|prices?|fees?|kosten|preise?|gebühr(?:en)?',
    feature(2.2, 'charged|charge|fees?|too expensive|overcharged|gebühr(?:en)?|berechnet|abgebucht|zu teuer'),
  ),
  concept(
    'reports?|berichte?',
    feature(2.4, 'report|executive summary|findings|conclusions?|\\p{L}*bericht|zusammenfassung|ergebnisse|fazit'),
  ),
]
