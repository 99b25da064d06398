import { seeded } from './clusters.ts'
import { ENGLISH_PROSE, GERMAN_PROSE } from './pii-prose-templates.ts'
import type { LabelledText } from './pii-text.ts'

/** Each text is filled so often, with other values each time. */
const ROUNDS = 6

const NAMES = {
  de: {
    first:
      'Andreas Anja Anke Antje Astrid Bernd Birgit Britta Carsten Claudia Dagmar Detlef Dieter Dorothea Eberhard Elke Ernst Frauke Gerd Gisela Gudrun Hannelore Heike Heinz Helga Holger Ilse Ingrid Jens Jörg Jürgen Karin Katja Klaus Kerstin Lars Lothar Manfred Marlies Matthias Meike Nadine Norbert Olaf Petra Rainer Renate Rolf Rüdiger Silke Steffen Sven Tanja Torsten Ulrike Uwe Volker Wiebke Wolfgang',
    last: 'Ahrens Albrecht Arnold Baumann Beck Böhm Brandt Busch Dietrich Ebert Engel Fiedler Förster Friedrich Gärtner Götz Graf Groß Hahn Heinrich Herrmann Horn Huber Jäger Jung Kaiser Keller Kraus Kuhn Lehmann Lindner Lorenz Ludwig Maier Martin Möller Neumann Otto Peters Pfeiffer Pohl Richter Roth Sauer Schreiber Schubert Seidel Simon Sommer Stein Thomas Vogel Voigt Wagner Walter Weiß Winkler Wolf Ziegler Zimmermann',
    street:
      'Ahornweg|Bahnhofstraße|Bergstraße|Birkenallee|Buchenweg|Dorfstraße|Feldgasse|Friedrichstraße|Goethestr.|Kirchgasse|Kirchplatz|Lange Straße|Mühlenweg|Neuer Weg|Ringstraße|Rosengasse|Schillerplatz|Schulstr.|Talstraße|Waldweg|Wiesenweg|Am Markt|An der Kirche|Im Winkel',
    city: 'Aachen|Augsburg|Bochum|Braunschweig|Bremen|Chemnitz|Darmstadt|Erfurt|Essen|Freiburg|Gera|Hannover|Kassel|Kiel|Köln|Leipzig|Linz|Mainz|Nürnberg|Potsdam|Regensburg|Rostock|Salzburg|Stuttgart|Trier|Wien|Würzburg|Zürich',
    org: 'Nordwind Logistik GmbH|Brauhaus Keller|Stadtwerke Talheim|Autohaus Pfeiffer KG|Sparkasse Mittelland|Möbel Lindner|Kanzlei Graf & Partner|Bäckerei Hahn|Elektro Busch e.K.|Hotel Seeblick|Allianz|Siemens',
    country: 'Österreich|Frankreich|Polen|Spanien|Italien|den Niederlanden',
    nation: 'deutsche|französische|polnischer|italienischen|türkische|österreichischer',
    job: 'Geschäftsführer|Projektleiterin|Buchhalter|Sachbearbeiterin|Vertriebsleiter|Einkäuferin|Steuerberater|Hausmeister',
    title: 'Dr.|Prof.|Prof. Dr.|Dipl.-Ing.',
  },
  en: {
    first:
      'Adam Alice Amelia Andrew Beatrice Ben Caroline Charles Chloe Clara Colin Daisy Derek Edith Edward Eleanor Emily Felix Fiona Frank George Grace Hannah Harriet Henry Isaac Jack Jane Jasper Keith Laura Leonard Louise Malcolm Martha Neil Nora Oliver Oscar Paula Percy Ralph Rebecca Roger Ruth Samuel Simon Stella Stuart Victor Violet Walter Wendy',
    last: 'Abbott Atkins Barker Barlow Bishop Bolton Bradshaw Carver Chapman Cooper Dawson Dixon Ellis Farmer Fletcher Fowler Gibson Goodwin Graves Hartley Hayward Holmes Hunter Jennings Kemp Lawson Mason Mercer Nash Norris Osborne Palmer Parsons Porter Quinn Reeves Rowe Sharpe Slater Stokes Tanner Turner Wade Watts Webb Wheeler Winter Wright',
    street:
      'Ash Grove|Bridge Street|Castle Road|Chapel Lane|Church Road|Elm Avenue|Grange Road|High Street|King Street|Lake Drive|Maple Avenue|Mill Lane|New Street|Park Road|Queen Street|River Road|Station Road|Victoria Terrace|Water Lane|West Avenue',
    city: 'Atlanta|Baltimore|Bath|Boston|Bristol|Cambridge|Cardiff|Chester|Cork|Denver|Derby|Dublin|Exeter|Glasgow|Houston|Leeds|Lincoln|Norwich|Oxford|Portland|Seattle|York',
    org: 'Barker Freight Ltd|Blue Harbour Foods|Castle & Sons|Elm Grove Dental|Greenfield Partners LLP|Mercer Tools|Norris Insurance|Palmer Printing Inc.|Quayside Hotel|Webb Analytics|Microsoft|Unilever',
    country: 'Ireland|France|Canada|Spain|New Zealand|India',
    nation: 'Irish|French|Canadian|Spanish|Indian|Dutch',
    job: 'accountant|sales manager|project manager|site engineer|office clerk|managing director|lawyer|nurse',
    title: 'Mr|Mrs|Ms|Dr|Mr.|Mrs.|Dr.|Prof.',
  },
} as const

