const set = (words: string): ReadonlySet<string> => new Set(words.split(' '))

/** Words of forms and letters that name no topic. */
export const FORM_WORDS = set(
  'page seite pagina página tel telefon phone fax email e-mail mail www http https com date datum total summe nr no number nummer rechnung invoice facture factura fattura factuur iban bic eur usd gbp chf gmbh inc ltd llc corp sarl hereby herein thereof hereto shall dear sir madam regards sincerely faithfully yours kind grüßen grüße gruß freundlichen bitte please thank thanks danke dank street straße strasse rue exhibit section said amount betrag gesamtbetrag nettobetrag bruttobetrag endbetrag zwischensumme subtotal vat mwst ust ust-idnr steuer qty quantity menge anzahl unit price preis einzelpreis pos position description bezeichnung beschreibung leistung zahlbar payable abzug skonto bank transfer überweisung bill betreff subject anlage anlagen attachment enclosure contact kontakt kontaktperson ansprechpartner protokoll minutes notes meeting agenda present participants teilnehmer anwesend top uhr herr frau herrn mr mrs ms dr prof hallo hello zusammen anfrage team morgen',
)

/** Times, numbers and measures: they say when and how much. */
export const MEASURES = set(
  'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october november december montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar märz mai juni juli oktober dezember day days week weeks weekday weekdays weekend month months year years hour hours minute minutes today tomorrow yesterday morning evening night decade century quarter tag tage tagen woche wochen wochenende monat monate monaten jahr jahre jahren stunde stunden minuten heute gestern one two three four five six seven eight nine ten eleven twelve twenty thirty fifty hundred thousand million millions billion first second third half twice once zwei drei vier fünf sechs sieben acht neun zehn elf zwölf hundert tausend million millionen milliarden prozent percent euro euros dollar dollars cent cents pound pounds size times time mal ende anfang beginn end beginning am pm',
)

/** Measures that end a phrase: "opening hours", "delivery times". */
export const ENDING_MEASURES = set('time times hours days period week month')

/** English words beside the function words that no topic is made of: verbs of every day, adverbs, words of degree. */
export const NO_TOPIC = set(
  "again also always among another any anyone anything around away back because become became becomes begin began begins bought bring brings brought buy buys call calls called came can cannot can't come comes could did didn't does doesn't don't done down during each either else enough ever every everyone everything expect expects far few find finds found full gave get gets getting give gives given go goes going gone good got great had has have having held help helps here how however if instead into isn't it's keep keeps kept knew know knows last later least less let like likely little long look looks lose lost made make makes many mean means meant met might more most much must near need needs never new next nice nobody nothing now often ok old once ought over own part perhaps please put puts quite rather really rose run runs said same saw say says see seem seems seen sell sells send sends sent several should show shows shown since small so some something soon sold still such take takes taken tell tells than there therefore thing things think thinks though thought through thus till told took toward try tries trying until upon us use uses usually very want wants was way well went were whatever when whenever whether while why will wish with within without won't would write writes wrote writing written yes yet able about above across after against already although apply applies allow allows ask asks become cause causes change changes choose claim claims contain contains cover covers explain fit fits follow follows happen happens harm hope include includes kindly know leave leaves left live lives move moves note open pass passes pay pays planned provide provides reach receive receives remain remains replace replaces return returns shrank slow start starts stay stays stop stops suggest talk turn turns wait waits watch watches win work works worked bigger smaller larger longer shorter too hi sorry good slept recommend recommends name named broken following moved raised stand stands mark marks regarding via per plus including due dangerous deliver delivers offer offers extend extends agree agrees pcs item items",
)
/** Verbs of NO_TOPIC that are nouns at the end of a phrase: "remote work", "office move". */
export const ALSO_NOUN = set(
  'work move change offer call use run leave return cover pay claim need show stop watch part cause talk turn wait order act',
)
/** After these a word is no noun at the end of a phrase but its verb. */
export const AFTER_VERB = set('a an the this that these those his her its our their your my all some any us me them him it')
/** Nouns that NO_TOPIC holds as verbs are nouns after these. */
export const BEFORE_NOUN = set(
  'a an the of for with this that these those our your their its my his her each every on in by to from and or',
)

/** German nouns that stand in every letter, and words that are written with a capital at the beginning of a sentence. */
export const GERMAN_NO_TOPIC = set(
  'ihr ihre ihrer ihrem ihren ihres euer eure ihnen sie wir uns bitte gerne ohne nach zur zum für laut beim seit wegen trotz während damen herren vielen besten besuch dinge sache sachen fall fälle art weise teil teile grund frage fragen antwort nachricht schreiben mail stück anfang ende danke fazit folge rahmen bezug kosten angebot können könnten möchten hiermit anbei leider außerdem zudem daher deshalb sonst falls wenn weil',
)
