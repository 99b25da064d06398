import { describe, expect, it } from 'vitest'
import { detectLanguage } from '../../workers/skills/language/embedded'
import { identifyLanguage, KNOWN_LANGUAGES } from '../../workers/skills/language/identify'

describe('language', () => {
  it.each([
    ['en', 'We thank you for your order and will deliver the goods within two weeks.'],
    ['de', 'Wir bedanken uns für die gute Zusammenarbeit und stellen Ihnen folgende Leistungen in Rechnung.'],
    ['fr', 'Nous vous remercions de votre commande et vous prions de trouver ci-joint notre facture.'],
    ['es', 'Le agradecemos su pedido y le enviamos adjunta la factura correspondiente a los trabajos realizados.'],
    ['it', 'La ringraziamo per il suo ordine e le inviamo in allegato la fattura relativa ai lavori eseguiti.'],
    ['nl', 'Wij danken u voor uw bestelling en sturen u hierbij de factuur voor de uitgevoerde werkzaamheden.'],
    ['pt', 'Agradecemos a sua encomenda e enviamos em anexo a fatura relativa aos serviços prestados não pagos.'],
    ['pl', 'Dziękujemy za zamówienie i przesyłamy w załączeniu fakturę za wykonane usługi, która jest płatna przelewem.'],
  ])('knows %s', (language, text) => {
    expect(detectLanguage(text).language).toBe(language)
  })

  it('takes amounts of euros for no French', () => {
    const invoice = `INVOICE
Invoice number: WB-2026-1107
Date: 2026-11-07
From: Weber Bau GmbH, Lindenweg 4, 20257 Hamburg, VAT ID DE811907980
To: Nordlicht Energie GmbH
Scaffolding, 12 days      18,000.00 EUR
Net total 18,000.00 EUR
VAT 19 %   3,420.00 EUR
Total      21,420.00 EUR
Due 2026-12-07
`
    expect(detectLanguage(invoice).language).toBe('en')
  })

  it('does not guess from figures or too few words', () => {
    expect(detectLanguage('4711 0815 12.50').language).toBe('und')
    expect(detectLanguage('Xyzzy plugh').language).toBe('und')
  })
})

describe('language of any text', () => {
  it.each([
    ['en', 'How many people live there?'],
    ['de', 'Wie viele Menschen leben dort?'],
    ['fr', 'Combien de personnes vivent là-bas ?'],
    ['sv', 'Vi tackar för er beställning och skickar fakturan inom kort.'],
    ['fi', 'Kiitämme tilauksestanne ja lähetämme laskun pian.'],
    ['hu', 'Köszönjük megrendelését, a számlát hamarosan elküldjük.'],
    ['ro', 'Vă mulțumim pentru comandă și vom trimite factura în curând.'],
    ['tr', 'Siparişiniz için teşekkür ederiz, faturayı yakında göndereceğiz.'],
    ['uk', 'Дякуємо за замовлення, рахунок надішлемо найближчим часом.'],
    ['el', 'Σας ευχαριστούμε για την παραγγελία.'],
    ['ja', 'ご注文ありがとうございます。'],
    ['zh', '感谢您的订购。'],
    ['ar', 'شكرا لطلبكم'],
  ])('is told for %s', (language, text) => {
    expect(identifyLanguage(text).language).toBe(language)
    expect(KNOWN_LANGUAGES).toContain(language)
  })

  it('is uncertain where two languages fit, and undetermined where none does', () => {
    const { confidence, alternatives } = identifyLanguage('Vi takker for bestillingen.')
    expect(confidence).toBeLessThan(0.9)
    expect(alternatives.length).toBeGreaterThan(0)
    expect(identifyLanguage('4711 0815 12.50').language).toBe('und')
    expect(identifyLanguage('').language).toBe('und')
  })
})
