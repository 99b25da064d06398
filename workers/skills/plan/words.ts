/** What a plan says to people, in the language of its goal. */
export interface PlanWords {
  names: Record<string, string>
  approve: (what: string) => string
  unread: string
  report: string
  document: string
  notDone: (what: string) => string
}

export const PLAN_WORDS: Record<'en' | 'de', PlanWords> = {
  en: {
    names: {
      'ingestion.parse': 'Read the document',
      'analysis.classify': 'Name its class',
      'analysis.extract': 'Extract fields',
      'analysis.summarise': 'Summarise',
      'analysis.index': 'Make it searchable',
      'analysis.tags': 'Find key phrases',
      'analysis.entities': 'Find who and what it names',
      'analysis.relations': 'Find how they are related',
      'analysis.sentiment': 'Tell the opinion it expresses',
      'analysis.pii': 'Find personal data',
      'analysis.injection': 'Look for hidden orders',
      'analysis.answer': 'Answer the question',
      'analysis.compare': 'Compare the two versions',
      'analysis.digest': "Read the day's mail",
      'analysis.draft': 'Draft the text',
      'analysis.rewrite': 'Rewrite',
      'quality.check': 'Check it',
      'report.write': 'Write the report',
      'action.mail': 'Send a mail',
      'action.webhook': 'Tell the endpoint',
      approval: 'Ask a person',
      wait: 'Wait',
      http: 'Ask the other system',
      forEach: 'Each attachment',
      if: 'Is it so?',
      set: 'What is it?',
    },
    approve: (what) => `Release ${what}?`,
    unread: 'A value that could not be read asks a person too.',
    report: 'Report',
    document: 'Document',
    notDone: (what) => `Not done, no step does this: ${what}`,
  },
  de: {
    names: {
      'ingestion.parse': 'Dokument lesen',
      'analysis.classify': 'Art bestimmen',
      'analysis.extract': 'Felder auslesen',
      'analysis.summarise': 'Zusammenfassen',
      'analysis.index': 'Durchsuchbar machen',
      'analysis.tags': 'Schlagworte finden',
      'analysis.entities': 'Namen finden',
      'analysis.relations': 'Beziehungen finden',
      'analysis.sentiment': 'Stimmung feststellen',
      'analysis.pii': 'Personenbezogene Daten suchen',
      'analysis.injection': 'Versteckte Anweisungen suchen',
      'analysis.answer': 'Frage beantworten',
      'analysis.compare': 'Fassungen vergleichen',
      'analysis.digest': 'Post des Tages lesen',
      'analysis.draft': 'Text entwerfen',
      'analysis.rewrite': 'Umformulieren',
      'quality.check': 'Prüfen',
      'report.write': 'Bericht schreiben',
      'action.mail': 'Mail senden',
      'action.webhook': 'Endpunkt benachrichtigen',
      approval: 'Freigabe einholen',
      wait: 'Warten',
      http: 'Anderes System fragen',
      forEach: 'Jeder Anhang',
      if: 'Trifft es zu?',
      set: 'Was ist es?',
    },
    approve: (what) => `${what} freigeben?`,
    unread: 'Ein Wert, der nicht gelesen werden konnte, geht auch an eine Person.',
    report: 'Bericht',
    document: 'Dokument',
    notDone: (what) => `Nicht erledigt, kein Schritt kann dies: ${what}`,
  },
}
