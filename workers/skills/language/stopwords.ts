/** Languages that are told apart, as BCP 47 tags. */
export const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pt', 'pl'] as const
export type Language = (typeof LANGUAGES)[number]

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

/** The most frequent function words of each language: they carry no topic and tell the language. */
export const STOPWORDS: Record<Language, ReadonlySet<string>> = {
  en: words(
    'the of and to a in is it you that he was for on are as with his they i at be this have from or one had by but not what all were we when your can said there use an each which she do how their if will up other about out many then them these so some her would make like him into time has two more no way could my than been who its now did get may any under shall such upon our us me also only over after before between because through while where those being both same own off too very just',
  ),
  de: words(
    'der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein wurde sei wenn ihr ihre ihren ihrem ihnen wir uns unser unsere ich mich mir du kann können muss sowie gemäß bitte unter ohne gegen dieser diese dieses bzw wie was da hier dort alle jede jeder kein keine vom beim ins damit dann doch schon',
  ),
  fr: words(
    'de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont la avec ou cette aux ont son ses été comme mais nous vous votre vos notre nos leur leurs fait être tout tous sans entre sa d l s n c j qu à y on elle ils je tu me te lui si ainsi afin lors dont où ces deux même après avant sous chez très peut peuvent doit',
  ),
  es: words(
    'de la que el en y a los del se las por un para con no una su al lo como más pero sus le ya o este sí porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros ese eso ante ellos e esto mí antes algunos qué unos yo otro otras otra él tanto esa estos mucho quienes nada muchos cual poco ella estar estas es son fue ser ha usted ustedes nuestro nuestra',
  ),
  it: words(
    "di e il la che in a per un è del da non sono una con i le si della dei al più alla nel come lo gli ha ma ed anche o delle dal su se ci questo nella degli ai loro dalla essere tra stato sua suo sul alle quando fra cui già lei noi voi nostro vostro nostra vostra ogni questa questi queste dell all l d un'altra sulla presso entro salvo ne mi ti quale quali dove perché",
  ),
  nl: words(
    'de van het een en in is dat op te zijn met voor niet aan er om ook als dan maar bij of uit nog worden door naar heeft tot ze hij was ik je u uw wij ons onze deze die dit over kan meer geen werd wordt hebben zal hun zich zo al wel waar na tegen onder binnen per hierbij indien moet kunnen veel zoals wat wie daar hier alle tussen zonder jullie',
  ),
  pt: words(
    'de a o que e do da em um para é com não uma os no se na por mais as dos como mas foi ao ele das tem à seu sua ou ser quando muito há nos já está eu também só pelo pela até isso ela entre era depois sem mesmo aos ter seus quem nas me esse eles estão você tinha foram essa num nem suas meu às minha têm numa pelos qual nós lhe este esta são nosso nossa',
  ),
  pl: words(
    'w i z na do nie się o jest to że a za od po jak dla przez ze oraz lub są co już tym tego był być przy pod czy tylko tak jego jej ich ale który która które może można nad bez ten ta te tej lecz aby gdy roku lat będzie zostać nr sobie mnie mu mi nas was nasz pan pani',
  ),
}

/** Words of all languages: too common to be a key phrase anywhere. */
export const ANY_STOPWORD: ReadonlySet<string> = new Set(LANGUAGES.flatMap((language) => [...STOPWORDS[language]]))
