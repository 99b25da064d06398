/** German words of opinion in letters and reviews by strength, beginnings of words: `enttäusch` also finds `enttäuschend`. Written for this product. */
export const GERMAN: Record<string, string> = {
  '3': 'ausgezeichnet hervorragend exzellent fantastisch großartig grossartig begeister wunderbar perfekt überragend traumhaft sensationell brillant genial herausragend erstklassig liebe',
  '2': 'gut gute guter gutes guten besser beste besten toll super prima klasse schön freundlich hilfsbereit zuverlässig zufrieden empfehl dank danke freu erfreu gefreut gelungen erfolg kompetent professionell herzlich lob glücklich angenehm vorbildlich überzeug hilfreich zuvorkommend sympathisch',
  '1': 'ordentlich pünktlich schnell einfach fair sauber höflich interessant praktisch sicher stabil günstig nützlich solide reibungslos unkompliziert flexibel passend sorgfältig verständlich modern bequem lecker gern gerne positiv vorteil gewinn nett hoffnung verbesser lös geklappt funktioniert',
  '-1': 'leider langsam teuer kompliziert umständlich verspät verzöger spät wart unklar schwierig unpünktlich kalt laut eng veraltet alt fehlt fehlen fehlend bedauer schade unvollständig verwirr nachteil negativ zweifel problem schwach unsicher mühsam umtausch reklam mahn beschwer storn',
  '-2': 'schlecht mangelhaft defekt kaputt beschädigt fehler fehlerhaft enttäusch unzufrieden ärger verärger unfreundlich unzuverlässig unbrauchbar falsch verloren verlust zerbroch unzumutbar ungenügend unprofessionell unverschämt nutzlos wertlos lästig nervig schmutzig kündig nie niemals inakzeptabel hässlich',
  '-3': 'furchtbar schrecklich katastroph entsetz grauenhaft miserabel betrug betrüg abzocke wut wütend unerträglich skandal hass hasse grottenschlecht horror frech lüge belogen schlimmste',
}
export const GERMAN_NEGATIONS = 'nicht kein keine keinen keiner keinem keines nie niemals ohne weder kaum nichts'
export const GERMAN_BOOSTERS =
  'sehr extrem absolut total wirklich äußerst besonders überaus ausgesprochen völlig komplett unglaublich mega so'
export const GERMAN_DAMPENERS = 'etwas ein wenig bisschen ziemlich relativ einigermaßen teilweise eher'