/** The kind that each slot is labelled with; the rest is nobody's. */
const LABELS: Record<string, string> = {
  person: 'person',
  first: 'person',
  last: 'person',
  org: 'organisation',
  city: 'place',
  country: 'place',
  address: 'address',
  street: 'address',
  phone: 'phone',
  age: 'age',
  job: 'title',
  title: 'title',
  nation: 'nationality',
  date: 'date',
}

type Locale = keyof typeof NAMES

/** Letters, contracts, invoices, mails and notices in which little or nothing is personal data: what forms and chats do not teach. */
export function proseTexts(): LabelledText[] {
  const random = seeded(41)
  return Array.from({ length: ROUNDS }, () => [
    ...GERMAN_PROSE.map((template) => filled(template, 'de', random)),
    ...ENGLISH_PROSE.map((template) => filled(template, 'en', random)),
  ]).flat()
}

function filled(template: string, locale: Locale, random: () => number): LabelledText {
  const spans: LabelledText['spans'] = []
  let text = ''
  let at = 0
  for (const match of template.matchAll(/\{([a-z]+)\}/g)) {
    const slot = match[1] ?? ''
    text += template.slice(at, match.index)
    const value = fillingOf(slot, locale, random)
    const type = LABELS[slot]
    if (type !== undefined) spans.push({ start: text.length, end: text.length + value.length, type })
    text += value
    at = match.index + match[0].length
  }
  return { text: text + template.slice(at), spans }
}

function fillingOf(slot: string, locale: Locale, random: () => number): string {
  const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? ''
  const digits = (shape: string): string => shape.replace(/#/g, () => String(Math.floor(random() * 10)))
  const names = NAMES[locale]
  const first = () => pick(names.first.split(' '))
  const last = () => pick(names.last.split(' '))
  const from = (list: string) => pick(list.split('|'))
  const number = () => String(1 + Math.floor(random() * 90))
  const street = () => (locale === 'de' ? `${from(names.street)} ${number()}` : `${number()} ${from(names.street)}`)
  const german = locale === 'de'
  const values: Record<string, () => string> = {
    first,
    last,
    person: () => `${first()} ${last()}`,
    org: () => from(names.org),
    city: () => from(names.city),
    country: () => from(names.country),
    street,
    address: () => (german ? `${street()}, ${digits('1####')} ${from(names.city)}` : `${street()}, ${from(names.city)}`),
    phone: () =>
      digits(
        german
          ? pick(['0### #######', '0##/######', '+49 ### ######', '01## ########'])
          : pick(['020 #### ####', '###-###-####', '+44 #### ######']),
      ),
    age: () => String(20 + Math.floor(random() * 60)),
    job: () => from(names.job),
    title: () => from(names.title),
    nation: () => from(names.nation),
    date: () => digits(german ? pick(['1#.0#.202#', '2#. März 202#']) : pick(['1# March 202#', 'June 1#, 202#'])),
    amount: () =>
      digits(german ? pick(['1##,## Euro', '#.###,## EUR', '4## €', '1#.000 EUR']) : pick(['#,### GBP', '$1##.##', '###.## EUR', '£4#'])),
    price: () => digits(german ? '1##,##' : '1##.##'),
    number: () => digits(pick(['####', 'R-202#-####', 'A-#####', '####-####', 'NW-####-##'])),
    count: number,
  }
  return values[slot]?.() ?? ''
}
