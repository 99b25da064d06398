/** A text, what a short or long summary of it has to hold, and what must not stand in any. */
export interface Gist {
  name: string
  text: string
  /** Of every word group one has to be in the long summary. */
  long: readonly string[]
  /** Has to be in the short summary. */
  short?: readonly string[]
  never: readonly string[]
}

export const GISTS: readonly Gist[] = [
  {
    name: 'a mail about a leak',
    text: 'Hi Tom,\n\nI hope you are well. The water pump in building C is leaking again and the cellar is under water. Could you send a technician before Friday? He can get the key at the desk.\n\nKind regards,\nSusan Miller\nFacility Management\n+44 20 1234\n\nOn 3 May Tom wrote:\n> The pump was repaired in March.\n> All is fine now.',
    short: ['water pump in building C'],
    long: ['water pump in building C', 'technician before Friday'],
    never: ['Hi Tom', 'Susan', 'Kind regards', 'repaired in March', 'hope you are well'],
  },
  {
    name: 'a German mail on an offer',
    text: 'Sehr geehrte Frau Schulz,\n\nvielen Dank für Ihre Anfrage vom 2. Mai. Die Wartung der Brandmeldeanlage kostet 480,00 EUR im Jahr. Darin sind zwei Besuche enthalten. Der Vertrag läuft drei Jahre und verlängert sich danach jeweils um ein Jahr.\n\nMit freundlichen Grüßen\nPeter Lange\nLange Sicherheit GmbH',
    short: ['480,00 EUR'],
    long: ['480,00 EUR', 'drei Jahre'],
    never: ['Sehr geehrte', 'Peter Lange', 'Mit freundlichen', 'Darin sind'],
  },
  {
    name: 'a complaint',
    text: 'Dear Sir or Madam,\n\nOn 2 May I bought a dishwasher from your shop in Oxford. It stops in the middle of the programme and shows error E24. I have called your hotline four times. However, nobody called back. I ask for a replacement of the dishwasher or a full refund within two weeks.\n\nYours faithfully\nGeorge Hamilton\n12 Mill Lane, Oxford',
    long: ['bought a dishwasher', 'replacement of the dishwasher'],
    never: ['Dear Sir', 'George Hamilton', 'However, nobody', 'It stops'],
  },
  {
    name: 'an invoice',
    text: 'INVOICE\nInvoice No: 2024-117\nInvoice date: 3 May 2024\nMuster Tools Ltd\n12 Dock Road, Leeds\n\nBill to:\nAda Beispiel\n4 Hill Street\nYork\n\nPos  Description  Qty  Unit price  Amount\n1  Cordless drill  2  89.00  178.00\n\nSubtotal  178.00 GBP\nVAT 20 %  35.60 GBP\nTotal due  213.60 GBP\nDue date: 17 May 2024',
    short: ['2024-117', '213.60 GBP', '2024-05-17'],
    long: ['2024-117', 'Ada Beispiel', '213.60 GBP'],
    never: ['Pos  Description'],
  },
  {
    name: 'a German invoice',
    text: 'Rechnung\nRechnungsnummer: 88-2024\nRechnungsdatum: 12.04.2024\n\nMalerbetrieb Hofer GmbH\nGrazer Straße 3, 8010 Graz\n\nRechnungsempfänger:\nErika Beispiel\n\nLeistung  Menge  Preis\nFassadenanstrich  120  2.640,00\n\nNettobetrag  2.640,00 EUR\nMwSt 20 %  528,00 EUR\nGesamtbetrag  3.168,00 EUR\nFällig am: 26.04.2024',
    short: ['88-2024', '3168,00 EUR', '2024-04-26'],
    long: ['88-2024', '3168,00 EUR'],
    never: ['Leistung Menge'],
  },
  {
    name: 'a contract',
    text: 'SERVICE AGREEMENT\n\nThis Agreement is made as of 25 March 2024 by and between Bluefin Robotics, Inc. and Harbor Analytics LLC.\n\n1. Services. Harbor Analytics shall provide data analysis services for the underwater vehicles of Bluefin Robotics.\n\n2. Fees. Bluefin Robotics shall pay a monthly fee of USD 12,000.\n\n3. Term. The initial term of this Agreement is two years. It may be renewed by mutual consent.\n\n4. Governing Law. This Agreement is governed by the laws of the State of Massachusetts.',
    short: ['Bluefin Robotics, Inc.', 'Harbor Analytics LLC', 'data analysis services'],
    long: ['data analysis services', '12,000', 'two years', 'Massachusetts'],
    never: ['It may be renewed'],
  },
  {
    name: 'a German lease',
    text: 'Mietvertrag\n\nzwischen Hannelore Fischbach (Vermieterin) und Jonas Roth (Mieter).\n\n§ 1 Mietsache. Vermietet wird die Wohnung im zweiten Stock des Hauses Lindenweg 4 in Kassel.\n\n§ 2 Miete. Die Miete beträgt 850,00 EUR im Monat und ist am dritten Werktag fällig. Sie kann nach dem Gesetz erhöht werden.\n\n§ 3 Laufzeit. Der Vertrag beginnt am 1. Juni 2024 und läuft auf unbestimmte Zeit. Die Kündigungsfrist beträgt drei Monate.',
    short: ['Wohnung im zweiten Stock'],
    long: ['Wohnung im zweiten Stock', '850,00 EUR', '1. Juni 2024'],
    never: ['Sie kann nach dem Gesetz'],
  },
  {
    name: 'a report',
    text: 'Report on solar panels\n\nWe tested three solar panels on flat roofs from May to December. The panel of the northern maker gave the most power in winter. This surprised everybody. The panels were cleaned twice a year, which gave five percent more power.\n\nHowever, snow did not harm any of the panels. The southern panel failed after a storm in October. It was replaced at the expense of the maker. For flat roofs we recommend the panel of the northern maker.\n\nThe tests will go on next year with two further panels. They are to be mounted in spring.',
    short: ['solar panels'],
    long: ['tested three solar panels', 'recommend the panel of the northern maker'],
    never: ['This surprised', 'However, snow', 'It was replaced', 'They are to be'],
  },
  {
    name: 'meeting notes',
    text: 'Meeting of 14 October\n\nThe travel budget for next year is cut by 20 percent. Two software engineers start in November. The office moves to Pier 7 in January. Chen gets quotes from three movers by Friday. She will also ask the landlord about the deposit. Okafor writes to all customers about the new address.',
    long: ['travel budget', 'Pier 7'],
    never: ['She will also'],
  },
  {
    name: 'a German report',
    text: 'Die Kläranlage reinigt das Abwasser von 40.000 Einwohnern. Eine neue Filterstufe entfernt Arzneimittelreste aus dem Abwasser. Sie wird 2027 fertig. Der Stadtrat hat elf Millionen Euro für die Filterstufe bewilligt. Dagegen stimmte nur eine Fraktion. Die Gebühren für Abwasser steigen deshalb ab Januar um vier Prozent.',
    short: ['Filterstufe'],
    long: ['Filterstufe', 'elf Millionen Euro', 'vier Prozent'],
    never: ['Sie wird 2027', 'Dagegen stimmte'],
  },
  {
    name: 'an answer with its history',
    text: 'Hello Ms Park,\n\nthe replacement for the broken monitor was sent today with parcel service Nova. The parcel number is NV-88213. Please send the old monitor back within 14 days.\n\nBest wishes\nLeo\n\n-----Original Message-----\nFrom: Ms Park\nSent: Monday\nTo: Support\nSubject: Monitor\n\nMy monitor is broken since Sunday. The screen stays black. I need it for work.',
    short: ['replacement for the broken monitor'],
    long: ['replacement for the broken monitor', 'within 14 days'],
    never: ['Hello Ms', 'Leo', 'since Sunday', 'screen stays black'],
  },
  {
    name: 'a cancellation',
    text: 'Sehr geehrte Damen und Herren,\n\nhiermit kündige ich meinen Vertrag mit der Nummer 4711 fristgerecht zum 31.12.2024. Bitte bestätigen Sie mir die Kündigung schriftlich. Eine Rückwerbung wünsche ich nicht.\n\nMit freundlichen Grüßen\nMarkus Reiter',
    short: ['kündige ich meinen Vertrag'],
    long: ['4711'],
    never: ['Sehr geehrte', 'Markus Reiter'],
  },
  {
    name: 'a purchase order',
    text: 'PURCHASE ORDER\nPO Number: 4500012\nOrder date: 1 August 2024\n\nBuyer: Reed Offices Ltd\n\nPlease deliver 40 office chairs and 10 standing desks to our branch in Leeds.\n\nTotal: 9,480.00 GBP\nDelivery date: 1 September 2024',
    long: ['40 office chairs'],
    never: [],
  },
  {
    name: 'a news text with talk',
    text: 'The council has approved the cycle path along the river. "It was about time," said the mayor. The path will cost two million euros and be ready in autumn. Residents had asked for it for years, because the road is dangerous. But shop owners fear that parking spaces will go. They want to go to court.',
    short: ['cycle path'],
    long: ['two million euros'],
    never: ['They want', 'But shop owners'],
  },
]
