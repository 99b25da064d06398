/**
 * Words that change nothing in a plan by themselves: articles, pronouns, forms of "be", what joins two clauses, courtesy, and names for
 * the paper or the mail that the run is about. Words that restrict, repeat, negate or time something are never filler.
 */
const FILLER = new Set(
  [
    'a an the this that these those it its he she they them their his her him us we our ours my me i you your yours one ones some any each every all both who which what whose whom there here such',
    'and or but then so also too as well just simply if when whenever while with from of in on at to for by into onto up out off about via per through than is are was were be been being am has have had having do does did will would can could should shall may might must need needs please kindly',
    'whether let lets get gets give gives put puts make makes made take takes use uses using go goes going come comes keep set see want wants like new incoming inbound given other another same own respective relevant corresponding via',
    'document documents file files paper papers mail mails e-mail e-mails email emails message messages text texts attachment attachments attached page pages scan scans pdf pdfs item items thing things content contents information info data details detail field fields value values result results finding findings everything anything something anyone someone somebody everyone key main important word words version versions sheet list lists table tables kind kinds type types sort way case cases part parts line lines copy',
    'arrive arrives arrived arriving received receive receives inbox mailbox automatically directly immediately right away straight first finally always now therefore still already read process handle open look at looks again back say says said found find finds contain contains contained show shows including include includes included stuff workflow process steps step system work works uploaded upload uploads',
    'der die das den dem des ein eine einen einem einer eines dieser diese dieses diesen diesem jeder jede jedes jeden jedem jener alle allen aller alles beide es er sie ihn ihm ihr ihre ihren ihrem ihrer sein seine seinen uns unser unsere unserem unseren unserer wir ich du mir mich mein meine meinem meinen man sich wer was welche welcher welches welchen welchem deren dessen da dort hier solche',
    'und oder aber dann so auch als wie dass damit dabei dazu dafür daraus davon darin daran wenn falls sofern sobald mit von vom aus in im ins an am auf zu zum zur für bei beim per über durch um ab nach ist sind war waren sei wird werden wurde worden hat haben habe kann können soll sollen sollte muss müssen darf bitte gern liegt liegen steht stehen gibt geben vor ob noch schon immer doch mal ein',
    'dokument dokumente dokumenten dokuments datei dateien unterlagen unterlage papier mail mails e-mail e-mails nachricht nachrichten text texte texts anhang anhänge anhängen seite seiten inhalt inhalte inhalts informationen information daten angaben angabe feld felder felder wert werte werten ergebnis ergebnisse eintrag einträge post sache sachen art liste tabelle fassung version',
    'kommt kommen kam eingehende eingehenden eingehender eingegangene eingegangenen neue neuer neuen neues eintrifft eingeht automatisch direkt sofort gleich zuerst erst immer danach anschließend zurück lies lese lesen nimm nehmen mach mache machen lass lassen lege leg legen anlegen stelle erstelle erstellen hole bekommt bekommen erhalte erhalten enthält enthalten bearbeite bearbeiten verarbeite verarbeiten jeweils jeweiligen wichtige wichtigen wichtigste wichtigsten hochgeladen hochgeladene hochgeladenen hochgeladener posteingang postfach drin bar folgende folgenden genannte genannten',
  ]
    .join(' ')
    .split(' '),
)

/** Whether a word says nothing that a plan could lose. */
export const isFiller = (word: string): boolean => FILLER.has(word.toLowerCase().replace(/['’]s$/, ''))
