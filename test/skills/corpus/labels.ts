import type { CustomLabel } from '../../../workers/skills/classify/schema'

const named = (...names: string[]): CustomLabel[] => names.map((name) => ({ name, keywords: [], examples: [] }))
const described = (labels: Record<string, string>): CustomLabel[] =>
  Object.entries(labels).map(([name, description]) => ({ name, description, keywords: [], examples: [] }))

/** Labels that are names, or names with a description, without one example. */
export const LABELS = {
  mail: named('complaint', 'invoice', 'order', 'appointment', 'job application', 'cancellation', 'technical support'),
  post: named('Beschwerde', 'Rechnung', 'Bestellung', 'Termin', 'Bewerbung', 'Kündigung', 'Technischer Support'),
  file: named('contract', 'invoice', 'delivery_note', 'minutes', 'offer', 'payment_reminder'),
  akte: named('Vertrag', 'Rechnung', 'Lieferschein', 'Protokoll', 'Angebot', 'Mahnung'),
  voice: named('praise', 'complaint', 'question'),
  department: described({
    HR: 'Staff matters: vacation, sick leave, salary, applications.',
    IT: 'Computers, passwords, printers, network and software problems.',
    Finance: 'Invoices, payments, budgets and taxes.',
    Facilities: 'The building: heating, cleaning, keys, parking.',
  }),
  abteilung: described({
    Personal: 'Urlaub, Krankmeldung, Gehalt und Bewerbungen.',
    EDV: 'Rechner, Passwörter, Drucker, Netzwerk und Software.',
    Buchhaltung: 'Rechnungen, Zahlungen, Steuern, Mahnungen.',
    Hausverwaltung: 'Heizung, Reinigung, Schlüssel, Parkplätze, Reparaturen.',
  }),
} as const satisfies Record<string, CustomLabel[]>

const NONE = 'none of these'

