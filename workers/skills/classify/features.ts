import type { DocumentClass } from './schema'

/** A word or phrase and how much it speaks for its class, in logits. More as a title, less below the heading part. */
export type Feature = [weight: number, pattern: RegExp]

const word = (source: string): RegExp => new RegExp(`(?<![\\p{L}\\p{N}])(?:${source})(?![\\p{L}\\p{N}])`, 'iu')
/** A word or phrase in any case, as a whole, with its weight. */
export const feature = (weight: number, source: string): Feature => [weight, word(source)]

/** Evidence by class in English, German, French, Spanish, Italian and Dutch. */
export const FEATURES: Record<Exclude<DocumentClass, 'other'>, Feature[]> = {
  invoice: [
    feature(
      3.2,
      'tax invoice|proforma invoice|commercial invoice|invoice|(?:handels|waren|schluss|abschlags|teil)?rechnung|facture|factura|fattura|factuur',
    ),
    feature(
      2.6,
      'invoice\\s*(?:no|number|num|nr|#|id|date)\\.?|rechnungs\\s?-?(?:nr|nummer|datum|betrag)\\.?|rechnung\\s+nr\\.?|(?:n°|numéro|date) (?:de )?(?:la )?facture|facture n°|n[uú]mero de (?:la )?factura|fecha de (?:la )?factura|(?:numero|data) fattura|factuur(?:nummer|datum|nr)',
    ),
    feature(1.6, 'bill(?:ed)? to|invoice to|sold to|rechnungsempfänger|rechnungsanschrift|facturé à|facturar a|fatturare a|factuuradres'),
    feature(
      1.5,
      "amount due|total due|balance due|due date|payment terms|zahlbar|zahlungsziel|zahlungsbedingungen|fällig|net à payer|solde à payer|date d[’']échéance|vencimiento|scadenza|vervaldatum|te betalen",
    ),
    feature(
      1.2,
      'sub-?total|net amount|nettobetrag|summe netto|gesamtbetrag|rechnungsbetrag|total ht|total ttc|base imponible|imponibile|totaal|grand total|bruttobetrag|endbetrag',
    ),
    feature(0.9, 'vat|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva|btw|gst|sales tax'),
    feature(0.6, 'iban|bic|swift|bankverbindung|bank account'),
    feature(0.5, 'unit price|einzelpreis|prix unitaire|precio unitario|prezzo unitario|stuksprijs|qty|menge|quantité|quantity'),
  ],
  credit_note: [
    feature(
      5,
      'credit note|credit memo|gutschrift|rechnungskorrektur|stornorechnung|avoir|note de crédit|nota de cr[eé]dito|factura rectificativa|nota di credito|creditnota|creditfactuur',
    ),
    feature(1.5, 'credit(?:ed)? amount|gutgeschrieben|refund(?:ed)?|erstattung|remboursement|abono'),
  ],
  receipt: [
    feature(
      3,
      'receipt|payment receipt|cash (?:bill|receipt|sale)|kassenbon|kassenbeleg|quittung|beleg|ticket de caisse|reçu|recibo|ricevuta|scontrino|kassabon|bon',
    ),
    feature(2, 'change(?: due)?|rückgeld|rendu|cambio|resto|wisselgeld|rounding(?: adjustment| adj)?'),
    feature(1.6, 'cashier|tendered|kassierer|bediener|caissier|cajero|cassiere|kassa'),
    feature(1.4, 'cash|gegeben|bar|espèces|efectivo|contanti|contant'),
    feature(
      1,
      'thank you(?:,)? (?:please )?(?:come|visit|for)|vielen dank für ihren (?:einkauf|besuch)|merci de votre visite|gracias por su (?:compra|visita)|grazie e arrivederci|bedankt',
    ),
    feature(0.9, 'gst summary|visa|mastercard|maestro|terminal|table no|pax|member(?: card)?|goods sold are not (?:returnable|refundable)'),
    feature(0.8, 'tax invoice'),
    feature(0.6, 'total|summe|totaal|totale|sub-?total'),
  ],
  contract: [
    feature(
      3,
      '(?:[\\p{L}-]+ )?agreement|contract|vertrag|(?:[\\p{L}]+)vertrag|(?:[\\p{L}]+)vereinbarung|contrat|contrato|contratto|overeenkomst|non-disclosure|confidentiality',
    ),
    feature(
      2.4,
      'hereinafter|hereby agree|whereas|witnesseth|in witness whereof|now,? therefore|nachfolgend|nachstehend|ci-après|en lo sucesivo|di seguito|hierna te noemen',
    ),
    feature(
      2,
      'by and between|between the (?:parties|undersigned)|zwischen (?:der|den|dem)|entre les soussignés|entre las partes|tra le parti|ondergetekenden',
    ),
    feature(
      1.8,
      'governing law|governed by (?:and construed )?|laws of|anwendbares recht|gerichtsstand|droit applicable|ley aplicable|legge applicabile|foro competente|toepasselijk recht',
    ),
    feature(
      1.3,
      'termination|terminate|notice period|kündigung(?:sfrist)?|laufzeit|résiliation|préavis|rescisión|recesso|opzegging|severability|indemnif\\p{L}+|confidential information',
    ),
    feature(1, 'the part(?:y|ies)|vertragspartner|vertragsparteien|die parteien|les parties|las partes|le parti|partijen|§ ?\\d+'),
  ],
  order: [
    feature(
      3.6,
      "purchase order|sales order|order confirmation|bestellung|auftragsbestätigung|bon de commande|confirmation de commande|orden de compra|pedido|ordine di acquisto|conferma d[’']ordine|inkooporder|orderbevestiging",
    ),
    feature(
      1.6,
      'po number|p\\.?o\\.? no|order (?:no|number|date)|bestell(?:nummer|datum|-nr)|auftragsnummer|n° (?:de )?commande|número de pedido|numero ordine|ordernummer',
    ),
    feature(
      1.2,
      'ship to|deliver to|delivery date|lieferanschrift|liefertermin|wir bestellen|hiermit bestellen|date de livraison|fecha de entrega|consegna',
    ),
  ],
  delivery_note: [
    feature(
      4.5,
      'delivery note|packing (?:slip|list)|dispatch note|lieferschein(?!-?[ ]?(?:nr|nummer|datum))|warenbegleitschein|bon de livraison|bordereau de livraison|albarán|nota de entrega|documento di trasporto|ddt|bolla|pakbon|leveringsbon|afleverbon',
    ),
    feature(1, 'goods received|received (?:in good|by)|ware erhalten|carrier|spediteur|gewicht|weight|packages|kolli|colis|bultos|colli'),
  ],
  bank_statement: [
    feature(
      3.6,
      '(?:bank|account) statement|statement of account|kontoauszug|relevé (?:de compte|bancaire)|extracto (?:de cuenta|bancario)|estratto conto|rekeningafschrift|bankafschrift',
    ),
    feature(
      2.2,
      'opening balance|closing balance|balance brought forward|alter (?:konto)?saldo|neuer (?:konto)?saldo|kontostand|ancien solde|nouveau solde|saldo (?:inicial|final|anterior|iniziale|finale)|beginsaldo|eindsaldo',
    ),
    feature(
      1.4,
      'debits?|credits?|withdrawals?|deposits?|soll|haben|buchungstag|valuta|wertstellung|débit|crédit|debe|haber|dare|avere|bij|af',
    ),
    feature(0.8, 'account (?:no|number)|kontonummer|sort code|iban|bic'),
  ],
  letter: [
    feature(
      2.4,
      'dear (?:sir|madam|mr|mrs|ms|[\\p{Lu}]\\p{L}+)|to whom it may concern|sehr geehrte[rs]?|liebe[rs]?|madame,? monsieur|cher|chère|estimad[oa]s?|muy señor(?:es)?|gentile|egregio|spettabile|geachte|beste',
    ),
    feature(
      2.4,
      'yours (?:sincerely|faithfully|truly)|sincerely|(?:kind|best) regards|mit freundlichen grüßen|hochachtungsvoll|cordialement|veuillez agréer|atentamente|un cordial saludo|saludos|distinti saluti|cordiali saluti|hoogachtend|met vriendelijke groet(?:en)?',
    ),
    feature(1, 'betreff|re:|subject:|objet|asunto|oggetto|betreft|enclosures?|anlagen?'),
  ],
  resume: [
    feature(3.4, 'curriculum vitae|r[eé]sum[eé]|lebenslauf|currículum|cv'),
    feature(
      2,
      '(?:work|professional|employment) (?:experience|history)|berufserfahrung|beruflicher werdegang|expérience professionnelle|experiencia (?:laboral|profesional)|esperienz[ae] (?:lavorativ|professional)[ae]|werkervaring',
    ),
    feature(1.6, 'education|ausbildung|studium|bildungsweg|formation|educación|formación|istruzione|formazione|opleiding(?:en)?'),
    feature(
      1.3,
      '(?:technical |key |language )?skills|kenntnisse|sprachkenntnisse|compétences|langues|habilidades|idiomas|competenze|lingue|vaardigheden|talen',
    ),
    feature(
      0.8,
      'references|hobbies|interests|interessen|bachelor|master of|university|universität|université|universidad|università|universiteit',
    ),
  ],
  report: [
    feature(
      2.4,
      '(?:annual|quarterly|monthly|technical|status|progress|research|final|audit|test) report|report|(?:jahres|quartals|monats|geschäfts|prüf|abschluss|projekt)?bericht|rapport|informe|relazione|verslag',
    ),
    feature(
      1.8,
      'executive summary|abstract|table of contents|management summary|zusammenfassung|inhaltsverzeichnis|résumé|table des matières|resumen|índice|sommario|indice|samenvatting|inhoudsopgave',
    ),
    feature(
      1.5,
      'introduction|methodology|methods|findings|results|conclusions?|recommendations|einleitung|ergebnisse|fazit|méthodologie|conclusiones|metodología|conclusioni|conclusies',
    ),
    feature(0.8, 'figure \\d+|table \\d+|abbildung \\d+|tabelle \\d+|appendix|references|et al'),
  ],
  table: [],
  email: [
    feature(1.6, '(?:from|von|de|da|van): .{0,80}@'),
    feature(1.2, '(?:sent|gesendet|envoyé|enviado|inviato|verzonden|date): '),
    feature(1, '(?:to|an|à|para|a|aan): .{0,80}@'),
    feature(1, '(?:subject|betreff|objet|asunto|oggetto|onderwerp): '),
  ],
  newsletter: [
    feature(
      2.8,
      "unsubscribe|abbestellen|abmelden|se désabonner|désinscrire|darse de baja|cancelar suscripción|annulla (?:l[’'])?iscrizione|disiscriv\\p{L}+|uitschrijven|afmelden",
    ),
    feature(
      2,
      'newsletter|view (?:this email )?(?:in|online)|in your browser|im browser (?:ansehen|öffnen|anzeigen)|version en ligne|dans votre navigateur|ver en (?:el|tu) navegador|nel browser|online bekijken',
    ),
    feature(
      0.9,
      "you(?:'re| are) receiving this|manage (?:your )?preferences|privacy policy|follow us|special offer|sale ends|read more|weiterlesen|lire la suite|leer más|leggi tutto|lees meer",
    ),
  ],
}
