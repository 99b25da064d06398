import type { WholeText } from '../text/whole'
import { type NamedParty, partiesOfClause } from './contract-clause'
import { partiesByLabel, partiesBySignature, partiesByTerm } from './contract-sides'
import { hasLegalForm } from './names'
import { type PartyCase, partyCases } from './party-features'
import type { PartyMention } from './party-mentions'
import { PARTY_WEIGHTS } from './party-weights'
import { logitOf, probabilityOf, type Weights } from './ranker'

export interface Party {
  start: number
  end: number
  name: string
  /** What the contract calls it: `Provider`, `Auftragnehmerin`. */
  role: string | undefined
  /** Probability of being a party. */
  score: number
}

const MAX_PARTIES = 12
const MIN_PROBABILITY = 0.5
/** Where nobody is probable, the most probable one is given down to this. */
const MIN_ALONE = 0.2

/** The way of writing that is given: the most frequent of those with a legal form, else of all; the earlier of two. */
function shownMention({ mentions }: PartyCase): PartyMention {
  const formal = mentions.filter((mention) => hasLegalForm(mention.name))
  const choice = formal.length > 0 ? formal : mentions
  const count = (mention: PartyMention) => choice.filter(({ name }) => name.toLowerCase() === mention.name.toLowerCase()).length
  return choice.reduce((best, mention) => (count(mention) > count(best) ? mention : best), choice[0] ?? mentions[0])
}

/** Every side shows by a legal form, a form of address or a role that it is one. */
const STATED_CONFIDENCE = 0.93

const judgedParties = ({ text, lines }: WholeText, weights: Weights): Party[] => {
  const judged = partyCases(text, lines)
    .map((party) => ({ ...shownMention(party), score: probabilityOf(logitOf(party.features, weights)) }))
    .sort((a, b) => b.score - a.score)
  const probable = judged.filter(({ score }) => score >= MIN_PROBABILITY)
  const chosen = probable.length > 0 ? probable : judged.slice(0, 1).filter(({ score }) => score >= MIN_ALONE)
  return chosen
    .slice(0, MAX_PARTIES)
    .sort((a, b) => a.start - b.start)
    .map(({ start, end, name, score }) => ({ start, end, name, role: undefined, score }))
}

/**
 * Who concludes a contract, in order of naming: the sides that its opening names, that stand beside the names of their roles or sign on
 * behalf of somebody; where it is not built so, companies and persons at its head and among its signatures, judged by a logistic regression.
 */
export function findParties(whole: WholeText, weights: Weights = PARTY_WEIGHTS): Party[] {
  const stated = [partiesOfClause, partiesByLabel].map((find) => find(whole.lines)).find(areSure)
  if (stated) return stated.map(partyOf)
  const judged = judgedParties(whole, weights)
  if (judged.length >= 2) return judged
  return (
    [partiesByTerm, partiesBySignature]
      .map((find) => find(whole.lines))
      .find(areSure)
      ?.map(partyOf) ?? judged
  )
}

const areSure = (named: NamedParty[]): boolean => named.length >= 2 && named.every(({ isSure }) => isSure)
const partyOf = ({ start, end, name, role }: NamedParty): Party => ({ start, end, name, role, score: STATED_CONFIDENCE })
