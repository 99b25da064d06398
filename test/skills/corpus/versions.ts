/** Two versions of a text, and what a reader would say became of it. */
export interface Versions {
  name: string
  before: string
  after: string
  /** Numbers of added, removed, changed and moved units. */
  counts: readonly [added: number, removed: number, changed: number, moved: number]
  /** What the summary has to say. */
  says?: readonly string[]
}

const CONTRACT = `1. Parties
The contract is made between Alpha GmbH and Beta Ltd.

2. Payment
The payment term is 30 days. Late payments bear interest at 5 percent.

3. Term
The contract runs until 31 December 2024. It may be terminated with three months notice.

4. Liability
Liability is limited to 10,000 EUR for each event.`

const LETTER = `Sehr geehrte Frau Klein,

die Miete beträgt 850,00 EUR im Monat. Die Kaution beträgt drei Monatsmieten. Haustiere sind nach Absprache erlaubt.

Der Mietvertrag beginnt am 1. Juni 2024. Die Kündigungsfrist beträgt drei Monate.`

const LIST = `Scope of the work:
- painting of the hall
- new floor in the kitchen
- replacement of two windows
- cleaning of the site`

const change = (text: string, ...swaps: readonly (readonly [string, string])[]): string =>
  swaps.reduce((now, [from, to]) => {
    if (!now.includes(from)) throw new Error(`The text has no '${from}'.`)
    return now.replace(from, to)
  }, text)

