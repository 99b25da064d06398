/** Products that a goal may name; what the catalogue has no operation for cannot be done. */
const PRODUCTS =
  'slack|microsoft teams|ms teams|teams(?= channel|-)|discord|telegram|whatsapp|signal|sap|odoo|netsuite|dynamics|salesforce|hubspot|pipedrive|zoho|datev|lexoffice|sevdesk|xero|quickbooks|stripe|paypal|jira|trello|asana|monday\\.com|notion|linear|github|gitlab|zendesk|freshdesk|intercom|servicenow|google (?:sheets?|drive|docs|calendar)|gmail|outlook|sharepoint|onedrive|dropbox|box\\.com|airtable|docusign|twilio|linkedin|twitter|crm(?! webhook)|erp(?! webhook)|data ?warehouse|snowflake|bigquery'

/** Deeds for which there is no step at all. */
const DEEDS =
  'translat\\p{L}*|übersetz\\p{L}*|print(?:s|ed|ing)?|druck(?:e|en|t)?|ausdruck\\p{L}*|pay(?:s|ing)?(?= )|transfer the money|wire the money|bank transfer|bezahl\\p{L}*|überweis\\p{L}*|delete[sd]?|remove the (?:file|document)|lösch\\p{L}*|phone(?! (?:number|no))|call (?:him|her|them|the customer)|anrufen|sms|text message|fax|schedule an? (?:meeting|call)|book an? (?:meeting|flight|room)|calendar (?:entry|event)|kalendereintrag|termin (?:anlegen|vereinbaren)|e-?sign\\p{L}*|unterschreib\\p{L}*|transcrib\\p{L}*|transkribier\\p{L}*|record (?:a|the) video|train an? (?:model|classifier)|trainier\\p{L}*|generate an? image|bild (?:erzeugen|generieren)'

const BEYOND = new RegExp(`(?<![\\p{L}-])(?:${PRODUCTS}|${DEEDS})(?![\\p{L}])`, 'giu')

/** Words of a piece that ask for what no built-in step does. */
export const beyondIn = (text: string): string[] => [...text.matchAll(BEYOND)].map((match) => match[0])
