import { describe, expect, it } from 'vitest'
import { detectLanguage } from '../../workers/skills/language/embedded'

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

  it('does not guess from figures or too few words', () => {
    expect(detectLanguage('4711 0815 12.50').language).toBe('und')
    expect(detectLanguage('Xyzzy plugh').language).toBe('und')
  })
})