export const VERSIONS: readonly Versions[] = [
  {
    name: 'a payment term',
    before: CONTRACT,
    after: change(CONTRACT, ['30 days', '14 days']),
    counts: [0, 0, 1, 0],
    says: ['payment term', 'from 30 days to 14 days'],
  },
  {
    name: 'a date',
    before: CONTRACT,
    after: change(CONTRACT, ['31 December 2024', '30 June 2025']),
    counts: [0, 0, 1, 0],
    says: ['from 31 December 2024 to 30 June 2025'],
  },
  {
    name: 'a party',
    before: CONTRACT,
    after: change(CONTRACT, ['Beta Ltd', 'Gamma Ltd']),
    counts: [0, 0, 1, 0],
    says: ['from “Beta” to “Gamma”'],
  },
  {
    name: 'a German amount',
    before: LETTER,
    after: change(LETTER, ['850,00 EUR', '910,00 EUR']),
    counts: [0, 0, 1, 0],
    says: ['Miete', 'from 850,00 EUR to 910,00 EUR'],
  },
  {
    name: 'a number as a word',
    before: CONTRACT,
    after: change(CONTRACT, ['three months', 'six months']),
    counts: [0, 0, 1, 0],
    says: ['from “three months” to “six months”'],
  },
  {
    name: 'line breaks only',
    before: CONTRACT,
    after: CONTRACT.replace(/(?<=\p{L})\. /gu, '.\n').replaceAll(' is ', '  is\n'),
    counts: [0, 0, 0, 0],
  },
  { name: 'other bullets only', before: LIST, after: LIST.replaceAll('- ', '• '), counts: [0, 0, 0, 0] },
  {
    name: 'renumbered clauses',
    before: CONTRACT,
    after: change(
      CONTRACT,
      ['1. Parties', '§ 1 Parties'],
      ['2. Payment', '§ 2 Payment'],
      ['3. Term', '§ 3 Term'],
      ['4. Liability', '§ 4 Liability'],
    ),
    counts: [0, 0, 0, 0],
  },
  {
    name: 'a new clause in the middle',
    before: CONTRACT,
    after: change(
      CONTRACT,
      ['3. Term', '3. Secrecy\nBoth parties keep the contents of this contract secret.\n\n4. Term'],
      ['4. Liability', '5. Liability'],
    ),
    counts: [2, 0, 0, 0],
    says: ['added'],
  },
  {
    name: 'a clause that was dropped',
    before: CONTRACT,
    after: change(
      CONTRACT,
      ['2. Payment\nThe payment term is 30 days. Late payments bear interest at 5 percent.\n\n', ''],
      ['3. Term', '2. Term'],
      ['4. Liability', '3. Liability'],
    ),
    counts: [0, 3, 0, 0],
    says: ['removed'],
  },
  {
    name: 'a paragraph that went to the end',
    before: LETTER,
    after: `${change(LETTER, ['die Miete beträgt 850,00 EUR im Monat. Die Kaution beträgt drei Monatsmieten. Haustiere sind nach Absprache erlaubt.\n\n', ''])}\n\ndie Miete beträgt 850,00 EUR im Monat. Die Kaution beträgt drei Monatsmieten. Haustiere sind nach Absprache erlaubt.`,
    counts: [0, 0, 0, 2],
    says: ['moved'],
  },
  {
    name: 'items in another order',
    before: LIST,
    after: 'Scope of the work:\n- new floor in the kitchen\n- replacement of two windows\n- cleaning of the site\n- painting of the hall',
    counts: [0, 0, 0, 1],
    says: ['moved'],
  },
  { name: 'one item more', before: LIST, after: `${LIST}\n- removal of the rubble`, counts: [1, 0, 0, 0], says: ['removal of the rubble'] },
  {
    name: 'one item less',
    before: LIST,
    after: LIST.replace('- new floor in the kitchen\n', ''),
    counts: [0, 1, 0, 0],
    says: ['removed', 'new floor in the kitchen'],
  },
  {
    name: 'a changed item',
    before: LIST,
    after: change(LIST, ['two windows', 'three windows']),
    counts: [0, 0, 1, 0],
    says: ['from “two windows” to “three windows”'],
  },
  {
    name: 'capital letters only',
    before: CONTRACT,
    after: CONTRACT.replace('LIABILITY', 'Liability').replace('Payment\n', 'PAYMENT\n'),
    counts: [0, 0, 0, 0],
  },
  { name: 'an amount written otherwise', before: CONTRACT, after: change(CONTRACT, ['10,000 EUR', 'EUR 10 000']), counts: [0, 0, 0, 0] },
  { name: 'a date written otherwise', before: CONTRACT, after: change(CONTRACT, ['31 December 2024', '31.12.2024']), counts: [0, 0, 0, 0] },
  {
    name: 'other quotation marks and dashes',
    before: 'The “Supplier” delivers on weekdays – not on holidays.',
    after: 'The "Supplier" delivers on weekdays - not on holidays.',
    counts: [0, 0, 0, 0],
  },
  {
    name: 'a hyphen at the end of a line',
    before: 'The administration of the property is done by the owners.',
    after: 'The adminis-\ntration of the property is done by the owners.',
    counts: [0, 0, 0, 0],
  },
  {
    name: 'a negation',
    before: LETTER,
    after: change(LETTER, ['sind nach Absprache erlaubt', 'sind nicht erlaubt']),
    counts: [0, 0, 1, 0],
    says: ['nicht'],
  },
  {
    name: 'a sentence parted in two',
    before: 'The seller delivers the goods to the warehouse in Kiel and the buyer pays the freight.',
    after: 'The seller delivers the goods to the warehouse in Kiel. The buyer pays the freight.',
    counts: [1, 0, 1, 0],
  },
  {
    name: 'an obligation that became a right',
    before: 'The tenant shall clean the stairs every week.',
    after: 'The tenant may clean the stairs every week.',
    counts: [0, 0, 1, 0],
    says: ['from “shall” to “may”'],
  },
  {
    name: 'two figures in one sentence',
    before: 'We deliver 40 chairs at 89.00 EUR each.',
    after: 'We deliver 45 chairs at 85.00 EUR each.',
    counts: [0, 0, 1, 0],
    says: ['from 40 chairs to 45 chairs', 'from 89.00 EUR to 85.00 EUR'],
  },
  {
    name: 'a percentage',
    before: CONTRACT,
    after: change(CONTRACT, ['5 percent', '9 percent']),
    counts: [0, 0, 1, 0],
    says: ['from 5 percent to 9 percent'],
  },
  {
    name: 'a German notice period',
    before: LETTER,
    after: change(LETTER, ['Kündigungsfrist beträgt drei Monate', 'Kündigungsfrist beträgt sechs Wochen']),
    counts: [0, 0, 1, 0],
    says: ['Kündigungsfrist'],
  },
  {
    name: 'a name of a person',
    before: LETTER,
    after: change(LETTER, ['Frau Klein', 'Frau Groß']),
    counts: [0, 0, 1, 0],
    says: ['from “Klein” to “Groß”'],
  },
  {
    name: 'everything',
    before: 'The house is sold for 200,000 EUR.',
    after: 'Our school trip goes to Prague this year.',
    counts: [1, 1, 0, 0],
  },
  { name: 'an empty version', before: '', after: 'The rent is due on the first day of the month.', counts: [1, 0, 0, 0] },
  { name: 'a heading', before: CONTRACT, after: change(CONTRACT, ['4. Liability', '4. Limits of liability']), counts: [0, 0, 1, 0] },
  {
    name: 'a changed and moved sentence',
    before: `${LETTER}\n\nDie Nebenkosten betragen 120 EUR im Monat und werden jährlich abgerechnet.`,
    after: change(LETTER, [
      'die Miete beträgt',
      'Die Nebenkosten betragen 140 EUR im Monat und werden jährlich abgerechnet.\n\nDie Miete beträgt',
    ]),
    counts: [0, 0, 1, 0],
    says: ['from 120 EUR to 140 EUR'],
  },
  {
    name: 'lettered items that got numbers',
    before: 'a) painting of the hall\nb) new floor in the kitchen',
    after: '1. painting of the hall\n2. new floor in the kitchen',
    counts: [0, 0, 0, 0],
  },
  {
    name: 'a removed amount',
    before: 'The fee is 300 EUR plus travel costs of 50 EUR.',
    after: 'The fee is 300 EUR plus travel costs.',
    counts: [0, 0, 1, 0],
    says: ['50 EUR'],
  },
  {
    name: 'a clause reference that follows the numbers',
    before: `${CONTRACT}\n\n5. Law\nClause 4 also holds for employees of Alpha GmbH.`,
    after: `${change(CONTRACT, ['4. Liability', '5. Liability'])}\n\n6. Law\nClause 5 also holds for employees of Alpha GmbH.`,
    counts: [0, 0, 1, 0],
  },
  {
    name: 'a quantity at the beginning of a line',
    before: 'Order:\n\n12 chairs of oak\n\n3 tables of pine',
    after: 'Order:\n\n14 chairs of oak\n\n3 tables of pine',
    counts: [0, 0, 1, 0],
    says: ['from 12 chairs to 14 chairs'],
  },
  {
    name: 'a German date at the beginning of a line',
    before: 'Termin der Übergabe:\n\n30. Juni 2024 in Kiel',
    after: 'Termin der Übergabe:\n\n15. Juni 2024 in Kiel',
    counts: [0, 0, 1, 0],
    says: ['30. Juni', '15. Juni'],
  },
]