export const LABELLED: readonly (readonly [keyof typeof LABELS, string, string])[] = [
  [
    'mail',
    'complaint',
    'The sofa arrived with a torn cover and your driver was rude. I am very disappointed and expect you to put this right.',
  ],
  ['mail', 'appointment', 'Could we meet on Thursday at 3 pm to talk about the renovation? Otherwise Friday morning would suit me too.'],
  [
    'mail',
    'job application',
    'Please find attached my CV and references. I have worked as a nurse for six years and would love to join your team.',
  ],
  ['mail', 'cancellation', 'I would like to end my gym membership as of the next possible date. Please confirm in writing.'],
  ['mail', 'technical support', 'Since the update the app crashes every time I log in. I have already reinstalled it.'],
  ['mail', 'order', 'Please send us 40 boxes of copy paper and 12 toner cartridges to our Leeds office.'],
  ['mail', 'invoice', 'Attached is our bill for March. The amount of 480.00 EUR is payable within 14 days.'],
  ['mail', NONE, 'Our cat had three kittens last night, two of them are black and one is striped.'],
  ['mail', NONE, 'The river rose quickly after the storm and the bridge was closed to traffic.'],
  ['post', 'Beschwerde', 'Die Reinigungskraft war heute zum dritten Mal nicht da und das Bad ist schmutzig. So geht das nicht weiter.'],
  ['post', 'Termin', 'Hätten Sie am Mittwoch um 14 Uhr Zeit für eine Besichtigung? Donnerstag ginge auch.'],
  [
    'post',
    'Bewerbung',
    'anbei sende ich Ihnen meinen Lebenslauf und meine Zeugnisse. Über eine Einladung zum Vorstellungsgespräch würde ich mich freuen.',
  ],
  ['post', 'Kündigung', 'hiermit kündige ich mein Abonnement fristgerecht zum Jahresende. Bitte bestätigen Sie mir das Vertragsende.'],
  ['post', 'Technischer Support', 'Der Router verliert ständig die Verbindung und die Fehlermeldung 0x80 erscheint beim Start.'],
  ['post', 'Bestellung', 'wir benötigen 200 Aktenordner und 50 Packungen Druckerpapier, bitte liefern Sie an unsere Filiale in Kiel.'],
  ['post', 'Rechnung', 'Für die Reparatur vom 3. Mai berechnen wir Ihnen 119,00 EUR. Bitte überweisen Sie den Betrag bis zum 17. Mai.'],
  ['post', NONE, 'Der Kuchen muss vierzig Minuten bei mittlerer Hitze backen und danach auskühlen.'],
  ['post', NONE, 'Im Stadion gewann die Heimmannschaft gestern mit drei zu eins.'],
  [
    'file',
    'contract',
    'This Agreement is made between Alpha Ltd and Beta Inc. The parties agree as follows. The term is two years. Governing law is that of England.',
  ],
  [
    'file',
    'delivery_note',
    'Packing slip 5512. Shipped today: 4 pallets of tiles, 12 boxes of grout. Goods received in good condition: signature.',
  ],
  [
    'file',
    'minutes',
    'Present: Brown, Diaz, Wu. The board approved the budget. Action: Diaz to contact the bank by 3 June. Next meeting on 10 June.',
  ],
  ['file', 'offer', 'We are pleased to quote as follows: 3 windows at 420 EUR each. Our prices are valid until 30 September.'],
  [
    'file',
    'payment_reminder',
    'According to our records invoice 311 is still unpaid although it was due on 2 March. Please settle it within 7 days.',
  ],
  ['file', 'invoice', 'INVOICE No. 889. Bill to: J. Doe. Subtotal 100.00, VAT 19.00, total due 119.00.'],
  ['file', NONE, 'Whisk the eggs with sugar, fold in the flour and bake for half an hour.'],
  [
    'akte',
    'Vertrag',
    'Zwischen der Muster GmbH und Herrn Klee wird Folgendes vereinbart: § 1 Gegenstand, § 2 Laufzeit, § 3 Gerichtsstand.',
  ],
  ['akte', 'Lieferschein', 'Wir liefern Ihnen: 3 Paletten Fliesen. Ware vollständig erhalten: Unterschrift.'],
  ['akte', 'Protokoll', 'Anwesend: Klee, Roth, Yilmaz. TOP 1: Der Haushalt wird beschlossen. Nächste Sitzung am 10. Juni.'],
  ['akte', 'Angebot', 'Gerne bieten wir Ihnen an: 3 Fenster zu je 420 EUR. Unsere Preise gelten bis zum 30. September freibleibend.'],
  [
    'akte',
    'Mahnung',
    'Leider konnten wir zu unserer Rechnung 311 noch keinen Zahlungseingang feststellen. Zahlen Sie bitte binnen 7 Tagen, sonst entstehen Verzugszinsen.',
  ],
  ['akte', NONE, 'Die Wanderung führt über den Grat und dauert etwa fünf Stunden.'],
  ['voice', 'praise', 'I just wanted to say how wonderful your staff were. Keep up the good work!'],
  ['voice', 'complaint', 'This is unacceptable. I have been waiting for my refund for six weeks.'],
  ['voice', 'question', 'Do you ship to Norway, and how long does it take?'],
  ['voice', 'praise', 'Ein großes Lob an Ihre Mitarbeiterin, sie war sehr freundlich und kompetent.'],
  ['voice', 'complaint', 'Ich bin empört: Die Ware ist kaputt und niemand geht ans Telefon.'],
  ['voice', 'question', 'Haben Sie auch samstags geöffnet?'],
  ['department', 'HR', 'How many days of annual leave do I have left this year?'],
  ['department', 'IT', 'My laptop does not connect to the wireless network any more.'],
  ['department', 'Finance', 'The supplier asks when we will transfer the money for last month.'],
  ['department', 'Facilities', 'It is freezing in room 204, the radiator stays cold.'],
  ['department', 'HR', 'I have the flu and cannot come to work until Monday.'],
  ['department', 'IT', 'I forgot my password and my account is locked.'],
  ['department', NONE, 'The orchestra played a symphony by Brahms.'],
  ['abteilung', 'Personal', 'Ich möchte vom 3. bis 14. August Urlaub nehmen.'],
  ['abteilung', 'EDV', 'Der Drucker im zweiten Stock druckt nur noch leere Seiten.'],
  ['abteilung', 'Buchhaltung', 'Der Lieferant hat die Rechnung doppelt geschickt, bitte die Zahlung stoppen.'],
  ['abteilung', 'Hausverwaltung', 'Der Schlüssel für den Keller ist abgebrochen und die Heizung tropft.'],
  ['abteilung', 'Personal', 'Anbei meine Krankmeldung für diese Woche.'],
  ['abteilung', NONE, 'Der Zug nach Salzburg fährt um halb neun auf Gleis sieben.'],
  ['mail', 'complaint', 'Once again my newspaper was not delivered. This is the fourth time this month and I am fed up.'],
  ['mail', 'technical support', 'The printer driver cannot be installed, I get error 1603. What should I do?'],
  ['post', 'Beschwerde', 'Ich bin sehr unzufrieden mit der Bearbeitung meines Antrags und verlange eine Stellungnahme.'],
  ['file', 'offer', 'Quotation for garden work: mowing 60 EUR per visit, hedge trimming 35 EUR per hour, valid for four weeks.'],
]
