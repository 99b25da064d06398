/**
 * German words of opinion in letters and reviews by strength. A word stands for its inflections, so that `gut` is not in `Gutachten`;
 * with a star it is the beginning of a word: `enttäusch*` is also `enttäuschend`. Written for this product.
 */
export const GERMAN: Record<string, string> = {
  '3': 'ausgezeichnet hervorragend exzellent fantastisch großartig begeister* wunderbar perfekt überragend traumhaft sensationell brillant genial herausragend erstklassig liebe spitze spitzenmäßig bestens einwandfrei',
  '2': 'gut geduldig besser best toll super prima klasse schön schöner freundlich hilfsbereit zuverlässig zufrieden* empfehlenswert weiterempfehlen empfehlen empfehle dank danke danken dankbar freude erfreu* gefreut gelungen erfolg erfolgreich kompetent professionell lob loben glücklich angenehm vorbildlich überzeug* hilfreich zuvorkommend sympathisch liebevoll tadellos wohl intakt aufmerksam',
  '1': 'ordentlich pünktlich schnell fair sauber höflich interessant praktisch stabil günstig nützlich solide reibungslos unkompliziert flexibel sorgfältig verständlich modern bequem lecker positiv vorteil nett hoffnung verbesser* gelöst geklappt funktioniert funktionieren gerettet',
  '-1': 'leider langsam teuer kompliziert umständlich verspät* verzöger* unklar schwierig unpünktlich kalt laut eng veraltet fehlt fehlen fehlte fehlten fehlend bedauer* schade unvollständig verwirr* nachteil negativ zweifel problem* schwach mühsam reklam* beschwer* aufgerissen wackelt wackelig vergessen vergisst vergaß beschweren meckern unbeantwortet schimmel stinkt roch ausgefallen',
  '-2': 'schlecht mangelhaft defekt kaputt beschädigt fehlerhaft enttäusch* unzufrieden* ärger* verärger* unfreundlich unzuverlässig unbrauchbar falsch verloren zerbroch* ungenügend unprofessionell nutzlos wertlos lästig nervig schmutzig dreckig inakzeptabel hässlich geplatzt undicht durchnässt abgestürzt überteuert ungerecht',
  '-3': 'furchtbar schrecklich katastroph* entsetz* grauenhaft miserabel betrug betrogen abzocke wut wütend unerträglich skandal* hass hasse grottenschlecht horror frech frechheit lüge belogen schlimm schlimmste unverschämt* zumutung unzumutbar unterirdisch',
}
export const GERMAN_NEGATIONS =
  'nicht kein keine keinen keiner keinem keines nie niemals ohne weder noch kaum nichts niemand keineswegs keinesfalls keinerlei'
export const GERMAN_BOOSTERS =
  'sehr extrem absolut total wirklich äußerst besonders überaus ausgesprochen völlig komplett unglaublich mega so rundum'
export const GERMAN_DAMPENERS = 'etwas ein wenig bisschen ziemlich relativ einigermaßen teilweise eher'
